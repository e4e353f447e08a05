"""Keeps fetched pages as files: the bytes as they came, and a sidecar beside them."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest.load import SIDECAR_SUFFIX, read_bytes
from ingest.web.client import Found
from ingest.web.kinds import header_charset, page_suffix
from ingest.web.problems import unwritable
from ingest.web.sidecar import Sidecar, read_sidecar, sidecar_path, write_sidecar, write_whole
from ingest.web.urls import Target, file_stem
from rag.errors import IngestError

Fate = Literal["new", "changed", "unchanged", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A page that is there from before, with the bytes that its sidecar speaks of."""

    path: Path
    sidecar: Sidecar

    def conditions(self, target: Target) -> Mapping[str, str]:
        """The headers that ask for another version only; what is known of one address says nothing of another."""
        if target.url != self.sidecar.final_url:
            return {}
        named = {"If-None-Match": self.sidecar.etag, "If-Modified-Since": self.sidecar.last_modified}
        return {name: value for name, value in named.items() if value and value.isascii()}

    def is_as_new_as(self, changed: datetime.datetime) -> bool:
        """Whether it was fetched after the page is said to have changed."""
        return changed < self.sidecar.fetched()


class Folder:
    """The folder of saved pages.

    Raises:
        FetchError: `unwritable`, from every method that writes.
    """

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise unwritable(path, str(cause)) from cause

    def find(self, target: Target) -> Saved | None:
        """The page of an address, if it is there, is the one that was saved, and its sidecar is sound."""
        stem = file_stem(target.url)
        for beside in sorted(self._path.glob(f"{stem}.*{SIDECAR_SUFFIX}")):
            path = beside.with_name(beside.name.removesuffix(SIDECAR_SUFFIX))
            sidecar = read_sidecar(path)
            if sidecar is not None and sidecar.url == target.url and self._is_whole(path, sidecar):
                return Saved(path=path, sidecar=sidecar)
        return None

    def save(self, target: Target, found: Found, *, before: Saved | None) -> tuple[Path, Fate]:
        """Keep what was found at an address; one whose bytes are the same keeps its file as it is.

        Raises:
            FetchError: `empty` or `not_a_page`; `unwritable`.
        """
        if found.reply.status == 304 and before is not None:
            return self._still_current(before)
        content = found.reply.body
        header = found.reply.header("content-type")
        suffix = page_suffix(found.target.url, header, content)
        path = self._path / f"{file_stem(target.url)}{suffix}"
        is_same = before is not None and before.path == path and before.sidecar.is_of(content)
        sidecar = Sidecar(
            url=target.url,
            final_url=found.target.url,
            fetched_at=_now(),
            sha256=hashlib.sha256(content).hexdigest(),
            content_type=_line(header),
            charset=header_charset(header),
            etag=_line(found.reply.header("etag")),
            last_modified=_line(found.reply.header("last-modified")),
        )
        self._write(path, None if is_same else content, sidecar)
        self._drop_others(path, file_stem(target.url))
        return path, "unchanged" if is_same else "new" if before is None else "changed"

    def _still_current(self, before: Saved) -> tuple[Path, Fate]:
        self._write(before.path, None, replace(before.sidecar, fetched_at=_now()))
        return before.path, "unchanged"

    def _write(self, path: Path, content: bytes | None, sidecar: Sidecar) -> None:
        """Write the page first: a sidecar that is of other bytes counts as none."""
        try:
            if content is not None:
                write_whole(path, content)
            write_sidecar(path, sidecar)
        except OSError as cause:
            raise unwritable(self._path, str(cause)) from cause

    def _drop_others(self, path: Path, stem: str) -> None:
        """A page that became a document is one file, and not two."""
        for beside in self._path.glob(f"{stem}.*{SIDECAR_SUFFIX}"):
            if beside != sidecar_path(path):
                with contextlib.suppress(OSError):
                    beside.with_name(beside.name.removesuffix(SIDECAR_SUFFIX)).unlink(missing_ok=True)
                    beside.unlink(missing_ok=True)

    def _is_whole(self, path: Path, sidecar: Sidecar) -> bool:
        try:
            return sidecar.is_of(read_bytes(path, max_bytes=self._max_bytes))
        except IngestError:
            return False


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _line(header: str | None) -> str | None:
    return header if header is not None and header.isprintable() else None
