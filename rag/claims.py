"""Reading a claim or its evidence for checking: figures with their surroundings, quotations, computations, terms."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from functools import cached_property
from typing import Literal

from rag.figures import Amount, Figure, base_value, find_figures, same_unit, same_value
from rag.normalise import clause_spans, contains_han, fold, fold_aligned, sentence_spans

Role = Literal["from", "to", ""]
Span = tuple[int, int]

_CITATION = re.compile(r"[\[【][0-9]{1,3}[\]】]")
_COMPUTED = re.compile(
    r"[（(] ?(?:computed|calculated|计算得出|計算得出) ?[:：]([^（）()\n]{1,200})[)）]", re.IGNORECASE
)
_OPERATOR = re.compile(r" [-–] |[\u2212\uff0b+\u00d7÷*]| / |减去?|加上?|minus|plus")
_SIGNS = {
    "-": "-",
    "–": "-",
    "\u2212": "-",
    "减": "-",
    "减去": "-",
    "minus": "-",
    "\u00d7": "*",
    "*": "*",
    "÷": "/",
    "/": "/",
}
_QUOTE_MARKS = {"“": "”", "「": "」", "『": "』", "‘": "’"}
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_WORD = re.compile(r"[a-z][a-z0-9'-]*[a-z0-9]")
_FROM = re.compile(
    r"(?:从|由|自|相较于?|相比于?|比)(?:[12][0-9x]{3}年(?:底|末|初)?的?|[^,。;、]{0,4}的)?(?:约|近|超过?)?$|\bfrom (?:about |nearly )?$"
)
_TO = re.compile(
    r"(?:至|到|为|达|成)了?(?:[12][0-9x]{3}年(?:底|末|初)?的?)?(?:约|近|超过?)?$|\bto (?:about |nearly )?$|(?:→|->) ?$"
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


@dataclass(frozen=True, slots=True)
class Computation:
    """An equation that a claim gives as computed; `operands` have to stand in the evidence."""

    text: str
    operands: tuple[Figure, ...]
    result: Figure | None
    holds: bool


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
    def folded(self) -> str:
        """Matching form."""
        return fold(self.text)

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
        return "to" if _TO.search(before) else ""


def _span_at(spans: list[Span], offset: int) -> Span:
    index = bisect.bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return spans[index] if index >= 0 else (0, 0)


def terms_of(text: str) -> frozenset[str]:
    """Terms by which two texts are compared: pairs of neighbouring Han characters, and Latin words."""
    folded = fold(text)
    pairs = (run[i : i + 2] for run in _HAN_RUN.findall(folded) for i in range(max(1, len(run) - 1)))
    return frozenset(pairs) | frozenset(_WORD.findall(folded))


def compact(text: str) -> str:
    """Return the matching form without blanks and punctuation; between digits these leave a mark, as they matter there."""
    return compact_aligned(text)[0]


def compact_aligned(text: str) -> tuple[str, list[int]]:
    """Return the compact form and, for each of its characters, the offset in the text."""
    folded = fold_aligned(text)
    characters: list[str] = []
    offsets: list[int] = []
    gap = ""
    for ch, offset in zip(folded.text, folded.starts, strict=False):
        if not (ch.isalnum() or ch in "%‰"):
            gap += ch
            continue
        mark = _gap_mark(characters[-1] if characters else "", gap.strip(), ch)
        if mark:
            characters.append(mark)
            offsets.append(offset)
        characters.append(ch)
        offsets.append(offset)
        gap = ""
    return "".join(characters), offsets


def _gap_mark(before: str, gap: str, after: str) -> str:
    """Keep what separates two digits, and a minus sign; a comma between digits is taken for a thousands separator."""
    if before.isdecimal() and after.isdecimal() and gap not in ("", ","):
        return "." if gap == "." else "~"
    return "-" if gap and gap[-1] in "-\u2212" and after.isdecimal() and not before.isascii() else ""


def quotations(text: str) -> Iterator[Span]:
    """Yield the inside of every outermost quotation in “”, 「」, 『』 and ‘’."""
    start, closer, opener, depth = 0, "", "", 0
    for offset, ch in enumerate(text):
        if not closer and ch in _QUOTE_MARKS:
            start, opener, closer, depth = offset + 1, ch, _QUOTE_MARKS[ch], 0
        elif closer and ch == opener:
            depth += 1
        elif closer and ch == closer:
            depth -= 1
            if depth < 0:
                yield start, offset
                closer = ""


def without_quotations(text: str) -> str:
    """Blank out every quotation, offsets kept."""
    pieces, position = [], 0
    for start, end in quotations(text):
        pieces += [text[position:start], " " * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def split_computations(claim: str) -> tuple[str, list[Computation]]:
    """Take the "(computed: A − B = C)" parts out of a claim, offsets kept."""
    computations = [_computation(match[1].strip()) for match in _COMPUTED.finditer(claim)]
    return _COMPUTED.sub(lambda m: " " * len(m[0]), claim), computations


def _computation(text: str) -> Computation:
    left, _, right = fold(text).partition("=")
    signs = [_SIGNS.get(m[0].strip(), "+") for m in _OPERATOR.finditer(left)]
    operands = [find_figures(part.strip()) for part in _OPERATOR.split(left)]
    results = find_figures(right.strip())
    flat = tuple(found[0] for found in operands if len(found) == 1)
    if len(results) != 1 or len(flat) != len(operands) or not signs:
        return Computation(text, flat, None, holds=False)
    return Computation(text, flat, results[0], holds=_holds(flat, signs, results[0]))


def _holds(operands: tuple[Figure, ...], signs: list[str], result: Figure) -> bool:
    """Recompute, to the last digit that the result is written with."""
    try:
        value = base_value(operands[0])[0]
        for sign, operand in zip(signs, operands[1:], strict=True):
            value = _apply(sign, value, base_value(operand)[0])
    except DecimalException:
        return False
    if "/" in signs and result.kind == "percent":
        value *= 100
    factor = Decimal(1) if result.value == 0 else base_value(result)[0] / result.value
    tolerance = result.step * factor / 2 if "/" in signs else Decimal(0)
    return abs(value - base_value(result)[0]) <= tolerance and _unit_follows(operands, signs, result)


def _apply(sign: str, a: Decimal, b: Decimal) -> Decimal:
    if sign == "-":
        return a - b
    if sign == "+":
        return a + b
    return a * b if sign == "*" else a / b


def _unit_follows(operands: tuple[Figure, ...], signs: list[str], result: Amount) -> bool:
    """Whether the result has the unit that the operation gives: percent minus percent gives percentage points."""
    if set(signs) & {"*", "/"}:
        return True
    first = operands[0]
    if first.kind == "percent" and "-" in signs:
        return result.kind == "percentage_point" and all(o.kind == "percent" for o in operands)
    return all(o.kind == result.kind and same_unit(o, result) for o in operands)
