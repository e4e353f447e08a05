"""A second look at what is shown, plainer than the checker and apart from it: is every figure, place and year in the words cited?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.figures import find_figures, same_value
from rag.figures.units import base_value
from rag.regions import find_regions, is_within
from rag.types import Citation
from rag.years import find_years

_COMPUTED = re.compile(r"[（(](?:计算得出|computed)\s*[:：][^（()）]*[)）]")
_HOW_MANY = re.compile(r"^[两三四]篇文章的数字不同|^The figures of (?:two|three|four) articles differ")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def ungrounded(text: str, cited: Sequence[Citation]) -> list[str]:
    """Return the figures, places and years of a sentence that its citations do not hold; what is computed is left out.

    Headings, sources, dates and places of the citations count as theirs, and so does how many articles are said to differ. A number counts as held where its digits stand there,
    or a figure of the same value does.
    """
    text = _COMPUTED.sub(" ", _HOW_MANY.sub(" ", text))
    words = "\n".join(c.quote for c in cited)
    around = "\n".join(
        part
        for c in cited
        for part in (*c.heading_path, c.title or "", c.source or "", c.date or "", *c.regions)
    )
    known = f"{words}\n{around}"
    return [*_figures(text, known), *_places(text, known), *_years(text, known)]


def _figures(text: str, known: str) -> list[str]:
    figures, digits = find_figures(known), set(_NUMBER.findall(known))
    return [
        figure.raw
        for figure in find_figures(text)
        if figure.raw not in known
        and not set(_NUMBER.findall(figure.raw)) & digits
        and not any(
            same_value(figure, other) or base_value(figure)[0] == base_value(other)[0] for other in figures
        )
    ]


def _places(text: str, known: str) -> list[str]:
    """Names of which no reading is a place, or holds a place, that is named there."""
    there = [m.region.code for m in find_regions(known)]
    there += [other.code for m in find_regions(known) for other in m.alternatives]
    return [
        text[m.start : m.end]
        for m in find_regions(text)
        if not any(
            is_within(code, one) or is_within(one, code)
            for code in (m.region.code, *(a.code for a in m.alternatives))
            for one in there
        )
    ]


def _years(text: str, known: str) -> list[str]:
    there = set(find_years(known))
    return [str(year) for year in find_years(text) if year not in there and str(year) not in known]
