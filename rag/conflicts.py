"""Where two articles give different figures for the same thing. Told only where nothing else explains the difference.

Another place, time, part, plan, rounding or manner of counting explains it; so does a word that only one of them has.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.assess import Scored
from rag.evidence import Candidate, paragraph_start
from rag.figures import Figure, differ, find_figures, same_value
from rag.measured import Measure, indicator_words, is_telling, measures, years_in
from rag.normalise import fold
from rag.regions import full_name
from rag.types import Citation
from rag.understand import Query

_MOST_CONFLICTS = 2
_MOST_SIDES = 4
_MONTH_CHARS = len("2023-05")
_AS_OF_NOW = re.compile(r"目前|截至|截止|至今|迄今|如今|现在|现有|近日|日前")
_ADDS_UP = re.compile(
    r"累计|总计|已|完成|[新改扩]建|建[成立好起]|设立|成立|新[增设]|增设|核增|投入|拿出|筹集|拨付|培[训养]|招[聘收募]|引进|惠及|覆盖|接[诊待]|服务|开展"
)
_NATIONAL = re.compile(r"全国|我国|国家|中国|中央财政|国务院")
_DEICTIC = re.compile(
    r"[该本我][院校所站科馆室]|该(?:中心|县|区|镇|乡|村|医院|医共体|集团|企业|公司|机构)|我们|这家|这里|[其他她]们?(?=[的在把将])"
)
_INSTITUTION = re.compile(
    r"(?:人民|中医|中心|附属|肿瘤|儿童|妇产|妇幼|口腔|第[一二三四五六七八九十]{1,2}|[市县区][一二三四五六]|协和|同济|华西|湘雅)"
    r"[\u4e00-\u9fff]{0,4}?(?:医院|卫生院|保健院|院区)|[\u4e00-\u9fff]{2}(?:镇|乡|街道)[\u4e00-\u9fff]{0,4}(?:卫生院|中心)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sentence of an article, with what is known of it where it stands.

    Attributes:
        around: Titles and headings above it, or more of its article.
        places: Full names of the places that it speaks of.
        relatives: Ids of the other printings of its article's text.
    """

    article_id: str
    text: str
    around: str
    places: frozenset[str]
    date: str | None
    relatives: frozenset[str] = frozenset()

    def measures(self) -> tuple[Measure, ...]:
        """What its figures measure."""
        return _measures(self.text, self.date)


@lru_cache(maxsize=512)
def _measures(text: str, date: str | None) -> tuple[Measure, ...]:
    return tuple(measures(text, date=date))


def told_in(citation: Citation) -> Told:
    """Return what is told by the quote of a citation."""
    return Told(
        article_id=citation.article_id,
        text=citation.quote,
        around="\n".join([citation.title or "", *citation.heading_path]),
        places=frozenset(citation.regions),
        date=citation.date,
    )


def told_by(candidate: Candidate) -> Told:
    """Return what is told by a sentence that was read."""
    article = candidate.article
    return Told(
        article_id=article.article_id,
        text=candidate.text,
        around="\n".join([article.title or "", *candidate.heading_path]),
        places=frozenset(map(full_name, candidate.regions)),
        date=article.date,
        relatives=frozenset(repost.article_id for repost in article.reposts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the articles that differ: its sentence, and the figure in it."""

    scored: Scored
    figure: Figure


def find_conflicts(
    query: Query, chosen: Sequence[Scored], answering: Sequence[Scored]
) -> list[tuple[Side, ...]]:
    """Find what articles say otherwise than the sentences chosen for an answer, and answer with as well.

    Returns:
        For each figure that is contradicted its sides, two to four, one an article, the newest first.
    """
    found: dict[frozenset[tuple[str, int, int]], tuple[Side, ...]] = {}
    for scored in chosen:
        for figure in _asked_for(query, scored):
            sides = _sides(query, Side(scored=scored, figure=figure), answering)
            if len(sides) > 1:
                found.setdefault(frozenset(map(_place, sides)), sides)
    return list(found.values())[:_MOST_CONFLICTS]


def _sides(query: Query, first: Side, answering: Sequence[Scored]) -> tuple[Side, ...]:
    """All that contradict a figure, and each other."""
    sides = [first]
    for other in answering:
        for figure in _asked_for(query, other):
            side = Side(scored=other, figure=figure)
            if len(sides) < _MOST_SIDES and all(_contradict(side, known) for known in sides):
                sides.append(side)
    return tuple(sorted(sides, key=_by_age, reverse=True))


def _asked_for(query: Query, scored: Scored) -> list[Figure]:
    """Figures of a sentence that a question is about: of those of its kind the ones whose own words say most of it."""
    candidate = scored.candidate
    if not query.asked.kind:
        return find_figures(candidate.text)
    clauses = {m.figure.start: fold(m.clause) for m in told_by(candidate).measures()}
    fits = [
        (sum(a.weight * a.strength(clauses.get(figure.start, "")) for a in query.aspects), figure)
        for figure in scored.figures
    ]
    return [figure for fit, figure in fits if fit == max(fit for fit, _ in fits)]


def _contradict(side: Side, other: Side) -> bool:
    if not differ(side.figure, other.figure):
        return False
    # With what stands before it in its paragraph, and without: a reader of the two quotes must see it as well.
    return all(
        any((a.start, b.start) == (side.figure.start, other.figure.start) for a, b in conflicting(*told))
        for told in zip(_told_both(side), _told_both(other), strict=True)
    )


def _told_both(side: Side) -> tuple[Told, Told]:
    candidate = side.scored.candidate
    told = told_by(candidate)
    before = candidate.article.text[
        paragraph_start(candidate.article.text, candidate.start) : candidate.start
    ]
    return told, dataclasses.replace(told, around=f"{told.around}\n{before}")


def _place(side: Side) -> tuple[str, int, int]:
    candidate = side.scored.candidate
    return candidate.article.article_id, candidate.start, side.figure.start


def _by_age(side: Side) -> tuple[str, str]:
    article = side.scored.candidate.article
    return article.date or "", article.article_id


def conflicting(one: Told, other: Told) -> Iterator[tuple[Figure, Figure]]:
    """Yield the figures of two sentences that differ though they are of the same thing; none of two printings."""
    if (
        one.article_id == other.article_id
        or one.article_id in other.relatives
        or other.article_id in one.relatives
    ):
        return
    if _is_of_one_institution(one) != _is_of_one_institution(other):
        return
    for mine in one.measures():
        for theirs in other.measures():
            if differ(mine.figure, theirs.figure) and _is_same_thing(one, mine, other, theirs):
                yield mine.figure, theirs.figure


def _is_of_one_institution(told: Told) -> frozenset[str]:
    """Names of single hospitals that it may be about."""
    return frozenset(_INSTITUTION.findall(fold(f"{told.text}\n{told.around}")))


# What they are of


def _is_same_thing(one: Told, mine: Measure, other: Told, theirs: Measure) -> bool:
    return (
        (mine.role, mine.manner, mine.is_planned, mine.is_denied)
        == (theirs.role, theirs.manner, theirs.is_planned, theirs.is_denied)
        and not _DEICTIC.search(fold(one.text))
        and not _DEICTIC.search(fold(other.text))
        and not _says(one, theirs.figure)
        and not _says(other, mine.figure)
        and _is_same_place(one, mine, other, theirs)
        and _is_same_indicator(one, mine, other, theirs)
        and _is_same_time(one, mine, other, theirs)
    )


def _says(told: Told, figure: Figure) -> bool:
    """Whether a sentence has that value anywhere: then it does not contradict it."""
    return any(same_value(measure.figure, figure) for measure in told.measures())


def _is_same_place(one: Told, mine: Measure, other: Told, theirs: Measure) -> bool:
    places = mine.places or one.places
    if places != (theirs.places or other.places) or len(places) > 1:
        return False
    # Without a place two sentences may be of any two companies, unless both are of the whole country.
    return bool(places) or all(_NATIONAL.search(fold(f"{told.text}\n{told.around}")) for told in (one, other))


def _is_same_indicator(one: Told, mine: Measure, other: Told, theirs: Measure) -> bool:
    """Whether each says all that the other says of what it measures, and that tells it from other things."""
    shared = mine.words & theirs.words
    if not any(is_telling(word) for word in shared):
        return False
    return _holds(one, mine, theirs) and _holds(other, theirs, mine)


def _holds(told: Told, own: Measure, wanted: Measure) -> bool:
    """Whether the words of another measure are its own, or stand around it; what narrows it must stand in its sentence."""
    if not all(word in own.scope or word in own.ground for word in wanted.scope):
        return False
    around = f"{own.ground}\n{fold(told.around)}"
    missing = wanted.words - own.words
    return all(word in around for word in missing if not word.startswith("#")) and _has_concepts(
        around, missing
    )


def _has_concepts(text: str, words: frozenset[str]) -> bool:
    wanted = {word for word in words if word.startswith("#")}
    return not wanted or wanted <= indicator_words(text)


def _is_same_time(one: Told, mine: Measure, other: Told, theirs: Measure) -> bool:
    """Whether both are of the same period: as they say it, else as the dates of their articles make it likely."""
    if mine.period.parts != theirs.period.parts:
        return False
    if mine.period.years and theirs.period.years:
        return mine.period.years == theirs.period.years
    if mine.period.years or theirs.period.years:
        return (mine.period.years or _implied_years(one)) == (theirs.period.years or _implied_years(other))
    if _headed_years(one) != _headed_years(other):
        return False
    is_same_month = (
        len(one.date or "") >= _MONTH_CHARS
        and (one.date or "")[:_MONTH_CHARS] == (other.date or "")[:_MONTH_CHARS]
    )
    if any(_AS_OF_NOW.search(fold(told.text)) for told in (one, other)):
        return is_same_month
    if any(_ADDS_UP.search(fold(measure.clause)) for measure in (mine, theirs)):
        return is_same_month or not (one.date or other.date)
    return not (one.date and other.date) or one.date[:4] == other.date[:4]


def _headed_years(told: Told) -> frozenset[int]:
    return years_in(told.around)


def _implied_years(told: Told) -> frozenset[int]:
    return _headed_years(told) | ({int(told.date[:4])} if told.date else set())
