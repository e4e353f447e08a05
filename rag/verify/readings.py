"""A text read once for all checks: its figures with their surroundings, its clauses, its terms."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rag.figures import Figure, base_value, changes, find_figures, same_unit, same_value
from rag.normalise import Folded, clause_spans, contains_han, fold, fold_aligned, sentence_spans
from rag.verify.forms import Span, compact, terms_of

Role = Literal["from", "to", ""]
_CITATION = re.compile(r"[\[【][0-9]{1,3}[\]】]")
_FROM = re.compile(
    r"(?:从|由|自|相较于?|相比于?|(?<![占对同环])比|原为|原是|原来[是为]|原有|此前[是为])(?:[12][0-9x]{3}年(?:底|末|初)?的?|[^,。;、]{0,4}的)?(?:约|近|超过?)?$|\bfrom (?:about |nearly )?$"
)
_TO = re.compile(
    r"(?:至|到|为|达|成)了?(?:[12][0-9x]{3}年(?:底|末|初)?的?|(?:目前|现在|如今)的?)?(?:约|近|超过?)?$|\bto (?:about |nearly )?$|(?:→|->) ?$"
)
_ARROW_AFTER = re.compile(r" ?(?:→|->)")
_LIST_GAP = re.compile(r" ?(?:[、,，/]|和|及|与|或|and|or|, and) ?")
_NEAR_CHARS = 40


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Terms on either side of a figure, inside its clause and short of the next figure.

    Attributes:
        before: Terms of the clause before, in the same sentence: where the subject is when the clause has none.
    """

    left: frozenset[str]
    right: frozenset[str]
    role: Role
    before: frozenset[str] = frozenset()


class Reading:
    """A text read once for all checks; everything is computed when first asked for, in linear time."""

    def __init__(self, text: str) -> None:
        self.text = _CITATION.sub(lambda m: " " * len(m[0]), text)
        self._surroundings: dict[int, Surroundings] = {}

    @cached_property
    def figures(self) -> list[Figure]:
        """Every figure, in order."""
        return find_figures(self.text)

    @cached_property
    def clauses(self) -> list[Span]:
        """Spans of the clauses."""
        return clause_spans(self.text)

    @cached_property
    def sentences(self) -> list[Span]:
        """Spans of the sentences."""
        return sentence_spans(self.text)

    @cached_property
    def _aligned(self) -> Folded:
        return fold_aligned(self.text)

    @property
    def folded(self) -> str:
        """Matching form."""
        return self._aligned.text

    def unfolded(self, start: int, end: int) -> Span:
        """The span of the text that a span of its matching form came from."""
        return self._aligned.span(start, end)

    @cached_property
    def compact(self) -> str:
        """Matching form without blanks and punctuation; see `compact`."""
        return compact(self.text)

    @cached_property
    def terms(self) -> frozenset[str]:
        """All terms; see `terms_of`."""
        return terms_of(self.text)

    @cached_property
    def has_han(self) -> bool:
        """Whether any Han character is in it."""
        return contains_han(self.text)

    @cached_property
    def by_value(self) -> dict[object, list[int]]:
        """Positions in `figures` by kind and value in base units."""
        index: dict[object, list[int]] = {}
        for position, figure in enumerate(self.figures):
            index.setdefault((figure.kind, *base_value(figure)), []).append(position)
        return index

    def equals_of(self, figure: Figure) -> list[int]:
        """Positions of the figures of the same value and unit, the first fifty."""
        positions = self.by_value.get((figure.kind, *base_value(figure)), [])
        return [p for p in positions[:50] if same_value(figure, self.figures[p])]

    def rivals_of(self, figure: Figure, near: int) -> list[int]:
        """Positions of figures around position `near` that are comparable with `figure`, but say something else."""
        around = range(max(0, near - 10), min(len(self.figures), near + 11))
        candidates = [(p, self.figures[p]) for p in around]
        return [
            p
            for p, f in candidates
            if f.kind == figure.kind and same_unit(f, figure) and not same_value(f, figure)
        ]

    def figures_around(self, position: int, span: Span) -> list[Figure]:
        """Figures inside a span, as far as they are among the twenty on either side of a position."""
        around = self.figures[max(0, position - 20) : position + 21]
        return [f for f in around if span[0] <= f.start < span[1]]

    def clause_at(self, offset: int) -> Span:
        """The clause that holds an offset."""
        return _span_at(self.clauses, offset)

    def sentence_at(self, offset: int) -> Span:
        """The sentence that holds an offset."""
        return _span_at(self.sentences, offset)

    def surroundings(self, position: int) -> Surroundings:
        """What stands around the figure at a position of `figures`."""
        if position not in self._surroundings:
            self._surroundings[position] = self._look_around(position)
        return self._surroundings[position]

    def _look_around(self, position: int) -> Surroundings:
        figure = self.figures[position]
        role = self._role(figure)
        low, high = self.clause_at(figure.start)
        # The far end of a change shares the subject of the near end: 负债率由A降到B.
        before = self.figures[position - 1].end if position and role != "to" else 0
        after = self.figures[position + 1].start if position + 1 < len(self.figures) else len(self.text)
        left = self.text[max(low, before, figure.start - _NEAR_CHARS) : figure.start]
        right = self.text[figure.end : max(figure.end, min(high, after, figure.end + _NEAR_CHARS))]
        start = self.clause_at(low - 1)[0] if low > self.sentence_at(figure.start)[0] else low
        return Surroundings(
            terms_of(left),
            terms_of(right),
            role,
            terms_of(self.text[max(start, low - 2 * _NEAR_CHARS) : low]),
        )

    def lists_after(self, position: int) -> bool:
        """Whether the next figure follows in a list: nothing but 、 or "and" stands between them."""
        if position + 1 >= len(self.figures):
            return False
        between = self.text[self.figures[position].end : self.figures[position + 1].start]
        return _LIST_GAP.fullmatch(between[:20]) is not None

    def _role(self, figure: Figure) -> Role:
        before = fold(self.text[max(0, figure.start - 16) : figure.start])
        if _FROM.search(before) or _ARROW_AFTER.match(self.text[figure.end : figure.end + 3]):
            return "from"
        # In 占比为A，去年降至B the level A is where the change begins.
        return "to" if _TO.search(before) and figure.start not in self._left_levels else ""

    @cached_property
    def _left_levels(self) -> frozenset[int]:
        return frozenset(change.before.start for change in changes(self.text))


def _span_at(spans: list[Span], offset: int) -> Span:
    index = bisect.bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return spans[index] if index >= 0 else (0, 0)
