"""Reads the objects of a `.jsonl` or `.json` file; a line that is not one does not take the rest with it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.containers.columns import has_text, missing_text
from ingest.containers.member import ContainerOptions, Member, MemberProblem, problem
from ingest.containers.rows import Rows, row_name
from ingest.containers.text_stream import open_text
from rag.errors import UnreadableFileError

_SPACE = re.compile(r"\s*")
_LOOKED_AT = 20
_MAX_WRAPPING = 3
_MAX_VALUES = 5_000_000  # each takes up to 64 bytes of memory, however little is in it


class _Object(dict[str, object]):
    """An object as it was written.

    Attributes:
        twice: A key that it has twice, with two values, of which one would be lost.
    """

    twice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """An object and its place: its line, or its number in the list."""

    number: int
    values: _Object


def read_records(
    content: bytes, *, suffix: str, options: ContainerOptions
) -> Iterator[Member | MemberProblem]:
    """Read the objects of a file.

    Raises:
        UnreadableFileError: It is not text, or nothing in any of the first objects can be told to be the text.
    """
    stream = open_text(content, newline=None)
    found = _of_lines(stream.lines) if suffix != ".json" else _of_text(stream.lines.read(), options.columns)
    rows = Rows(options, codec=stream.codec)
    for item in _with_text(found, options.columns):
        yield item if isinstance(item, MemberProblem) else rows.member(item.values, number=item.number)


def _with_text(
    found: Iterator[_Record | MemberProblem], named: Mapping[str, str]
) -> Iterator[_Record | MemberProblem]:
    """Hold the first objects back until one of them has a text: otherwise every line would be the same mistake."""
    held: list[_Record | MemberProblem] = []
    columns: dict[str, None] = {}
    for item in found:
        held.append(item)
        if isinstance(item, MemberProblem):
            continue
        columns.update(dict.fromkeys(item.values))
        if has_text(item.values, named):
            yield from held
            yield from found
            return
        if len(held) >= _LOOKED_AT:
            break
    if columns:
        raise missing_text(list(columns), named)
    yield from held


def _of_lines(lines: Iterable[str]) -> Iterator[_Record | MemberProblem]:
    """The objects of a file with one on each line."""
    for number, line in enumerate(lines, start=1):
        if line.strip().strip("\ufeff"):
            yield _parsed(line.strip("\ufeff"), number)


def _parsed(line: str, number: int) -> _Record | MemberProblem:
    if _values_at_most(line) > _MAX_VALUES:
        return MemberProblem(name=row_name(number), error=_too_dense())
    try:
        value = _DECODER.decode(line)
    except (ValueError, RecursionError) as cause:
        return _unreadable(number, cause)
    return _record(value, number)


def _record(value: object, number: int) -> _Record | MemberProblem:
    if not isinstance(value, _Object):
        return problem(
            row_name(number),
            "row",
            en=f"item {number} is not an object with named values",
            zh=f"第 {number} 条不是带字段名的对象",
        )
    if value.twice is not None:
        key = value.twice[:40]
        return problem(
            row_name(number),
            "row",
            en=f"item {number} has {key!r} twice, with different values; keep one",
            zh=f"第 {number} 条里 {key!r} 出现两次且值不同，请只保留一个",
        )
    return _Record(number=number, values=value)


def _of_text(text: str, named: Mapping[str, str]) -> Iterator[_Record | MemberProblem]:
    """The objects of a list, of one somewhere in an object, or of objects that follow one another."""
    if _values_at_most(text) > _MAX_VALUES:
        raise _too_dense()
    start = _after_space(text, 1 if text.startswith("\ufeff") else 0)
    if text[start : start + 1] == "[":
        yield from _of_list(text, start + 1)
        return
    try:
        value, stop = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as cause:
        yield _unreadable(1, cause)
        return
    if _after_space(text, stop) == len(text):
        yield from _unwrapped(_record(value, 1), named)
    elif "\n" in text[start:stop]:
        yield from _of_sequence(text, start)
    else:
        yield from _of_lines(io.StringIO(text))


def _of_sequence(text: str, position: int) -> Iterator[_Record | MemberProblem]:
    """Objects over several lines each, one after the other."""
    number = 0
    stop: int | None = position
    while stop is not None and stop < len(text):
        number += 1
        record, stop = _decoded(text, stop, number)
        yield record


def _decoded(text: str, position: int, number: int) -> tuple[_Record | MemberProblem, int | None]:
    """Read one value, and where the next begins; nowhere after one that cannot be read."""
    try:
        value, stop = _DECODER.raw_decode(text, position)
    except (ValueError, RecursionError) as cause:
        return _unreadable(number, cause), None
    return _record(value, number), _after_space(text, stop)


def _of_list(text: str, position: int) -> Iterator[_Record | MemberProblem]:
    """The items of a list, one at a time; where one cannot be read, the rest cannot be told apart."""
    number = 0
    position = _after_space(text, position)
    while text[position : position + 1] != "]":
        number += 1
        record, stop = _decoded(text, position, number)
        yield record
        if stop is None:
            return
        if text[stop : stop + 1] not in {",", "]"}:
            yield _unreadable(number + 1, ValueError("the list breaks off"))
            return
        position = _after_space(text, stop + 1) if text[stop] == "," else stop


def _unwrapped(only: _Record | MemberProblem, named: Mapping[str, str]) -> Iterator[_Record | MemberProblem]:
    """The articles' list inside an answer of some service, where a file is one object and that has no text."""
    if isinstance(only, _Record) and not has_text(only.values, named):
        lists = list(_lists_in(only.values, named, depth=_MAX_WRAPPING))
        if len(lists) == 1:
            yield from (_record(value, number) for number, value in enumerate(lists[0], start=1))
            return
    yield only


def _lists_in(values: Mapping[str, object], named: Mapping[str, str], *, depth: int) -> Iterator[list[Any]]:
    for value in values.values():
        if isinstance(value, list) and value and isinstance(value[0], dict) and has_text(value[0], named):
            yield value
        elif isinstance(value, dict) and depth > 1:
            yield from _lists_in(value, named, depth=depth - 1)


def _values_at_most(text: str) -> int:
    """No fewer than the values in a text of JSON, without reading it."""
    return sum(text.count(sign) for sign in "[{,")


def _too_dense() -> UnreadableFileError:
    return UnreadableFileError(
        code="too_large",
        detail_en=f"it has more than {_MAX_VALUES:,} values; split it into several files, one article a line",
        detail_zh=f"其中的值超过 {_MAX_VALUES:,} 个；请拆分成几个文件，每行一篇文章",
    )


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _object(pairs: list[tuple[str, object]]) -> _Object:
    made = _Object()
    for key, value in pairs:
        if made.setdefault(key, value) != value:
            made.twice = key
    return made


def _unreadable(number: int, cause: Exception) -> MemberProblem:
    """Say what the parser said; it says nothing of what is nested too deeply."""
    reason = "it is nested too deeply" if isinstance(cause, RecursionError) else str(cause)
    reason_zh = "嵌套过深" if isinstance(cause, RecursionError) else str(cause)
    return MemberProblem(
        name=row_name(number),
        error=UnreadableFileError(
            code="row",
            detail_en=f"item {number} is not valid JSON: {reason}",
            detail_zh=f"第 {number} 条不是有效的 JSON：{reason_zh}",
        ),
    )


# NaN and Infinity, which pandas writes for an empty cell, are no value.
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=lambda _: None)
