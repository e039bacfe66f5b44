"""Measures how the index grows. Not part of the product: nothing in `index/` or `search_app/` knows of it."""
