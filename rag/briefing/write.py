"""A topic in, a briefing out.

topic → survey (what the library speaks of) → plan (questions) → gather (the pipeline's answers) → sections → prove → Briefing
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.absence import absence, absence_of, can_be_absent
from rag.briefing.changes import changes_section, find_changes
from rag.briefing.charts import place_charts
from rag.briefing.colophon import colophon_of
from rag.briefing.comparison import Compared, LookUp, comparison, gaps_in
from rag.briefing.draft import Drafts, silent
from rag.briefing.findings import Finding
from rag.briefing.gather import Progress, fallbacks, gather_findings, settled, survey_findings, trimmed
from rag.briefing.notes import notes_on
from rag.briefing.plan import Plan, place_in, plan_questions
from rag.briefing.practice import practice, summary
from rag.briefing.proof import prove
from rag.briefing.records import measured_in
from rag.briefing.shelf import Shelf
from rag.briefing.silence import silence
from rag.briefing.survey import Survey, findings_of_theme, survey_library
from rag.briefing.timeline import timeline
from rag.briefing.topic import Topic, read_topic
from rag.briefing.types import Briefing, Request, Section
from rag.briefing.words import topic_in, word
from rag.errors import NothingFoundError, TopicUnclearError
from rag.regions import resolve
from rag.types import Filter, Language

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

_PLAIN = re.compile(r"[^\W_]+")
_LONGEST_NAME_CHARS = 40
_MOST_OFFERED = 6
_JOINTS: tuple[tuple[str, Language], ...] = ((", ", "en"), ("、", "zh"))


def _unseen(done: int, total: int, label: str) -> None:
    """Show nothing."""


def write_briefing(pipeline: Pipeline, request: Request, *, on_progress: Progress = _unseen) -> Briefing:
    """Write a briefing on a topic from what the library says; no language model has a part in it.

    Args:
        pipeline: Answers the questions; an encoder that remembers makes this several times quicker.
        request: What is asked for; places by their full names.
        on_progress: Told of each question.

    Raises:
        TopicUnclearError: The topic names nothing to speak of, or only a place.
        NothingFoundError: The library says nothing on the topic, or nothing of the places and years asked for.
        ValueError: A place of the request is none.
        LibraryError: The library cannot be read.
        EncoderError: A question cannot be encoded.
    """
    library = pipeline.library
    topic, places = read_topic(request.topic, library)
    within = _filter_of(request, places)
    shelf = Shelf(library)
    if not topic.core:
        raise TopicUnclearError(topic=request.topic[:80])
    if library.is_empty:
        raise _nothing(request)
    survey = survey_library(pipeline, topic, shelf, within)
    if not survey.findings:
        elsewhere = () if within.is_open else survey_library(pipeline, topic, shelf, Filter()).places
        raise _nothing(request, elsewhere)
    plan = plan_questions(topic, survey, wanted=within.regions, language=request.language)
    found = gather_findings(pipeline, topic, shelf, within=within, plan=plan, on_progress=on_progress)
    findings = settled(
        [*found, *survey_findings(topic, survey, shelf), *fallbacks(topic, survey, plan, found)], topic
    )
    drafts = Drafts(topic, request.language)
    drafts.notes.update(notes_on(findings, request.language))
    look_up = functools.partial(findings_of_theme, library, shelf, within)
    sections = _sections(topic, findings, survey, plan, look_up, drafts)
    proven = prove(sections, drafts.quotes, language=request.language, meaning=pipeline.meaning)
    if not proven.sources:
        raise _nothing(request)
    named = dataclasses.replace(topic, text=request.topic)
    return Briefing(
        request=request,
        title=word("title", request.language, topic=topic_in(named, request.language)),
        sections=proven.sections,
        sources=proven.sources,
        colophon=colophon_of(library),
        questions=tuple(planned.shown for planned in plan.questions),
        dropped=proven.dropped,
        left_out=tuple(place_in(code, request.language) for code in plan.left_out),
    )


def _sections(
    topic: Topic, findings: list[Finding], survey: Survey, plan: Plan, look_up: LookUp, drafts: Drafts
) -> tuple[Section, ...]:
    on_topic = [trimmed(topic, f) for f in survey.findings if not f.place or f.place in plan.places]
    measured = measured_in(on_topic)
    compared = comparison(Compared(topic=topic, findings=tuple(findings), plan=plan, look_up=look_up), drafts)
    if compared is not None:
        compared = dataclasses.replace(compared, charts=place_charts(measured, drafts))
    sections = (
        summary(findings, plan.places, drafts),
        practice(findings, plan.places, drafts),
        compared,
        changes_section(find_changes(measured), drafts),
        timeline(on_topic, drafts),
        silence(plan, topic, gaps_in(compared, plan.places, plan.themes, drafts.language), drafts.language),
    )
    return tuple(section for section in sections if section is not None)


def empty_briefing(pipeline: Pipeline, request: Request) -> Briefing:
    """A briefing that says nothing but that the articles do not speak of its topic, for whoever wants that in writing."""
    language = request.language
    topic = " ".join(_PLAIN.findall(request.topic))[:_LONGEST_NAME_CHARS].strip()
    places = tuple(_code_of(name) for name in request.regions)
    if places or not can_be_absent(topic):
        texts = [absence(code, language) for code in places] or [word("nothing", language)]
    else:
        texts = [absence_of((topic,), language)]
    silent_on = Section(kind="silence", heading=word("silence", language), lines=tuple(map(silent, texts)))
    return Briefing(
        request=request,
        title=word("title", language, topic=request.topic),
        sections=(silent_on,),
        sources=(),
        colophon=colophon_of(pipeline.library),
    )


def _filter_of(request: Request, places: Sequence[str]) -> Filter:
    """What the request is limited to; where it names no places, those that its topic names."""
    codes = tuple(_code_of(name) for name in request.regions) or tuple(places)
    return Filter(regions=codes, since_year=request.since_year, until_year=request.until_year)


def _code_of(name: str) -> str:
    found = resolve(name)
    if found is None:
        raise ValueError(f"no single place is called {name[:40]!r}; give its full name")
    return found.code


def _nothing(request: Request, elsewhere: Sequence[str] = ()) -> NothingFoundError:
    """Say what there is nothing on, within what, and of which places there is something."""
    years = f"{request.since_year or ''}—{request.until_year or ''}" if _has_years(request) else ""
    limits = [*request.regions, *([years] if years else [])]
    have = tuple(
        joint.join(place_in(code, language) for code in elsewhere[:_MOST_OFFERED])
        for joint, language in _JOINTS
    )
    return NothingFoundError(
        topic=request.topic[:80], scope=(", ".join(limits), "、".join(limits)), have=(have[0], have[1])
    )


def _has_years(request: Request) -> bool:
    return request.since_year is not None or request.until_year is not None
