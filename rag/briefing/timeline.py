"""Dated events of the topic, in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.briefing.dates import Event, find_events
from rag.briefing.draft import Drafts, without_repeats
from rag.briefing.findings import Finding, quote_of, told_once
from rag.briefing.types import Grid, Line, Section
from rag.briefing.words import word
from rag.normalise import clause_spans
from rag.types import Language

MOST_EVENTS = 24
_LEAST_TOLD_CHARS = 6
"""A date with less beside it tells of nothing."""


def timeline(findings: Sequence[Finding], drafts: Drafts) -> Section | None:
    """A table of dates and what happened then; sentences that name no date are left out, however new they are.

    Args:
        findings: On the topic, of every article.
        drafts: Makes the lines.
    """
    dated = [pair for finding in findings if not finding.is_passing for pair in _events_of(finding)]
    once = {id(f) for f in told_once(finding for _, finding in dated)}
    kept = sorted(
        (pair for pair in dated if id(pair[1]) in once), key=lambda pair: (pair[0].order, pair[1].key)
    )[-MOST_EVENTS:]
    if not kept:
        return None
    rows: dict[str, list[Line]] = {}
    for event, finding in kept:
        rows.setdefault(_shown(event, drafts.language), []).append(_line(event, finding, drafts))
    grid = Grid(
        columns=(word("event", drafts.language),),
        rows=tuple((shown, (without_repeats(lines),)) for shown, lines in rows.items()),
    )
    return Section(kind="timeline", heading=word("timeline", drafts.language), grid=grid)


def _events_of(finding: Finding) -> Iterator[tuple[Event, Finding]]:
    """Cut a sentence that tells of several dates into what happened at each: from its clause to that of the next."""
    sentence = finding.sentence
    text = sentence.article.text
    first, last = finding.quote.start, finding.quote.end
    clauses = clause_spans(text, first, last)
    events = find_events(finding.quote.text, sentence.article.date)
    starts: list[tuple[int, Event]] = []
    for event in events:
        at = max((a for a, _ in clauses if a <= first + event.start), default=first)
        if not starts or at > starts[-1][0]:
            starts.append((at, event))
    stops = [at for at, _ in starts[1:]] + [last]
    for number, (at, event) in enumerate(starts):
        start = at if number else first
        stop = _without_comma(text, start, stops[number])
        if stop - start - len(event.text) >= _LEAST_TOLD_CHARS:
            yield event, _cut(finding, start, stop)


def _cut(finding: Finding, start: int, end: int) -> Finding:
    return Finding(
        quote=quote_of(finding.sentence, start, end),
        sentence=finding.sentence,
        place=finding.place,
        strength=finding.strength,
        is_passing=finding.is_passing,
    )


def _without_comma(text: str, start: int, end: int) -> int:
    while end > start + 1 and (text[end - 1] in "，,、：:；;" or text[end - 1].isspace()):
        end -= 1
    return end


def _line(event: Event, finding: Finding, drafts: Drafts) -> Line:
    line = drafts.sentence(finding)
    note = _note(event, finding.sentence.article.date or "", drafts.language)
    return Line(text=line.text, sources=line.sources, note="; ".join(n for n in (note, line.note) if n))


def _note(event: Event, date: str, language: Language) -> str:
    shown = _shown(event, language)
    if event.is_reckoned:
        return word("resolved", language, text=event.text, date=date, when=shown)
    return word("plan_period", language, text=event.text.strip("“”「」"), when=shown) if event.is_plan else ""


def _shown(event: Event, language: Language) -> str:
    """「2017年10月」, or "2017-10" for English readers, where there is a plain date."""
    if language == "zh":
        return event.shown
    year, month, day = event.order
    if "—" in event.shown:
        return event.shown.replace("—", "–").removesuffix("年")
    digits = [f"{year}", *([f"{month:02}"] if "月" in event.shown else []), *([f"{day:02}"] if day else [])]
    part = event.shown.split("年", 1)[1].lstrip("0123456789月日")
    return "-".join(digits) + (f" ({part})" if part else "")
