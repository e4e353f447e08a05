"""Reads what people and programs ask for: text that can be encoded, and a filter made of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rag.errors import YigaiError
from rag.types import Filter, Language
from ui.parsing import UsageProblem
from ui.strings import tell

FIRST_YEAR, LAST_YEAR = 1900, 2999


class BadRequestError(YigaiError):
    """What was asked for cannot be understood."""

    templates: ClassVar = {"en": "{detail_en}", "zh": "{detail_zh}"}


def encodable(text: str) -> str:
    """Return text as it can be encoded; bytes that are no UTF-8, and halves of characters, become replacement characters."""
    return text.encode("utf-8", "surrogateescape" if _holds_bytes(text) else "replace").decode(
        "utf-8", "replace"
    )


def _holds_bytes(text: str) -> bool:
    """Whether every lone surrogate stands for a byte of the command line, as Python reads those that are no UTF-8."""
    return all("\udc80" <= ch <= "\udcff" for ch in text if "\ud800" <= ch <= "\udfff")


def filter_of(
    regions: Sequence[str],
    since: int | None,
    until: int | None,
    sources: Sequence[str],
    language: Language,
) -> Filter:
    """Return the filter that the options of a command ask for.

    Raises:
        UsageProblem: A place is unknown or could be several, or the years are the wrong way round.
    """
    try:
        return filter_by_names(regions, since, until, sources)
    except BadRequestError as error:
        raise UsageProblem(problem=error.localised(language), see="yigai ask --help") from error


def filter_by_names(
    regions: Sequence[str], since: int | None, until: int | None, sources: Sequence[str]
) -> Filter:
    """Make a filter of names.

    Raises:
        BadRequestError: A place is unknown or could be several, or the years make no sense.
    """
    for year in (since, until):
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise _bad("no_year", name=year, least=FIRST_YEAR, most=LAST_YEAR)
    if since and until and since > until:
        raise _bad("bad_years", since=since, until=until)
    codes = tuple(_region_code(encodable(name)) for name in regions)
    named = tuple(encodable(name) for name in sources)
    return Filter(regions=codes, since_year=since, until_year=until, sources=named)


def _region_code(name: str) -> str:
    from rag.regions import resolve, suggest
    from ui.shelf import region_names

    found = resolve(name)
    if found is not None:
        return found.code
    near = [region.code for region in suggest(name)]
    hints: dict[Language, str] = {
        language: tell("did_you_mean", language, names=region_names(near, language))
        if near
        else tell("name_a_place", language)
        for language in ("en", "zh")
    }
    raise _bad("unknown_region", hints, name=name)


def _bad(key: str, hints: dict[Language, str] | None = None, **values: object) -> BadRequestError:
    said = {language: tell(key, language, **values) for language in ("en", "zh")}
    more = hints or {"en": "", "zh": ""}
    return BadRequestError(detail_en=said["en"] + more["en"], detail_zh=said["zh"] + more["zh"])
