"""Files to articles, articles to passages, passages into a library."""
