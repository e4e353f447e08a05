"""Articles as the page sets kept answers against them: as they are now, and as they were when they were quoted."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import ArticleNotFoundError
from rag.library import Library
from rag.types import Article
from ui.quoting import State
from ui.web.reading import Clause, clause_in_paragraph


class ArticleFinder:
    """Finds articles, as they are and as they were quoted; reads each but once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, Article | None] = {}

    def __call__(self, article_id: str) -> Article | None:
        """Return an article as it is now; None where there is none."""
        if article_id not in self._known:
            try:
                self._known[article_id] = self._library.article(article_id)
            except ArticleNotFoundError:
                self._known[article_id] = None
        return self._known[article_id]

    def as_quoted(self, article_id: str, *, start: int, quote: str) -> tuple[Article | None, str]:
        """Return an article as it was quoted, and when that version was replaced; see `Library.as_quoted`."""
        article = self(article_id)
        if article is None or article.text.startswith(quote, start):
            return article, ""
        try:
            quoted, replaced_at = self._library.as_quoted(article_id, start=start, quote=quote)
        except ArticleNotFoundError:  # it was removed just now
            return None, ""
        return quoted, replaced_at or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A clause where it was read, in the article as it was then where that is known."""

    clause: Clause
    state: State
    article: Article | None
    replaced_at: str = ""


def place_of(find: ArticleFinder, article_id: str, start: int, kept: str) -> Place:
    """Look for a text that was read where it stood; the clause is that text, whatever has become of the article."""
    article, replaced_at = find.as_quoted(article_id, start=start, quote=kept)
    if article is not None and article.text.startswith(kept, start):
        return Place(
            clause=clause_in_paragraph(article.text, start, start + len(kept)),
            state="earlier" if replaced_at else "current",
            article=article,
            replaced_at=replaced_at,
        )
    state: State = "gone" if article is None else "changed"
    return Place(clause=Clause(before="", text=kept, after=""), state=state, article=article)
