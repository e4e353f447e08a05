"""Takes apart what text extraction has glued together: chrome at the ends of a paragraph, and a title at its start."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.blocks import Block
from ingest.rulebook import Fact, Rule, facts_in, folded_line, part, rules_of
from rag.normalise import fold_aligned

_RUN_OF_BLANKS = re.compile(r"[ \t\u00a0\u3000]{6,}")
_WINDOW_CHARS = 400
_MAX_PIECES = 24
_LONG_CHARS = 120
_TITLE_CHARS = range(6, 81)
_REPEATED_CHARS = 6
_SENTENCE_INSIDE = re.compile(r"。|(?:…|\.{3})(?!…|$|[”\"」』 ])")
_LABEL = re.compile(r"[(\[【]?原(?:文)?标题(?:[)\]】] ?[:|]?| ?[:|]) ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CutBlock:
    """A block, or a part of one, that is no part of the article, and the kind of chrome it is."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a block: kept, or cut for a reason."""

    text: str
    reason: str | None = None


def split_at_gaps(block: Block) -> list[Block]:
    """Split a long paragraph where a run of blanks shows that there was a line break.

    A heading, a table row and a short line stay whole, and so does a line whose parts are the cells of a table.
    """
    if block.level or block.kind != "text" or len(block.text) <= _LONG_CHARS:
        return [block]
    parts = [text for text in _RUN_OF_BLANKS.split(block.text) if text]
    if len(parts) < 2 or max(map(len, parts)) <= _LONG_CHARS // 2:
        return [block]
    return [replace(block, text=text) for text in parts]


def peel_end(text: str, *, is_reached: bool = False) -> list[Piece]:
    """Cut chrome off the end of a text, one kind after the other.

    Args:
        text: A paragraph.
        is_reached: Chrome stands right below it, so that what is too weak alone counts as chrome as well.

    Returns:
        What is kept, if anything, then what is cut, in the order of the text.
    """
    cut: list[Piece] = []
    while text and len(cut) < _MAX_PIECES:
        start, reason = _tail_of(text, is_reached=is_reached or bool(cut))
        if start == len(text):
            break
        cut.insert(0, Piece(text=text[start:], reason=reason))
        text = text[:start].rstrip()
    return [Piece(text=text), *cut] if text else cut


def _tail_of(text: str, *, is_reached: bool) -> tuple[int, str]:
    """Where the chrome at the end of a text starts, and its kind; the text's length when there is none."""
    offset = max(0, len(text) - _WINDOW_CHARS)
    line = fold_aligned(text[offset:])
    rules: Iterable[Rule] = (*rules_of("suffix"), *(rules_of("suffix after") if is_reached else ()))
    # Where the text was cut for length, its first character is no beginning that `^` may match.
    first = 1 if offset else 0
    for rule in rules:
        match = rule.pattern.search(line.text, max(first, len(line.text) - rule.max_chars))
        if match is not None:
            return offset + line.span(match.start(), match.end())[0], rule.name
    return len(text), ""


def cut_inside(text: str) -> list[Piece]:
    """Cut credits in brackets and adverts out of the middle of a text; the rest keeps its order."""
    folded = None
    spans: list[tuple[int, int, str]] = []
    for rule in rules_of("inside"):
        if folded is None:
            folded = fold_aligned(text)
        spans += [(*folded.span(*match.span()), rule.name) for match in rule.pattern.finditer(folded.text)]
    pieces: list[Piece] = []
    position = 0
    for start, stop, reason in sorted(spans):
        if start >= position:
            pieces += [Piece(text=text[position:start]), Piece(text=text[start:stop], reason=reason)]
            position = stop
    return [piece for piece in (*pieces, Piece(text=text[position:])) if piece.text.strip()]


def peel_start(text: str) -> tuple[list[Piece], list[Fact]]:
    """Cut labels and credits off the start of a text; a title behind its label becomes a piece of its own.

    Returns:
        The pieces in the order of the text, and what the cut ones say.
    """
    label = _LABEL.match(fold_aligned(text[:_WINDOW_CHARS]).text)
    if label is None:
        return _peel_credit(text)
    stop = fold_aligned(text[:_WINDOW_CHARS]).span(*label.span())[1]
    cut = Piece(text=text[:stop].rstrip(), reason="original title")
    rest = text[stop:].lstrip()
    end = title_end(rest)
    if end is None:
        return [cut, Piece(text=rest)] if rest else [cut], []
    title, body = rest[:end].strip(), rest[end:].lstrip()
    again = []
    if body.startswith(title):
        again = [Piece(text=title, reason="title again")]
        body = body[len(title) :].lstrip()
    pieces, facts = _peel_credit(body)
    fact = Fact(name="title", value=title, origin="original title")
    return [cut, Piece(text=title), *again, *pieces], [fact, *facts]


def title_end(text: str) -> int | None:
    """Where a title glued to the paragraph below it ends: at its repetition, at words that open a report, or nowhere.

    A short text that is no sentence is a title up to its end.
    """
    window = fold_aligned(text[: _TITLE_CHARS.stop + 60])
    found = (_repetition(window.text), _opening(window.text))
    ends = [window.span(end, end)[0] for end in found if end is not None]
    end = min(ends, default=len(text))
    title = text[:end].strip()
    return end if len(title) in _TITLE_CHARS and not _SENTENCE_INSIDE.search(title) else None


def _repetition(folded: str) -> int | None:
    """Where all that stands before comes again."""
    first = folded[:_REPEATED_CHARS]
    start = folded.find(first, _REPEATED_CHARS)
    return start if start > 0 and folded.startswith(folded[:start].strip(), start) else None


def _opening(folded: str) -> int | None:
    """Where words stand with which reports begin."""
    match = _openings().search(folded, _TITLE_CHARS.start)
    return match.start() if match else None


@functools.cache
def _openings() -> re.Pattern[str]:
    return re.compile(part("opening"))


def _peel_credit(text: str) -> tuple[list[Piece], list[Fact]]:
    """Cut source and byline off the start of a paragraph where it is certain where they end."""
    pieces: list[Piece] = []
    facts: list[Fact] = []
    while text and len(pieces) < 4:
        line = fold_aligned(text[:_WINDOW_CHARS])
        found = next(
            ((rule, m) for rule in rules_of("prefix") if (m := rule.pattern.match(line.text)) is not None),
            None,
        )
        if found is None or found[1].end() == 0:
            break
        rule, match = found
        stop = line.span(match.start(), match.end())[1]
        cut = text[:stop].strip()
        pieces.append(Piece(text=cut, reason=rule.name))
        facts += facts_in(folded_line(cut), cut, rule.name)
        text = text[stop:].lstrip()
    return ([*pieces, Piece(text=text)] if text else pieces), facts
