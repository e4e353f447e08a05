"""HTML pages: their pieces of text, which of them are the article, and what a page says about itself."""
