"""Whether the claim's places are the evidence's, and its figures of the same places."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from rag.verify.case import Case, counted
from rag.verify.forms import Span
from rag.verify.named import any_within, place_name, places_in
from rag.verify.readings import Reading
from rag.verify.reasons import Finding


def check_places(case: Case) -> Iterator[Finding]:
    """A place of the claim must be named in the evidence or its context, or hold one that is."""
    from rag.regions import find_regions

    known = {
        code for codes in (*places_in(case.evidence.text), *places_in(case.context.text)) for code in codes
    }
    for mention in find_regions(case.claim.text):
        codes = (mention.region.code, *(a.code for a in mention.alternatives))
        if not any_within(known, codes):
            span = (mention.start, mention.end)
            yield case.finding("place", span, case.claim.text[slice(*span)])
    yield from _check_sentence_places(case)
    yield from _check_figure_places(case)


def _check_sentence_places(case: Case) -> Iterator[Finding]:
    """The one place of a sentence must not be another than that of the evidence's sentence which says the same."""
    from rag.regions import find_regions

    if case.is_cross:
        return
    around = {code for codes in places_in(case.context.text) for code in codes}
    # Of several quotes the context names several places: it cannot tell which sentence is of which.
    context = (
        around if all(any_within([a], [b]) or any_within([b], [a]) for a in around for b in around) else set()
    )
    for start, end in case.prose.sentences:
        mentions = find_regions(case.prose.text[start:end])
        alike = case.matcher.most_alike(case.prose.text[start:end]) if len(mentions) == 1 else None
        if alike is None:
            continue
        mention = mentions[0]
        claimed = (mention.region.code, *(a.code for a in mention.alternatives))
        sentence = case.evidence.text[slice(*case.evidence.sentence_at(alike[0]))]
        known = {code for codes in places_in(sentence) for code in codes}
        is_other = known and not any_within(known, claimed) and not any_within(claimed, known)
        if is_other and not any_within(context, claimed):
            span = (start + mention.start, start + mention.end)
            yield case.finding("place", span, case.prose.text[slice(*span)])


def _check_figure_places(case: Case) -> Iterator[Finding]:
    """A figure that the claim gives to one place must not stand, in the evidence, in a sentence about others only."""
    context = {code for codes in places_in(case.context.text) for code in codes}
    sentences: dict[Span, set[str]] = {}
    claimed: dict[Span, list[tuple[str, ...]]] = {}
    for _, figure in [] if context else counted(case):
        span = case.claim.sentence_at(figure.start)
        if span not in claimed:
            claimed[span] = places_in(case.claim.text[span[0] : span[1]])
        named = claimed[span]
        if len(named) != 1:
            continue
        known: set[str] = set()
        for p in case.evidence.equals_of(figure)[:10]:
            known |= _governing_places(case.evidence, case.evidence.figures[p].start, sentences)
        if known and not any_within(known, named[0]) and not any_within(named[0], known):
            place = place_name(named[0][0], case.language)
            yield case.finding("figure_place", (figure.start, figure.end), figure.raw, place)


def _governing_places(reading: Reading, offset: int, seen: dict[Span, set[str]]) -> set[str]:
    """Places of the sentence that holds an offset, or else of the nearest sentence before it that names any."""
    index = bisect.bisect_right(reading.sentences, offset, key=lambda span: span[0]) - 1
    for span in reversed(reading.sentences[max(0, index - 20) : index + 1]):
        if span not in seen:
            seen[span] = {code for codes in places_in(reading.text[span[0] : span[1]]) for code in codes}
        if seen[span]:
            return seen[span]
    return set()
