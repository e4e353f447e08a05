"""What was found on the topic: clauses of articles with their place, each told once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rag.compose import Quote
from rag.evidence import Candidate
from rag.figures import Figure, find_figures
from rag.glossary import find_concepts
from rag.normalise import clause_spans, fold

_TELLING = ("quantity", "percent", "percentage_point", "money")
_LEAST_COUNT = 10
"""A smaller number mostly counts points of a speech (「五个方面」)."""
_REPEATED_SHARE = 0.5
_REPEATED_FIGURES_SHARE = 0.25
_LABEL_CHARS = 18
_LISTED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[.、](?![0-9]))\s*"
)
_NUMBERED = re.compile(r"^(?:第?[一二三四五六七八九十]{1,3}[是、，]|[(（][一二三四五六七八九十]{1,3}[)）])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A clause of an article on the topic.

    Attributes:
        sentence: The whole sentence, with all that is known of it.
        place: Code of the place it tells of, or "".
        strength: How far it is on the topic; see `rag.briefing.topic`.
        is_passing: It names the topic only as an item of a list.
    """

    quote: Quote
    sentence: Candidate
    place: str
    strength: float
    is_passing: bool = False

    @property
    def key(self) -> tuple[str, int, int]:
        """Where it stands."""
        return self.quote.article.article_id, self.quote.start, self.quote.end

    @property
    def amounts(self) -> frozenset[tuple[str, str]]:
        """Its figures, as value and unit."""
        return frozenset((str(f.value), f.unit) for f in find_figures(self.quote.text) if f.kind in _TELLING)

    @property
    def is_telling(self) -> bool:
        """Whether it gives a figure that is no mere count of points."""
        return tells_figures(self.quote.text)


_LEANS_ON = re.compile(
    r"(?:以来|以后|之后|之前|期间|时期|同时|基础上|背景下|前提下|领导下|努力下|推动下|支持下|指导下|框架下|情况下|方面|过程中|[^前最先随今日背午幕]后|[^届当同及准随按实]时)$"
)
"""A clause that ends so waits for what follows."""
_OPENS = re.compile(r"(?:通过|围绕|针对|结合|根据|依托|随着|按照?|为了|借助)[^，,]*$")
_SETS_OUT = re.compile(
    r"(?:围绕|针对|根据|按照|聚焦|对照|立足)[^，,]{2,80}(?:方向|目标|要求|任务|问题|需求|困境|特点|实际|标准|原则|重点|主线|核心|导向|难题)$"
)
"""So does one that only says by what, or towards what: 「某市围绕三大方向」."""
_OF_THE_TEXT = re.compile(
    r"^[“「『]?(?:同一?篇|这[篇份]|该|本)?(?:评论|文章|报道|讲话稿|访谈|本文|以下)(?!员|区)"
)
"""A sentence that begins so tells of the article, not of the reform."""


def says_something(finding: Finding, own: Collection[str]) -> bool:
    """Whether it gives a figure, or speaks of a term of the reform besides the topic's `own`; slogans do neither."""
    terms = {m.concept.id for m in find_concepts(finding.quote.text) if m.concept.kind == "term"}
    return finding.is_telling or bool(terms - set(own))


def is_of_the_text(text: str) -> bool:
    """Whether a sentence speaks of the article that it stands in."""
    return _OF_THE_TEXT.match(fold(text)) is not None


def is_leaning(clause: str) -> bool:
    """Whether a clause waits for what follows it: 「…以来，」, 「通过…，」, 「围绕…方向，」."""
    folded = fold(clause).strip().rstrip(",;:、 ")
    return any((_LEANS_ON.search(folded), _OPENS.match(folded), _SETS_OUT.search(folded)))


def whole_end(sentence: Candidate, start: int, end: int) -> int:
    """Where a quote of `[start, end)` must end so that it is no half sentence: not after 「…以来」 or 「…后」."""
    text = sentence.article.text
    for clause_start, clause_end in clause_spans(text, start, sentence.end):
        if clause_end >= end and not is_leaning(text[clause_start:clause_end]):
            return max(end, _without_comma(text, clause_start, clause_end, sentence.end))
    return sentence.end


def _without_comma(text: str, start: int, end: int, whole: int) -> int:
    while end < whole and end > start + 1 and text[end - 1] in "，,、：:；; ":
        end -= 1
    return end


def tells_figures(text: str) -> bool:
    """Whether a text gives a share, an amount of money, or a number that is no mere count of points."""
    return any(map(is_telling, find_figures(text)))


def is_telling(figure: Figure) -> bool:
    """Whether a figure is a share, an amount of money, or a number that is no mere count of points."""
    return figure.kind in _TELLING and (figure.kind != "quantity" or figure.value >= _LEAST_COUNT)


def quote_of(sentence: Candidate, start: int, end: int) -> Quote:
    """Quote a part of a sentence, without the number of a list in front of it."""
    number = _LISTED.match(sentence.article.text, start, end) if start == sentence.start else None
    return Quote(
        article=sentence.article,
        start=number.end() if number and number.end() < end else start,
        end=end,
        heading_path=sentence.heading_path,
        regions=sentence.regions,
    )


def is_label(text: str) -> bool:
    """Whether a sentence only announces the next one (「一是打造数字化医共体品牌。」)."""
    is_short = len(_NUMBERED.sub("", text)) <= _LABEL_CHARS
    return is_short and not tells_figures(text)


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what an earlier finding tells already: the same words, or its figures in much the same words.

    A sentence with a figure of its own always stays, however alike: two articles may differ.
    """
    kept: list[Finding] = []
    for finding in findings:
        if not any(_overlaps(finding, other) or _repeats(finding, other) for other in kept):
            kept.append(finding)
    return kept


def _overlaps(one: Finding, other: Finding) -> bool:
    return one.quote.overlaps(other.quote.article, other.quote.start, other.quote.end)


def _repeats(finding: Finding, other: Finding) -> bool:
    if not finding.amounts <= other.amounts or (finding.place and other.place not in ("", finding.place)):
        return False
    pairs = _pairs(fold(finding.quote.text))
    share = len(pairs & _pairs(fold(other.quote.text))) / max(1, len(pairs))
    return share > (_REPEATED_FIGURES_SHARE if finding.amounts else _REPEATED_SHARE)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def in_reading_order(findings: Sequence[Finding]) -> list[Finding]:
    """Measures before results, each in the order of the articles: first of the one that tells most."""
    ids = [f.quote.article.article_id for f in findings]
    home = {one: (-ids.count(one), ids.index(one)) for one in ids}
    return sorted(findings, key=lambda f: (f.is_telling, home[f.key[0]], f.key))
