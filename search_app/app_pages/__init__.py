"""The pages: each asks the searcher and hands what it gets to components."""
