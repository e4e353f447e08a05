"""A library as one portable file: a zip of JSON lines that any later version, or another program, can read.

`yigai.json` says what it is, how many records each file has, and their SHA-256; `articles.jsonl` holds the texts with
what is known of them and the files they came from, `versions.jsonl` earlier texts, `answers.jsonl` the answers kept.
Vectors and indexes are not in it: they are made again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rag.errors import LibraryUnwritableError, PortableFileError
from rag.library import history, reading
from rag.library.catalogue import Catalogue
from rag.library.records import ArticleVersion
from rag.types import Article, Heading

FORMAT = "yigai-library"
VERSION = 1
HEAD = "yigai.json"
PARTS = ("articles", "versions", "answers")
_MAX_LINE_BYTES = 64_000_000
_MAX_HEAD_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableCount:
    """How many records a portable file has."""

    articles: int
    versions: int
    answers: int


def write_portable(catalogue: Catalogue, path: Path) -> PortableCount:
    """Write a library into a file, whole or not at all.

    Raises:
        LibraryUnwritableError: The file cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with (
            catalogue.reading() as connection,
            zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            records = {
                "articles": _article_records(connection),
                "versions": _version_records(connection),
                "answers": history.portable_rows(connection),
            }
            parts = {name: _write_part(archive, name, rows) for name, rows in records.items()}
            head = {"format": FORMAT, "version": VERSION, "parts": parts}
            archive.writestr(HEAD, json.dumps(head, ensure_ascii=False, indent=1))
        os.replace(partial, path)  # noqa: PTH105 - Path.replace is the same call
    except OSError as cause:
        raise LibraryUnwritableError(path=path, detail=cause) from cause
    finally:
        with contextlib.suppress(OSError):  # a name that is too long
            partial.unlink(missing_ok=True)
    return PortableCount(**{name: part["records"] for name, part in parts.items()})


class PortableFile:
    """A portable file opened for reading, which has been found whole."""

    def __init__(self, archive: zipfile.ZipFile, count: PortableCount) -> None:
        self._archive = archive
        self.count = count

    def records(self, part: str) -> Iterator[dict[str, Any]]:
        """Read the records of a part, one by one.

        Raises:
            PortableFileError: A line is no record.
        """
        with self._archive.open(f"{part}.jsonl") as stream:
            for number, line in enumerate(_lines(stream), start=1):
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError) as cause:
                    raise PortableFileError(
                        path=self._archive.filename, detail=f"{part}.jsonl:{number}"
                    ) from cause
                if not isinstance(record, dict):
                    raise PortableFileError(path=self._archive.filename, detail=f"{part}.jsonl:{number}")
                yield record


@contextmanager
def open_portable(path: Path) -> Iterator[PortableFile]:
    """Open a portable file, after every part of it was compared with its hash.

    Raises:
        PortableFileError: It is none, of a later version, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = _head(archive, path)
            for name in PARTS:
                if _hash_of(archive, name) != parts[name]["sha256"]:
                    raise PortableFileError(path=path, detail=f"{name}.jsonl is not as it was written")
            yield PortableFile(
                archive, PortableCount(**{name: int(parts[name]["records"]) for name in PARTS})
            )
    except (
        OSError,
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        KeyError,
        TypeError,
        ValueError,
        EOFError,
    ) as cause:
        raise PortableFileError(path=path, detail=cause) from cause


def article_from(record: Mapping[str, Any]) -> Article:
    """Return the article of a record; what this version does not know of it is ignored.

    Raises:
        KeyError, TypeError, ValueError: It is no article.
    """
    names = {field.name for field in dataclasses.fields(Article)} - {"reposts"}
    values = {name: value for name, value in record.items() if name in names}
    return Article(
        **{
            **values,
            "regions": tuple(map(str, values.get("regions", ()))),
            "headings": tuple(Heading(**heading) for heading in values.get("headings", ())),
            "facts_from": tuple((str(name), str(origin)) for name, origin in values.get("facts_from", ())),
        }
    )


def _article_records(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    origins: dict[str, list[dict[str, Any]]] = {}
    for origin in reading.read_origins(connection):
        origins.setdefault(origin.article_id, []).append(dataclasses.asdict(origin.file))
    sql = "SELECT article_id, ingested_at, pipeline FROM articles ORDER BY ingested_at, article_id"
    for article_id, ingested_at, pipeline in connection.execute(sql).fetchall():
        article = reading.read_article(connection, article_id)
        if article is not None:
            files = origins.get(article_id, [])
            yield {**_plain(article), "ingested_at": ingested_at, "pipeline": pipeline, "origins": files}


def _version_records(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    for article_id in reading.article_ids(connection):
        for version in reversed(reading.read_versions(connection, article_id)):
            yield _version_record(version)


def _version_record(version: ArticleVersion) -> dict[str, Any]:
    return {**_plain(version.article), "replaced_at": version.replaced_at}


def _plain(article: Article) -> dict[str, Any]:
    document = dataclasses.asdict(article)
    del document["reposts"]
    return document


def _write_part(archive: zipfile.ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> dict[str, Any]:
    digest, records = hashlib.sha256(), 0
    with archive.open(f"{name}.jsonl", "w", force_zip64=True) as stream:
        for row in rows:
            line = _line(row)
            digest.update(line)
            stream.write(line)
            records += 1
    return {"records": records, "sha256": digest.hexdigest()}


def _line(row: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair, in the name of a file for instance
        return json.dumps(row).encode("ascii") + b"\n"


def _head(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    if archive.getinfo(HEAD).file_size > _MAX_HEAD_BYTES:
        raise PortableFileError(path=path, detail=HEAD)
    head = json.loads(archive.read(HEAD))
    if head["format"] != FORMAT or int(head["version"]) > VERSION:
        raise PortableFileError(path=path, detail=f"{head['format']} {head['version']}")
    parts: dict[str, Any] = head["parts"]
    return parts


def _hash_of(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(f"{name}.jsonl") as stream:
        digest = hashlib.sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(_MAX_LINE_BYTES):
        if len(line) == _MAX_LINE_BYTES:
            raise ValueError("a line is too long")
        yield line
