"""Does the evidence answer the question? Which sentences do; and if none, what exactly is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.aspects import Aspect
from rag.echo import Echo, echoes
from rag.enumeration import names_several, only_counts
from rag.evidence import Candidate
from rag.figures import Figure, find_figures
from rag.kinds import asked_kinds, could_answer
from rag.merit import EVEN, Signs, is_crowd, is_telling, least_likelihood, likelihood, merit, rank_sign
from rag.regions import is_within
from rag.understand import Query
from rag.vague import is_too_vague

ENOUGH = 0.5
"""Share of a question's weight that a sentence, with its headings and the sentence before it, must cover."""

OWN_SHARE = 0.15
"""Share that the sentence itself must cover: a heading alone answers nothing."""

SUBJECT_SHARE = 0.52
"""Share of the weight of a question's subjects that must be spoken of: one of two is not enough."""

MEANING_SHARE = 0.2
"""What a clear lead in meaning adds to both shares: other wordings of a question never match word for word."""

_CONTEXT_STRENGTH = 0.8
_BEFORE_STRENGTH = 0.6
_MEANING_STRENGTH = 0.6

_TELLING = ("quantity", "percent", "percentage_point", "money")

_ASKS_RATE = re.compile(r"每|平均|人均|\b(?:per|every|each|average)\b", re.IGNORECASE)

Gap = Literal["nothing", "vague", "subject", "region", "year", "figure", "detail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A candidate with how much of the question it covers (0 to 1), alone and with its context.

    Attributes:
        score: Its merit beside the other candidates of the question; see `rag.merit`.
        figures: Those of the kind asked for.
        likelihood: That the question is answered at all, if this is the best sentence for it.
    """

    candidate: Candidate
    coverage: float
    own: float
    score: float
    figures: tuple[Figure, ...]
    signs: Signs | None = None
    likelihood: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Sentences that answer, best first; where there are none, the gap and the nearest sentences that fall into it."""

    answering: tuple[Scored, ...]
    gap: Gap | None = None
    nearest: tuple[Scored, ...] = ()
    missing: tuple[str, ...] = ()


def assess(query: Query, candidates: Sequence[Candidate]) -> Assessment:
    """Judge candidates against every constraint of the query, and name the first one that none of them meets."""
    scored = score_all(query, candidates)
    if is_too_vague(query):
        spoken = [s for s in scored if is_in_place(query, s.candidate)]
        return Assessment(answering=(), gap="vague", nearest=tuple(spoken))
    pool = [s for s in scored if covers_enough(query, s) or is_likely(query, s)]
    in_place = [s for s in scored if is_in_place(query, s.candidate)]
    if not pool and not any(_touches(query, s.candidate) for s in scored):
        return Assessment(
            answering=(), gap="nothing", nearest=tuple(in_place), missing=_names(query.subjects)
        )
    if not pool:
        gap: Gap = "region" if query.regions and not in_place else "subject"
        return Assessment(
            answering=(), gap=gap, nearest=tuple(in_place), missing=_uncovered(query, in_place or scored)
        )
    gates = (("region", is_in_place), ("year", is_in_time))
    for gap_name, holds in gates:
        passed = [s for s in pool if holds(query, s.candidate)]
        if not passed:
            return Assessment(answering=(), gap=gap_name, nearest=tuple(pool), missing=_names(query.subjects))  # type: ignore[arg-type]  # the names above are Gaps
        pool = passed
    answering = [s for s in pool if _is_of_kind(query, s)]
    if not answering:
        return Assessment(answering=(), gap="figure", nearest=tuple(pool), missing=_names(query.subjects))
    answering = _with_better(query, answering, scored)
    naming = _naming_items(query, answering)
    if not naming or _is_unlikely(query, naming[0], articles=count_speaking(in_place)):
        return Assessment(
            answering=(), gap="detail", nearest=tuple(answering), missing=_names(query.subjects)
        )
    return Assessment(answering=tuple(naming))


def _naming_items(query: Query, answering: Sequence[Scored]) -> Sequence[Scored]:
    """Where the best sentence only says how many there are of what is asked, those that likely say which they are."""
    are_compared = (
        len(query.regions) > 1 or query.items
    )  # 三地的办法分别是什么 counts those who are asked about
    if are_compared or not only_counts(query.text, answering[0].candidate.text):
        return answering
    likely = [s for s in answering if s.likelihood >= EVEN and names_several(s.candidate.text)]
    return [s for s in likely if not only_counts(query.text, s.candidate.text)]


def _is_unlikely(query: Query, best: Scored, *, articles: int) -> bool:
    """Whether even the best sentence probably leaves open what is asked; `articles` speak of what that is about.

    A figure of the kind asked for has passed a stricter gate, but where many articles speak of the matter some figure is
    always there.
    """
    if not may_be_silent(query):
        return False
    if is_crowd(articles, query.language):
        return best.likelihood < EVEN
    return not best.figures and best.likelihood < least_likelihood(query.language)


def may_be_silent(query: Query) -> bool:
    """Whether a question may be refused for want of likelihood.

    One side of a comparison always leaves something open, and subjects that the glossary knows with all their names have
    passed stricter gates.
    """
    is_known = all(aspect.is_known for aspect in query.subjects)
    return not is_known and query.intent != "compare" and len(query.regions) < 2


def count_speaking(scored: Sequence[Scored]) -> int:
    """Count the articles of which a sentence, with its context, speaks of what is asked."""
    return len({s.candidate.article.article_id for s in scored if s.coverage >= ENOUGH})


def _with_better(query: Query, answering: Sequence[Scored], scored: Sequence[Scored]) -> list[Scored]:
    """Take in sentences of the same place and time that make a better answer in other words; all best first."""
    least, kept = answering[0].score, {id(s) for s in answering}
    return [s for s in scored if id(s) in kept or (s.score > least and _fits(query, s))]


def _fits(query: Query, scored: Scored) -> bool:
    candidate = scored.candidate
    is_about = scored.coverage >= ENOUGH / 2 or not query.aspects
    is_there = is_in_place(query, candidate) and is_in_time(query, candidate)
    return is_about and is_there and _is_of_kind(query, scored)


def score_all(query: Query, candidates: Sequence[Candidate]) -> list[Scored]:
    """Score candidates beside each other, best first."""
    echoed = echoes(query.text, candidates)
    return sorted((score(query, c, e) for c, e in zip(candidates, echoed, strict=True)), key=_order)


def score(query: Query, candidate: Candidate, echo: Echo) -> Scored:
    """Measure how much of the question a sentence covers, and how good an answer it would make."""
    total = sum(a.weight for a in query.aspects)
    own = covered = 0.0
    for aspect in query.aspects:
        in_sentence = _strength(aspect, candidate.folded, candidate)
        own += aspect.weight * in_sentence
        around = max(
            _CONTEXT_STRENGTH * aspect.strength(candidate.context),
            _BEFORE_STRENGTH * aspect.strength(candidate.before),
        )
        covered += aspect.weight * max(in_sentence, around)
    figures = tuple(f for f in find_figures(candidate.text) if _answers(query, candidate.text, f))
    coverage, own_share = (covered / total, own / total) if total else (0.0, 0.0)
    signs = Signs(
        coverage=coverage,
        lead=candidate.lead,
        rank=rank_sign(candidate.rank),
        own=echo.own,
        around=echo.around,
        fresh=echo.fresh,
        kind=could_answer(asked_kinds(query.text), candidate.text, query.text),
        fit=_fitness(query, candidate, figures),
        place=_place_sign(query, candidate),
    )
    return Scored(
        candidate=candidate,
        coverage=coverage,
        own=own_share,
        score=merit(signs, query.language),
        figures=figures,
        signs=signs,
        likelihood=likelihood(signs, query.language),
    )


def _place_sign(query: Query, candidate: Candidate) -> float:
    if not query.regions or not candidate.own_regions:
        return 0.0
    return 1.0 if all(_lies_in(query, code) for code in candidate.regions) else -1.0


def _answers(query: Query, text: str, figure: Figure) -> bool:
    """Whether a figure is of the kind asked for; 「每2万人口」 is a rate, and answers only who asks for one."""
    is_rate = text[max(0, figure.start - 1) : figure.start] == "每"
    return query.asked.accepts(figure) and (not is_rate or _ASKS_RATE.search(query.text) is not None)


def _fitness(query: Query, candidate: Candidate, figures: Sequence[Figure]) -> float:
    """How far a sentence is the kind of answer that the question asks for, 0 to 1."""
    if query.asked.kind:
        return 1.0 if figures else 0.0
    if query.intent == "place":
        return 1.0 if candidate.regions else 0.0
    if query.intent == "list":
        return 0.75 if sum(map(candidate.text.count, "、\n；;")) >= 2 else 0.0
    # Whoever asks how a thing was done is best told by how much.
    telling = sum(f.kind in _TELLING for f in find_figures(candidate.text))
    return 0.25 * min(telling, 3)


def covers_enough(query: Query, scored: Scored) -> bool:
    """Whether a sentence speaks of what is asked, place and time aside."""
    if not query.aspects:
        return True
    benefit = MEANING_SHARE * scored.candidate.standout
    enough = scored.coverage + benefit >= ENOUGH and scored.own + benefit >= OWN_SHARE
    return enough and _speaks_of_subject(query, scored.candidate)


def is_likely(query: Query, scored: Scored) -> bool:
    """Whether a sentence likelier answers than not, in whatever words, and surely holds the kind of thing asked for."""
    is_sure = scored.signs is not None and scored.signs.kind == 1.0 and scored.coverage > 0
    return is_sure and is_telling(query.language) and scored.likelihood >= EVEN


def _is_of_kind(query: Query, scored: Scored) -> bool:
    return not query.asked.kind or bool(scored.figures) or is_likely(query, scored)


def _touches(query: Query, candidate: Candidate) -> bool:
    """Whether any subject is spoken of in words: nearness in meaning alone is only to be nearer than the others."""
    text = f"{candidate.folded} {candidate.context}"
    return any(a.strength(text) or (a.is_person and _strength(a, text, candidate)) for a in query.subjects)


def is_in_place(query: Query, candidate: Candidate) -> bool:
    """Whether a sentence speaks of one of the places asked about, or of a place inside it."""
    if not query.regions:
        return True
    return any(_lies_in(query, code) for code in candidate.regions)


def is_told_of(group: Sequence[str], candidate: Candidate) -> bool:
    """Whether a sentence speaks of what one place's name may mean, or of a place inside it."""
    return any(is_within(code, wanted) for code in candidate.regions for wanted in group)


def _lies_in(query: Query, code: str) -> bool:
    return any(is_within(code, wanted) for wanted in query.region_codes)


def is_in_time(query: Query, candidate: Candidate) -> bool:
    """Whether a sentence speaks of a year asked about; one that names no year has those of its article."""
    if not query.years:
        return True
    return bool(set(query.years) & set(candidate.years or candidate.implied_years))


def _strength(aspect: Aspect, folded: str, candidate: Candidate) -> float:
    """Coverage of one aspect; for a word that the glossary does not know, nearness in meaning may stand in."""
    if aspect.is_person:
        # Whoever speaks in an article need not be named in each sentence, and gains nothing where they are.
        return _CONTEXT_STRENGTH * (aspect.exact[0] in candidate.article.text)
    strength = aspect.strength(folded)
    if aspect.is_known or (aspect.is_subject and aspect.is_unheard):
        return strength
    return max(strength, _MEANING_STRENGTH * candidate.standout)


def _speaks_of_subject(query: Query, candidate: Candidate) -> bool:
    """Whether enough of what the question is about is there, its verbs and framing aside."""
    subjects = query.subjects
    text = f"{candidate.folded} {candidate.before} {candidate.context}"
    held = sum(a.weight for a in subjects if _strength(a, text, candidate) >= 0.5)
    return held >= SUBJECT_SHARE * sum(a.weight for a in subjects)


def _uncovered(query: Query, nearest: Sequence[Scored]) -> tuple[str, ...]:
    """Names of the subjects that none of the nearest sentences speaks of; all of them if each one does somewhere."""
    texts = [f"{s.candidate.folded} {s.candidate.context}" for s in nearest[:10]]
    missing = [a for a in query.subjects if not any(a.strength(t) >= 0.5 for t in texts)]
    return _names(missing or query.subjects)


def _names(aspects: Sequence[Aspect]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a.name for a in aspects))[:3]


def _order(scored: Scored) -> tuple[float, str, int]:
    return (-scored.score, scored.candidate.article.article_id, scored.candidate.start)
