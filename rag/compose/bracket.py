"""What a Chinese quote leaves to its surroundings, to be named in brackets in front of it; its own words stay as they are."""

from __future__ import annotations

import re

from rag.compose import Quote
from rag.normalise import fold
from rag.regions import find_regions, full_name

_LONGEST_HEADING_CHARS = 20
_POINTS = re.compile(
    r"[“「『‘\"]?(?:该(?:项|院|县|市|区|省|镇|中心|机制|制度|模式|平台|政策|办法|方案|改革|病区|体系)|其(?![中次他它实余])|"
    r"它们?|他们|她们|前者|后者|上述|此[举项类]|这(?!里|时|次|天|年|一年|样|么)|这一(?!年|天|次)|对此|为此)"
)
_NUMBERING = re.compile(
    r"^[\s#*]*(?:第?[一二三四五六七八九十]{1,3}(?:[、.\uff0e是]|[章节条部])|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[.、\uff0e])?\s*"
)
_TOLD_OF = re.compile(r"[？?0-9]")


def bracket(quote: Quote) -> str:
    """Name the place where a quote does not, and its heading where its first words only point at what they are of."""
    place = "" if find_regions(quote.text) else "、".join(full_name(code) for code in quote.regions[:2])
    heading = _heading(quote) if _POINTS.match(fold(quote.text)) else ""
    return "，".join(part for part in (place, heading) if part)


def _heading(quote: Quote) -> str:
    """The heading right above a quote, without its number; nothing where that is long, asks, counts or is the title."""
    last = quote.heading_path[-1] if quote.heading_path else ""
    heading = _NUMBERING.sub("", last).strip(" \u3000。：:")
    is_title = last == (quote.article.title or "")
    is_plain = 1 < len(heading) <= _LONGEST_HEADING_CHARS and not _TOLD_OF.search(fold(heading))
    return heading if is_plain and not is_title and heading not in quote.text else ""
