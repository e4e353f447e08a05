"""Choosing among records, telling which are of one kind, and putting the ends of changes together."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.figures import Amount, Change, is_computable, rough_difference, same_unit
from rag.figures.units import CANONICAL, MEASURED, PEOPLE, kind_of, words
from rag.glossary import concepts, find_concepts
from rag.indicators.subjects import NATION
from rag.indicators.types import Record
from rag.measured import GENERIC_WORDS, indicator_words, scope_words
from rag.normalise import fold
from rag.regions import is_within
from rag.terms import content_terms

_NATION_NAMES = frozenset((NATION, "中国", "我国", "national", "nationwide", "china"))
_HOW = frozenset(
    words(
        "新增 新建 改建 扩建 净增 核增 增设 累计 人均 户均 次均 日均 年均 月均 平均 最高 最低 每 占比 增长率 增速 增幅 降幅 同比 环比"
    )
)
"""Words that make another quantity of the same thing: 新增床位 is no 床位, and 人均费用 no 费用."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What records are asked for; what is empty asks for nothing.

    Attributes:
        regions: Division codes; a region covers what lies in it.
        is_national: Whether figures of the whole country are wanted, beside those of the regions.
        indicator: Words in either language; terms of the glossary stand for their concepts.
        since_year: First year that a figure is of, or its article from where the figure names none.
        unit: As people write it; 分钟 finds hours too, 家 finds no 家次 and % no 百分点.
        article_ids: Ids of articles.
    """

    regions: tuple[str, ...] = ()
    is_national: bool = False
    indicator: str = ""
    since_year: int | None = None
    until_year: int | None = None
    unit: str = ""
    article_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Both ends of a change that an article tells, in the order in which they were reached.

    Attributes:
        stated: What the article itself says of the difference (增加了671张, 增长率20%).
        difference: Computed, without sign, 约 where an end is rough; None where an end leaves too much open.
    """

    before: Record
    after: Record
    stated: tuple[Record, ...] = ()
    difference: Amount | None = None


def is_nation(name: str) -> bool:
    """Whether a name that someone typed means the whole country."""
    return fold(name).strip() in _NATION_NAMES


def select(
    records: Iterable[Record], wanted: Wanted, *, published: Mapping[str, int] | None = None
) -> list[Record]:
    """Keep the records that are asked for, in their order.

    Args:
        records: Of any articles.
        wanted: What is asked for.
        published: The year of each article by its id, for figures that name no year.
    """
    return [record for record in records if _fits(record, wanted, published or {})]


def same_kind(a: Record, b: Record) -> bool:
    """Whether two figures can stand in one column: one concept or the same words, one unit, both a level or both a change.

    Counted in another way they are not of one kind: 新增床位 and 床位, 人均费用 and 费用.
    """
    if (a.role == "change") != (b.role == "change") or not _same_unit(a.figure, b.figure):
        return False
    one, other = _kind(a.indicator.name), _kind(b.indicator.name)
    if one.how != other.how:
        return False
    concept = a.indicator.concept
    if concept is not None and concept == b.indicator.concept and f"#{concept}" not in GENERIC_WORDS:
        return True
    return bool(one.words) and one.words == other.words


def pair_changes(records: Iterable[Record]) -> list[Changed]:
    """Put the ends of each change together, in the order of the records; a change of which an end is missing is left out."""
    by_change: dict[str, list[Record]] = {}
    for record in records:
        if record.change_id is not None:
            by_change.setdefault(record.change_id, []).append(record)
    pairs = [_paired(group) for group in by_change.values()]
    return [pair for pair in pairs if pair is not None]


def _paired(group: Sequence[Record]) -> Changed | None:
    before = next((record for record in group if record.role == "before"), None)
    after = next((record for record in group if record.role == "after"), None)
    if before is None or after is None:
        return None
    change = Change(
        before=before.figure,
        after=after.figure,
        direction=after.direction or "same",
        start=min(before.start, after.start),
        end=max(before.end, after.end),
        subject=None,
    )
    return Changed(
        before=before,
        after=after,
        stated=tuple(record for record in group if record.role == "change"),
        difference=rough_difference(change) if is_computable(change) else None,
    )


def _fits(record: Record, wanted: Wanted, published: Mapping[str, int]) -> bool:
    return (
        (not wanted.article_ids or record.article_id in wanted.article_ids)
        and _fits_place(record, wanted)
        and (not wanted.unit or _fits_unit(record.figure, wanted.unit))
        and _fits_years(record, wanted, published)
        and (not wanted.indicator or _fits_indicator(record, wanted.indicator))
    )


def _fits_place(record: Record, wanted: Wanted) -> bool:
    if not wanted.regions and not wanted.is_national:
        return True
    code = record.subject.region
    if code is None:
        return wanted.is_national and record.subject.name == NATION
    return any(is_within(code, region) for region in wanted.regions)


def _fits_years(record: Record, wanted: Wanted, published: Mapping[str, int]) -> bool:
    if wanted.since_year is None and wanted.until_year is None:
        return True
    years = record.when.years or tuple(published[i] for i in (record.article_id,) if i in published)
    return any(
        (wanted.since_year is None or year >= wanted.since_year)
        and (wanted.until_year is None or year <= wanted.until_year)
        for year in years
    )


def _fits_unit(figure: Amount, unit: str) -> bool:
    folded = fold(unit).strip()
    canonical = CANONICAL.get(folded, folded)
    return _same_unit(figure, Amount(value=figure.value, unit=canonical, kind=kind_of(canonical)))


def _same_unit(one: Amount, other: Amount) -> bool:
    """Units that measure the same, or count in the same word: 家 is not 个 here, for what is counted may differ."""
    if one.unit == other.unit:
        return one.kind == other.kind
    both = {one.unit, other.unit}
    return (both <= PEOPLE or both <= MEASURED) and same_unit(one, other)


def _fits_indicator(record: Record, asked: str) -> bool:
    """Whether a record is of what is asked for: every concept asked for is its own or in its name, or its name has the words."""
    asked_ids, words = _asked(asked)
    name = record.indicator.name
    folded = fold(name)
    own = {record.indicator.concept, *_concepts_of(name)}
    if asked_ids and all(i in own or any(term in folded for term in concepts()[i].zh) for i in asked_ids):
        return True
    return fold(asked).strip() in folded or (bool(words) and all(word in folded for word in words))


@functools.lru_cache(maxsize=256)
def _asked(asked: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The concepts that the words asked for name, and the words themselves; an id of the glossary names its concept."""
    if asked.strip() in concepts():
        return frozenset((asked.strip(),)), ()
    ids = frozenset(m.concept.id for m in find_concepts(asked) if m.concept.kind == "term")
    return ids, tuple(content_terms(asked))


@functools.lru_cache(maxsize=65536)
def _concepts_of(name: str) -> frozenset[str]:
    return frozenset(mention.concept.id for mention in find_concepts(name))


class _Kind(NamedTuple):
    words: frozenset[str]
    how: frozenset[str]


@functools.lru_cache(maxsize=65536)
def _kind(name: str) -> _Kind:
    folded = fold(name)
    how = frozenset(word for word in _HOW if word in folded)
    return _Kind(indicator_words(name) | (scope_words(name) - _HOW), how)
