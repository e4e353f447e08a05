"""What a reader must know of a line: that another article has another figure, or that a figure is a plan."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from rag.briefing.findings import Finding
from rag.briefing.records import measured_in
from rag.briefing.words import word
from rag.conflicts import conflicting, told_by
from rag.figures import as_written
from rag.types import Article, Language

Key = tuple[str, int, int]


def notes_on(findings: Sequence[Finding], language: Language) -> dict[Key, str]:
    """Return what must be known of findings, by where they stand; nothing of most."""
    notes = differing_notes(findings, language)
    for one in measured_in([f for f in findings if f.is_telling]):
        if one.record.is_planned:
            said = [word("planned", language), *notes.get(one.finding.key, "").split("; ")]
            notes[one.finding.key] = "; ".join(dict.fromkeys(filter(None, said)))
    return notes


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
    title = article.title or article.source or article.article_id
    return word(
        "differs", language, figure=figure, title=title, date=article.date or word("undated", language)
    )
