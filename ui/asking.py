"""What the command line says about a question, in our own terms: text that can be encoded, and a filter."""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Filter, Language
from ui.parsing import UsageProblem
from ui.strings import tell


def encodable(text: str) -> str:
    """Return an argument as text; bytes of the command line that are no UTF-8 become replacement characters."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def filter_of(
    regions: Sequence[str],
    since: int | None,
    until: int | None,
    sources: Sequence[str],
    language: Language,
) -> Filter:
    """Return the filter that places, years and sources, as they were typed, ask for.

    Raises:
        UsageProblem: A place is unknown or could be several, or the years are the wrong way round.
    """
    if since and until and since > until:
        raise UsageProblem(problem=tell("bad_years", language), see="yigai ask --help")
    codes = tuple(_region_code(encodable(name), language) for name in regions)
    named = tuple(encodable(name) for name in sources)
    return Filter(regions=codes, since_year=since, until_year=until, sources=named)


def _region_code(name: str, language: Language) -> str:
    from rag.regions import resolve, suggest
    from ui.shelf import region_names

    found = resolve(name)
    if found is not None:
        return found.code
    problem = tell("unknown_region", language, name=name)
    near = region_names([region.code for region in suggest(name)], language)
    if near:
        problem += tell("did_you_mean", language, names=near)
    raise UsageProblem(problem=problem, see="yigai ask --help")
