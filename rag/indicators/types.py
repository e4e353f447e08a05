"""A figure of an article as a row of data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.figures import Direction, Figure

Role = Literal["level", "before", "after", "change"]
"""What a figure is: a value by itself, one end of a change, or by how much something changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What a figure measures.

    Attributes:
        name: In the article's words, without place, time and verbs: 「市属公立医院资产负债率」.
        concept: Id of the glossary's most telling term in it, or None; figures of one concept and unit are of one kind.
    """

    name: str
    concept: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose figure it is.

    Attributes:
        name: Full name of the place (安徽省芜湖市), or the body as the article names it; "" where nothing tells.
        region: Code of the place, or None for a body outside of any known place.
        is_inherited: Whether it comes from a heading, the paragraph or the article, not from the sentence.
    """

    name: str
    region: str | None = None
    is_inherited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The time a figure is of.

    Attributes:
        text: As the article says it (「2023年底」, 「近5年」, 「去年」), or "".
        years: Ascending; empty where none is known.
        is_resolved: Whether the years come from the article's date (「去年」) rather than from the text.
    """

    text: str = ""
    years: tuple[int, ...] = ()
    is_resolved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A figure of an article with what it measures.

    `article.text[start:end] == figure.raw` and `article.text[clause_start:clause_end] == clause`, always.

    Attributes:
        figure: Value, unit, range, qualifier; its own `start` and `end` are the article's, as `start` and `end` are.
        role: A change 「由A降到B」 gives two records, `before` and `after`, of one `change_id`.
        change_id: The same for the ends of one change, and for the difference the article states; None by itself.
        direction: Of the change it belongs to or states.
        is_planned: A plan or target, not reached.
        sentence_start: Of the whole sentence, with `sentence_end`: what a citation quotes.
    """

    article_id: str
    start: int
    end: int
    figure: Figure
    indicator: Indicator
    subject: Subject
    when: When
    role: Role = "level"
    change_id: str | None = None
    direction: Direction | None = None
    is_planned: bool = False
    clause: str
    clause_start: int
    clause_end: int
    sentence_start: int
    sentence_end: int
