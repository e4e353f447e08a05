"""The numbers that an OpenDocument text puts in front of list items and headings by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.formats.odt_styles import MAX_LEVELS, LevelStyle, ListStyle
from ingest.formats.ordinals import Number, as_lead, opendocument_ordinal

_PLACE = re.compile(r"%(\d{1,2})%")


@dataclass(slots=True, kw_only=True)
class Counters:
    """How far a list has been counted, by level."""

    values: list[int | None] = field(default_factory=lambda: [None] * MAX_LEVELS)

    def count(self, level: int, style: ListStyle, *, start: int | None = None) -> Number | None:
        """Count an item.

        Args:
            level: From 0.
            style: How the list is numbered.
            start: Where the item starts the numbers of its level anew.

        Returns:
            Its number; None where the list has none at this level.
        """
        stated = style.get(level)
        if stated is None or level >= MAX_LEVELS:
            return None
        current = self.values[level]
        following = stated.start if current is None else current + 1
        self.values[level] = following if start is None else start
        self.values[level + 1 :] = [None] * (MAX_LEVELS - level - 1)
        if stated.is_bullet:
            return Number(text="", is_bullet=True)
        text = self._written(level, style, stated)
        return Number(text=as_lead(text), is_bullet=False) if text else None

    def restart(self, level: int) -> None:
        """Begin a list below an item anew."""
        self.values[level:] = [None] * max(0, MAX_LEVELS - level)

    def _written(self, level: int, style: ListStyle, stated: LevelStyle) -> str:
        if stated.pattern:
            return _PLACE.sub(lambda match: self._at(int(match[1]) - 1, style), stated.pattern)
        if not stated.number_format:
            return ""
        first = max(0, level - max(1, stated.shown) + 1)
        numbers = (self._at(at, style) for at in range(first, level + 1))
        return stated.prefix + ".".join(number for number in numbers if number) + stated.suffix

    def _at(self, level: int, style: ListStyle) -> str:
        if not 0 <= level < MAX_LEVELS:
            return ""
        stated = style.get(level, LevelStyle())
        value = self.values[level]
        if not stated.number_format:
            return ""
        return opendocument_ordinal(stated.start if value is None else value, stated.number_format)


@dataclass(slots=True, kw_only=True)
class ListCounters:
    """The lists of a document, which may go on where an earlier one ended."""

    by_id: dict[str, Counters] = field(default_factory=dict)
    last_by_style: dict[str, Counters] = field(default_factory=dict)

    def of_list(
        self, *, list_id: str, style_name: str, continued_id: str | None, is_continued: bool
    ) -> Counters:
        """Give the counters of a list that begins."""
        counters = self.by_id.get(continued_id) if continued_id else None
        if counters is None and is_continued:
            counters = self.last_by_style.get(style_name)
        counters = counters or Counters()
        if list_id:
            self.by_id[list_id] = counters
        self.last_by_style[style_name] = counters
        return counters
