"""Opens a zip file: its articles one by one, and for each file that looks like one and is not read, why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ingest.containers.member import (
    Allowance,
    ContainerOptions,
    Found,
    Member,
    MemberProblem,
    MemberSkipped,
    problem,
    too_large,
    too_many,
)
from ingest.containers.zip_entries import DAMAGE, Entry, count_entries, list_entries
from ingest.containers.zip_names import decode_name, is_hidden, name_codec, safe_name, unicode_name
from ingest.load import CONTAINER_SUFFIXES
from rag.errors import UnreadableFileError

# What looks like a document and is of a kind that nothing here reads: not to be passed over in silence.
_OTHER_DOCUMENTS = frozenset(
    f".{kind}"
    for kind in [
        "doc",
        "dot",
        "docm",
        "wps",
        "xls",
        "xlsx",
        "xlsm",
        "et",
        "ods",
        "ppt",
        "pptx",
        "dps",
        "odp",
        "ofd",
        "xml",
        "eml",
        "msg",
        "tex",
        "rar",
        "7z",
        "tar",
        "gz",
        "tgz",
        "bz2",
        "xz",
        "cab",
        "iso",
        "caj",
        "kdh",
        "djvu",
        "xps",
        "chm",
        "mobi",
        "azw3",
        "pages",
        "numbers",
        "key",
    ]
)
_RATIO_FROM_BYTES = 1_000_000
_TOTAL_FROM_BYTES = 20_000_000
_ENTRIES_FROM = 20_000  # an entry takes about 1 kB of memory, before anything is unpacked

Expand = Callable[[bytes, str], Iterator[Found]]
"""Expands a container inside an archive, given its bytes and its suffix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """An entry under the name that it has here; `was` is its own name, where that led out of the archive."""

    entry: Entry
    name: str
    was: str | None

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


class _OverError(Exception):
    """The archive, or a member of it, unpacks to more than it may."""

    def __init__(self, found: MemberProblem, *, is_end: bool = False) -> None:
        super().__init__()
        self.found = found
        self.is_end = is_end


def read_archive(
    content: bytes, *, options: ContainerOptions, allowance: Allowance, expand: Expand
) -> Iterator[Found]:
    """Yield what is in a zip file, and what cannot be read of it.

    Args:
        content: The archive.
        options: What may be read, and how much of it.
        allowance: What may still be unpacked.
        expand: Called for each container in it.
    """
    most = max(_ENTRIES_FROM, 2 * options.max_members)
    if count_entries(content) > most:
        yield _too_many_entries(most)
        return
    listed, is_whole = list_entries(content)
    reading = _Reading(options, allowance, archive_bytes=len(content))
    is_empty = True
    for file in _named(listed):
        is_empty = False
        try:
            yield from _opened(file, reading, expand)
        except _OverError as over:
            yield over.found
            if over.is_end:
                return
    if not is_whole:
        yield _damaged_directory(is_empty=is_empty)


class _Reading:
    """Unpacks members, and counts what comes out: no header is believed."""

    def __init__(self, options: ContainerOptions, allowance: Allowance, *, archive_bytes: int) -> None:
        self.options = options
        self._allowance = allowance
        self._left = max(_TOTAL_FROM_BYTES, archive_bytes * options.max_ratio)

    def content(self, file: _File) -> bytes:
        """The member's bytes, unless they are too many."""
        pieces, size = [], 0
        limit = self.options.max_member_bytes
        allowed = max(_RATIO_FROM_BYTES, file.entry.packed_size * self.options.max_ratio)
        for piece in file.entry.pieces():
            size += len(piece)
            self._left -= len(piece)
            if not self._allowance.take_bytes(len(piece)) or self._left < 0:
                raise _OverError(_bomb("", self.options), is_end=True)
            if size > allowed:
                raise _OverError(_bomb(file.name, self.options))
            if size > limit:
                raise _OverError(too_large(file.name, limit))
            pieces.append(piece)
        return b"".join(pieces)

    def take_member(self) -> None:
        """Count a member."""
        if not self._allowance.take_member():
            raise _OverError(too_many("", self.options.max_members), is_end=True)


def _named(listed: Iterable[Entry]) -> Iterator[_File]:
    """Give the entries their names: no two alike, none that leads out of the archive. Hidden ones are left out."""
    entries = [entry for entry in listed if not entry.is_folder]
    marked = [_utf8_name(entry) for entry in entries]
    unmarked = [entry.raw_name for entry, name in zip(entries, marked, strict=True) if name is None]
    codec = name_codec(unmarked)
    taken: dict[str, int] = {}
    for entry, utf8_name in zip(entries, marked, strict=True):
        was = utf8_name if utf8_name is not None else decode_name(entry.raw_name, codec)
        name, leads_out = safe_name(was)
        if not is_hidden(name):
            name = _free(name, taken)
            yield _File(entry=entry, name=name, was=was if leads_out else None)


def _utf8_name(entry: Entry) -> str | None:
    if entry.is_utf8:
        return entry.raw_name.decode("utf-8", errors="backslashreplace")
    return unicode_name(entry.raw_name, entry.extra)


def _free(name: str, taken: dict[str, int]) -> str:
    """A name that no other file has; `taken` counts how often each was asked for, not to try the same twice."""
    path, key, free = PurePosixPath(name), name.casefold(), name
    while free.casefold() in taken:
        taken[key] += 1
        free = str(path.with_name(f"{path.stem} ({taken[key]}){path.suffix}"))
    taken[free.casefold()] = 1
    return free


def _opened(file: _File, reading: _Reading, expand: Expand) -> Iterator[Found]:
    """Open one file of an archive."""
    options = reading.options
    is_container = file.suffix in CONTAINER_SUFFIXES
    if file.entry.is_link:
        yield problem(
            file.name, "link", en="a link inside an archive is not followed", zh="不读取压缩包内的链接"
        )
        return
    if not is_container and file.suffix not in options.readable:
        if file.suffix in _OTHER_DOCUMENTS:
            yield _unsupported(file, options)
        else:
            yield MemberSkipped(name=file.name)
        return
    reading.take_member()
    try:
        content = _content(file, reading)
    except UnreadableFileError as error:
        yield MemberProblem(name=file.name, error=error)
        return
    if not is_container:
        yield Member(name=file.name, content=content, suffix=file.suffix, notes=_notes(file))
        return
    for found in expand(content, file.suffix):
        yield replace(found, name=f"{file.name}/{found.name}" if found.name else file.name)


def _content(file: _File, reading: _Reading) -> bytes:
    """Unpack one file.

    Raises:
        UnreadableFileError: `encrypted`, `empty`, `damaged`, or `unsupported` for a compression unknown here.
    """
    if file.entry.is_encrypted:
        raise UnreadableFileError(
            code="encrypted",
            detail_en="it is protected by a password; unpack it and ingest the files",
            detail_zh="有密码保护，请解压后再导入",
        )
    try:
        content = reading.content(file)
    except (NotImplementedError, RuntimeError) as cause:  # as zipfile says it, and `zip_entries` like it
        raise UnreadableFileError(
            code="unsupported",
            detail_en=f"it is packed in a way that is not read ({cause}); unpack it and ingest the files",
            detail_zh=f"不支持这种压缩方式（{cause}），请解压后再导入",
        ) from cause
    except DAMAGE as cause:
        raise UnreadableFileError(
            code="damaged",
            detail_en=f"the archive is damaged here: {cause}",
            detail_zh=f"压缩包在这里已损坏：{cause}",
        ) from cause
    if not content:
        raise UnreadableFileError(code="empty", detail_en="the file is empty", detail_zh="文件是空的")
    return content


def _notes(file: _File) -> tuple[str, ...]:
    return () if file.was is None else (f"its name in the archive leads out of it: {file.was[:200]!r}",)


def _unsupported(file: _File, options: ContainerOptions) -> MemberProblem:
    kinds = " ".join(sorted(options.readable | CONTAINER_SUFFIXES))
    return problem(
        file.name,
        "unsupported",
        en=f"files of kind {file.suffix!r} are not read (these are: {kinds})",
        zh=f"不支持 {file.suffix!r} 类文件（支持：{kinds}）",
    )


def _bomb(name: str, options: ContainerOptions) -> MemberProblem:
    """Say that this unpacks to so much that it was given up; without a name, that the rest of it was."""
    rest_en, rest_zh = ("", "") if name else (" and the rest of it was not read", "，其余部分没有读取")
    return problem(
        name,
        "bomb",
        en=f"it unpacks to over {options.max_ratio} times its size or over {options.max_total_bytes / 1e6:.0f} MB"
        f"{rest_en}; if that is right, unpack it and ingest the files",
        zh=f"解压后超过原大小的 {options.max_ratio} 倍或 {options.max_total_bytes / 1e6:.0f} MB{rest_zh}；"
        "如确属正常，请解压后再导入",
    )


def _too_many_entries(most: int) -> MemberProblem:
    return problem(
        "",
        "too_many",
        en=f"it holds more than {most} files; none of them was read. Split it into several archives",
        zh=f"其中的文件超过 {most} 个，均未读取。请拆分成几个压缩包",
    )


def _damaged_directory(*, is_empty: bool) -> MemberProblem:
    if is_empty:
        return problem(
            "", "damaged", en="it is not a zip file, or it is damaged", zh="不是 zip 压缩包，或已损坏"
        )
    return problem(
        "",
        "damaged",
        en="the archive is damaged: its list of files is missing. What was found without it was read; "
        "fetch the archive again to have the rest",
        zh="压缩包已损坏，缺少文件目录。能找到的文件已读取，请重新获取压缩包以导入其余文件",
    )
