"""Where faithful claims come from: answers that were given, and a library's own sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from eval.mutations.chance import chance, shuffled
from eval.mutations.claims import Faithful
from rag.compose import Quote
from rag.errors import ArticleNotFoundError
from rag.evidence import Candidate, gather_candidates
from rag.normalise import count_han
from rag.numbering import citation_of, context_of
from rag.regions import english_name, full_name, resolve
from rag.types import Answer, Citation, Hit

if TYPE_CHECKING:
    from rag.library import Library

SHORTEST_CHARS = 15
LONGEST_CHARS = 160
_FEWEST_HAN = 10
_ENDS = re.compile(r"[。！？!；;][”’」』）)]*$")
_ONE_IN_ENGLISH = 5
"""Of so many sentences of a library one is told in an English frame, and its changes as English cards."""

_QUESTION_EN = "What are the figures?"


def faithful_from_answers(answers: Sequence[Answer], library: Library) -> list[Faithful]:
    """Every cited sentence of the answers with what it cites, each once; one whose citation is not exact is left out."""
    found: dict[Faithful, None] = {}
    for answer in answers:
        by_number = {c.number: c for c in answer.citations}
        for sentence in answer.sentences:
            cited = [by_number[n] for n in sentence.citations if n in by_number]
            if cited and all(_is_exact(c, library) for c in cited):
                found[_faithful(sentence.text, cited, answer.language == "en")] = None
    return list(found)


def _is_exact(citation: Citation, library: Library) -> bool:
    try:
        text = library.article(citation.article_id).text
    except ArticleNotFoundError:
        return False
    return text[citation.start : citation.end] == citation.quote


def _faithful(text: str, cited: Sequence[Citation], is_english: bool) -> Faithful:
    places = [
        place for name in dict.fromkeys(n for c in cited for n in c.regions) if (place := resolve(name))
    ]
    return Faithful(
        claim=text,
        evidence="\n".join(c.quote for c in cited),
        context=context_of(cited),
        language="en" if is_english else "zh",
        regions=tuple(place.code for place in places),
    )


def faithful_from_library(library: Library, *, limit: int) -> list[Faithful]:
    """A library's own sentences of 15 to 160 characters, spread over its articles; the same for the same library.

    One in five is told in English, as the composer would: in a frame, and its changes as cards.

    Args:
        library: Of any articles.
        limit: How many claims at most.
    """
    ids = sorted(
        (a.article_id for a in library.articles()), key=lambda article_id: chance("article", article_id)
    )
    by_article = [_sentences(library, article_id) for article_id in ids[: max(limit, 0)]]
    claims = itertools.chain.from_iterable(
        _told(candidate)
        for layer in itertools.zip_longest(*by_article)
        for candidate in layer
        if candidate is not None
    )
    distinct: dict[tuple[str, str], Faithful] = {}
    for claim in claims:
        if len(distinct) >= limit:
            break
        distinct.setdefault((claim.claim, claim.evidence), claim)
    return list(distinct.values())


def _sentences(library: Library, article_id: str) -> Iterator[Candidate]:
    """The usable sentences of an article, passage by passage in an order that chance gives."""
    seen: set[int] = set()
    for passage in shuffled(library.article_passages(article_id), "passage", article_id):
        hit = Hit(passage=passage, score=0.0, rank=1, origin="neighbour")
        for candidate in shuffled(gather_candidates([hit], library=library), "sentence", passage.passage_id):
            if candidate.start not in seen and _is_usable(candidate.text):
                seen.add(candidate.start)
                yield candidate


def _is_usable(text: str) -> bool:
    return (
        SHORTEST_CHARS <= len(text) <= LONGEST_CHARS
        and "\n" not in text
        and count_han(text) >= _FEWEST_HAN
        and _ENDS.search(text) is not None
    )


def _told(candidate: Candidate) -> Iterator[Faithful]:
    citation = _citation(candidate)
    if chance("english", candidate.text) % _ONE_IN_ENGLISH:
        yield _faithful(candidate.text, [citation], False)
        return
    for text in (_framed(candidate), *_cards(candidate.text)):
        yield _faithful(text, [citation], True)


def _framed(candidate: Candidate) -> str:
    from prompts import load_prompt

    place = " and ".join(f"{english_name(code)} ({full_name(code)})" for code in candidate.regions[:2])
    if not place:
        return load_prompt("frame_plain", "en").format(quote=candidate.text)
    return load_prompt("frame_place", "en").format(place=place, quote=candidate.text)


def _cards(text: str) -> list[str]:
    from rag.compose.cards import figure_cards
    from rag.understand import understand

    return figure_cards(understand(_QUESTION_EN, rarity=lambda _: 1.0), text, told=set())


def _citation(candidate: Candidate) -> Citation:
    quote = Quote(
        article=candidate.article,
        start=candidate.start,
        end=candidate.end,
        heading_path=candidate.heading_path,
        regions=candidate.regions,
    )
    return citation_of(quote, 1)
