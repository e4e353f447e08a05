"""Reads what the first words of a report say of it: 新华社北京8月8日电（记者……）, and the trail of columns above it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.blocks import Block
from ingest.clean import CutBlock, Fact
from ingest.rulebook import part
from rag.normalise import fold, fold_aligned

_WINDOW_CHARS = 160
_LOOKED_AT_BLOCKS = 3
_CRUMB_SIGNS = re.compile(r"\s{0,8}(?:>>?|»|\u203a|→|/|\||-)\s{0,8}")
_NO_COLUMN = re.compile(
    r"(?:网站|本站)?(?:首页|主页)|(?:文章|信息)?(?:正文|详情|内容|详细内容|内容页)|.*位置.*|.*[。,\d].*",
    re.DOTALL,
)
_COLUMN_CHARS = range(2, 17)


@dataclass(frozen=True, slots=True)
class _Patterns:
    outlet: re.Pattern[str]
    agency_at_end: re.Pattern[str]
    brackets: re.Pattern[str]
    reporter: re.Pattern[str]
    date: re.Pattern[str]


def dateline_facts(blocks: Sequence[Block]) -> Iterator[Fact]:
    """Read outlet, reporters and date from the dateline of a report; nothing where the first words are none."""
    patterns = _patterns()
    for block in blocks[:_LOOKED_AT_BLOCKS]:
        window = fold_aligned(block.text[:_WINDOW_CHARS])
        for name, span in _spans(window.text, patterns):
            start, stop = window.span(*span)
            yield Fact(name=name, value=block.text[start:stop].strip(), origin="dateline")


def _spans(folded: str, patterns: _Patterns) -> Iterator[tuple[str, tuple[int, int]]]:
    """Where each fact stands."""
    if outlet := patterns.outlet.match(folded):
        # A caption may be glued to the front of the outlet's name.
        known = patterns.agency_at_end.search(folded, *outlet.span("value"))
        yield "source", known.span() if known else outlet.span("value")
    if brackets := patterns.brackets.match(folded):
        reporter = patterns.reporter.fullmatch(folded, *brackets.span("inner"))
        if reporter:
            yield "author", reporter.span("value") if reporter["value"] else reporter.span("bare")
    if date := patterns.date.match(folded):
        yield "date", date.span("value")


def crumb_facts(cut: Iterable[CutBlock]) -> Iterator[Fact]:
    """Read the column from a trail such as `首页 > 政策 > 解读 > 正文`: its last part that is one."""
    for piece in cut:
        if piece.reason != "breadcrumb":
            continue
        parts = [text.strip(" :：") for text in _CRUMB_SIGNS.split(piece.text)]
        named = [
            text for text in parts if len(text) in _COLUMN_CHARS and not _NO_COLUMN.fullmatch(fold(text))
        ]
        if len(parts) > 1 and named:
            yield Fact(name="column", value=named[-1], origin="breadcrumb")


@functools.cache
def _patterns() -> _Patterns:
    """The patterns, made of the parts that chrome.toml names."""
    day = r"(?:(?:19|20)\d\d ?年 ?)?\d{1,2} ?月 ?\d{1,2} ?日"
    agency, name, role = part("agency"), part("name"), part("reporter")
    report = r"(?:电|讯|消息|报道)"
    named = rf"[\u3400-\u9fff]{{2,8}}(?:网|报|社|新闻|在线|客户端)(?= ?{day} ?{report})"
    known = rf"{agency}(?=(?:[\u3400-\u9fffa-z]{{0,8}} ?{day})? ?[\u3400-\u9fffa-z]{{0,4}}(?:{report}|[)】]))"
    lead = rf"[^()。!?]{{0,24}}?{role}"
    return _Patterns(
        outlet=re.compile(rf"[(【]?(?P<value>{known}|{named})"),
        agency_at_end=re.compile(rf"{agency}$"),
        brackets=re.compile(rf"[^。!?]{{0,60}}?(?:{report}|】) ?[(](?P<inner>[^()]{{2,60}})[)]"),
        reporter=re.compile(
            rf"(?:{lead} ?(?P<value>{name}?(?:[ 、,]{{1,2}}(?!{role}|见习|实习){name}?){{0,7}})(?: ?[,;]? ?(?:见习|实习)?{role}.*)?"
            rf"|(?!{part('editor')})(?P<bare>[\u3400-\u9fff]{{2,3}}(?:[ 、][\u3400-\u9fff]{{2,3}}){{0,5}}))"
        ),
        date=re.compile(
            rf"[^。!?,]{{0,24}}?(?P<value>(?:19|20)\d\d ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?日) ?[^。!?,]{{0,8}}{report}"
        ),
    )
