"""Whether what a typed question tells is happening now, to a human being: `corpus.happening.reading` reads it, the other modules each know one doubt."""
