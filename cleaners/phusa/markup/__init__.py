"""HTML pages: their text in lines, the structure around it, what they state of themselves."""
