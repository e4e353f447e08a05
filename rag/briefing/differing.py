"""Where articles give different figures for the same thing, every line that tells one of them says so."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from rag.briefing.findings import Finding
from rag.briefing.words import word
from rag.conflicts import conflicting, told_by
from rag.figures import as_written
from rag.types import Article, Language

Key = tuple[str, int, int]


def differing_notes(findings: Sequence[Finding], language: Language) -> dict[Key, str]:
    """Return a note for each finding that another article contradicts: the other figure, and where it stands."""
    notes: dict[Key, list[str]] = {}
    for one, other in itertools.combinations([f for f in findings if f.place and f.amounts], 2):
        if one.place != other.place:
            continue
        for mine, theirs in conflicting(told_by(one.sentence), told_by(other.sentence)):
            notes.setdefault(one.key, []).append(_note(as_written(theirs), other.quote.article, language))
            notes.setdefault(other.key, []).append(_note(as_written(mine), one.quote.article, language))
    return {key: "; ".join(dict.fromkeys(said)) for key, said in notes.items()}


def _note(figure: str, article: Article, language: Language) -> str:
    title = article.title or article.source or word("untitled", language)
    return word(
        "differs", language, figure=figure, title=title, date=article.date or word("undated", language)
    )
