"""The figures of the sentences on a topic, as data."""

from __future__ import annotations

from collections.abc import Sequence

from rag.briefing.findings import Finding
from rag.compose import Quote
from rag.figures import changes
from rag.indicators.types import Indicator, Record, Subject, When
from rag.regions import full_name
from dataclasses import replace, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A figure as data, with the sentence on the topic that it stands in."""

    record: Record
    finding: Finding

    @property
    def quote(self) -> Quote:
        """What proves it."""
        return self.finding.quote


def measured_in(findings: Sequence[Finding]) -> list[Measured]:
    found = []
    for f in findings:
        s = f.sentence
        for n, c in enumerate(changes(s.text)):
            if not f.quote.start <= s.start + c.start < s.start + c.end <= f.quote.end:
                continue
            name = s.text[c.subject[0] : c.subject[1]] if c.subject else ""
            for role, fig in (("before", c.before), ("after", c.after)):
                g = replace(fig, start=fig.start + s.start, end=fig.end + s.start)
                found.append(
                    Measured(
                        finding=f,
                        record=Record(
                            article_id=s.article.article_id,
                            start=g.start,
                            end=g.end,
                            figure=g,
                            indicator=Indicator(name=name),
                            subject=Subject(
                                name=full_name(f.place) if f.place else "", region=f.place or None
                            ),
                            when=When(),
                            role=role,
                            change_id=f"{s.start}.{n}",
                            direction=c.direction,
                            clause=s.text,
                            clause_start=s.start,
                            clause_end=s.end,
                            sentence_start=s.start,
                            sentence_end=s.end,
                        ),
                    )
                )
    return found
