"""Answers, reports and tables as lines of text for a terminal. Whatever came from outside is made harmless here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from rag.types import Answer, Citation, Language
from ui.strings import tell

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    """Drop what a terminal would obey or hide: control, escape, bidirectional and other format characters."""
    return "".join(ch for ch in text if ch in "\n\t" or unicodedata.category(ch) not in _OBEYED)


def render_answer(answer: Answer, *, asked_as: str | None = None) -> str:
    """The answer with its evidence, in the language of the question."""
    language = answer.language
    lines = [tell("asked_as", language, text=asked_as), ""] if asked_as else []
    if answer.refusal is not None:
        return printable("\n".join([*lines, tell("refusal", language, message=answer.refusal.message)]))
    lines += [s.text + "".join(f"[{n}]" for n in s.citations) for s in answer.sentences]
    lines += ["", tell("evidence", language)]
    for citation in answer.citations:
        lines += render_citation(citation, language)
    return printable("\n".join(lines))


def render_citation(citation: Citation, language: Language) -> list[str]:
    """Title, source and date; then the quoted clause; then where exactly it stands."""
    head = " · ".join(
        [
            citation.title or tell("untitled", language),
            citation.source or tell("no_source", language),
            citation.date or tell("undated", language),
        ]
    )
    path = [part for part in citation.heading_path if part != citation.title]
    under = [f"    {' > '.join(path)}"] if path else []
    at = f"    {tell('place', language)} {citation.article_id} [{citation.start}, {citation.end})"
    return [f"[{citation.number}] {head}", *under, f"    「{citation.quote}」", at]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Left-aligned columns by display width (a Han character takes two cells), two spaces apart."""
    if not rows:
        return []
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    return [_row(row, widths).rstrip() for row in rows]


def _row(cells: Iterable[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell + " " * (width - display_width(cell)) for cell, width in zip(cells, widths, strict=True)
    )


def display_width(text: str) -> int:
    """Cells that a terminal needs for the text."""
    return sum(
        0 if unicodedata.combining(ch) else 1 + (unicodedata.east_asian_width(ch) in "WF") for ch in text
    )
