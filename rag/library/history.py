"""The answers that a library keeps, in tables of their own: made at the first one, and left alone by ingest and repair.

Nothing here takes the library's write lock: an answer is kept in one short transaction, also while an ingest runs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rag.errors import AnswerNotFoundError, LibraryDamagedError
from rag.history import (
    Asked,
    Conversation,
    Feedback,
    Kept,
    as_id_start,
    asked_document,
    asked_from,
    new_answer_id,
    utc_now,
)
from rag.library.catalogue import FILE_NAME, Catalogue
from rag.stored import answer_from, stored_answer
from rag.types import Answer

# Columns without a type hold text, or bytes where it is not UTF-8 (lone surrogates): see `_storable`.
# AUTOINCREMENT: the number of a forgotten answer is never used again, so numbers keep the order of keeping.
SCHEMA = (
    """CREATE TABLE IF NOT EXISTS answers (
    row INTEGER PRIMARY KEY AUTOINCREMENT, answer_id TEXT NOT NULL UNIQUE, asked_at TEXT NOT NULL,
    asker NOT NULL, conversation NOT NULL, via TEXT NOT NULL, question NOT NULL,
    asked NOT NULL, answer NOT NULL, liked INTEGER, reason, given_at TEXT)""",
    "CREATE INDEX IF NOT EXISTS answers_by_time ON answers (asked_at)",
    "CREATE INDEX IF NOT EXISTS answers_by_conversation ON answers (asker, conversation, asked_at)",
    "CREATE INDEX IF NOT EXISTS answers_by_thumb ON answers (liked, asked_at)",
)
_KEPT = "answer_id, asked_at, asked, answer, liked, reason, given_at"
_CONVERSATIONS = """
SELECT conversation, (
    SELECT question FROM answers AS first
    WHERE first.asker = answers.asker AND first.conversation = answers.conversation
    ORDER BY asked_at, row LIMIT 1
), min(asked_at), max(asked_at), count(*)
FROM answers WHERE asker = ? AND conversation <> ''
GROUP BY conversation ORDER BY max(asked_at) DESC, max(row) DESC LIMIT ?
"""
_ALL = -1  # as a LIMIT
_PORTABLE = (
    *("answer_id", "asked_at", "asker", "conversation", "via", "question", "asked", "answer"),
    *("liked", "reason", "given_at"),
)


class KeptHistory:
    """A `rag.history.History` in a library's record. Safe to use from several threads and processes."""

    def __init__(self, catalogue: Catalogue, *, clock: Callable[[], str] = utc_now) -> None:
        self._catalogue = catalogue
        self._clock = clock

    def keep(self, answer: Answer, asked: Asked) -> str:
        """Keep an answer; see `History.keep`.

        Raises:
            LibraryUnwritableError: The library may only be read.
            LibraryBusyError: Another process held one transaction for very long (`yigai library repair` does).
        """
        answer_id = new_answer_id()
        values = {
            "answer_id": answer_id,
            "asked_at": self._clock(),
            "asker": _storable(asked.asker),
            "conversation": _storable(asked.conversation),
            "via": asked.via,
            "question": _storable(answer.question),
            "asked": _json(asked_document(asked)),
            "answer": _json(stored_answer(answer)),
        }
        names, holes = ", ".join(values), ", ".join("?" * len(values))
        with self._catalogue.transaction() as connection:
            for statement in SCHEMA:
                connection.execute(statement)
            connection.execute(
                f"INSERT INTO answers ({names}) VALUES ({holes})",  # noqa: S608 - column names only
                list(values.values()),
            )
        return answer_id

    def kept(self, answer_id: str) -> Kept:
        """Return one by its id; see `History.kept`."""
        found = self._select("answer_id = ?", [_storable(answer_id)])
        if not found:
            raise AnswerNotFoundError(count=0, name=answer_id)
        return found[0]

    def find(self, name: str) -> Kept:
        """Return one by the beginning of its id; see `History.find`."""
        start = as_id_start(name)
        condition = "answer_id BETWEEN ? AND ? || 'g'"  # ids are hexadecimal: none comes between
        ids = self._ids(condition, [start, start]) if start else []
        if len(ids) != 1:
            raise AnswerNotFoundError(count=len(ids), name=name)
        return self.kept(ids[0])

    def ids(self, *, liked: bool | None = None) -> list[str]:
        """List the ids; see `History.ids`."""
        return self._ids("TRUE" if liked is None else f"liked = {int(liked)}", [])

    def listed(
        self, *, limit: int | None = None, liked: bool | None = None, asker: str | None = None
    ) -> list[Kept]:
        """List the answers; see `History.listed`."""
        conditions, arguments = ["TRUE"], []
        if liked is not None:
            conditions.append(f"liked = {int(liked)}")
        if asker is not None:
            conditions.append("asker = ?")
            arguments.append(_storable(asker))
        return self._select(
            " AND ".join(conditions), arguments, limit=_ALL if limit is None else max(0, limit)
        )

    def conversation(self, conversation: str, *, asker: str, latest: int | None = None) -> list[Kept]:
        """List a conversation; see `History.conversation`."""
        if not (conversation and asker):
            return []
        owned = [_storable(asker), _storable(conversation)]
        limit = _ALL if latest is None else latest
        return self._select("asker = ? AND conversation = ?", owned, limit=limit)[::-1]

    def conversations(self, asker: str, *, limit: int = 20) -> list[Conversation]:
        """List the conversations; see `History.conversations`."""
        rows = self._rows(_CONVERSATIONS, [_storable(asker), max(0, limit)]) if asker else []
        return [
            Conversation(
                conversation=_text(conversation),
                first_question=_text(question),
                started_at=started_at,
                last_at=last_at,
                answers=answers,
            )
            for conversation, question, started_at, last_at, answers in rows
        ]

    def rate(self, answer_id: str, feedback: Feedback | None, *, asker: str | None = None) -> None:
        """Rate an answer; see `History.rate`."""
        liked = (feedback.liked, _storable(feedback.reason), feedback.given_at) if feedback else (None,) * 3
        sql, arguments = (
            "UPDATE answers SET liked = ?, reason = ?, given_at = ? WHERE answer_id = ?",
            [*liked],
        )
        arguments.append(_storable(answer_id))
        if asker is not None:
            sql += " AND asker = ? AND asker <> ''"
            arguments.append(_storable(asker))
        if not self._change(sql, arguments):
            raise AnswerNotFoundError(count=0, name=answer_id)

    def forget(self, answer_ids: Collection[str]) -> int:
        """Remove answers; see `History.forget`."""
        listed = json.dumps(list(answer_ids))
        return self._change(
            "DELETE FROM answers WHERE answer_id IN (SELECT value FROM json_each(?))", [listed]
        )

    def forget_conversation(self, conversation: str, *, asker: str) -> int:
        """Remove a conversation; see `History.forget_conversation`."""
        if not (conversation and asker):
            return 0
        owned = [_storable(asker), _storable(conversation)]
        return self._change("DELETE FROM answers WHERE asker = ? AND conversation = ?", owned)

    def restore(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add answers that `portable_rows` read elsewhere; those that are here already stay as they are.

        Raises:
            KeyError, TypeError, ValueError: One is not an answer; none is added then.
        """
        added = 0
        names, holes = ", ".join(_PORTABLE), ", ".join("?" * len(_PORTABLE))
        with self._catalogue.transaction() as connection:
            for statement in SCHEMA:
                connection.execute(statement)
            for row in rows:
                asked_from(json.loads(row["asked"]))
                answer_from(json.loads(row["answer"]))
                values = [row[name] for name in _PORTABLE]
                added += connection.execute(
                    f"INSERT OR IGNORE INTO answers ({names}) VALUES ({holes})",  # noqa: S608 - column names only
                    [_storable(value) if isinstance(value, str) else value for value in values],
                ).rowcount
        return added

    def _ids(self, condition: str, arguments: Sequence[object]) -> list[str]:
        sql = f"SELECT answer_id FROM answers WHERE {condition} ORDER BY asked_at DESC, row DESC"  # noqa: S608
        return [row[0] for row in self._rows(sql, arguments)]

    def _select(self, condition: str, arguments: Sequence[object], *, limit: int = _ALL) -> list[Kept]:
        """Read answers, newest first; the condition is one of our own, with holes for what came from outside."""
        sql = f"SELECT {_KEPT} FROM answers WHERE {condition} ORDER BY asked_at DESC, row DESC LIMIT ?"  # noqa: S608
        return [self._kept_of(row) for row in self._rows(sql, [*arguments, limit])]

    def _rows(self, sql: str, arguments: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._catalogue.reading() as connection:
            return connection.execute(sql, arguments).fetchall() if _has_answers(connection) else []

    def _change(self, sql: str, arguments: Sequence[object]) -> int:
        """Change answers; return how many."""
        with self._catalogue.transaction() as connection:
            return connection.execute(sql, arguments).rowcount if _has_answers(connection) else 0

    def _kept_of(self, row: tuple[Any, ...]) -> Kept:
        answer_id, asked_at, asked, answer, liked, reason, given_at = row
        with self._readable(answer_id):
            return Kept(
                answer_id=answer_id,
                asked_at=asked_at,
                asked=asked_from(json.loads(_text(asked))),
                answer=answer_from(json.loads(_text(answer))),
                feedback=None
                if liked is None
                else Feedback(liked=bool(liked), reason=_text(reason), given_at=given_at),
            )

    @contextmanager
    def _readable(self, answer_id: str) -> Iterator[None]:
        try:
            yield
        except (ValueError, KeyError, TypeError, AttributeError) as cause:
            detail = f"{FILE_NAME}: the kept answer {answer_id} is not as it was written"
            raise LibraryDamagedError(path=self._catalogue.directory, detail=detail) from cause


def portable_rows(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Read all kept answers as plain values, in the order in which they were kept."""
    if not _has_answers(connection):
        return
    names = ", ".join(_PORTABLE)
    for row in connection.execute(f"SELECT {names} FROM answers ORDER BY row"):  # noqa: S608 - column names only
        values = (_text(value) if isinstance(value, bytes) else value for value in row)
        yield dict(zip(_PORTABLE, values, strict=True))


def _has_answers(connection: sqlite3.Connection) -> bool:
    """Whether the tables are there: they are made when the first answer is kept."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'answers'").fetchone() is not None


def _json(document: dict[str, Any]) -> str | bytes:
    return _storable(json.dumps(document, ensure_ascii=False))


def _storable(text: str) -> str | bytes:
    """Return text as SQLite can hold it; what is not UTF-8 as bytes, so that no two texts become one."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def _text(stored: str | bytes) -> str:
    return stored.decode("utf-8", "surrogatepass") if isinstance(stored, bytes) else stored
