"""Whole articles as sentences that know their place and time, read once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.evidence import Candidate, gather_candidates
from rag.types import Article, Hit

if TYPE_CHECKING:
    from rag.library import Library


class Shelf:
    """The articles that a briefing has opened."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._sentences: dict[str, tuple[Candidate, ...]] = {}

    def article(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            ArticleNotFoundError: It is not there any more.
        """
        found = self.sentences(article_id)
        return found[0].article if found else self._library.article(article_id)

    def sentences(self, article_id: str) -> tuple[Candidate, ...]:
        """Every sentence of an article that states something, in its order; without overlaps."""
        if article_id not in self._sentences:
            passages = self._library.article_passages(article_id)
            hits = [
                Hit(passage=p, score=1.0, rank=n, origin="fused") for n, p in enumerate(passages, start=1)
            ]
            found = sorted(gather_candidates(hits, library=self._library), key=lambda c: (c.start, -c.end))
            self._sentences[article_id] = _apart([c for c in found if not _is_asked(c)])
        return self._sentences[article_id]

    def sentence_at(self, article_id: str, start: int) -> Candidate | None:
        """Return the sentence that `start` lies in, or None where there is no such one."""
        return next((c for c in self.sentences(article_id) if c.start <= start < c.end), None)

    def after(self, candidate: Candidate) -> Candidate | None:
        """Return the sentence that follows in the same paragraph, or None."""
        text = candidate.article.text
        for other in self.sentences(candidate.article.article_id):
            if other.start >= candidate.end:
                return None if "\n" in text[candidate.end : other.start] else other
        return None


def _is_asked(candidate: Candidate) -> bool:
    """Whether it is an interviewer's turn: what is asked is no answer."""
    headings = candidate.article.headings
    return any(h.kind == "question" and h.start <= candidate.start < h.end for h in headings)


def _apart(found: list[Candidate]) -> tuple[Candidate, ...]:
    kept: list[Candidate] = []
    for candidate in found:
        if not kept or candidate.start >= kept[-1].end:
            kept.append(candidate)
    return tuple(kept)
