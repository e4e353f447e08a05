"""Finds the headings and interview turns of an article, and how they lie inside one another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.blocks import Block
from rag.types import Heading, HeadingKind

_NUMBER = "[一二三四五六七八九十百零〇\\d]"
# Outermost first: the place in this list is a style's rank.
_NUMBERED = (
    re.compile(rf"第{_NUMBER}{{1,4}}(?:编|編|部分|篇)"),
    re.compile(rf"第{_NUMBER}{{1,4}}章"),
    re.compile(rf"第{_NUMBER}{{1,4}}[节節]"),
    re.compile(rf"第{_NUMBER}{{1,4}}[条條]"),
    re.compile(r"[一二三四五六七八九十]{1,3}[、.\uff0e]"),
    re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\d{1,2}(?:[、\uff0e]|\.(?!\d))"),
    re.compile(r"[(（]\d{1,2}[)）]|[\u2460-\u2473]"),
    re.compile(r"[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十][,，、]"),
)
_LABEL = re.compile(
    r"(?:看点|看點|亮点|亮點|案例|焦点|焦點|关键词|關鍵詞|话题|話題|经验|經驗|做法|专题|專題|板块|板塊|聚焦|part|no\.?|q)?"
    rf"\s*(?:{_NUMBER}{{1,3}})[:：.、]?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。！；;!…]|[？?](?!$)")
_ADDRESS = re.compile(r"(?:各位|同志|尊敬的|女士|先生|朋友|大家好|亲爱的|代表们|委员们).*[:：,，]?$")
_FIELD = re.compile(
    r".{0,10}(?:嘉宾|嘉賓|人|者|员|时间|時間|日期|地点|地點|单位|單位|电话|電話|地址|文号|文號|附件|注|备注|来源|來源|邮箱|网址|编码|邮编|传真)[:：]"
)
_SPEAKER = re.compile(r"[■□●◆▲▶★◎]?\s*([^\s:：,，。、？！?!“”\"《》（）()\d]{1,16})\s*[:：]\s*(?=\S)")
_ASKER = re.compile(r".*(?:问|問|记者|記者|主持人?|编辑|報|报|网|網|社|台|刊|杂志|雜志|雜誌|[qQ])")
_DIGITS_ONLY = re.compile(r"[\W\d_年月日时分]+")
_MAX_HEADING_CHARS = 60
_MAX_LINE_CHARS = 40
_MAX_COLON_CHARS = 16


@dataclass(frozen=True, slots=True)
class _Style:
    """How a heading looks. Styles of one family are ordered by rank; others by which came first in the article."""

    family: str
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    start: int
    end: int
    style: _Style | None


_TITLE = _Style("title")
_QUESTION = _Style("question")
_TRUSTED_FAMILIES = frozenset(("title", "markup", "numbered"))


def find_headings(blocks: Sequence[Block], *, title: str | None) -> tuple[Heading, ...]:
    """Find the headings of the text that the blocks make when joined by one line break.

    Returns:
        Headings in order, each with something under it; level 1 is the outermost.
    """
    turns = _question_turns(blocks)
    styles = [
        _style(block, is_title=index == 0 and block.text == title) for index, block in enumerate(blocks)
    ]
    styles = [_QUESTION if index in turns else style for index, style in enumerate(styles)]
    _release_lead_ins(blocks, styles)
    _settle_runs(styles)
    levels = _levels(styles)
    _drop_empty(styles, levels)
    headings = []
    start = 0
    for block, style, level in zip(blocks, styles, levels, strict=True):
        if style is not None:
            kind: HeadingKind = "question" if style == _QUESTION else "heading"
            headings.append(Heading(start=start, end=start + len(block.text), level=level, kind=kind))
        start += len(block.text) + 1
    return tuple(headings)


def strip_speaker(text: str) -> str:
    """A turn without its speaker's label."""
    match = _SPEAKER.match(text)
    return text[match.end() :] if match else text


def is_place_line(text: str) -> bool:
    """Whether a line is nothing but the name of one place, perhaps with those it lies in, and a colon."""
    from rag.regions import find_regions

    name = text.rstrip(":： ").strip()
    if not 2 <= len(name) <= _MAX_COLON_CHARS:
        return False
    covered = {offset for mention in find_regions(name) for offset in range(mention.start, mention.end)}
    return len(covered) == len(name)


def _style(block: Block, *, is_title: bool) -> _Style | None:
    """How a block looks as a heading; None for body."""
    text = block.text
    if is_title:
        return _TITLE
    if block.level and len(text) <= 3 * _MAX_HEADING_CHARS:
        return _Style("markup", block.level)
    if block.kind == "row" or len(text) > _MAX_HEADING_CHARS or _SENTENCE_END.search(text):
        return None
    if (
        _ADDRESS.fullmatch(text)
        or _FIELD.match(text)
        or "://" in text
        or text.lower().startswith("www.")
        or text[-1] in ",，、"
    ):
        return None
    return _numbered_style(text) or _plain_style(block)


def _numbered_style(text: str) -> _Style | None:
    if len(text) <= 12 and _LABEL.fullmatch(text):
        return _Style("label")
    for rank, pattern in enumerate(_NUMBERED):
        match = pattern.match(text)
        if match and len(text) - match.end() >= 2:
            return _Style("numbered", rank)
    return None


def _plain_style(block: Block) -> _Style | None:
    """A place, a short line with a colon, a list item, or a short line."""
    text = block.text
    if len(text) > _MAX_LINE_CHARS or len(text) < 2 or _DIGITS_ONLY.fullmatch(text):
        return None
    if is_place_line(text):
        return _Style("place")
    if text[-1] in ":：":
        return _Style("colon") if len(text) <= _MAX_COLON_CHARS and not re.search("[,，]", text) else None
    return _Style("item") if block.kind == "item" else _Style("line", 1)


def _release_lead_ins(blocks: Sequence[Block], styles: list[_Style | None]) -> None:
    """A line with a colon above a list is the list's first words and body like it."""
    for index, (style, following) in enumerate(zip(styles, blocks[1:], strict=False)):
        is_point = following.kind == "item" or any(pattern.match(following.text) for pattern in _NUMBERED)
        if style is not None and style.family == "colon" and is_point:
            styles[index] = None


def _settle_runs(styles: list[_Style | None]) -> None:
    """Short lines in a row are a list and no headings; of two, the first is above the second."""
    index = 0
    while index < len(styles):
        first = styles[index]
        family = first.family if first is not None else ""
        stop = index + 1
        while stop < len(styles) and (style := styles[stop]) is not None and style.family == family:
            stop += 1
        if (family == "line" and stop - index > 2) or (family == "item" and stop - index > 1):
            styles[index:stop] = [None] * (stop - index)
        elif family == "line" and stop - index == 2:
            styles[index] = _Style("line", 0)
        index = stop


def _levels(styles: Sequence[_Style | None]) -> list[int]:
    """Give each heading its depth: a style seen before returns to its depth, a new one goes inside the last."""
    stack: list[_Style] = []
    levels = []
    for style in styles:
        if style is None:
            levels.append(0)
            continue
        if stack and stack[-1] == _QUESTION:
            stack.pop()
        if style in stack:
            del stack[stack.index(style) :]
        while any(outer.family == style.family and outer.rank > style.rank for outer in stack):
            stack.pop()
        stack.append(style)
        levels.append(len(stack))
    return levels


def _drop_empty(styles: list[_Style | None], levels: Sequence[int]) -> None:
    """Make body of every heading that has none under it, from the end upwards."""
    below: tuple[int, bool] | None = (
        None  # level of the block below (0: body), and whether it is itself such a line
    )
    for index in range(len(styles) - 1, -1, -1):
        style = styles[index]
        if style is None:
            below = (0, False)
            continue
        is_filled = below is not None and (below[0] == 0 or below[0] > levels[index])
        if is_filled and below is not None and below[1] and style.family not in _TRUSTED_FAMILIES:
            is_filled = False
        if is_filled:
            below = (levels[index], False)
        else:
            styles[index] = None
            below = (0, True)


def _question_turns(blocks: Sequence[Block]) -> set[int]:
    """The turns of whoever asks, where at least two speakers take turns."""
    turns = {i: match[1] for i, block in enumerate(blocks) if (match := _SPEAKER.match(block.text[:40]))}
    counts = Counter(turns.values())
    speakers = [name for name, count in counts.items() if count >= 2]
    if len(speakers) < 2:
        return set()
    asking = Counter(name for i, name in turns.items() if blocks[i].text.rstrip('”" ')[-1:] in ("？", "?"))
    askers = {name for name in speakers if _ASKER.fullmatch(name) or asking[name] * 2 > counts[name]}
    if not askers or len(askers) == len(speakers):
        askers = {max(speakers, key=lambda name: asking[name] / counts[name])}
    return {i for i, name in turns.items() if name in askers}
