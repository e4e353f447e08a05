"""What files give to read: most are one article, some hold many (an archive, a table, a list of records)."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.load import CONTAINER_SUFFIXES, FileProblem, read_bytes
from ingest.options import IngestOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The bytes of one article-to-be.

    Attributes:
        path: Of the file; of what lies in a container, the container's path and the name in it.
        suffix: The kind of bytes, where it is not the path's own.
        fields: What the container says about the article (title, date, source, ...).
        declared: The charset that the sender named.
        container: The file that holds it, where it is not a file itself.
        notes: What a reader of the report should know.
        codec: The encoding in which the container was, where the bytes are no longer in it.
    """

    path: Path
    content: bytes
    suffix: str
    fields: Mapping[str, str] = field(default_factory=dict)
    declared: str | None = None
    container: Path | None = None
    notes: tuple[str, ...] = ()
    codec: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file in a container that is of a kind which no article is in."""

    path: Path


def is_container(path: Path) -> bool:
    """Whether a file of that name holds articles rather than being one."""
    return path.suffix.lower() in CONTAINER_SUFFIXES


def items_of(path: Path, *, options: IngestOptions) -> Iterator[Item | FileProblem | Skipped]:
    """Read a file; of a container, one member after the other, and what is wrong with each.

    A problem under the container's own path is about all of it, or the rest of it.

    Raises:
        IngestError: The file itself cannot be read.
    """
    content = read_bytes(
        path, max_bytes=options.max_container_bytes if is_container(path) else options.max_bytes
    )
    if not is_container(path):
        yield _file(path, content)
        return
    from ingest.containers import ContainerOptions, Member, MemberSkipped, expand

    limits = ContainerOptions(columns=options.columns, max_member_bytes=options.max_bytes)
    for member in expand(content, path=path, options=limits):
        place = path / member.name if member.name else path
        if isinstance(member, Member):
            yield Item(
                path=place,
                content=member.content,
                suffix=member.suffix,
                fields=member.fields,
                container=path,
                notes=member.notes,
                codec=member.codec,
            )
        elif isinstance(member, MemberSkipped):
            yield Skipped(path=place)
        else:
            yield FileProblem(path=place, error=member.error)


def _file(path: Path, content: bytes) -> Item:
    """A file, with what is known of it where it is a page that was fetched and left as it came."""
    from ingest.web import read_sidecar

    known = read_sidecar(path)
    if known is None or not known.is_of(content):
        return Item(path=path, content=content, suffix=path.suffix)
    return Item(
        path=path,
        content=content,
        suffix=path.suffix,
        fields={"url": known.final_url},
        declared=known.charset,
    )


def container_of(path: Path) -> Path | None:
    """The file that a member's path leads into; None for a path that is a file itself, or leads nowhere."""
    for above in path.parents:
        try:
            mode = above.stat().st_mode
        except (OSError, ValueError):
            continue
        return above if stat.S_ISREG(mode) and is_container(above) else None
    return None
