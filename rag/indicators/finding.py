"""The figures of an article as records.

article ─ find_figures, find_regions: once ─▶ sentence ─▶ figure ─▶ name, subject, time, role ─▶ Record
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.evidence import join_labels
from rag.figures import Change, changes_among, find_figures
from rag.indicators.counted import TITLES, Spans, is_data
from rag.indicators.sentence import Counted, SentenceReading
from rag.indicators.subjects import Around, Places
from rag.indicators.types import Record
from rag.indicators.words import Span
from rag.normalise import fold, fold_aligned, sentence_spans
from rag.regions import find_regions
from rag.types import Article

_ASKS = re.compile(r"[？?][”’」』）)]*$")


def find_records(article: Article) -> list[Record]:
    """Find every figure of an article that is data, in order; time linear in the text.

    Dates, ordinals, periods and numbers in names are none; nor is what a heading or a question says.
    """
    return list(_Reading(article).records())


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    headings: tuple[str, ...]


class _Reading:
    """An article read once: positions are of its own text, but for those of `places`, which are of the folded one."""

    def __init__(self, article: Article) -> None:
        self.article, self.text = article, article.text
        self.folded = fold_aligned(self.text)
        self.is_aligned = len(self.folded.text) == len(self.text)
        self.figures = find_figures(self.text)
        self._starts = [figure.start for figure in self.figures]
        self.changes: dict[int, Change] = {}
        for change in changes_among(self.text, self.figures):
            self.changes.setdefault(change.before.start, change)
            self.changes[change.after.start] = change
        self.mentions = [
            (self.to_folded(m.start), self.to_folded(m.end), m.region.code)
            for m in (find_regions(self.text) if self.figures else ())
        ]
        self.places = Places(self.folded.text, self.mentions, article.regions)
        self._named_starts = [start for start, _ in self.places.spans]
        self.titles = Spans([match.span() for match in TITLES.finditer(self.text)])

    def to_folded(self, position: int) -> int:
        """Where a position of the text is in the folded one."""
        return position if self.is_aligned else bisect_left(self.folded.starts, position)

    def records(self) -> Iterator[Record]:
        for line in self._lines():
            for start, end in join_labels(self.text, sentence_spans(self.text, line.start, line.end)):
                counted = self._counted(start, end)
                if counted and not _ASKS.search(self.text, start, end):
                    yield from self._sentence(line, (start, end), counted)

    def _lines(self) -> Iterator[_Line]:
        """The lines that have figures, and the headings above each; headings themselves are left out."""
        headings = {heading.start: heading for heading in self.article.headings}
        above: list[tuple[int, str]] = []
        title = (self.article.title,) if self.article.title else ()
        position = 0
        for raw in self.text.split("\n"):
            start, end = position, position + len(raw)
            position = end + 1
            heading = headings.get(start)
            if heading is not None:
                above = [(level, told) for level, told in above if level < heading.level]
                above.append((heading.level, raw))
            at = bisect_left(self._starts, start)
            has_figures = at < len(self._starts) and self._starts[at] < end
            if has_figures and (heading is None or heading.kind != "heading"):
                yield _Line(start, end, (*title, *(told for _, told in above)))

    def _counted(self, start: int, end: int) -> list[Counted]:
        """The figures of a sentence, with where they are in its folded form; periods and the like are there but no data."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        origin = self.to_folded(start)
        found = []
        for figure in self.figures[first:last]:
            span = (self.to_folded(figure.start), self.to_folded(figure.end))
            within = is_data(self.folded.text, figure, span) and not self.titles.hold(
                (figure.start, figure.end)
            )
            found.append(Counted(figure, (span[0] - origin, span[1] - origin), within))
        return found if any(one.is_data for one in found) else []

    def _sentence(self, line: _Line, span: Span, counted: Sequence[Counted]) -> Iterator[Record]:
        origin, stop = self.to_folded(span[0]), self.to_folded(span[1])
        first, last = bisect_left(self._named_starts, origin), bisect_left(self._named_starts, stop)
        reading = SentenceReading(
            text=self.folded.text[origin:stop],
            shown=self.text[span[0] : span[1]] if self.is_aligned else self.folded.text[origin:stop],
            counted=counted,
            places=[(a - origin, min(b, stop) - origin) for a, b in self.places.spans[first:last]],
            changes=self.changes,
        )
        around = Around(
            sentence=(origin, stop),
            paragraph_start=self.to_folded(line.start),
            headings=tuple(map(fold, line.headings)),
        )
        for told in reading.told(self.article.date, line.headings):
            figure = told.figure
            clause = self._clause(span, reading.clause(told))
            yield Record(
                article_id=self.article.article_id,
                start=figure.start,
                end=figure.end,
                figure=figure,
                indicator=told.indicator,
                subject=self.places.subject(origin + told.subject_at, around),
                when=told.when,
                role=told.role,
                change_id=None
                if told.change_start is None
                else f"{self.article.article_id}:{told.change_start}",
                direction=told.direction,
                is_planned=told.is_planned,
                clause=self.text[slice(*clause)],
                clause_start=clause[0],
                clause_end=clause[1],
                sentence_start=span[0],
                sentence_end=span[1],
            )

    def _clause(self, sentence: Span, clause: Span) -> Span:
        """A span of the folded sentence as one of the article's text, without blanks at its ends."""
        origin = self.to_folded(sentence[0])
        start, end = self.folded.span(origin + clause[0], origin + clause[1])
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end
