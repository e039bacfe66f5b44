"""Floor 2: generations of the index on disk, and the way from a question to ranked answers."""
