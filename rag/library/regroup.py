"""Keeping printings of one text together: what was written is compared, grouped, and repeated passages are shadowed.

An article waits (`grouped = 0`) until one transaction records its group and which passages repeat another's. Killed
before that, it waits still, and whoever writes next goes on. A passage leaves the search only in the transaction that
records who says the same, and comes back before that one goes: no moment hides what only one article says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence

from rag.library import groups, reading, writing
from rag.library.catalogue import Catalogue
from rag.library.vectors import VectorIndex
from rag.reposts import Group, Grouping, Store, Text, bands, is_current, is_repeated, signature

_BATCH = 32
"""Articles grouped in one transaction: what a stop loses, and how long a kept answer waits."""


class Regrouping:
    """Groups the articles of a library; used under its write lock.

    Args:
        catalogue: Of an open library.
        vectors: Its vector index, which is sound.
    """

    def __init__(self, catalogue: Catalogue, vectors: VectorIndex) -> None:
        self._catalogue = catalogue
        self._vectors = vectors
        self._asked: Collection[str] = ()
        self._connection: sqlite3.Connection | None = None
        self._grouping = Grouping(
            Store(
                bands_of=self._bands_of,
                candidates=lambda wanted: groups.sharing_a_band(self._open, wanted, asked=self._asked),
                text_of=lambda article_id: _text_of(self._open, article_id),
                group_of=lambda article_id: groups.members_of(self._open, article_id),
                most_candidates=groups.MOST_CANDIDATES,
            )
        )

    def finish(self) -> None:
        """Group all articles that wait for it; the time grows with their number, not with the library's."""
        while asked := self._waiting():
            self._sign(asked)
            with self._catalogue.reading() as connection:
                self._asked, self._connection = asked, connection
                changed = self._grouping.regroup(asked)
                members = [article_id for group in changed for article_id in group.members]
                before = groups.shadowed_rows(connection, members)
                after = {row for group in changed for row in _shadowed(connection, group)}
                self._connection = None
            self._expect(before - after)
            with self._catalogue.transaction() as connection:
                for group in changed:
                    groups.write_group(connection, group.representative, group.members)
                groups.shadow(connection, after - before)
                groups.unshadow(connection, before - after)

    def release(self, article_ids: Iterable[str]) -> None:
        """Let the printings that articles stand for stand for themselves: these are about to change or go."""
        with self._catalogue.reading() as connection:
            followers = {a: groups.represented_by(connection, a) for a in article_ids}
            rows = groups.shadowed_rows(connection, [f for found in followers.values() for f in found])
        if not rows:
            return
        self._expect(rows)
        with self._catalogue.transaction() as connection:
            groups.unshadow(connection, rows)
            for article_id in followers:
                writing.dissolve_group(connection, article_id)

    def _waiting(self) -> list[str]:
        with self._catalogue.reading() as connection:
            return groups.ungrouped(connection, limit=_BATCH)

    def _sign(self, asked: Sequence[str]) -> None:
        with self._catalogue.reading() as connection:
            known = {a: groups.read_signature(connection, a) for a in asked}
            unsigned = [a for a, signed in known.items() if signed is None or not is_current(signed)]
            signatures = {a: signature(_text_of(connection, a).text) for a in unsigned}
        if signatures:
            with self._catalogue.transaction() as connection:
                for article_id, signed in signatures.items():
                    groups.write_signature(connection, article_id, signed, bands(signed))

    def _expect(self, rows: Collection[int]) -> None:
        """Put the vectors of shadowed passages into Chroma, ahead of the transaction that makes them found."""
        if not rows:
            return
        with self._catalogue.transaction() as connection:
            groups.expect_vectors(connection, rows)
        with self._catalogue.reading() as connection:
            keys, matrix, owners = groups.vectors_of(connection, sorted(rows))
        if keys:
            self._vectors.add([str(key) for key in keys], matrix, article_ids=owners)

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("articles are grouped only while the catalogue is read")
        return self._connection

    def _bands_of(self, article_id: str) -> Sequence[int]:
        signed = groups.read_signature(self._open, article_id)
        return bands(signed) if signed is not None and is_current(signed) else ()


def _shadowed(connection: sqlite3.Connection, group: Group) -> Iterator[int]:
    """List the passages of a group that say nothing which its representative does not."""
    other = ""
    for article_id, relation in group.members.items():
        if article_id == group.representative:
            continue
        if groups.place_of(connection, article_id) == (group.representative, relation):
            yield from groups.shadowed_rows(connection, [article_id])  # as it was found before
            continue
        other = other or _text_of(connection, group.representative).text
        article = _text_of(connection, article_id).text
        for row, passage in reading.read_article_passages(connection, article_id).items():
            if is_repeated(passage.text, article=article, other=other, is_corrected=relation == "correction"):
                yield row


def _text_of(connection: sqlite3.Connection, article_id: str) -> Text:
    sql = "SELECT text, title, source, date FROM articles WHERE article_id = ?"
    text, title, source, date = connection.execute(sql, (article_id,)).fetchone()
    return Text(text=text, title=title, source=source, date=date)
