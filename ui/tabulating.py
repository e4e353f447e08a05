"""Figures as rows for a person, as a table for a spreadsheet, and as a document for a script."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rag.indicators.gathering import Told
from rag.normalise import fold
from rag.types import Language
from ui.figure_rows import Row, figure_groups, indicator_name, subject_name
from ui.render import printable
from ui.strings import tell
from ui.tables import wrapped
from ui.widths import display_width

if TYPE_CHECKING:
    from rag.library import ArticleSummary

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of its machine."""

_GAP = 2
_MOST = {"indicator": 20, "subject": 14, "value": 22, "when": 10}
"""The most cells that a column takes; the clause has the rest."""

_NARROWEST_CLAUSE = 24
_NAMED = 12
_COLUMNS = ("indicator", "subject", "value", "when", "clause")
_FIELDS = (
    "article_id title source date indicator concept subject region subject_from_context value high unit qualifier raw "
    "role change_id direction planned time years years_by_article_date clause start end clause_start clause_end "
    "sentence_start sentence_end"
)
CSV_COLUMNS = tuple(_FIELDS.split())
"""The heads of the spreadsheet, the keys of a figure in JSON."""


def figure_lines(told: Sequence[Told], language: Language, *, width: int) -> list[str]:
    """A table no wider than `width` cells, article by article; where that is narrow, one thing below the other."""
    groups = [(article, [row for _, row in group]) for article, group in figure_groups(told, language)]
    heads = tuple(tell(f"figure_{column}", language) for column in _COLUMNS)
    shares = _shares([heads, *(row.cells() for _, rows in groups for row in rows)], width)
    lines: list[str] = []
    for article, rows in groups:
        lines += ["", *wrapped(article_head(article, language), width)]
        lines += _grid(heads, rows, shares) if shares else _stacked(heads, rows, width)
    return [printable(line) for line in lines[1:]]


def article_head(article: ArticleSummary, language: Language) -> str:
    """Title, source, date and id."""
    parts = (
        article.title or tell("untitled", language),
        article.source or tell("no_source", language),
        article.date or tell("undated", language),
    )
    return f"■ {' · '.join(parts)}  ({article.article_id})"


def _shares(rows: Sequence[tuple[str, ...]], width: int) -> list[int] | None:
    """How wide each column is; None where the clause would have too little room."""
    shares = []
    for at, column in enumerate(_COLUMNS[:-1]):
        longest = max(display_width(" ".join(row[at].split())) for row in rows)
        shares.append(min(longest, _MOST[column]))
    rest = width - sum(shares) - _GAP * len(shares)
    return [*shares, rest] if rest >= _NARROWEST_CLAUSE else None


def _grid(heads: tuple[str, ...], rows: Sequence[Row], shares: Sequence[int]) -> list[str]:
    lines = _grid_row(heads, shares)
    for row in rows:
        lines += _grid_row(row.cells(), shares)
    return lines


def _grid_row(cells: Sequence[str], shares: Sequence[int]) -> list[str]:
    columns = [wrapped(cell, share) for cell, share in zip(cells, shares, strict=True)]
    return [
        (" " * _GAP)
        .join(
            text + " " * max(0, share - display_width(text)) for text, share in zip(line, shares, strict=True)
        )
        .rstrip()
        for line in itertools.zip_longest(*columns, fillvalue="")
    ]


def _stacked(heads: tuple[str, ...], rows: Sequence[Row], width: int) -> list[str]:
    lines: list[str] = []
    for row in rows:
        for head, cell in zip(heads, row.cells(), strict=True):
            lines += [" " * _GAP + line for line in wrapped(f"{head}: {cell}", width - _GAP)] if cell else []
        lines.append("")
    return lines[:-1]


def absence_lines(every: Sequence[Told], language: Language) -> list[str]:
    """That nothing fits, and what there is: the indicators, places and units named most."""
    if not every:
        return [tell("no_figures_at_all", language)]
    named = {
        "indicators": Counter(
            indicator_name(one.record, language) for one in every if one.record.indicator.name
        ),
        "regions": Counter(
            subject_name(one.record.subject, language) for one in every if one.record.subject.name
        ),
        "units": Counter(one.record.figure.unit for one in every if one.record.figure.unit),
    }
    lines = [tell("no_figures", language)]
    for key, counted in named.items():
        names = [name for name, _ in counted.most_common(_NAMED)]
        if names:
            lines.append(tell(f"figures_{key}", language, names=tell("comma", language).join(names)))
    return [printable(line) for line in lines]


def figures_document(told: Sequence[Told], *, total: int) -> dict[str, Any]:
    """The figures as plain values; numbers are strings, exact. Offsets are code points into the article's text."""
    return {"schema": 1, "total": total, "figures": [figure_fields(one) for one in told]}


def figure_fields(told: Told) -> dict[str, Any]:
    """One figure with all that is known of it, under the heads of `CSV_COLUMNS`."""
    record, article = told.record, told.article
    figure, when = record.figure, record.when
    return {
        "article_id": article.article_id,
        "title": article.title,
        "source": article.source,
        "date": article.date,
        "indicator": record.indicator.name,
        "concept": record.indicator.concept,
        "subject": record.subject.name,
        "region": record.subject.region,
        "subject_from_context": record.subject.is_inherited,
        "value": f"{figure.value:f}",
        "high": None if figure.high is None else f"{figure.high:f}",
        "unit": figure.unit,
        "qualifier": figure.qualifier,
        "raw": figure.raw,
        "role": record.role,
        "change_id": record.change_id,
        "direction": record.direction,
        "planned": record.is_planned,
        "time": when.text,
        "years": list(when.years),
        "years_by_article_date": when.is_resolved,
        "clause": record.clause,
        "start": record.start,
        "end": record.end,
        "clause_start": record.clause_start,
        "clause_end": record.clause_end,
        "sentence_start": record.sentence_start,
        "sentence_end": record.sentence_end,
    }


def figures_csv(told: Sequence[Told]) -> str:
    """The figures for a spreadsheet: a byte order mark, then a line for each; no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    for one in told:
        fields = figure_fields(one)
        writer.writerow([_cell(name, fields[name]) for name in CSV_COLUMNS])
    return BOM + text.getvalue()


_FORMULA_OPENINGS = frozenset("=+-@")
_NUMBERS = frozenset(
    ("value", "high", "start", "end", "clause_start", "clause_end", "sentence_start", "sentence_end")
)


def _cell(name: str, value: object) -> str:
    """A cell's text; what a spreadsheet would take for a formula gets an apostrophe, numbers of ours stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return " ".join(map(str, value))
    said = str(value)
    if name in _NUMBERS:
        return said
    said = printable(said).replace("\n", " ")
    return f"'{said}" if fold(said.lstrip()[:1]) in _FORMULA_OPENINGS else said
