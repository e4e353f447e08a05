"""Articles in memory, for what only asks a library for an article."""

from __future__ import annotations

from rag.types import Article


class Shelf:
    """All that gathering candidates needs of a library."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {article.article_id: article for article in articles}

    def article(self, article_id: str) -> Article:
        return self._articles[article_id]
