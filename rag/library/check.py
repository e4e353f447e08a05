"""Looking for what should not be in a library, before it is written and after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rag.errors import AnswerNotFoundError, LibraryDamagedError
from rag.library import reading
from rag.library.catalogue import Catalogue
from rag.library.history import KeptHistory
from rag.library.records import NewArticle, Problem
from rag.library.room import forbids_writing
from rag.library.schema import read_manifest
from rag.library.sentences import damaged_sentences
from rag.library.vectors import InterruptedWriteError, VectorIndex
from rag.types import Article, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 500
_OF_A_WRITE = {"unfinished", "interrupted", "vectors_missing", "vectors_orphan"}
_OF_INDEXES = {"terms", "terms_missing", "terms_orphan", "record_vectors", "unfinished", "sentences"}
_LISTS = (reading.read_summaries, reading.read_origins, reading.year_range, reading.count_by_source)
ZEROED = "\0" * 16
"""What is left of a text where a part of the disk was wiped."""
_SAME = 0.999
"""Cosine from which two copies of a vector count as the same: Chroma keeps them normalised."""


def require_consistent(new: NewArticle, *, dimension: int) -> None:
    """Refuse an article that would leave the library unsound.

    Raises:
        ValueError: Vectors, passages, offsets or ids do not fit together.
    """
    import numpy as np

    name = new.article.article_id
    if new.vectors.shape != (len(new.passages), dimension):
        raise ValueError(f"{name}: {len(new.passages)} passages, but vectors of shape {new.vectors.shape}")
    if not np.isfinite(new.vectors).all():
        raise ValueError(f"{name}: not all of its vectors are numbers")
    _require_sentences(new, dimension=dimension)
    if new.origin.content_hash != new.article.content_hash:
        raise ValueError(f"{name}: the article was not read from the bytes of its origin")
    passages = [indexed.passage for indexed in new.passages]
    for problem in article_problems(new.article, passages):
        raise ValueError(f"{name}: {problem.detail}")
    for passage in passages:
        if passage.article_id != name or new.article.text[passage.start : passage.end] != passage.text:
            raise ValueError(f"{name}: passage {passage.passage_id} is not a slice of its article")


def _require_sentences(new: NewArticle, *, dimension: int) -> None:
    import numpy as np

    name = new.article.article_id
    if new.sentences and len(new.sentences) != len(new.passages):
        raise ValueError(f"{name}: {len(new.passages)} passages, but sentences of {len(new.sentences)}")
    for one in new.sentences:
        if one.vectors.shape != (len(one.spans), dimension) or not np.isfinite(one.vectors).all():
            raise ValueError(f"{name}: {len(one.spans)} sentences, but vectors of {one.vectors.shape}")
        if any(not 0 <= start < end <= len(new.article.text) for start, end in one.spans):
            raise ValueError(f"{name}: a sentence lies outside of its text")


def article_problems(article: Article, passages: Iterable[Passage]) -> Iterator[Problem]:
    """Check an article's passages against its text: numbered from 0, in order, not overlapping, not blank."""

    def problem(code: str, detail: str) -> Problem:
        return Problem(code=code, detail=detail, article_id=article.article_id)

    length, position = len(article.text), 0
    for expected, passage in enumerate(passages):
        if passage.ordinal != expected:
            yield problem("ordinal", f"passage {expected} is numbered {passage.ordinal}")
        if not position <= passage.start < passage.end <= length:
            yield problem(
                "offsets", f"passage {passage.passage_id} at [{passage.start}, {passage.end}) is out of place"
            )
        elif not passage.text.strip():
            yield problem("blank", f"passage {passage.passage_id} is blank")
        position = max(position, passage.end)
    for heading in article.headings:
        if not 0 <= heading.start <= heading.end <= length:
            yield problem("heading", f"a heading at [{heading.start}, {heading.end}) is outside of the text")


def _text_problems(article: Article) -> Iterator[Problem]:
    """Notice what an overwritten page leaves in a text, and no reading of an article does."""
    if ZEROED in article.text:
        yield Problem(code="text", detail="part of its text is zeros", article_id=article.article_id)


def check_library(catalogue: Catalogue, vectors: VectorIndex, *, is_at_rest: bool) -> list[Problem]:
    """Check both halves; while someone writes (`is_at_rest` is not set), without what the write explains."""
    problems = check_record(catalogue) + check_vectors(catalogue, vectors)
    return [problem for problem in problems if is_at_rest or problem.code not in _OF_A_WRITE]


def check_record(catalogue: Catalogue) -> list[Problem]:
    """Check `library.db`: the file, its tables against each other, every slice, the FTS5 index."""
    problems: list[Problem] = []
    try:
        with catalogue.reading() as connection:
            problems.extend(_file_problems(connection))
            problems.extend(_table_problems(connection))
            problems.extend(_sentence_problems(connection))
            for read_all in _LISTS:
                read_all(connection)  # what cannot be listed is damage
            for article_id in reading.article_ids(connection):
                article = reading.read_article(connection, article_id)
                if article is not None:
                    problems.extend(_text_problems(article))
                    passages = reading.read_article_passages(connection, article_id).values()
                    problems.extend(article_problems(article, passages))
                    reading.read_versions(connection, article_id)
        problems.extend(_answer_problems(catalogue))
        if catalogue.writable:
            problems.extend(_index_problems(catalogue))
    except LibraryDamagedError as error:
        problems.append(Problem(code="record", detail=str(error)))
    return problems


def _answer_problems(catalogue: Catalogue) -> Iterator[Problem]:
    history = KeptHistory(catalogue)
    for answer_id in history.ids():
        try:
            history.kept(answer_id)
        except LibraryDamagedError as error:
            yield Problem(code="answer", detail=f"the kept answer {answer_id}: {error.values['detail']}")
        except AnswerNotFoundError:  # forgotten just now
            continue


def needs_salvage(problem: Problem) -> bool:
    """Whether a problem of the record is none that making the indexes again would mend."""
    return problem.code not in _OF_INDEXES


def check_vectors(catalogue: Catalogue, vectors: VectorIndex) -> list[Problem]:
    """Check `chroma/`: its files, and that it holds the vectors of the record, all of them and no others."""
    with catalogue.reading() as connection:
        expected = {
            str(row) for (row,) in connection.execute("SELECT rowid FROM passages WHERE shadowed = 0")
        }
    if not expected and not vectors.exists:
        return []
    try:
        vectors.verify_files()
        if not catalogue.writable:  # Chroma writes even when it reads
            return []
        found = vectors.ids()
        problems = _count_problem("vectors_missing", "passages have no vector in chroma/", expected - found)
        problems += _count_problem(
            "vectors_orphan", "vectors in chroma/ belong to no passage", found - expected
        )
        problems += _count_problem(
            "vectors_differ",
            "vectors in chroma/ are not those of the record",
            doubtful_vectors(catalogue, vectors),
        )
    except InterruptedWriteError:
        return [Problem(code="interrupted", detail="a write was interrupted; the next one finishes it")]
    except LibraryDamagedError as error:
        return [Problem(code="vectors", detail=str(error))]
    return problems


def doubtful_vectors(catalogue: Catalogue, vectors: VectorIndex) -> set[str]:
    """List the passages of which the record and `chroma/` have different vectors: one of the two is wrong."""
    found: set[str] = set()
    with catalogue.reading() as connection:
        for rows, matrix, _ in reading.read_vectors(connection, batch=_BATCH):
            found |= _different(vectors.vectors([str(row) for row in rows]), rows, matrix)
    return found


def _different(
    stored: dict[str, NDArray[np.float32]], rows: list[int], matrix: NDArray[np.float32]
) -> set[str]:
    import numpy as np

    def is_same(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
        with np.errstate(all="ignore"):  # what is no number is not the same
            lengths = float(np.linalg.norm(one)), float(np.linalg.norm(other))
            if 0.0 in lengths:
                return lengths == (0.0, 0.0)
            return float(one @ other) >= _SAME * lengths[0] * lengths[1]

    return {
        str(row)
        for row, vector in zip(rows, matrix, strict=True)
        if str(row) in stored and not is_same(stored[str(row)], vector)
    }


def _file_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Problem(code="integrity", detail=f"library.db: {line}")
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Problem(code="reference", detail=f"row {row} of {table} points at nothing in {parent}")


_TABLE_CHECKS = {
    "terms_missing": (
        "passages have no terms",
        "SELECT rowid FROM passages WHERE shadowed = 0 AND rowid NOT IN (SELECT rowid FROM passage_fts)",
    ),
    "terms_orphan": (
        "indexed texts belong to no passage",
        "SELECT rowid FROM passage_fts WHERE rowid NOT IN (SELECT rowid FROM passages WHERE shadowed = 0)",
    ),
    "group_missing": (
        "articles stand in a group of an article that is not there or stands in another",
        "SELECT article_id FROM articles WHERE group_id IS NOT NULL AND group_id NOT IN "
        "(SELECT article_id FROM articles AS leader WHERE leader.group_id = leader.article_id)",
    ),
    "hidden": (
        "passages are left out of the search that no other printing repeats",
        "SELECT passages.rowid FROM passages JOIN articles USING (article_id) WHERE shadowed = 1 AND grouped = 1 "
        "AND (group_id IS NULL OR group_id = article_id)",
    ),
    "record_vectors": (
        "passages have no vector of the library's dimension in the record",
        "SELECT passages.rowid FROM passages LEFT JOIN vectors ON passage = passages.rowid WHERE vector IS NULL "
        "OR length(vector) <> 4 * (SELECT CAST(value AS INTEGER) FROM manifest WHERE key = 'dimension')",
    ),
    "origin_missing": (
        "articles come from no file",
        "SELECT article_id FROM articles WHERE article_id NOT IN (SELECT article_id FROM origins)",
    ),
    "origin_differs": (
        "files stand for an article of other bytes",
        "SELECT path FROM origins JOIN articles USING (article_id) WHERE origins.content_hash <> articles.content_hash",
    ),
    "unfinished": (
        "vectors wait to be cleaned up after an interrupted write",
        "SELECT passage FROM pending UNION SELECT passage FROM garbage",
    ),
}


def _table_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    for code, (detail, sql) in _TABLE_CHECKS.items():
        rows = {str(row[0]) for row in connection.execute(sql)}
        yield from _count_problem(code, detail, rows)


def _sentence_problems(connection: sqlite3.Connection) -> list[Problem]:
    """Notice what damage made of the vectors of sentences: their rows carry a checksum."""
    damaged = damaged_sentences(connection, dimension=read_manifest(connection).dimension)
    detail = "passages have vectors of sentences that are not as they were written"
    return _count_problem("sentences", detail, set(map(str, damaged)))


def _index_problems(catalogue: Catalogue) -> list[Problem]:
    """Let FTS5 compare its index with the texts it indexed."""
    try:
        with catalogue.transaction() as connection:
            connection.execute("INSERT INTO passage_fts (passage_fts) VALUES ('integrity-check')")
    except LibraryDamagedError as error:
        return [Problem(code="record" if forbids_writing(error.__cause__) else "terms", detail=str(error))]
    return []


def _count_problem(code: str, detail: str, rows: set[str]) -> list[Problem]:
    if not rows:
        return []
    return [Problem(code=code, detail=f"{len(rows)} {detail} (such as {min(rows)!r})")]
