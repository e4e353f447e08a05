"""What something changed to told as what it changed by, and the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.mutations.chance import shuffled
from eval.mutations.claims import Faithful
from eval.mutations.wording import is_quoted, quoted_spans, splice
from rag.figures import Figure, find_figures

_VERBS = "下降|降低|减少|缩小|缩短|压缩|下调|回落|上升|提高|提升|增加|增长|扩大|上调|上涨"
_TO = re.compile(rf"(?:{_VERBS})(到|至|为)\Z")
_BY = re.compile(rf"(?:{_VERBS})(了?)\Z")
_EN = {"fell to ": "fell by ", "rose to ": "rose by ", "fell by ": "fell to ", "rose by ": "rose to "}
_CHANGES_ONLY = ("percentage_point", "ordinal", "date", "year")


def confused_manners(faithful: Faithful) -> Iterator[str]:
    """Let a value reached be an amount of change, or an amount a value reached."""
    claim, quoted = faithful.claim, quoted_spans(faithful.claim)
    figures = [f for f in find_figures(claim) if f.kind not in _CHANGES_ONLY]
    products = [_confused(claim, f) for f in figures if not is_quoted((f.start, f.end), quoted)]
    yield from shuffled([text for text in products if text], claim, "manner")


def _confused(claim: str, figure: Figure) -> str:
    before = claim[: figure.start]
    if match := _TO.search(before) or _BY.search(before):
        word = "了" if match[1] in ("到", "至", "为") else "到"
        return splice(claim, match.span(1), word)
    for phrase, turned in _EN.items():
        if before.endswith(phrase):
            return splice(claim, (len(before) - len(phrase), len(before)), turned)
    return ""
