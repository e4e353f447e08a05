"""The default composer: the articles' own sentences, picked, ordered and trimmed. No model, nothing invented."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from prompts import load_prompt
from rag.absence import absence
from rag.assess import Scored, is_in_place
from rag.compose import Composing, Composition, Draft, Material, Quote
from rag.compose.bracket import bracket
from rag.compose.cards import figure_cards
from rag.compose.change_card import Around
from rag.compose.disputes import dispute, in_order, place_of, whole
from rag.compose.trim import trim
from rag.conflicts import find_conflicts
from rag.figures import find_figures
from rag.normalise import fold
from rag.regions import english_name, full_name
from rag.understand import Query

_MOST_SENTENCES = {"figure": 1, "place": 2, "definition": 2, "compare": 2}
_MOST_OTHERWISE = 3
_CLOSE = math.log(0.3)
"""A further sentence must be this likely beside the best one, or it is padding; less where places are compared."""
_CLOSE_COMPARED = math.log(0.1)

_CLOSE_COVERAGE = 0.85
_REPEATED_SHARE = 0.5
_REPEATED_FIGURES_SHARE = 0.25

_SOFT_ENDS = "，,、：:；; "
_CLOSERS = "”’」』）)"
_FULL_ENDS = frozenset("。！？!?…")


class ExtractiveComposer:
    """Quotes the sentences that answer; see `rag.compose.Composer`."""

    name = "extractive"

    def compose(self, material: Material) -> Composing:
        """Answer each place asked about in its own right, or the question as a whole."""
        yield from self.drafts(material.query, material.answering)
        return Composition(composer=self.name)

    def drafts(self, query: Query, answering: Sequence[Scored]) -> list[Draft]:
        """Return all drafts at once; see `compose`."""
        if len(query.regions) < 2:
            return self._answer(query, answering)
        drafts: list[Draft] = []
        for group in query.regions:
            narrowed = dataclasses.replace(query, regions=(group,))
            there = [s for s in answering if is_in_place(narrowed, s.candidate)]
            silent = Draft(text=absence(group[0], query.language), quotes=())
            drafts += self._answer(narrowed, there) if there else [silent]
        return drafts

    def _answer(self, query: Query, answering: Sequence[Scored]) -> list[Draft]:
        chosen = choose(query, answering)
        conflicts = find_conflicts(query, chosen, answering)
        drafts = [dispute(query, sides) for sides in conflicts]
        differing = {place_of(side.scored) for sides in conflicts for side in sides}
        told: set[str] = set()
        before: Quote | None = None
        for scored in in_order(chosen, conflicts):
            quote = whole(scored) if place_of(scored) in differing else trimmed(query, scored)
            around = Around(headings=quote.heading_path, date=quote.article.date)
            cards = figure_cards(query, quote.text, told=told, around=around)
            drafts.append(Draft(text=worded(query, quote, before), quotes=(quote,)))
            drafts += [Draft(text=card, quotes=(quote,), is_lead=False) for card in cards]
            before = quote
        return drafts


def choose(query: Query, answering: Sequence[Scored]) -> list[Scored]:
    """Pick the best sentence, which comes first, then those near it that add something, in the articles' order.

    Those of the same article come first: an answer that hops between articles confuses.
    """
    best = answering[0]
    chosen = [best]
    most = _MOST_SENTENCES.get(query.intent, _MOST_OTHERWISE)
    close = _CLOSE_COMPARED if query.intent == "compare" else _CLOSE
    for scored in answering[1:]:
        if len(chosen) >= most or scored.score < best.score + close:
            break
        if scored.coverage >= _CLOSE_COVERAGE * best.coverage and not _repeats(scored, chosen):
            chosen.append(scored)
    home = best.candidate.article.article_id
    return [best, *sorted(chosen[1:], key=lambda scored: _reading_order(scored, home))]


def _reading_order(scored: Scored, home: str) -> tuple[bool, str, int]:
    article_id = scored.candidate.article.article_id
    return article_id != home, article_id, scored.candidate.start


def _repeats(scored: Scored, chosen: Sequence[Scored]) -> bool:
    """Whether one chosen already says it: most of its character pairs, or all its figures and many of its pairs."""
    pairs, amounts = _pairs(scored.candidate.folded), _amounts(scored)
    for other in chosen:
        share = len(pairs & _pairs(other.candidate.folded)) / max(1, len(pairs))
        if share > (_REPEATED_FIGURES_SHARE if amounts and amounts <= _amounts(other) else _REPEATED_SHARE):
            return True
    return False


def _amounts(scored: Scored) -> set[tuple[str, str]]:
    return {(str(f.value), f.unit) for f in find_figures(scored.candidate.text)}


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def trimmed(query: Query, scored: Scored) -> Quote:
    """Quote a sentence, without the clauses that do not answer."""
    candidate = scored.candidate
    start, end = trim(query, scored)
    return Quote(
        article=candidate.article,
        start=start,
        end=end,
        heading_path=candidate.heading_path,
        regions=candidate.regions,
    )


def worded(query: Query, quote: Quote, before: Quote | None) -> str:
    """A quote as a sentence of an answer: what it is of is named in brackets, or in an English frame around it.

    Args:
        query: Its language is that of the sentence.
        quote: The article's words.
        before: What was quoted right before, if anything.
    """
    if query.language == "en":
        return _framed(query, quote, before)
    aside = bracket(quote)
    text = quote.text.rstrip(_SOFT_ENDS)
    text += "" if text.rstrip(_CLOSERS)[-1:] in _FULL_ENDS else "。"
    return f"（{aside}）{text}" if aside else text


def _framed(query: Query, quote: Quote, before: Quote | None) -> str:
    """An English frame around the Chinese words: what the quotation is about, and where."""
    if before and before.article.article_id == quote.article.article_id and before.regions == quote.regions:
        return load_prompt("frame_more", "en").format(quote=quote.text)
    place = " and ".join(f"{english_name(code)} ({full_name(code)})" for code in quote.regions[:2])
    topic = ", ".join(_topic_glosses(query, quote))
    values = {"place": place, "topic": topic, "quote": quote.text}
    name = "frame_" + ("_".join(part for part in ("topic", "place") if values[part]) or "plain")
    prompt = load_prompt(name, "en")
    return prompt.format(**{v: values[v] for v in prompt.variables})


def _topic_glosses(query: Query, quote: Quote) -> list[str]:
    """English names of the question's subjects that the quote itself names, weightiest first."""
    folded = fold(quote.text)
    spoken = [a for a in query.subjects if a.english and a.names(folded)]
    return [a.english for a in spoken[:2]]
