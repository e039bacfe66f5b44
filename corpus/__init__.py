"""Floor 1: what a doctor's answer is, and how text becomes records and words.

Nothing in this package knows about vectors, indexes or pages.
"""
