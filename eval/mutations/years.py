"""The wrong year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.mutations.chance import shuffled
from eval.mutations.claims import Faithful
from eval.mutations.wording import splice, unquoted_first
from rag.evidence import named_years
from rag.figures import find_figures
from rag.normalise import fold
from rag.verify.forms import Span

_YEAR = re.compile(r"(?:19|20)[0-9]{2}|[一二][一二三四五六七八九\u3007零○]{3}(?=年)")
_OPEN_TO_LATER = re.compile(r"(?:年|月|日|年底|年末|年初|年度)?(?:以来|起|以后|之后|后|以前|之前|前)")
_STEPS = (-4, -3, -2, -1, 1, 2, 3, 4)


def wrong_years(faithful: Faithful) -> Iterator[str]:
    """Change one year to one that neither evidence nor context names, 去年 and the like included."""
    known = _known_years(faithful)
    claim = faithful.claim
    spans = shuffled(_year_spans(claim), claim, "year")
    for start, end in unquoted_first(spans, claim):
        year = _read(claim[start:end])
        # Since 2016 holds from 2017 on as well, and by 2021 means by 2022: only an earlier year is wrong there.
        steps = [s for s in _STEPS if s < 0] if _OPEN_TO_LATER.match(fold(claim[end:])) else list(_STEPS)
        others = [year + s for s in steps if year + s not in known]
        for other in shuffled(others, claim, start)[:1]:
            yield splice(claim, (start, end), _written(other, claim[start:end]))


def _known_years(faithful: Faithful) -> set[int]:
    date = re.search(r"^(?:19|20)[0-9]{2}(?:-[0-9]{2}){0,2}$", faithful.context, re.MULTILINE)
    known = set(named_years(faithful.known, date[0] if date else None))
    known |= {int(y) for y in re.findall(r"(?:19|20)[0-9]{2}", fold(faithful.known))}
    return known | {_read(faithful.claim[a:b]) for a, b in _year_spans(faithful.claim)}


def _year_spans(text: str) -> list[Span]:
    """Where years stand in the dates of a text."""
    return [
        (figure.start + m.start(), figure.start + m.end())
        for figure in find_figures(text)
        if figure.kind in ("year", "date") and figure.unit.startswith("年")
        for m in _YEAR.finditer(_digits_folded(figure.raw))
    ]


def _digits_folded(raw: str) -> str:
    folded = fold(raw)
    return folded if len(folded) == len(raw) else ""


def _read(raw: str) -> int:
    return int(
        "".join(
            c if c.isdecimal() else str("〇一二三四五六七八九".find(c) if c not in "零○" else 0)
            for c in fold(raw)
        )
    )


def _written(year: int, like: str) -> str:
    if fold(like).isdecimal():
        wide = 0xFEE0 if ord(like[0]) >= 0xFF10 else 0
        return "".join(chr(ord(c) + wide) for c in str(year))
    return "".join("〇一二三四五六七八九"[int(c)] for c in str(year))
