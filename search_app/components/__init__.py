"""Pieces of the page. Every one takes data and gives HTML or draws; none searches.

Corpus text and questions are hostile until escaped: everything goes through `markup.escape`.
"""
