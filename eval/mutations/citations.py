"""True sentences that cite the wrong place, tell of the wrong place, or have their parts exchanged."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from eval.mutations.chance import shuffled
from eval.mutations.claims import Faithful
from eval.mutations.inventions import invented_sentences, place_of
from eval.mutations.places import name_like, swapped_places
from eval.mutations.pool import Pool
from eval.mutations.wording import counted_figures, is_gloss_list, shared_share, splice, swap
from rag.figures import Figure, changes, same_value
from rag.regions import find_regions, is_within, region

_MOST_HELD = 0.5
_LISTED = re.compile(r"[、,，/]|和|及|与|或|至|到|—|~")
_Rewrite = tuple[str, str, str]
"""Claim, evidence, context."""


def wrong_citations(faithful: Faithful, pool: Pool) -> Iterator[_Rewrite]:
    """The claim as it is, citing what does not say it: the hardest of the pool first."""
    if is_gloss_list(faithful.claim):
        return  # what a word means is true wherever it is cited
    for other in pool.rivals(faithful)[:2]:
        yield faithful.claim, other.evidence, other.context


def inventions(faithful: Faithful, pool: Pool) -> Iterator[_Rewrite]:
    """Sentences nowhere in the evidence: those of other articles told of this place, and such as nobody wrote."""
    told = next(_told_of(faithful, pool), None)
    made = next(invented_sentences(faithful), None)
    for claim in shuffled([c for c in (told, made, made) if c], faithful.claim, "invented"):
        yield claim, faithful.evidence, faithful.context


def _told_of(faithful: Faithful, pool: Pool) -> Iterator[str]:
    """Sentences of other articles, their place exchanged for this claim's."""
    if faithful.language == "en":
        return
    for other in pool.strangers(faithful)[:12]:
        if other.language == "en" or shared_share(other.claim, faithful.known) >= _MOST_HELD:
            continue
        mentions = find_regions(other.claim)
        if len(mentions) > 1:
            continue
        if not mentions:
            yield f"（{place_of(faithful)}）{other.claim}" if faithful.regions else other.claim
        elif faithful.regions:
            mention, here = mentions[0], region(faithful.regions[0])
            written = other.claim[mention.start : mention.end]
            name = name_like(written, mention.region, here) or here.name
            yield splice(other.claim, (mention.start, mention.end), name)


def exchanged_parts(faithful: Faithful, pool: Pool) -> Iterator[_Rewrite]:
    """Let two figures or two places change places: of the claim, of its evidence, or of two claims cited together."""
    if faithful.language == "en":
        return
    inside = [
        *_swapped_figures(faithful.claim),
        *list(swapped_places(faithful))[:1],
        *_lent_figures(faithful),
    ]
    for claim in shuffled(inside, faithful.claim, "swapped_subjects")[:1]:
        yield claim, faithful.evidence, faithful.context
    if counted_figures(faithful.claim):
        across = list(_exchanged_with_neighbours(faithful, pool))
        yield from shuffled(across, faithful.claim, "across")[:1]


def _swapped_figures(claim: str) -> list[str]:
    figures = counted_figures(claim)
    pairs = [(a, b) for i, a in enumerate(figures) for b in figures[i + 1 : i + 5] if _may_swap(claim, a, b)]
    swaps = (swap(claim, (a.start, a.end), (b.start, b.end)) for a, b in pairs)
    return shuffled([s for s in swaps if len(counted_figures(s)) == len(figures)], claim, "swapped")[:1]


def _exchanged_with_neighbours(faithful: Faithful, pool: Pool) -> Iterator[_Rewrite]:
    """The claim with a figure or the place of another one, both of them cited."""
    for other in pool.rivals(faithful)[:12]:
        if other.language == "en":
            continue
        both = dataclasses.replace(
            faithful,
            evidence=f"{faithful.evidence}\n{other.evidence}",
            context="\n".join(dict.fromkeys(f"{faithful.context}\n{other.context}".split("\n"))),
        )
        for claim in (*_lent_figures(both), *_lent_place(faithful, other)):
            yield claim, both.evidence, both.context


def _lent_place(faithful: Faithful, other: Faithful) -> Iterator[str]:
    """A claim that tells a figure of one place told of the place of another claim."""
    own, others = find_regions(faithful.claim), find_regions(other.claim)
    if len(own) != 1 or not others or not counted_figures(faithful.claim):
        return
    (mention,), lent = own, others[0].region
    written = faithful.claim[mention.start : mention.end]
    name = name_like(written, mention.region, lent)
    apart = not is_within(lent.code, mention.region.code) and not is_within(mention.region.code, lent.code)
    if name and apart and lent.level == mention.region.level and mention.region.code not in _places(other):
        yield splice(faithful.claim, (mention.start, mention.end), name)


def _places(claim: Faithful) -> set[str]:
    return {m.region.code for m in find_regions(claim.known)}


def _may_swap(claim: str, a: Figure, b: Figure) -> bool:
    """Whether two figures measure alike but say different things of different subjects."""
    alike = a.kind == b.kind and a.unit == b.unit and a.unit != "" and not same_value(a, b)
    if not alike or a.qualifier != b.qualifier:
        return False
    between = claim[a.end : b.start]
    if len(between) < 5 and not (_LISTED.fullmatch(between) and "分别" in claim[: a.start]):
        return False
    return not any(c.start <= a.start and b.end <= c.end for c in changes(claim))


def _lent_figures(faithful: Faithful) -> list[str]:
    """The claim with a figure that its evidence has elsewhere, and the claim has not."""
    claim = faithful.claim
    own = counted_figures(claim)
    others = [f for f in counted_figures(faithful.evidence) if not any(same_value(f, o) for o in own)]
    made = [
        splice(claim, (figure.start, figure.end), other.raw)
        for figure in own
        for other in others
        if figure.kind == other.kind
        and figure.unit
        and figure.unit == other.unit
        and figure.qualifier == other.qualifier
    ]
    return shuffled(made, claim, "lent")[:1]
