"""The public JSON shape of a briefing, to be looked at and edited elsewhere. Fields are only ever added."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

from rag.briefing.citing import cited_in, lines_of
from rag.briefing.types import Briefing, Section

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA_VERSION = 1
_DEEPEST = 100
_TOO_DEEP = "its sections lie too deep in each other"


def to_json(briefing: Briefing) -> dict[str, Any]:
    """Return a briefing as plain values ready for JSON."""
    return {"schema": SCHEMA_VERSION, **dataclasses.asdict(briefing)}


def from_json(document: object) -> Briefing:
    """Read a briefing from plain values, as `to_json` gives them; what is unknown is left out.

    Its sources are taken on trust: `rag.briefing.proof.check_briefing` holds them against a library.

    Raises:
        ValueError: It is no whole briefing; says what is wrong and where.
    """
    from pydantic import ValidationError

    if not isinstance(document, dict) or document.get("schema") != SCHEMA_VERSION:
        raise ValueError(f'a briefing\'s document has "schema": {SCHEMA_VERSION}; this one has not')
    try:
        briefing = _adapter().validate_python({k: v for k, v in document.items() if k != "schema"})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if len(first["loc"]) > _DEEPEST:
            raise ValueError(_TOO_DEEP) from error
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}") from error
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    _require_whole(briefing)
    return briefing


@functools.cache
def _adapter() -> TypeAdapter[Briefing]:
    from pydantic import TypeAdapter

    return TypeAdapter(Briefing)


def _require_whole(briefing: Briefing) -> None:
    numbers = [source.number for source in briefing.sources]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError("sources: they are numbered from 1 without gaps")
    known = set(numbers)
    for line in lines_of(briefing.sections):
        if not set(line.sources) <= known:
            raise ValueError(f"{line.text[:40]!r} cites a source that is not there")
    if not set(cited_in(briefing.sections)) <= known:
        raise ValueError("a chart cites a source that is not there")
    for section in _all_sections(briefing.sections):
        _require_even(section)


def _require_even(section: Section) -> None:
    """Every row as wide as its table, every group of bars as wide as its chart."""
    if section.grid is not None and any(
        len(cells) != len(section.grid.columns) for _, cells in section.grid.rows
    ):
        raise ValueError(
            f"{section.heading[:40]!r}: a row has more or fewer cells than the table has columns"
        )
    if any(len(bars) != len(chart.series) for chart in section.charts for _, bars in chart.groups):
        raise ValueError(f"{section.heading[:40]!r}: a group of a chart has more or fewer bars than series")


def _all_sections(sections: tuple[Section, ...]) -> list[Section]:
    return [one for section in sections for one in (section, *_all_sections(section.parts))]
