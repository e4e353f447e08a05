"""Words that make a figure approximate or a bound: 约, 近, 以上, at least."""

from __future__ import annotations

import re

from rag.figures.units import DURATIONS

_BEFORE = (
    ("至少", r"至少|不少于|不低于|不小于|最少|at least"),
    ("至多", r"至多|不超过|不多于|不高于|最多|at most|up to|no more than|not more than"),
    ("约", r"大约|大概|(?<![预节签契合特制条公违履简])约|about|around|approximately|roughly|some"),
    ("近", r"将近|接近|(?<![附最远就临靠亲贴相新])近|nearly|almost|close to"),
    ("超", r"超过|超出|突破|多于|高于|大于|超|逾|over|more than|above|exceeding"),
    ("不足", r"不足|不到|不满|低于|少于|小于|less than|under|below|fewer than"),
)
_BEFORE_ENDINGS = frozenset("少于小过多高最概约近接超出破大逾足到满低tondmyrseg")
_BEFORE_PATTERNS = tuple((name, re.compile(f"(?:{words}) ?[了的]? ?$")) for name, words in _BEFORE)
_AFTER_PATTERN = re.compile(r" ?(左右|上下|及?以上|及?以下|以内|之内|多(?=[,，。;；、的来])|or more|or less)")
_AFTER_NAMES = {
    "左右": "左右",
    "上下": "左右",
    "以内": "以下",
    "之内": "以下",
    "多": "余",
    "or more": "以上",
    "or less": "以下",
}


def qualifier_of(s: str, start: int, end: int, unit: str = "") -> str:
    """Name what makes a figure approximate or a bound; 近5年 is the last five years, not nearly five."""
    before = s[max(0, start - 14) : start]
    for name, pattern in _BEFORE_PATTERNS if before.rstrip(" 了的")[-1:] in _BEFORE_ENDINGS else ():
        if pattern.search(before):
            return "" if name == "近" and unit in DURATIONS else name
    after = _AFTER_PATTERN.match(s, end)
    return _AFTER_NAMES.get(after[1], after[1].lstrip("及")) if after else ""
