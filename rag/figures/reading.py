"""Every figure of a text, in one scan from left to right."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from rag.figures.amounts import Amount, Figure
from rag.figures.dates import read_date, read_english_date
from rag.figures.noise import read_noise
from rag.figures.ordinals import read_ordinal
from rag.figures.quantities import read_quantity
from rag.figures.shares import read_share
from rag.figures.spans import Read
from rag.normalise import Folded, fold_aligned

_START = re.compile(
    r"[0-9第一二两三四五六七八九十百千万零\u3007]|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? [0-9]"
)
_RUN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[零\u3007一二两三四五六七八九十百千万亿]+|[^0-9]")


def find_figures(text: str) -> list[Figure]:
    """Find every figure, in order, not overlapping; time linear in the text."""
    folded = _scan_form(text)
    figures = []
    position = 0
    while match := _START.search(folded.text, position):
        read = _read(folded.text, match.start())
        position = max(read.end, match.start() + 1)
        start, end = folded.span(read.start, read.end)
        if read.amount is not None and start < end:
            figures.append(_figure(read.amount, start, end, text[start:end], read.step))
    return figures


def _figure(amount: Amount, start: int, end: int, raw: str, step: Decimal) -> Figure:
    return Figure(
        value=amount.value,
        high=amount.high,
        unit=amount.unit,
        kind=amount.kind,
        qualifier=amount.qualifier,
        start=start,
        end=end,
        raw=raw,
        step=step,
    )


def _scan_form(text: str) -> Folded:
    """Fold for scanning. A full-width comma joins digits only where they are full-width too: it mostly ends clauses."""
    text = re.sub(r"(?<![\uff10-\uff19])，|，(?![\uff10-\uff19]{3})", "；", text)
    text = re.sub(r"(?:https?://|www\.)[!-~]+", lambda m: " " * len(m[0]), text)
    return fold_aligned("".join(map(_without_numeral_signs, text)))


@lru_cache(maxsize=65536)
def _without_numeral_signs(ch: str) -> str:
    """Blank ①, ², ½ and their kind, which folding would turn into digits; the ideographic zero is one."""
    return " " if ch != "\u3007" and unicodedata.category(ch) in ("No", "Nl") else ch


def _read(s: str, at: int) -> Read:
    for reader in (read_noise, read_date, read_english_date, read_ordinal, read_share, read_quantity):
        read = reader(s, at)
        if read is not None:
            return read
    run = _RUN.match(s, at)
    return Read(at, run.end() if run else at + 1, None)
