"""What kind of thing a question asks for, and things of a kind in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal[
    "person",
    "body",
    "place",
    "time",
    "number",
    "title",
    "reason",
    "manner",
    "definition",
    "yes_no",
    "list",
]
Precision = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What a question asks for.

    Attributes:
        kind: None where the question does not say.
        unit: What a number must count or measure, as the question has it (城市, 公里, doctors), or "%"; else None.
        precision: Of a time, the finest part that is asked for; None where any time will do.
        head: The noun that what or which asks for (国家, city), folded; None where there is none.
        head_kind: The kind of thing that the head names, also where the question wants a list of them.
        start: Where the asking words begin in the question, in code points.
        end: Where they end; `start == end == 0` where there are none.
    """

    kind: Kind | None = None
    unit: str | None = None
    precision: Precision | None = None
    head: str | None = None
    head_kind: Kind | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing at `[start, end)` of a text, in code points: `text_searched[start:end] == text`.

    Attributes:
        value: Folded and freed of what varies: a date as 2021-06-04 (with * for a part that is not said), a number
            with its unit ("364.6公里"), a name without quotes and blanks.
        is_sure: Whether it is such a thing by a rule that seldom errs; else it only may be (作家 for a person).
    """

    start: int
    end: int
    text: str
    value: str
    is_sure: bool = True


class Span(NamedTuple):
    """A thing in the matching form of a text, before its offsets are put back."""

    start: int
    end: int
    value: str
    is_sure: bool = True


class Read(NamedTuple):
    """What the asking words of a folded question say, with their place in it."""

    start: int
    end: int
    kind: Kind | None
    head: str | None = None
    head_kind: Kind | None = None
    unit: str | None = None
    precision: Precision | None = None
