"""Ask the pipeline what was planned, and keep what its answers cite on the topic."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from rag.assess import score_all
from rag.briefing.findings import Finding, is_label, quote_of, says_something, told_once, whole_end
from rag.briefing.plan import Plan
from rag.briefing.survey import Survey, finding_in, is_wanted
from rag.briefing.topic import NAMED, Topic
from rag.compose.trim import trim
from rag.hostile import is_hostile
from rag.regions import is_within
from rag.types import Citation, Filter

if TYPE_CHECKING:
    from rag.briefing.shelf import Shelf
    from rag.pipeline import Pipeline

Progress = Callable[[int, int, str], None]
"""Told how many questions are answered, of how many, and which is next."""


def gather_findings(
    pipeline: Pipeline, topic: Topic, shelf: Shelf, *, within: Filter, plan: Plan, on_progress: Progress
) -> list[Finding]:
    """Ask every question; return the clauses cited that are on the topic and of the places wanted, in order of asking."""
    plain = pipeline.without_model()
    found: list[Finding] = []
    for number, planned in enumerate(plan.questions):
        on_progress(number, len(plan.questions), planned.shown)
        scope = dataclasses.replace(within, regions=(planned.place,)) if planned.place else within
        answer = plain.ask(planned.question, within=scope)
        cited = _findings(answer.citations, topic, shelf)
        found += [
            f
            for f in cited
            if is_wanted(f, within) and (not planned.place or is_within(f.place or "0", planned.place))
        ]
    on_progress(len(plan.questions), len(plan.questions), "")
    return found


def _findings(citations: Iterable[Citation], topic: Topic, shelf: Shelf) -> Iterator[Finding]:
    for citation in citations:
        sentence = shelf.sentence_at(citation.article_id, citation.start)
        finding = finding_in(topic, sentence) if sentence is not None else None
        if finding is not None:
            end = whole_end(finding.sentence, citation.start, citation.end)
            quote = quote_of(finding.sentence, citation.start, end)
            yield _widened(dataclasses.replace(finding, quote=quote), shelf)


def survey_findings(topic: Topic, survey: Survey, shelf: Shelf) -> list[Finding]:
    """What the survey found and no answer may have had room for: what names the topic, and figures of a part of it.

    What names the topic and gives figures comes first.
    """
    told = [_widened(trimmed(topic, f), shelf) for f in survey.findings if not f.is_passing]
    kept = [f for f in told if f.is_telling or (f.strength == NAMED and says_something(f, _own(topic)))]
    return sorted(kept, key=lambda f: (-f.strength, not f.is_telling))


def fallbacks(topic: Topic, survey: Survey, plan: Plan, found: Iterable[Finding]) -> list[Finding]:
    """What the survey has of places for which no answer said anything, if only in passing."""
    answered = {f.place for f in found}
    silent = [place for place in plan.places if place not in answered]
    return [trimmed(topic, f) for f in survey.findings if f.place in silent and f.strength == NAMED]


def trimmed(topic: Topic, finding: Finding) -> Finding:
    """Let a finding quote only the clauses of its sentence that are on the topic."""
    scored = score_all(topic.query, [finding.sentence])[0]
    start, end = trim(topic.query, scored)
    end = whole_end(finding.sentence, start, end)
    return dataclasses.replace(finding, quote=quote_of(finding.sentence, start, end))


def _widened(finding: Finding, shelf: Shelf) -> Finding:
    """Let a sentence that only announces the next one be quoted with it."""
    following = shelf.after(finding.sentence)
    if following is None or is_hostile(following.text) or not is_label(finding.quote.text):
        return finding
    return dataclasses.replace(
        finding, quote=quote_of(finding.sentence, finding.sentence.start, following.end)
    )


def settled(findings: Iterable[Finding], topic: Topic) -> list[Finding]:
    """Tell everything once: with its place rather than without, in full rather than in passing or without saying much.

    Of what names no place, only what says something is kept.
    """
    own = _own(topic)
    ranked = [(f, says_something(f, own)) for f in findings]
    kept = [(f, says) for f, says in ranked if says or f.place]
    kept.sort(key=lambda pair: (not pair[0].place, pair[0].is_passing, not pair[1]))
    return told_once(f for f, _ in kept)


def _own(topic: Topic) -> frozenset[str]:
    return frozenset(a.concept_id for a in (*topic.core, *topic.setting) if a.concept_id)
