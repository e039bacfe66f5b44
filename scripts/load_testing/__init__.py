"""What `scripts/load_test.py` is made of: readers in threads and in browsers, an operator who changes the index under them."""
