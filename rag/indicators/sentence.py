"""What the figures of one sentence tell, apart from whose they are."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.figures import Change, Direction, Figure
from rag.figures.units import words
from rag.glossary import find_concepts
from rag.indicators.counted import Spans
from rag.indicators.names import Name, Namer
from rag.indicators.respective import respective_items, shared_head
from rag.indicators.times import Times
from rag.indicators.types import Indicator, Role, When
from rag.indicators.words import Fixed, Span, Words
from rag.verify.cues import PLAN, directions_in, modality_of
from rag.verify.manner import manner_of
from rag.verify.readings import Reading

_CLAUSE_END = re.compile(r"[,，](?!\d{3})|[；;。！!？?\n]")
_GROWTH = re.compile(
    r"(?:增长率|增速|增幅|涨幅|升幅|降幅|跌幅|降速|growth)(?:分别)?(?:为|达到?|是|高达|约|近|超过?|逾| of)*\s?$"
)
_OF_RISE = re.compile(r"增幅|涨幅|升幅|增速|growth")
_OF_FALL = re.compile(r"降幅|跌幅|降速")
_NO_DEMAND = re.compile(r"主要|重要|需要|[纪摘概]要|要素|要点|(?:计划|规划|设计|预计)了|《[^》]*》|正在|需求")
_PROPORTION, _OF = "占", " of "
_COUNTED_NOUN = re.compile(r"(?:人口|床位|人次)$")
_NO_INDICATOR = frozenset(
    words(
        "proportion quantity amount average city county county_area district province village township nation local area scale time"
    )
)
_DEIXIS = re.compile(r"[全我该本][国省市县区州]")
_NEAR_CHARS = 24
_LONGEST_CLAUSE = 160
"""Characters of a clause on either side of its figure; a longer one, which no person wrote, is cut."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure, where it is in the folded sentence, and whether it is data rather than a period or a date."""

    figure: Figure
    span: Span
    is_data: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a figure tells; `phrase` is where in the folded sentence its indicator begins, `subject_at` where to look for whose it is."""

    figure: Figure
    span: Span
    indicator: Indicator
    phrase: int
    when: When
    role: Role
    change_start: int | None
    direction: Direction | None
    is_planned: bool
    subject_at: int


class SentenceReading:
    """A sentence read once for all its figures; positions are of its folded form."""

    def __init__(
        self,
        *,
        text: str,
        shown: str,
        counted: Sequence[Counted],
        places: Sequence[Span],
        changes: Mapping[int, Change],
    ) -> None:
        self.text, self.shown, self.changes = text, shown, changes
        self.mentions = find_concepts(text)
        self.mention_starts = [mention.start for mention in self.mentions]
        terms = Spans([(m.start, m.end) for m in self.mentions if m.concept.kind == "term"])
        self.counted = [c for c in counted if not terms.hold(c.span)]
        self.data = [c for c in self.counted if c.is_data]
        self.times = Times(_blanked(text, [c.span for c in self.data]), shown)
        self.reading = Reading(text)
        fixed = [Fixed(span=c.span, part="figure" if c.is_data else "time") for c in self.counted]
        fixed += [Fixed(span=span, part="time") for span in self.times.spans]
        fixed += [Fixed(span=span, part="place") for span in places]
        fixed += [Fixed(span=m.span(), part="place") for m in _DEIXIS.finditer(text)]
        self.words = Words(text, fixed, self.mentions)
        self.namer = Namer(text, self.words)
        self.last = len(text.rstrip("。！!？?；;\n"))
        self.places = places
        self.items = respective_items(text, [c.span for c in self.data])
        self.bounds = [0, *(m.end() for m in _CLAUSE_END.finditer(text))]
        self.plan = PLAN.search(_NO_DEMAND.sub(lambda m: " " * len(m[0]), text))

    def told(self, date: str | None, headings: Sequence[str]) -> Iterator[Told]:
        """What each figure tells, in order."""
        before: Told | None = None
        for position, counted in enumerate(self.data):
            before = self._one(position, counted, before)
            yield dataclasses.replace(
                before,
                when=self.times.when(
                    counted.span[0], date=date, is_before=before.role == "before", headings=headings
                ),
            )

    def clause(self, told: Told) -> Span:
        """The clauses from the one that names the indicator to the one the figure stands in."""
        begin, stop = told.span
        first = self.bounds[bisect_right(self.bounds, min(told.phrase, begin)) - 1]
        at = bisect_right(self.bounds, stop)
        end = self.bounds[at] - 1 if at < len(self.bounds) else self.last
        return max(first, begin - _LONGEST_CLAUSE), max(min(end, stop + _LONGEST_CLAUSE), stop)

    def _one(self, position: int, counted: Counted, before: Told | None) -> Told:
        figure, span = counted.figure, counted.span
        change = self.changes.get(figure.start)
        role: Role = self._role(counted, change)
        name = self._name(position, change)
        is_bare = name is None or self.namer.is_dependent(name)
        start, direction = None, None
        if change is not None:
            start, direction = min(change.before.start, change.after.start), change.direction
        elif role == "change":
            direction = self._direction(span)
            if is_bare and before is not None and before.change_start is not None:
                start = before.change_start
                direction = direction or before.direction
        indicator, phrase = self._indicator(name, before if self._follows(before, change) else None, span)
        return Told(
            figure=figure,
            span=span,
            indicator=indicator,
            phrase=phrase,
            when=When(),
            role=role,
            change_start=start,
            direction=direction,
            is_planned=self._is_planned(span),
            subject_at=self._subject_at(position, span),
        )

    def _subject_at(self, position: int, span: Span) -> int:
        """In front of the figure, or at the place that is told with it one by one."""
        item = self.items.get(position)
        if item is None:
            return span[0]
        at = bisect_left(self.places, (item.span[0], 0))
        is_within = at < len(self.places) and self.places[at][1] <= item.span[1]
        return self.places[at][0] + 1 if is_within else span[0]

    def _follows(self, before: Told | None, change: Change | None) -> bool:
        return before is not None or change is not None

    def _role(self, counted: Counted, change: Change | None) -> Role:
        figure, start = counted.figure, counted.span[0]
        if change is not None:
            return "before" if change.before.start == figure.start else "after"
        if figure.kind == "percentage_point" or _GROWTH.search(self.text, max(0, start - _NEAR_CHARS), start):
            return "change"
        placed = dataclasses.replace(figure, start=start, end=counted.span[1])
        return "change" if manner_of(self.reading, placed) == "by" else "level"

    def _name(self, position: int, change: Change | None) -> Name | None:
        """The phrase that names a figure; both ends of a change have that in front of the one that stands first."""
        counted = self.data[position]
        floor = self.data[position - 1].span[1] if position else 0
        following = self.data[position + 1].span[0] if position + 1 < len(self.data) else len(self.text)
        item = self._item(position)
        if item is not None:
            return item
        if change is None and following == counted.span[1] and position + 1 < len(self.data):
            joined = self.data[position + 1]  # 10大类17个国家医学中心: of one thing
            behind = self.namer.behind(joined.span[1], len(self.text), joined.figure)
            if behind is not None:
                return behind
        if change is None:
            return self.namer.name(counted.span, counted.figure, floor, following)
        if counted.figure.start > min(change.before.start, change.after.start):
            return None
        return self.namer.in_front(counted.span[0], floor) or self.namer.clause_before(counted.span[0], floor)

    def _item(self, position: int) -> Name | None:
        """The item of a list that a figure is told of, where the items are things and not places."""
        item = self.items.get(position)
        if item is None or self._subject_at(position, item.span) != item.span[0]:
            return None
        name = self.namer.in_front(item.span[1], item.span[0])
        if name is None or item.last == item.span:
            return name
        head = shared_head(self.text[slice(*name.span)], self.text[slice(*item.last)].strip())
        return dataclasses.replace(name, suffix=head)

    def _indicator(self, name: Name | None, before: Told | None, span: Span) -> tuple[Indicator, int]:
        """The indicator of a phrase; without one that of the figure before, or of the clause before."""
        if name is None and before is None:
            name = self.namer.verb_in_front(span[0])
        if name is None and (unit := _COUNTED_NOUN.search(self.text[slice(*span)])):
            return Indicator(
                name=unit[0], concept=self._concept(Name(span=(span[0] + unit.start(), span[1])))
            ), span[0]
        if name is None or self.namer.is_dependent(name):
            suffix = "" if name is None else self._said(name)
            if before is not None:
                joined = (
                    before.indicator.name
                    if before.indicator.name.endswith(suffix)
                    else before.indicator.name + suffix
                )
                return dataclasses.replace(before.indicator, name=joined), before.phrase
            earlier = self.namer.clause_before(span[0])
            if earlier is None:
                return Indicator(name=suffix), span[0] if name is None else name.span[0]
            return Indicator(name=self._said(earlier) + suffix, concept=self._concept(earlier)), earlier.span[
                0
            ]
        return Indicator(name=self._said(name), concept=self._concept(name)), name.span[0]

    def _said(self, name: Name) -> str:
        said = re.sub(
            r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", self.shown[slice(*name.span)].strip()
        )
        return f"{name.prefix}{said}{name.suffix}"

    def _concept(self, name: Name) -> str | None:
        """The last term of the part that is named: of A占B的比例, and of "A of B", A."""
        start, end = name.span
        share = self.text.find(_PROPORTION, start + 2, end)
        end = share if share > 0 and not self.text.startswith("占比", share) else end
        of = self.text.find(_OF, start, end)
        end = of if of > 0 else end
        at = bisect_left(self.mention_starts, start)
        within = []
        while at < len(self.mentions) and self.mentions[at].end <= end:
            within.append(self.mentions[at].concept)
            at += 1
        terms = [concept for concept in within if concept.kind == "term"] or [
            concept for concept in within if concept.kind != "verb" and concept.id not in _NO_INDICATOR
        ]
        return terms[-1].id if terms else None

    def _direction(self, span: Span) -> Direction | None:
        start = max(self.bounds[bisect_right(self.bounds, span[0]) - 1], span[0] - 2 * _NEAR_CHARS)
        said = self.text[start : span[1]]
        found = directions_in(said)
        found |= {"down"} if _OF_FALL.search(said) else {"up"} if _OF_RISE.search(said) else set()
        if len(found) != 1:
            return None
        return "up" if "up" in found else "down"

    def _is_planned(self, span: Span) -> bool:
        """A plan reaches on to what follows it, unless that is said to be done; a demand holds for its own clause."""
        at = bisect_right(self.bounds, span[0])
        end = self.bounds[at] if at < len(self.bounds) else len(self.text)
        start = max(self.bounds[at - 1], span[0] - 3 * _NEAR_CHARS)
        planned, demanded, done = modality_of(
            _NO_DEMAND.sub("", self.text[start : min(end, span[1] + _NEAR_CHARS)])
        )
        if done:
            return False
        return planned or demanded or (self.plan is not None and self.plan.start() < span[0])


def _blanked(text: str, spans: Sequence[Span]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)
