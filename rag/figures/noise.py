"""What looks like a figure and is none: times, telephones, versions, list numbers, idioms."""

from __future__ import annotations

import re

from rag.figures.spans import Read
from rag.figures.units import CURRENCY

_IDIOMS = re.compile(
    r"一年(?:一|四季|到头|之计|比|又|年)|一成不变|十天半|十年树|百年树|三天两头|一元[化论复]|两个人|七台河|五家渠|三台县|[三五七八十]里[屯店河沟庄桥铺营堡墩街]|第三方|一万(?=[,;]?就怕)"
)
_NOISE = re.compile(
    r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])"  # a time of day
    r"|0[0-9]{2,3}-[0-9]{7,8}(?![0-9])|1[3-9][0-9]{9}(?![0-9万亿元人])"  # a telephone
    r"|[0-9]+(?:\.[0-9]+){2,}(?!年)|[0-9]+(?: ?\+ ?[0-9a-z]+)+(?![0-9.%])"  # a version, "4+1"
)
_GLUED = re.compile(r"(?:[a-z_@#\\]|[a-z][-./]|[0-9a-z]/|\+)$")
LINE_OPENING = re.compile(r"(?:^|[\n。;!?:(\[] {0,4})$")
_MARKER = re.compile(r"[0-9]{1,2}(?:[.、](?![0-9])|\))")
_DOTTED_DATE = re.compile(r"[12][0-9]{3}\.[0-9]{1,2}\.[0-9]{1,2}")
_SIGNED = re.compile(r"(?:^|[^0-9a-z”\"])\+$")
_DIGITS = re.compile(r"[0-9.,]*[0-9]")


def read_noise(s: str, at: int) -> Read | None:
    """Skip what looks like a figure and is none: times, versions, list numbers, digits inside a Latin word."""
    if s[at] not in "0123456789":
        idiom = _IDIOMS.match(s, at)
        return Read(at, idiom.end(), None) if idiom else None
    match = _NOISE.match(s, at)
    if match and not _DOTTED_DATE.fullmatch(match[0]):
        return Read(at, match.end(), None)
    before = s[max(0, at - 6) : at]
    marker = _MARKER.match(s, at)
    is_marker = marker is not None and LINE_OPENING.search(before) is not None
    if is_marker or _is_glued(before):
        run = _DIGITS.match(s, at)
        return Read(at, run.end() if run else at + 1, None)
    return None


def _is_glued(before: str) -> bool:
    """Whether digits belong to the word they follow: COVID-19 and G20 do, US$5 and +5% do not."""
    return bool(_GLUED.search(before) and not CURRENCY.search(before) and not _SIGNED.search(before))
