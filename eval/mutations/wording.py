"""Where words of a claim may be changed: pieces put in, clauses, quotations, what two texts share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.figures import Figure, find_figures, same_value
from rag.normalise import fold
from rag.verify.forms import Span, compact, quotations, terms_of

_OPENING, _CLOSING = "“「『‘（(《【[", "”」』’）)》】]"
_TITLE = re.compile(r"《[^《》\n]{1,100}》")
_GLOSS_LIST = re.compile(r"[A-Z][a-z]+: \S[^=]* = ")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
COUNTED = frozenset({"quantity", "percent", "percentage_point", "money", "ratio"})
"""Kinds of figures that measure or count; the others say when or which."""


def splice(text: str, span: Span, new: str) -> str:
    """Put `new` in the place of a span."""
    return text[: span[0]] + new + text[span[1] :]


def swap(text: str, first: Span, second: Span) -> str:
    """Let two spans, in order and apart, change places."""
    (a, b), (c, d) = first, second
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def quoted_spans(text: str) -> list[Span]:
    """The insides of quotations and titles: whoever changes a word there misquotes."""
    return [*quotations(text), *(m.span() for m in _TITLE.finditer(text))]


def is_quoted(span: Span, quoted: list[Span]) -> bool:
    """Whether a span touches a quotation."""
    return any(start < span[1] and span[0] < end for start, end in quoted)


def unquoted_first(spans: list[Span], text: str) -> list[Span]:
    """Spans outside quotations before those inside, each group in the given order."""
    quoted = quoted_spans(text)
    return sorted(spans, key=lambda span: is_quoted(span, quoted))


def matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches outside titles, in order."""
    titles = [m.span() for m in _TITLE.finditer(text)]
    return (m for m in pattern.finditer(text) if not is_quoted(m.span(), titles))


def split_clauses(text: str) -> list[Span]:
    """Cut at commas and semicolons that stand in no bracket, quotation or number; the marks belong to no clause."""
    spans, start, depth = [], 0, 0
    for offset, ch in enumerate(text):
        depth = max(0, depth + (ch in _OPENING) - (ch in _CLOSING))
        in_number = text[offset - 1 : offset].isdecimal() and text[offset + 1 : offset + 2].isdecimal()
        if depth or ch not in "，,；;" or in_number:
            continue
        spans.append((start, offset))
        start = offset + 1
    end = len(text.rstrip("。！？!?；;，, \n"))
    return [*spans, (start, end)] if start < end else spans


def counted_figures(text: str) -> list[Figure]:
    """Figures that measure or count something."""
    return [f for f in find_figures(text) if f.kind in COUNTED]


def is_gloss_list(text: str) -> bool:
    """Whether it explains words of the evidence in English: "Terms: 编制 = staffing quota."."""
    return _GLOSS_LIST.match(text) is not None


def says_value(text: str, figure: Figure) -> bool:
    """Whether any figure of the text has this value and unit."""
    return any(same_value(figure, other) for other in find_figures(text))


def shared_share(text: str, known: str) -> float:
    """Which share of the text's terms another text holds; 1 where it has none."""
    terms = terms_of(text)
    return len(terms & terms_of(known)) / len(terms) if terms else 1.0


def differs(text: str, other: str) -> bool:
    """Whether two texts differ in more than blanks, punctuation, script and width."""
    return compact(text) != compact(other)


def missing_runs(text: str, known: str) -> list[str]:
    """Chinese words of a text, as they stand between other signs, that another text does not hold."""
    folded = compact(known)
    return [run for run in _HAN_RUN.findall(fold(text)) if run not in folded]
