"""Floor 3: the web page. Pages ask the searcher; components take data and draw."""
