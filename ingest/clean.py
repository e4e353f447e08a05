"""Cuts a site's chrome from around an article: rules are data (chrome.toml), and in doubt a block stays."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Literal

from ingest.webpage import Block
from rag.normalise import Folded, fold_aligned

Place = Literal["any", "head", "tail", "after", "suffix"]

_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SENTENCE_END = re.compile(r"[。！？!?；;…]")
_KEPT_TAIL = re.compile(r"(?:附件|附表|附录|附:|注:|备注|联系|电话|[((]?[一二三四五六七八九十\d]+[))、.])")
_MAX_FOLDED_CHARS = 420
_MAX_HEAD_BLOCKS = 30
_SHORT_CHARS = 40
_BODY_CHARS = 25
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutBlock:
    """A block, or the end of one, that is no part of the article, and the kind of chrome it is."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that chrome said about the article: `name` is date, source, author or url."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The article's blocks, what was cut in the order it stood, and the facts found there, nearest the top first.

    Attributes:
        title_index: The kept block that stood directly above a publish line, which is where a title stands.
    """

    blocks: tuple[Block, ...]
    cut: tuple[CutBlock, ...]
    facts: tuple[Fact, ...]
    title_index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    name: str
    where: Place
    max_chars: int
    pattern: re.Pattern[str]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rulebook:
    rules: Mapping[str, tuple[_Rule, ...]]
    facts: tuple[tuple[str, re.Pattern[str]], ...]


class _UnreadCharacters(dict[int, str | None]):
    """A translation table that drops what cannot be seen: controls, zero-width and bidirectional marks, half pairs."""

    def __missing__(self, code: int) -> str | int | None:
        unseen = unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs"} and code not in (9, 10)
        self[code] = None if unseen else chr(code)
        return self[code]


_UNREAD = _UnreadCharacters()


def tidy(text: str) -> str:
    """Drop invisible characters, trim, and fold runs of blanks; one line break stays one. Nothing else changes."""
    text = text.translate(_UNREAD)
    return "\n".join(_BLANKS.sub(_blank, line).strip() for line in text.split("\n") if line.strip())


def _blank(match: re.Match[str]) -> str:
    return match.group() if match.group() == "\u3000" else " "


def clean_blocks(blocks: Sequence[Block], *, before: Sequence[Block] = ()) -> Cleaned:
    """Cut chrome from the head, the tail and between; body paragraphs stay whole.

    Args:
        blocks: The blocks of the file in reading order.
        before: Lines above the article that are not part of it, looked through for facts only.
    """
    tidied = [replace(block, text=text) for block in blocks if (text := tidy(block.text))]
    folded = [_folded(block.text) for block in tidied]
    reasons: list[str | None] = [_match(line, "any") for line in folded]
    head_end = _mark_head(tidied, folded, reasons)
    _mark_tail(tidied, folded, reasons, head_end)
    facts = [fact for block in before for fact in _facts_above(tidy(block.text))]
    kept: list[Block] = []
    cut: list[CutBlock] = []
    title_index = None
    for index, (block, reason) in enumerate(zip(tidied, reasons, strict=True)):
        if reason is None:
            kept.append(block)
            continue
        if reason == "publish line" and kept and title_index is None:
            title_index = len(kept) - 1
        cut.append(CutBlock(text=block.text, reason=reason))
        facts += _facts_in(
            folded[index], block.text, reason if index < head_end else f"{reason} below the text"
        )
    glued = _cut_suffix(kept)
    if glued is not None:
        cut.append(glued)
        facts += _facts_in(_folded(glued.text), glued.text, glued.reason)
    return Cleaned(blocks=tuple(kept), cut=tuple(cut), facts=tuple(facts), title_index=title_index)


def is_body(text: str) -> bool:
    """Whether a block reads like a paragraph of running text rather than like a label."""
    return len(text) > 2 * _SHORT_CHARS or (
        len(text) >= _BODY_CHARS and _SENTENCE_END.search(text) is not None
    )


def _folded(text: str) -> Folded | None:
    """The matching form of a line short enough for any rule."""
    return fold_aligned(text) if len(text) <= _MAX_FOLDED_CHARS else None


def _mark_head(blocks: Sequence[Block], folded: Sequence[Folded | None], reasons: list[str | None]) -> int:
    """Mark chrome above the first body paragraph; give that paragraph's index."""
    previous: str | None = None
    for index, block in enumerate(blocks[:_MAX_HEAD_BLOCKS]):
        reason = reasons[index] or _match(folded[index], "head", previous)
        if reason is None and is_body(block.text):
            return index
        reasons[index] = previous = reason
    return min(len(blocks), _MAX_HEAD_BLOCKS)


def _mark_tail(
    blocks: Sequence[Block], folded: Sequence[Folded | None], reasons: list[str | None], head_end: int
) -> None:
    """Mark chrome below the last body paragraph, and the short lines among it."""
    first = len(blocks)
    lowest = head_end + 1 if head_end < len(blocks) else 0
    while first > lowest and (reasons[first - 1] or _could_be_tail(blocks[first - 1], folded[first - 1])):
        first -= 1
    is_chrome_reached = False
    for index in range(first, len(blocks)):
        line = folded[index]
        reason = _match(line, "tail") or (
            "link" if blocks[index].is_link and not blocks[index].level else None
        )
        if reason is not None:
            is_chrome_reached = True
        elif is_chrome_reached and reasons[index] is None:
            reason = _match(line, "after")
            if reason is None and _is_short(blocks[index]) and not _KEPT_TAIL.match(blocks[index].text):
                reason = "among site lines"
        reasons[index] = reason or reasons[index]


def _could_be_tail(block: Block, line: Folded | None) -> bool:
    return _is_short(block) or block.is_link or any(_match(line, place) for place in ("tail", "after"))


def _is_short(block: Block) -> bool:
    return len(block.text) <= _SHORT_CHARS and _SENTENCE_END.search(block.text) is None


def _match(line: Folded | None, where: str, previous: str | None = None) -> str | None:
    """The name of the first rule of a place that the whole line satisfies."""
    if line is None:
        return None
    for rule in _rulebook().rules.get(where, ()):
        if len(line.text) > rule.max_chars or (rule.after is not None and rule.after != previous):
            continue
        if rule.pattern.fullmatch(line.text):
            return rule.name
    return None


def _cut_suffix(kept: list[Block]) -> CutBlock | None:
    """Cut chrome that a page's text extraction has glued to the end of the last paragraph."""
    if not kept or not is_body(kept[-1].text):
        return None
    last = kept[-1]
    for rule in _rulebook().rules.get("suffix", ()):
        start = max(0, len(last.text) - rule.max_chars)
        line = fold_aligned(last.text[start:])
        match = rule.pattern.search(line.text)
        if match is not None:
            stop = start + line.span(match.start(), match.end())[0]
            kept[-1] = replace(last, text=last.text[:stop].rstrip())
            return CutBlock(text=last.text[stop:], reason=rule.name)
    return None


def _facts_above(text: str) -> list[Fact]:
    """Read the facts of a line above the article, if it is one that states them (a page may show today's date)."""
    line = _folded(text)
    reason = _match(line, "head")
    return _facts_in(line, text, reason) if reason in {"publish line", "byline"} else []


def _facts_in(line: Folded | None, text: str, origin: str) -> list[Fact]:
    """Read date, source, author and address from a line, in the line's own characters."""
    facts = []
    for name, pattern in _rulebook().facts if line is not None else ():
        match = pattern.search(line.text) if line is not None else None
        if match and line is not None:
            start, stop = line.span(*match.span("value"))
            facts.append(Fact(name=name, value=text[start:stop].strip(), origin=origin))
    return facts


@functools.cache
def _rulebook() -> _Rulebook:
    table = tomllib.loads(resources.files("ingest").joinpath("chrome.toml").read_text(encoding="utf-8"))
    parts: Mapping[str, str] = table["parts"]
    rules: dict[str, list[_Rule]] = {}
    for entry in table["rule"]:
        rule = _Rule(
            name=entry["name"],
            where=entry["where"],
            max_chars=entry["max_chars"],
            pattern=_compiled(entry["pattern"], parts),
            after=entry.get("after"),
        )
        rules.setdefault(rule.where, []).append(rule)
    facts = tuple((entry["name"], _compiled(entry["pattern"], parts)) for entry in table["fact"])
    return _Rulebook(rules={place: tuple(listed) for place, listed in rules.items()}, facts=facts)


def _compiled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    for name, part in parts.items():
        pattern = pattern.replace(f"@{name}@", part)
    return re.compile(pattern.replace(r"[\p{han}]", f"[{_HAN}]").replace(r"\p{han}", _HAN))
