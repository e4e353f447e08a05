"""Read a model's words as they come: whole sentences, and the numbers of the evidence that each of them cites.

Markers may be [1], [1,2], [1][2], 【1】 or full-width, before or after the full stop; half a marker is held back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.normalise import sentence_spans

_OPEN, _CLOSE = r"\[【\uff3b", r"\]】\uff3d"
_NUMBERS = r"\d{1,3}(?:\s*[,，、;；]\s*(?:[A-Za-z\u4e00-\u9fff]{0,8}\s*)?\d{1,3}|\s*[-–~\uff5e至]\s*\d{1,3})*"
_MARKER = re.compile(rf"[{_OPEN}]\s*(?:[A-Za-z\u4e00-\u9fff]{{0,8}}\s*)?({_NUMBERS})\s*[{_CLOSE}]")
_HALF_MARKER = re.compile(rf"[{_OPEN}][^{_CLOSE}\n]{{0,40}}\Z")
_CUT_MARKER = re.compile(rf"[{_OPEN}][\d,，\s]*\Z")
_RANGE = re.compile(r"(\d+)\s*[-–~\uff5e至]\s*(\d+)")
_WIDEST_RANGE = 20

_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_HALF_THOUGHT = re.compile(r"\A\s*<(?:t(?:h(?:i(?:n(?:k)?)?)?)?)?\Z")
_STAR = re.compile(r"\*\*|__|`")
_LINE_LEAD = re.compile(r"\A(?:[-*•·#>\s]+|[(（]?\d{1,2}[.、)）](?!\d)\s*)+")
_SPACE_BEFORE_STOP = re.compile(r"[ \t]+(?=[.,;:!?，。；：！？])")
_SPACES = re.compile(r"[ \t]{2,}")
_STOP_AGAIN = re.compile(r"([。！？；;])\1+")
"""A marker between two full stops leaves both behind."""
_SAYS = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A whole sentence of a model, its markup taken away, and the numbers it cites, each once, in its order."""

    text: str
    cited: tuple[int, ...]


def read_statements(pieces: Iterable[str]) -> Iterator[Statement]:
    """Yield each sentence as soon as it is certain where it ends, however the text is cut into pieces.

    What is left when the pieces end is a sentence too: callers that know it to be cut off leave out the last.
    """
    waiting = ""
    for piece in pieces:
        waiting += piece
        if _THOUGHT.match(waiting) and "</think>" not in waiting:
            continue
        whole, waiting = _split_off_whole(_THOUGHT.sub("", waiting, count=1))
        yield from whole
    yield from _statements(_CUT_MARKER.sub("", _THOUGHT.sub("", waiting, count=1)))


def _split_off_whole(text: str) -> tuple[list[Statement], str]:
    """Cut off the sentences after which another one has visibly begun; return them, and the rest."""
    if _HALF_THOUGHT.match(text):
        return [], text
    half = _HALF_MARKER.search(text)
    settled = text[: half.start()] if half else text
    starts = _raw_starts(settled)
    if len(starts) < 2:
        return [], text
    last = _with_lead(settled, starts[-1])
    return _statements(settled[:last]), text[last:]


def _with_lead(raw: str, start: int) -> int:
    """Where a sentence begins if the markers and list marks that open its line are its own."""
    line = raw.rfind("\n", 0, start) + 1
    return line if _opens_line(_MARKER.sub("", raw[line:start])) else start


def _opens_line(before: str) -> bool:
    return not before.strip("-*•·#> \t")


def _raw_starts(raw: str) -> list[int]:
    """Where the sentences begin in a text that still holds its markers."""
    plain, offsets = _without_markers(raw)
    return [offsets[start] for start, _ in sentence_spans(plain)]


def _statements(raw: str) -> list[Statement]:
    plain, offsets = _without_markers(raw)
    spans = sentence_spans(plain)
    cited: list[list[int]] = [[] for _ in spans]
    for marker in _MARKER.finditer(raw):
        owner = _owner(raw, marker.start(), [offsets[start] for start, _ in spans])
        if owner is not None:
            cited[owner] += numbers_of(marker[1])
    sentences = zip(spans, cited, strict=True)
    made = [Statement(text=_bare(plain[a:b]), cited=tuple(dict.fromkeys(n))) for (a, b), n in sentences]
    return [one for one in made if _SAYS.search(one.text)]


def _owner(raw: str, position: int, starts: list[int]) -> int | None:
    """Which sentence a marker belongs to: the one before it, but the next where it opens a line."""
    before = sum(start < position for start in starts) - 1
    if before < 0 or _opens_line(raw[raw.rfind("\n", 0, position) + 1 : position]):
        before += before + 1 < len(starts)
    return before if before >= 0 else None


def _without_markers(raw: str) -> tuple[str, list[int]]:
    """Take the markers out; return the text, and for each of its characters and its end the offset in the raw one."""
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    for marker in _MARKER.finditer(raw):
        pieces.append(raw[position : marker.start()])
        offsets += range(position, marker.start())
        position = marker.end()
    pieces.append(raw[position:])
    offsets += range(position, len(raw) + 1)
    return "".join(pieces), offsets


def numbers_of(inside: str) -> list[int]:
    """Return the numbers that stand in a marker, ranges filled in."""
    numbers: list[int] = []
    for part in re.split(r"[,，、;；]", inside):
        if (span := _RANGE.search(part)) and int(span[2]) - int(span[1]) in range(_WIDEST_RANGE):
            numbers += range(int(span[1]), int(span[2]) + 1)
        else:
            numbers += [int(n) for n in re.findall(r"\d+", part)]
    return numbers


def _bare(sentence: str) -> str:
    """Without the list marks and the emphasis that models like to write."""
    bare = _LINE_LEAD.sub("", _STAR.sub("", sentence))
    return _STOP_AGAIN.sub(r"\1", _SPACES.sub(" ", _SPACE_BEFORE_STOP.sub("", bare))).strip()
