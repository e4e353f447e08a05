"""Finds the files that could be articles, and reads their bytes without ever blocking or overfilling memory."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import IngestError, PathMissingError, UnreadableFileError

TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".shtml"})
DOCUMENT_SUFFIXES = frozenset(
    {".docx", ".docm", ".doc", ".wps", ".odt", ".rtf", ".pdf", ".epub", ".mhtml", ".mht"}
)
"""Kinds that `ingest.formats` reads, or says of what to save them as (.doc, .wps)."""
CONTAINER_SUFFIXES = frozenset({".zip", ".csv", ".tsv", ".jsonl", ".ndjson", ".json"})
SUPPORTED_SUFFIXES = TEXT_SUFFIXES | DOCUMENT_SUFFIXES | CONTAINER_SUFFIXES
OLD_SUFFIXES = frozenset({".doc", ".wps"})
"""Often a page or RTF in truth, and then read; people are not told that they may come."""
_NEVER_ARTICLES = frozenset({"thumbs.db", "desktop.ini", "icon\r", "__macosx"})
SIDECAR_SUFFIX = ".yigai.json"
"""What the name of a file about a fetched page has after that page's name; it holds no articles."""
_OPEN_IN_AN_EDITOR = "~$"
_Fate = IngestError | Literal["read", "skipped"]
# A pipe or device opened for reading would wait for a writer; Windows has neither the flag nor the danger.
_OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """A path that was left out, and why."""

    path: Path
    error: IngestError


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFiles:
    """Files to read and paths left out, each sorted within the order in which they were named; no file twice.

    Attributes:
        skipped: Files of kinds that are not read, found on the way.
    """

    files: tuple[Path, ...]
    problems: tuple[FileProblem, ...]
    skipped: tuple[Path, ...] = ()


def find_files(paths: Sequence[Path], *, besides: Path | None = None) -> FoundFiles:
    """Walk files and folders for articles.

    Hidden files and folders are left out in silence, files of other kinds are listed as skipped; a file that was
    named explicitly is either found or a problem. Links to folders are followed, each real folder once.

    Args:
        paths: Files and folders.
        besides: A folder that is not looked into from above: the library's own.
    """
    found: dict[Path, _Fate] = {}
    folders_seen: set[tuple[int, int]] = set()
    with contextlib.suppress(OSError):
        if besides is not None:
            folders_seen.add(_identity(besides.stat()))
    for path in paths:
        for file, fate in _look_at(path, folders_seen):
            if found.get(file, "skipped") == "skipped":
                found[file] = fate
    return FoundFiles(
        files=tuple(path for path, fate in found.items() if fate == "read"),
        problems=tuple(
            FileProblem(path=path, error=fate)
            for path, fate in found.items()
            if isinstance(fate, IngestError)
        ),
        skipped=tuple(path for path, fate in found.items() if fate == "skipped"),
    )


def read_bytes(path: Path, *, max_bytes: int) -> bytes:
    """Read a whole file of at most `max_bytes`; the size is checked before anything is read.

    Raises:
        UnreadableFileError: Empty, too large, not a regular file, a broken link, or not ours to read.
    """
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as cause:
        raise _problem_of(path, cause) from cause
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise _not_regular()
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > max_bytes:
            raise _too_large(status.st_size, max_bytes)
        try:
            content = file.read(max_bytes + 1)  # the file may grow, or not know its size
        except OSError as cause:
            raise _problem_of(path, cause) from cause
    if len(content) > max_bytes:
        raise _too_large(len(content), max_bytes)
    if not content:
        raise UnreadableFileError(code="empty", detail_en="the file is empty", detail_zh="文件是空的")
    return content


def _look_at(path: Path, folders_seen: set[tuple[int, int]]) -> Iterator[tuple[Path, _Fate]]:
    """Yield what one named path leads to, with what is to become of it."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as cause:
        yield path, _problem_of(path, cause)
        return
    if stat.S_ISDIR(mode):
        yield from _walk(path, folders_seen)
    elif not stat.S_ISREG(mode):
        yield path, _not_regular()
    elif path.name.lower().endswith(SIDECAR_SUFFIX):
        return  # `ingest pages/*` names it as well
    elif path.suffix.lower() not in SUPPORTED_SUFFIXES:
        yield path, _unsupported(path)
    else:
        yield path, "read"


def _walk(top: Path, folders_seen: set[tuple[int, int]]) -> Iterator[tuple[Path, _Fate]]:
    """Yield the articles of a folder and all below it, by name, with a stack: folders can be nested without end."""
    stack = [top]
    while stack:
        folder = stack.pop()
        try:
            status = folder.stat()
            entries = sorted(entry for entry in folder.iterdir() if _may_be_article(entry.name))
        except OSError as cause:
            yield folder, _problem_of(folder, cause)
            continue
        if _identity(status) in folders_seen:
            continue
        folders_seen.add(_identity(status))
        folders: list[Path] = []
        for path in entries:
            if path.is_dir():
                folders.append(path)
            elif path.suffix.lower() in SUPPORTED_SUFFIXES:
                yield from _look_at(path, folders_seen)
            else:
                yield path, "skipped"
        stack.extend(reversed(folders))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _may_be_article(name: str) -> bool:
    """Whether a file of that name could be somebody's; hidden ones and those of the system are not."""
    folded = name.lower()
    is_known_not_to_be = folded in _NEVER_ARTICLES or folded.endswith(SIDECAR_SUFFIX)
    return not name.startswith((".", _OPEN_IN_AN_EDITOR)) and not is_known_not_to_be


def _problem_of(path: Path, cause: Exception) -> IngestError:
    """Say in our words what the system said about a path."""
    if path.is_symlink() and not path.exists():
        return UnreadableFileError(
            code="broken_link",
            detail_en="the link leads nowhere",
            detail_zh="链接指向的文件不存在",
        )
    if isinstance(cause, FileNotFoundError | NotADirectoryError):
        return PathMissingError(path=path)
    if isinstance(cause, PermissionError):
        return UnreadableFileError(
            code="no_permission",
            detail_en="no permission to read it",
            detail_zh="没有读取权限",
        )
    return UnreadableFileError(
        code="unreadable",
        detail_en=f"it cannot be read: {cause}",
        detail_zh=f"无法读取：{cause}",
    )


def _not_regular() -> UnreadableFileError:
    return UnreadableFileError(
        code="unsupported",
        detail_en="not a regular file (a pipe, socket, device or folder)",
        detail_zh="不是普通文件（而是管道、套接字、设备或文件夹）",
    )


def _unsupported(path: Path) -> UnreadableFileError:
    kinds = " ".join(sorted(SUPPORTED_SUFFIXES - OLD_SUFFIXES))
    return UnreadableFileError(
        code="unsupported",
        detail_en=f"files of kind {path.suffix!r} are not read (these are: {kinds})",
        detail_zh=f"不支持 {path.suffix!r} 类文件（支持：{kinds}）",
    )


def _too_large(size: int, max_bytes: int) -> UnreadableFileError:
    return UnreadableFileError(
        code="too_large",
        detail_en=f"the file has {size / 1e6:.1f} MB; the most that is read is {max_bytes / 1e6:.1f} MB (YIGAI_MAX_FILE_MB)",
        detail_zh=f"文件有 {size / 1e6:.1f} MB，最多读 {max_bytes / 1e6:.1f} MB（YIGAI_MAX_FILE_MB）",
    )
