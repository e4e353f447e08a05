"""Refusals that help: what is missing, and what the library does have instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from prompts import load_prompt
from rag.assess import Assessment, Scored, covers_enough, is_told_of
from rag.glossary import ConceptMention, concept, find_concepts
from rag.kinds import Kind, asked_kinds
from rag.regions import english_name, full_name, region
from rag.types import Answer, Language, Refusal, RefusalCode
from rag.understand import Query
from rag.vague import FIELD
from rag.years import year_ranges

if TYPE_CHECKING:
    from rag.library import Library

_OFFERED = 5
_NEAREST_TITLES = 3
_CHOICES = 6
_TITLES_READ = 500
"""So many tell what a library is about, in 20 ms, however large it is."""
_ASKED: dict[Language, dict[Kind | None, str]] = {
    "zh": {
        "person": "是谁",
        "body": "是哪个部门或单位",
        "place": "是什么地方",
        "time": "是什么时候",
        "number": "是多少",
        "title": "叫什么",
        "reason": "为什么",
        "manner": "是怎样做的",
        "definition": "它是什么",
        "yes_no": "是不是这样",
        "list": "有哪些",
        None: "所问的这一点",
    },
    "en": {
        "person": "who",
        "body": "which body",
        "place": "where",
        "time": "when",
        "number": "how many or how much",
        "title": "what it is called",
        "reason": "why",
        "manner": "how",
        "definition": "what it is",
        "yes_no": "whether it is so",
        "list": "which ones",
        None: "what is asked of it",
    },
}
"""What is missing, by the kind of thing asked for."""
_JOINERS = {"zh": "、", "en": ", "}
_OR = {"zh": "或", "en": " or "}
_COUNTY = 3


def refuse_plainly(code: RefusalCode, language: Language) -> Refusal:
    """A refusal that needs no evidence: an empty question, an empty library."""
    return Refusal(code=code, message=load_prompt(f"refusal_{code}", language).format())


def refuse_outside(answer: Answer) -> Refusal:
    """Say that the filter alone stands between the reader and this answer, and where the answer lies."""
    undated = "日期不详" if answer.language == "zh" else "undated"
    names = [f"{c.title or c.article_id}（{c.date or undated}）" for c in answer.citations]
    return _refusal("outside_filter", answer.language, where=_join(names, answer.language))


def refuse_declined(query: Query, assessment: Assessment) -> Refusal:
    """Say that a model, having read what is nearest, found no answer in it; and where the nearest stands."""
    language = query.language
    subject = _join(_names(query, [a.name for a in query.subjects[:3]]), language)
    nearest = _titles(assessment.answering, language)
    return _refusal("model_declined", language, subject=subject, nearest=nearest)


def refuse(query: Query, assessment: Assessment, *, library: Library) -> Refusal:
    """Say why there is no answer, from the gap the assessment found."""
    language = query.language
    subject = _join(_names(query, assessment.missing), language)
    place = _join([_any_of(group, language) for group in query.regions], language)
    elsewhere = _have_elsewhere(query, assessment.nearest)
    if query.regions and not _places_known(query, library):
        return _refusal("region_not_in_library", language, region=place, have=elsewhere)
    if assessment.gap == "vague":
        return _refusal(
            "too_vague", language, have=_have_to_choose(query, assessment.nearest, place, library)
        )
    if assessment.gap == "nothing" and not query.regions:
        return _refusal("off_topic", language, topics=_join(library_topics(library, language), language))
    if assessment.gap == "year":
        years = _join(year_ranges(query.years), language)
        return _refusal("year_without_subject", language, year=years, subject=subject, have=elsewhere)
    if assessment.gap == "figure":
        return _refusal("figure_not_found", language, subject=subject, have=elsewhere)
    if assessment.gap == "detail":
        asked = _ASKED[language][asked_kinds(query.text).kind]
        nearest = _titles(assessment.nearest, language)
        return _refusal("detail_not_found", language, subject=subject, asked=asked, nearest=nearest)
    if query.regions:
        have = elsewhere or _have_topics(query, assessment.nearest, place)
        return _refusal("region_without_subject", language, region=place, subject=subject, have=have)
    return _refusal("not_found", language, missing=subject, have=elsewhere)


def library_topics(library: Library, language: Language) -> list[str]:
    """Names of the concepts that most titles speak of, for a reader who does not know what is there."""
    counts: Counter[str] = Counter()
    for title in library.titles(_TITLES_READ):
        for mention in find_concepts(title):
            if mention.concept.kind == "term":
                counts[_concept_name(mention, language)] += 1
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    return ranked[: 2 * _OFFERED]


def _have_to_choose(query: Query, nearest: Sequence[Scored], place: str, library: Library) -> str:
    """Topics that a question could have named: what is told of the places asked about, else what the library is about."""
    language = query.language
    topics = _told_topics(query, nearest) if query.regions else _choosable(library, language)
    listed = _join(topics[:_CHOICES], language)
    if not listed:
        return ""
    if query.regions:
        return load_prompt("have_topics", language).format(region=place, topics=listed)
    return load_prompt("have_library_topics", language).format(topics=listed)


def _choosable(library: Library, language: Language) -> list[str]:
    """What the library is about, without the names of the whole field."""
    field = [concept(name) for name in FIELD]
    whole = {one.en[0] if language == "en" else one.zh[0] for one in field}
    return [topic for topic in library_topics(library, language) if topic not in whole]


def _told_topics(query: Query, nearest: Sequence[Scored]) -> list[str]:
    """Concepts told of the places asked about: first what most of these places share, then what is told most often."""
    places: dict[str, set[tuple[str, ...]]] = {}
    counts: Counter[str] = Counter()
    for scored in nearest:
        told = [group for group in query.regions if is_told_of(group, scored.candidate)]
        text = f"{scored.candidate.context}\n{scored.candidate.text}"
        for name in {_concept_name(m, query.language) for m in find_concepts(text) if _is_topic(m)}:
            counts[name] += 1
            places.setdefault(name, set()).update(told)
    return sorted(counts, key=lambda name: (-len(places[name]), -counts[name], name))


def _is_topic(mention: ConceptMention) -> bool:
    return mention.concept.kind == "term" and mention.concept.id not in FIELD


def _concept_name(mention: ConceptMention, language: Language) -> str:
    return mention.concept.en[0] if language == "en" else mention.concept.zh[0]


def _refusal(code: RefusalCode, language: Language, **values: str) -> Refusal:
    message = load_prompt(f"refusal_{code}", language).format(**values)
    return Refusal(code=code, message=message.strip())


def _places_known(query: Query, library: Library) -> bool:
    return any(library.is_about(wanted) for wanted in query.region_codes)


def _titles(scored: Sequence[Scored], language: Language) -> str:
    titles = [s.candidate.article.title or s.candidate.article.article_id for s in scored]
    return _join(list(dict.fromkeys(titles))[:_NEAREST_TITLES], language)


def _have_elsewhere(query: Query, nearest: Sequence[Scored]) -> str:
    """Places for which the subject is there, when it is there for other places than the one asked about."""
    language = query.language
    places: dict[str, None] = {}
    for scored in nearest:
        if covers_enough(query, scored):
            for code in scored.candidate.regions[:1]:
                told = scored.candidate.years or scored.candidate.implied_years
                years = year_ranges(told if query.years else ())
                note = (
                    "".join(f" {y}" for y in years) if language == "en" else "".join(f"{y}年" for y in years)
                )
                places.setdefault(_place(code, language) + (f"（{note.strip()}）" if note else ""))
    if not places or not query.subjects:
        return ""
    subject = _join(_names(query, [a.name for a in query.subjects[:2]]), language)
    where = _join(list(places)[:_OFFERED], language)
    return load_prompt("have_elsewhere", language).format(subject=subject, where=where)


def _have_topics(query: Query, nearest: Sequence[Scored], place: str) -> str:
    """What the library says of the place asked about, by the concepts of its sentences."""
    language = query.language
    topics: dict[str, None] = {}
    for scored in nearest:
        for mention in find_concepts(scored.candidate.text):
            if mention.concept.kind == "term":
                topics.setdefault(_concept_name(mention, language))
    if not topics:
        return ""
    listed = _join(list(topics)[:_OFFERED], language)
    return load_prompt("have_topics", language).format(region=place, topics=listed)


def _names(query: Query, names: Sequence[str]) -> list[str]:
    """Aspect names in the reader's language: a concept's own, or the word as it was asked."""
    by_name = {a.name: a for a in query.aspects}
    out = []
    for name in names:
        aspect = by_name.get(name)
        if query.language == "en" and aspect is not None and aspect.english:
            out.append(aspect.english)
        else:
            out.append(name)
    return out or [query.text.strip(" ?？。")]


def _any_of(codes: Sequence[str], language: Language) -> str:
    """What a name may mean, so that nobody has to guess which was looked for."""
    names = [_place(code, language) for code in codes[:_OFFERED]]
    if language == "en" and (len(codes) > 1 or region(codes[0]).level == _COUNTY):
        names = [f"{name} ({full_name(code)})" for name, code in zip(names, codes, strict=False)]
    return _OR[language].join(names)


def _place(code: str, language: Language) -> str:
    return english_name(code) if language == "en" else full_name(code)


def _join(names: Sequence[str], language: Language) -> str:
    return _JOINERS[language].join(dict.fromkeys(names))
