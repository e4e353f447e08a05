"""Reads what a client asks for: places by name, years, sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rag.errors import YigaiError
from rag.pipeline import readable
from rag.regions import resolve
from rag.types import Filter

FIRST_YEAR, LAST_YEAR = 1900, 2999


class BadRequestError(YigaiError):
    """What was asked for cannot be understood."""

    templates: ClassVar = {"en": "{detail_en}", "zh": "{detail_zh}"}


def filter_by_names(
    regions: Sequence[str], since: int | None, until: int | None, sources: Sequence[str]
) -> Filter:
    """Make a filter of names.

    Raises:
        BadRequestError: A place is unknown, or the years make no sense.
    """
    for year in (since, until):
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise BadRequestError(
                detail_en=f"{year} is no year from {FIRST_YEAR} to {LAST_YEAR}.",
                detail_zh=f"{year} 不是 {FIRST_YEAR} 到 {LAST_YEAR} 之间的年份。",
            )
    if since and until and since > until:
        raise BadRequestError(
            detail_en=f"The first year, {since}, is after the last, {until}.",
            detail_zh=f"起始年份 {since} 晚于截止年份 {until}。",
        )
    codes = tuple(_code(name) for name in regions)
    return Filter(regions=codes, since_year=since, until_year=until, sources=tuple(sources))


def _code(name: str) -> str:
    found = resolve(readable(name))
    if found is None:
        raise BadRequestError(
            detail_en=f"{name!r} is no place that is known here; use a name such as 芜湖市 or Wuhu.",
            detail_zh=f"“{name}”不是已知的地名；请用“芜湖市”或 Wuhu 这样的名称。",
        )
    return found.code
