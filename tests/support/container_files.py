"""Builds archives byte by byte: those that honest programs write, and those that they would not."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.containers import ContainerOptions, Member, MemberProblem, expand

UTF8, ENCRYPTED, SIZES_FOLLOW = 0x800, 0x1, 0x8
LINK, FOLDER = 0o120777, 0o040755


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A file of an archive, with what its headers say of it; `name_before` is another name in the header before it."""

    name: bytes
    content: bytes = "正文一句。".encode()
    flags: int = 0
    method: int = 8
    extra: bytes = b""
    mode: int = 0o100644
    checksum: int | None = None
    name_before: bytes | None = None

    def packed(self) -> bytes:
        """The bytes as they lie in the archive."""
        if self.method != 8:
            return self.content
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflate.compress(self.content) + deflate.flush()

    def sum(self) -> int:
        """The checksum that is written."""
        return zlib.crc32(self.content) if self.checksum is None else self.checksum

    def local(self) -> bytes:
        """The header before the file, with the file."""
        name = self.name if self.name_before is None else self.name_before
        packed = self.packed()
        is_late = self.flags & SIZES_FOLLOW
        sizes = (0, 0, 0) if is_late else (self.sum(), len(packed), len(self.content))
        head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, self.flags, self.method, 0, 0, *sizes, len(name), 0)
        tail = (
            struct.pack("<4s3L", b"PK\7\10", self.sum(), len(packed), len(self.content)) if is_late else b""
        )
        return head + name + packed + tail

    def central(self, offset: int) -> bytes:
        """The entry in the directory."""
        sizes = (self.sum(), len(self.packed()), len(self.content))
        lengths = (len(self.name), len(self.extra), 0, 0, 0)
        head = struct.pack("<4s4B4H3L", b"PK\1\2", 20, 3, 20, 0, self.flags, self.method, 0, 0, *sizes)
        return head + struct.pack("<5H2L", *lengths, self.mode << 16, offset) + self.name + self.extra


def zip_of(*files: Packed) -> bytes:
    """Write an archive."""
    body, directory = b"", b""
    for file in files:
        directory += file.central(len(body))
        body += file.local()
    return body + _ended(directory, at=len(body), count=len(files))


def overlapping(file: Packed, *, names: Sequence[bytes]) -> bytes:
    """Write an archive in which one file goes by many names."""
    body = file.local()
    renamed = [Packed(**{**vars(file), "name": name, "name_before": file.name}) for name in names]
    # The packing is the expensive part, and the same for all.
    first = renamed[0].central(0)
    fixed = first[: len(first) - len(names[0])]
    directory = b"".join(_with_name(fixed, name) for name in names)
    return body + _ended(directory, at=len(body), count=len(names))


def without_directory(content: bytes) -> bytes:
    """Cut an archive where its directory begins, as a broken-off download does."""
    return content[: content.index(b"PK\1\2")]


def unicode_path(name: str, raw: bytes) -> bytes:
    """The extra field that holds a name in UTF-8 beside the one in a local encoding."""
    field = struct.pack("<BL", 1, zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(field)) + field


def opened(
    content: bytes, name: str = "a.zip", **options: object
) -> tuple[list[Member], list[MemberProblem]]:
    """Expand a container; what is read and what is not, each in order."""
    found = list(expand(content, path=Path(name), options=ContainerOptions(**options)))  # type: ignore[arg-type]
    return (
        [one for one in found if isinstance(one, Member)],
        [one for one in found if isinstance(one, MemberProblem)],
    )


def codes(problems: Iterable[MemberProblem]) -> list[tuple[str, str]]:
    """Name each problem's member and kind."""
    return [(one.name, getattr(one.error, "code", type(one.error).__name__)) for one in problems]


def _with_name(fixed: bytes, name: bytes) -> bytes:
    return fixed[:28] + struct.pack("<H", len(name)) + fixed[30:] + name


def _ended(directory: bytes, *, at: int, count: int) -> bytes:
    shown = min(count, 0xFFFF)
    return directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, shown, shown, len(directory), at, 0)
