"""Lines before they are proven: text with the quotes that prove it, numbered as they come."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from rag.briefing.findings import Finding
from rag.briefing.topic import Topic
from rag.briefing.types import Line
from rag.compose import Quote
from rag.compose.cards import glosses
from rag.compose.extractive import worded
from rag.types import Language

_SOFT_ENDS = "，,、：:；; "
_BREAK = re.compile(r"(?<=[：:；;，,。、])\s*\n\s*|\s*\n\s*(?=[一二三四五六七八九十（(])")
_MOST_GLOSSES = 6


class Drafts:
    """Makes lines of one briefing and remembers their quotes by number.

    Args:
        topic: Frames of English lines name it.
        language: Of the lines.

    Attributes:
        quotes: By number.
        notes: What a reader must know of a finding, by where it stands.
    """

    def __init__(self, topic: Topic, language: Language) -> None:
        self.language = language
        self._query = dataclasses.replace(topic.query, language=language)
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.quotes: dict[int, Quote] = {}
        self.notes: dict[tuple[str, int, int], str] = {}

    def cite(self, quote: Quote) -> int:
        """Return the number of a quote, the same for the same place of an article."""
        number = self._numbers.setdefault(
            (quote.article.article_id, quote.start, quote.end), len(self._numbers) + 1
        )
        self.quotes.setdefault(number, quote)
        return number

    def sentence(self, finding: Finding, *, names_place: bool = True) -> Line:
        """A finding as a sentence; its place is named in front where its own words do not, if wanted.

        In English, a frame around the article's words, and what its figures and terms mean as a note.
        """
        regions = (finding.place,) if finding.place and names_place else ()
        text = worded(self._query, dataclasses.replace(finding.quote, regions=regions), None)
        notes = (self.notes.get(finding.key, ""), self.gloss(finding.quote.text))
        return Line(
            text=on_one_line(text), sources=(self.cite(finding.quote),), note="; ".join(n for n in notes if n)
        )

    def words(self, quote: Quote, text: str, *, note: str = "") -> Line:
        """A part of a quote word for word, as a cell."""
        plain = on_one_line(text.strip()).rstrip(_SOFT_ENDS)
        shown = f"「{plain}」" if self.language == "en" else plain
        return Line(text=shown, sources=(self.cite(quote),), note=note or self.gloss(plain))

    def figure(self, quote: Quote, text: str) -> Line:
        """A figure as it is written."""
        return Line(text=text, sources=(self.cite(quote),))

    def computed(self, quote: Quote, card: str) -> Line:
        """A change set out, with its difference."""
        return Line(text=card, sources=(self.cite(quote),), is_computed=True)

    def gloss(self, text: str) -> str:
        """What figures and terms of a Chinese text are in English, for English readers; else nothing."""
        return "; ".join(glosses(text)[:_MOST_GLOSSES]) if self.language == "en" else ""


def on_one_line(text: str) -> str:
    """Put the items of a list behind each other."""
    return _BREAK.sub("", text)


def silent(text: str) -> Line:
    """A line that says that the articles are silent."""
    return Line(text=text)


def without_repeats(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Leave out lines of the same words."""
    return tuple({line.text: line for line in reversed(lines)}.values())[::-1]
