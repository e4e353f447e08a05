"""Saving what can be read of a damaged `library.db` into a fresh one, and naming what cannot."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import LibraryDamagedError, LibraryMissingError
from rag.library import check, mending
from rag.library.catalogue import FILE_NAME, Catalogue
from rag.library.history import SCHEMA as HISTORY_SCHEMA
from rag.library.lock import WriteLock
from rag.library.rebuild import STAGED
from rag.library.records import Manifest
from rag.library.room import why_unwritable
from rag.library.schema import SCHEMA, write_manifest
from rag.library.tolerant import open_damaged, read_ends, read_rows
from rag.library.vectors import named_articles

WAIT_S = 30.0
_DRAFT, _READY = FILE_NAME + ".salvaging", FILE_NAME + ".salvaged"
_MADE_ANEW = ("passage_fts", "sqlite_", "passage_regions", "pending", "garbage", *STAGED)
"""Tables (and what their names begin with) that are made from the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostArticle:
    """An article whose text cannot be read any more; ingesting its files again brings it back.

    Attributes:
        paths: Of the files it came from, as far as they are known.
    """

    article_id: str
    title: str | None
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SalvageReport:
    """What was saved and what was lost.

    Attributes:
        articles: How many were saved.
        lost: Those that were not, by id.
        resplit: Ids of articles that were saved with passages cut anew; the next ingest makes them as they were.
        unplaced: Ids of articles of which it is not known any more which file they came from.
        answers: How many kept answers were saved.
        lost_answers: Ids of those that were not.
        lost_versions: How many earlier versions of articles are known to be lost.
        damaged_file: Where the damaged file is kept.
    """

    articles: int
    lost: tuple[LostArticle, ...]
    resplit: tuple[str, ...]
    unplaced: tuple[str, ...]
    answers: int
    lost_answers: tuple[str, ...]
    lost_versions: int
    damaged_file: Path


def needs_salvage(directory: Path) -> bool:
    """Whether `library.db` itself is damaged, so that a repair of the indexes is not enough. Reads all of it.

    Raises:
        LibraryMissingError: There is none in the folder.
    """
    if (directory / _READY).exists():
        return True
    try:
        with closing(Catalogue.open(directory)) as catalogue:
            return any(check.needs_salvage(problem) for problem in check.check_record(catalogue))
    except LibraryDamagedError:
        return True


def salvage(directory: Path) -> SalvageReport:
    """Put a fresh `library.db` with all that can be read in the place of a damaged one, which is kept beside it.

    Its indexes are to be made again afterwards (`Library.repair`). Killed midway, the damaged file is still there
    and the next call starts over. No other process should have the library open.

    Raises:
        LibraryMissingError: There is no `library.db`.
        LibraryBusyError: Another process is writing.
        LibraryUnwritableError: The folder may only be read, or its disk is full.
    """
    path = directory / FILE_NAME
    if not path.is_file():
        raise LibraryMissingError(path=directory)
    with WriteLock(directory).held(wait_s=WAIT_S):
        try:
            _start_over(path)
            now = datetime.datetime.now(datetime.UTC)
            kept = path.with_name(f"{FILE_NAME}.damaged-{now:%Y%m%dT%H%M%S%f}")
            report = _save(path, kept)
            _swap(path, kept)
        except (OSError, sqlite3.OperationalError) as cause:
            path.with_name(_DRAFT).unlink(missing_ok=True)
            raise why_unwritable(directory, cause) from cause
    return report


def _save(path: Path, kept: Path) -> SalvageReport:
    """Make the fresh file, whole, under the name that says so."""
    draft = path.with_name(_DRAFT)
    with tempfile.TemporaryDirectory(prefix=".salvage-", dir=path.parent) as scratch:
        reference = _reference(Path(scratch))
        shutil.copyfile(reference, draft)
        with closing(sqlite3.connect(draft, isolation_level=None)) as fresh:
            fresh.execute("BEGIN")
            damaged = open_damaged(path, reference, Path(scratch))
            if damaged is None:
                report = _report(fresh, {"articles": named_articles(path.parent)}, kept, names={})
            else:
                with closing(damaged):
                    report = _fill(fresh, damaged, kept)
            fresh.execute("COMMIT")
            fresh.execute("PRAGMA journal_mode = WAL")
    os.replace(draft, path.with_name(_READY))  # noqa: PTH105 - Path.replace is the same call
    return report


def _reference(scratch: Path) -> Path:
    """Make an empty library with every table there can be."""
    folder = scratch / "reference"
    folder.mkdir()
    Catalogue.create(folder, Manifest(schema=SCHEMA, encoder="", dimension=0)).close()
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
        for statement in HISTORY_SCHEMA:
            connection.execute(statement)
    return folder / FILE_NAME


def _fill(fresh: sqlite3.Connection, damaged: sqlite3.Connection, kept: Path) -> SalvageReport:
    """Copy table after table, then mend what does not fit together."""
    known = _known(damaged)
    known["articles"] |= named_articles(kept.parent)
    for table, sql in _tables(damaged):
        if not _columns(fresh, table):
            fresh.execute(sql)
        _copy(fresh, damaged, table)
    write_manifest(fresh, _manifest(fresh, damaged))
    return _report(fresh, known, kept, names=_names(damaged))


def _report(
    fresh: sqlite3.Connection, known: dict[str, set[Any]], kept: Path, *, names: dict[str, str | None]
) -> SalvageReport:
    paths = mending.paths_of(fresh)
    mended = mending.mend(fresh, kept)
    lost = {table: keys - mending.keys_of(fresh, table) for table, keys in known.items()}
    return SalvageReport(
        articles=len(mending.keys_of(fresh, "articles")),
        lost=tuple(
            LostArticle(article_id=key, title=names.get(key), paths=paths.get(key, ()))
            for key in sorted(lost.get("articles", ()))
        ),
        resplit=mended.resplit,
        unplaced=mended.unplaced,
        answers=len(mending.keys_of(fresh, "answers")),
        lost_answers=tuple(sorted(lost.get("answers", ()))),
        lost_versions=len(lost.get("versions", ())),
        damaged_file=kept,
    )


def _tables(damaged: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = damaged.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    kept = [(name, sql) for name, sql in rows if not name.startswith(_MADE_ANEW) and name != "manifest"]
    return sorted(kept, key=lambda row: (row[0] != "articles", row[0]))


def _copy(fresh: sqlite3.Connection, damaged: sqlite3.Connection, table: str) -> None:
    """Copy the rows that can be read and hold what they should."""
    there = _columns(damaged, table)
    names = [name for name in _columns(fresh, table) if name in there]
    listed, holes = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    insert = f'INSERT OR IGNORE INTO "{table}" ({listed}) VALUES ({holes})'  # noqa: S608 - names of our tables
    for values in _rows(damaged, table, names):
        row = dict(zip(names, values, strict=True))
        if mending.is_sound(row):
            with contextlib.suppress(sqlite3.IntegrityError):
                fresh.execute(insert, list(mending.without_nonsense(row)))


def _rows(damaged: sqlite3.Connection, table: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    key = [row[1] for row in damaged.execute(f'PRAGMA table_info("{table}")') if row[5]]
    sql = damaged.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    if "WITHOUT ROWID" not in sql.upper():
        # An implicit row number is part of no column, and keeps the order of the rows.
        return (row[1:] for row in read_rows(damaged, table, names))
    return iter(read_ends(damaged, table, names, ", ".join(f'"{name}"' for name in key)))


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]


def _known(damaged: sqlite3.Connection) -> dict[str, set[Any]]:
    """Name what the file is known to hold, from its indexes and from what refers to it."""
    known = {table: mending.listed_keys(damaged, table) for table in mending.KEYS}
    for table in ("origins", "passages"):
        with contextlib.suppress(sqlite3.Error):
            known["articles"] |= {row[1] for row in read_rows(damaged, table, ["article_id"])}
    known["articles"] = {key for key in known["articles"] if isinstance(key, str)}
    return known


def _names(damaged: sqlite3.Connection) -> dict[str, str | None]:
    """Find the titles of articles in what stands above their passages."""
    names: dict[str, str | None] = {}
    with contextlib.suppress(sqlite3.Error):
        for _, article_id, heading_path in read_rows(damaged, "passages", ["article_id", "heading_path"]):
            with contextlib.suppress(ValueError, TypeError, IndexError):
                names.setdefault(article_id, str(json.loads(heading_path)[0]))
    return names


def _manifest(fresh: sqlite3.Connection, damaged: sqlite3.Connection) -> Manifest:
    values: dict[str, str] = dict(read_ends(damaged, "manifest", ["key", "value"], "key"))
    dimension = str(values.get("dimension", ""))
    if not dimension.isdecimal():  # its vectors say it as well
        found = fresh.execute("SELECT max(length(vector)) / 4 FROM vectors").fetchone()[0]
        dimension = str(found or 0)
    return Manifest(schema=SCHEMA, encoder=str(values.get("encoder", "")), dimension=int(dimension))


def _swap(path: Path, kept: Path) -> None:
    """Put the fresh file in the place of the damaged one; at no moment is there none."""
    _link(path, kept)
    log = path.with_name(FILE_NAME + "-wal")
    if log.exists():
        if log.stat().st_size:
            _link(log, kept.with_name(kept.name + "-wal"))
        log.unlink()  # it would be applied to the fresh file
    path.with_name(FILE_NAME + "-shm").unlink(missing_ok=True)
    os.replace(path.with_name(_READY), path)  # noqa: PTH105 - Path.replace is the same call


def _start_over(path: Path) -> None:
    """Undo what a killed salvage did: the damaged file gets its log back, and nothing else is left."""
    path.with_name(_DRAFT).unlink(missing_ok=True)
    path.with_name(_READY).unlink(missing_ok=True)
    for folder in path.parent.glob(".salvage-*"):
        shutil.rmtree(folder)
    log = path.with_name(FILE_NAME + "-wal")
    for kept in path.parent.glob(FILE_NAME + ".damaged-*"):
        if not kept.name.endswith("-wal") and kept.samefile(path):
            kept_log = kept.with_name(kept.name + "-wal")
            if kept_log.exists() and not log.exists():
                kept_log.rename(log)
            kept_log.unlink(missing_ok=True)
            kept.unlink()


def _link(path: Path, other: Path) -> None:
    try:
        other.hardlink_to(path)
    except OSError:  # not every file system has links
        shutil.copy2(path, other)
