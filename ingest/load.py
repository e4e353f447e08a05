"""Finds the files that could be articles, and reads their bytes without ever blocking or overfilling memory."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import IngestError, PathMissingError, UnreadableFileError

SUPPORTED_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm"})
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
    """Files to read and paths left out, each sorted within the order in which they were named; no file twice."""

    files: tuple[Path, ...]
    problems: tuple[FileProblem, ...]


def find_files(paths: Sequence[Path]) -> FoundFiles:
    """Walk files and folders for articles.

    Hidden files and folders, and files of other kinds, are skipped in silence inside a folder; a file that was named
    explicitly is either found or a problem. Links to folders are followed, each real folder once.
    """
    found: dict[Path, IngestError | None] = {}
    folders_seen: set[tuple[int, int]] = set()
    for path in paths:
        for file, problem in _look_at(path, folders_seen):
            if found.get(file) is None:
                found[file] = problem
    return FoundFiles(
        files=tuple(path for path, error in found.items() if error is None),
        problems=tuple(
            FileProblem(path=path, error=error) for path, error in found.items() if error is not None
        ),
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
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _not_regular()
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


def _look_at(path: Path, folders_seen: set[tuple[int, int]]) -> Iterator[tuple[Path, IngestError | None]]:
    """Yield what one named path leads to."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as cause:
        yield path, _problem_of(path, cause)
        return
    if stat.S_ISDIR(mode):
        yield from _walk(path, folders_seen)
    elif not stat.S_ISREG(mode):
        yield path, _not_regular()
    elif path.suffix.lower() not in SUPPORTED_SUFFIXES:
        yield path, _unsupported(path)
    else:
        yield path, None


def _walk(top: Path, folders_seen: set[tuple[int, int]]) -> Iterator[tuple[Path, IngestError | None]]:
    """Yield the articles of a folder and all below it, by name, with a stack: folders can be nested without end."""
    stack = [top]
    while stack:
        folder = stack.pop()
        try:
            status = folder.stat()
            entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        except OSError as cause:
            yield folder, _problem_of(folder, cause)
            continue
        if (status.st_dev, status.st_ino) in folders_seen:
            continue
        folders_seen.add((status.st_dev, status.st_ino))
        folders: list[Path] = []
        for path in entries:
            if path.is_dir():
                folders.append(path)
            elif path.suffix.lower() in SUPPORTED_SUFFIXES:
                yield from _look_at(path, folders_seen)
        stack.extend(reversed(folders))


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
    kinds = " ".join(sorted(SUPPORTED_SUFFIXES))
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
