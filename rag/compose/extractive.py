"""The default composer: the articles' own sentences, picked, ordered and trimmed. No model, nothing invented."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from prompts import load_prompt
from rag.assess import Scored
from rag.compose import Composing, Composition, Draft, Material, Quote
from rag.compose.bracket import bracket
from rag.compose.cards import figure_cards
from rag.compose.change_card import Around
from rag.compose.comparison import compared_drafts
from rag.compose.disputes import Place, dispute, in_order, place_of, whole
from rag.compose.trim import trim
from rag.conflicts import find_conflicts
from rag.figures import find_figures
from rag.normalise import fold
from rag.regions import english_name, full_name
from rag.sides import Comparison, by_place
from rag.understand import Query

_MOST_SENTENCES = {"figure": 1, "place": 2, "definition": 2, "compare": 2}
_MOST_OTHERWISE = 3
_MOST_COMPARED = 2
"""Sentences of each side of a comparison."""
_CLOSE = {"zh": math.log(0.3), "en": math.log(0.6)}
"""A further sentence must be this likely beside the best one, or it is padding; less where things are compared. Of English
questions it is less sure which sentence is good, so those behind the best one are more alike."""
_CLOSE_COMPARED = math.log(0.1)

_CLOSE_COVERAGE = 0.85
_REPEATED_SHARE = 0.5
_REPEATED_FIGURES_SHARE = 0.25
_TELLING = ("quantity", "percent", "percentage_point", "money")

_SOFT_ENDS = "，,、：:；; "
_CLOSERS = "”’」』）)"
_FULL_ENDS = frozenset("。！？!?…")


class ExtractiveComposer:
    """Quotes the sentences that answer; see `rag.compose.Composer`."""

    name = "extractive"

    def compose(self, material: Material) -> Composing:
        """Answer each place asked about in its own right, or the question as a whole."""
        if material.comparison is not None:
            yield from self._compared(material.comparison)
        else:
            yield from self.drafts(material.query, material.answering)
        return Composition(composer=self.name)

    def drafts(self, query: Query, answering: Sequence[Scored]) -> list[Draft]:
        """Return all drafts at once; see `compose`."""
        if len(query.regions) < 2:
            return self._answer(query, answering)
        return self._compared(by_place(query, answering))

    def _compared(self, comparison: Comparison) -> list[Draft]:
        return compared_drafts(comparison, choose=choose_side, word=self._worded)

    def _answer(self, query: Query, answering: Sequence[Scored]) -> list[Draft]:
        chosen = choose(query, answering)
        conflicts = find_conflicts(query, chosen, answering)
        differing = {place_of(side.scored) for sides in conflicts for side in sides}
        told = self._worded(query, in_order(chosen, conflicts), whole_at=differing)
        return [*(dispute(query, sides) for sides in conflicts), *told]

    def _worded(
        self, query: Query, chosen: Sequence[Scored], *, whole_at: Collection[Place] = ()
    ) -> list[Draft]:
        drafts: list[Draft] = []
        told: set[str] = set()
        before: Quote | None = None
        for scored in chosen:
            quote = whole(scored) if place_of(scored) in whole_at else trimmed(query, scored)
            around = Around(headings=quote.heading_path, date=quote.article.date)
            cards = figure_cards(query, quote.text, told=told, around=around)
            drafts.append(Draft(text=worded(query, quote, before), quotes=(quote,)))
            drafts += [Draft(text=card, quotes=(quote,), is_lead=False) for card in cards]
            before = quote
        return drafts


def choose(query: Query, answering: Sequence[Scored]) -> list[Scored]:
    """Pick the best sentence, which comes first, then those near it that add something, in the articles' order.

    Those of the same article come first: an answer that hops between articles confuses. What stands right before the
    best one stays before it, for that leans on it.
    """
    best = answering[0]
    chosen = [best]
    most = _MOST_SENTENCES.get(query.intent, _MOST_OTHERWISE)
    close = _CLOSE_COMPARED if query.intent == "compare" else _CLOSE[query.language]
    for scored in answering[1:]:
        if len(chosen) >= most or scored.score < best.score + close:
            break
        if scored.coverage >= _CLOSE_COVERAGE * best.coverage and not _repeats(scored, chosen):
            chosen.append(scored)
    home = best.candidate.article.article_id
    others = sorted(chosen[1:], key=lambda scored: _reading_order(scored, home))
    leading = [scored for scored in others if _leads_to(scored, best)]
    return [*leading, best, *(scored for scored in others if scored not in leading)]


def choose_side(query: Query, answering: Sequence[Scored], least: int) -> list[Scored]:
    """Pick the sentences of one side of a comparison: what can be set side by side are figures, so they come before others.

    Where another side has more to say, `least` sentences are taken even if they are far from the best one.
    """
    chosen = [answering[0]]
    most = 1 if query.asked.kind not in ("", "any") else _MOST_COMPARED
    for scored in sorted(answering[1:], key=lambda s: not _telling(s)):
        is_close = scored.score >= answering[0].score + _CLOSE_COMPARED
        if len(chosen) < most and (is_close or len(chosen) < least) and not _repeats_side(scored, chosen):
            chosen.append(scored)
    home = answering[0].candidate.article.article_id
    return sorted(chosen, key=lambda scored: _reading_order(scored, home))


def _telling(scored: Scored) -> bool:
    return any(f.kind in _TELLING for f in find_figures(scored.candidate.text))


def _repeats_side(scored: Scored, chosen: Sequence[Scored]) -> bool:
    """Whether it says nothing new; a sentence whose figures are all its own does, however alike its words."""
    amounts = _amounts(scored)
    is_new = bool(amounts) and not any(amounts & _amounts(other) for other in chosen)
    return not is_new and _repeats(scored, chosen)


def _leads_to(scored: Scored, best: Scored) -> bool:
    """Whether nothing but white space stands between a sentence and the one after it."""
    one, other = scored.candidate, best.candidate
    is_before = one.article.article_id == other.article.article_id and one.end <= other.start
    return is_before and not one.article.text[one.end : other.start].strip()


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
