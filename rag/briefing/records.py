"""The figures of the sentences on a topic, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.briefing.findings import Finding
from rag.compose import Quote
from rag.indicators import Record, find_records
from rag.indicators.select import same_kind
from rag.terms import content_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A figure as data, with the finding that it stands in."""

    record: Record
    finding: Finding

    @property
    def quote(self) -> Quote:
        """What proves it."""
        return self.finding.quote

    @property
    def place(self) -> str:
        """Code of the place that it is of; "" for a body outside of any known place."""
        return self.record.subject.region or (self.finding.place if self.record.subject.is_inherited else "")


def measured_in(findings: Sequence[Finding]) -> list[Measured]:
    """Return the figures that stand in findings, in their order; an article is read once."""
    records: dict[str, list[Record]] = {}
    for finding in findings:
        article = finding.quote.article
        if article.article_id not in records:
            records[article.article_id] = find_records(article)
    return [
        Measured(record=record, finding=finding)
        for finding in findings
        for record in records[finding.quote.article.article_id]
        if finding.quote.start <= record.start and record.end <= finding.quote.end
    ]


def by_kind(measured: Sequence[Measured]) -> list[list[Measured]]:
    """Put figures of one indicator and one unit together, in the order in which each first comes."""
    groups: list[list[Measured]] = []
    for one in measured:
        group = next((g for g in groups if _is_one_indicator(g[0].record, one.record)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return groups


def _is_one_indicator(one: Record, other: Record) -> bool:
    """Whether they are of one kind, in one unit, and by names of the same words: 专业技术人员 are no 工作人员."""
    words = [frozenset(content_terms(record.indicator.name)) for record in (one, other)]
    return (
        bool(words[0])
        and words[0] == words[1]
        and one.figure.unit == other.figure.unit
        and same_kind(one, other)
    )
