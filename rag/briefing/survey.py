"""What the library says on a topic at all: its sentences on it, their places, and the terms they use."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.briefing.findings import Finding, is_of_the_text, quote_of
from rag.briefing.places import place_of
from rag.briefing.topic import IMPLIED, Topic, is_passing, strength_in
from rag.evidence import Candidate
from rag.glossary import Concept, concept, find_concepts
from rag.hostile import is_hostile
from rag.regions import is_within
from rag.retrieve import rarity_in, retrieve
from rag.terms import index_terms
from rag.types import Filter
from rag.understand import understand

if TYPE_CHECKING:
    from rag.briefing.shelf import Shelf
    from rag.library import Library
    from rag.pipeline import Pipeline

_DEPTH = 60
"""Passages read for the topic, and for each term that has to do with it."""
_MOST_RELATED = 8
_BODIES = ("部门", "局")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The sentences on a topic, article by article in their order.

    Attributes:
        findings: Whole sentences.
        places: Codes of places with at least one sentence, the most telling first.
        themes: Terms that these sentences use besides the topic, those of most places first.
    """

    findings: tuple[Finding, ...]
    places: tuple[str, ...]
    themes: tuple[Concept, ...]


def survey_library(pipeline: Pipeline, topic: Topic, shelf: Shelf, within: Filter) -> Survey:
    """Read every article that a search for the topic, or for a term that has to do with it, leads to."""
    articles: dict[str, None] = {}
    rarity = rarity_in(pipeline.library)
    wordings = [topic.chinese, *(c.zh[0] for c in topic.related[:_MOST_RELATED])]
    for wording in dict.fromkeys(wordings):
        query = understand(wording, rarity=rarity)
        found = retrieve(
            query, library=pipeline.library, encoder=pipeline.encoder, top_k=_DEPTH, within=within
        )
        articles.update(dict.fromkeys(hit.passage.article_id for hit in found.hits))
    sentences = [s for article_id in sorted(articles) for s in shelf.sentences(article_id)]
    return survey_of(topic, sentences, within)


def survey_of(topic: Topic, sentences: Sequence[Candidate], within: Filter) -> Survey:
    """Keep the sentences that are on the topic and of the places wanted, and count what they speak of."""
    found = [f for s in sentences if (f := finding_in(topic, s)) is not None]
    found = [f for f in found if is_wanted(f, within)]
    return Survey(findings=tuple(found), places=_places(found), themes=_themes(topic, found))


def findings_of_theme(
    library: Library, shelf: Shelf, within: Filter, place: str, theme: Concept
) -> list[Finding]:
    """What the library says of a place on a theme, on the topic or not: only then is a cell of a table empty."""
    terms = {term: 1.0 for form in theme.zh for term in index_terms(form)}
    hits = library.lexical(terms, top_k=_DEPTH, within=dataclasses.replace(within, regions=(place,)))
    sentences = {
        (s.article.article_id, s.start): s
        for hit in hits
        for s in shelf.sentences(hit.passage.article_id)
        if s.start < hit.passage.end and hit.passage.start < s.end
    }
    return [
        Finding(quote=quote_of(s, s.start, s.end), sentence=s, place=place, strength=IMPLIED)
        for s in sentences.values()
        if _speaks_of(theme, s.text) and place_of(s) == place and not is_hostile(s.text)
    ]


def _speaks_of(theme: Concept, text: str) -> bool:
    return any(mention.concept.id == theme.id for mention in find_concepts(text))


def finding_in(topic: Topic, sentence: Candidate) -> Finding | None:
    """Return a whole sentence as a finding, if it is on the topic; what gives orders or holds markup is none."""
    strength = strength_in(topic, sentence)
    if not strength or is_hostile(sentence.text) or is_of_the_text(sentence.text):
        return None
    return Finding(
        quote=quote_of(sentence, sentence.start, sentence.end),
        sentence=sentence,
        place=place_of(sentence),
        strength=strength,
        is_passing=is_passing(topic, sentence.text),
    )


def is_wanted(finding: Finding, within: Filter) -> bool:
    """Whether a finding is of one of the places wanted, or lies in one; where none is named, every one is."""
    return not within.regions or any(
        finding.place and is_within(finding.place, wanted) for wanted in within.regions
    )


def _places(found: Sequence[Finding]) -> tuple[str, ...]:
    weights: Counter[str] = Counter()
    for finding in found:
        if finding.place:
            weights[finding.place] += (
                1 + finding.is_telling * len(finding.amounts) if not finding.is_passing else 0
            )
    return tuple(sorted(weights, key=lambda code: (-weights[code], code)))


def _themes(topic: Topic, found: Sequence[Finding]) -> tuple[Concept, ...]:
    """Terms that have to do with the topic, those of most places first; bodies are no theme."""
    related = {c.id for c in topic.related if not any(name.endswith(_BODIES) for name in c.zh)}
    places: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for finding in found:
        for mention in find_concepts(finding.quote.text):
            if mention.concept.id in related:
                counts[mention.concept.id] += 1
                places.setdefault(mention.concept.id, set()).update({finding.place} - {""})
    return tuple(concept(i) for i in sorted(counts, key=lambda i: (-len(places[i]), -counts[i], i)))
