"""Find the words that prove a sentence: where the model says they are, else anywhere in what it was shown."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence

from rag.compose import Quote
from rag.compose.blocks import Block, quote_of
from rag.figures import find_figures
from rag.normalise import clause_spans
from rag.verify.forms import terms_of
from rag.verify.named import concepts_in

Proves = Callable[[str, Sequence[Quote]], bool]
Quotes = tuple[Quote, ...]

_MOST_ELSEWHERE = 6
"""Sentences tried outside the blocks that were cited: those that share most words."""
_MOST_JOINED = 3
_SOFT_ENDS = "，,、：:；; "


def attribute(text: str, cited: Sequence[int], blocks: Sequence[Block], proves: Proves) -> Quotes:
    """Return the shortest quotes that prove a sentence; none where nothing does.

    A number that the model gave wrongly, or not at all, costs nothing if the words are there: only words prove.
    """
    named = [block for block in blocks if block.number in cited]
    others = [block for block in blocks if block.number not in cited]
    quotes = _proving(text, named, others, proves)
    return (narrowed(text, quotes[0], proves),) if len(quotes) == 1 else quotes


def _proving(text: str, named: Sequence[Block], others: Sequence[Block], proves: Proves) -> Quotes:
    tries = itertools.chain(_single(text, named), _wider(named), _joined(text, named))
    elsewhere = itertools.islice(_single(text, others), _MOST_ELSEWHERE)
    return next((quotes for quotes in itertools.chain(tries, elsewhere) if proves(text, quotes)), ())


def narrowed(text: str, quote: Quote, proves: Proves) -> Quote:
    """Leave out the clauses at both ends that share nothing with the sentence, and that its proof can do without."""
    clauses = clause_spans(quote.article.text, quote.start, quote.end)
    shared = shared_content(text, quote.text)

    def suffices(first: int, last: int) -> bool:
        part = _part(quote, clauses[first : last + 1])
        return shared_content(text, part.text) == shared and proves(text, [part])

    first, last = 0, len(clauses) - 1
    while first < last and suffices(first + 1, last):
        first += 1
    while first < last and suffices(first, last - 1):
        last -= 1
    return _part(quote, clauses[first : last + 1]) if (first, last) != (0, len(clauses) - 1) else quote


def _part(quote: Quote, clauses: Sequence[tuple[int, int]]) -> Quote:
    text = quote.article.text[clauses[0][0] : clauses[-1][1]].rstrip(_SOFT_ENDS)
    return dataclasses.replace(quote, start=clauses[0][0], end=clauses[0][0] + len(text))


def nearest(text: str, cited: Sequence[int], blocks: Sequence[Block]) -> Quotes:
    """Return what a sentence that nothing proves was to be proven by: for the reason why it is not shown."""
    named = [block for block in blocks if block.number in cited] or list(blocks)
    return next(_single(text, named), ())


def _single(text: str, blocks: Sequence[Block]) -> Iterator[Quotes]:
    """Each sentence by itself, those that share most words with the text first."""
    sentences = [one for block in blocks for one in block.sentences]
    for one in sorted(sentences, key=lambda one: -len(shared_content(text, one.text))):
        yield (quote_of(one),)


def _wider(blocks: Sequence[Block]) -> Iterator[Quotes]:
    """Two neighbours, then the whole block."""
    for block in blocks:
        for pair in itertools.pairwise(block.sentences):
            yield (quote_of(*pair),)
    for block in blocks:
        if len(block.sentences) > 2:
            yield (quote_of(*block.sentences),)


def _joined(text: str, blocks: Sequence[Block]) -> Iterator[Quotes]:
    """The best sentence of each block together, where all are about the same places.

    Words of two places side by side would prove of either what only the other did.
    """
    same = len({frozenset(code for one in block.sentences for code in one.regions) for block in blocks}) == 1
    if same and 2 <= len(blocks) <= _MOST_JOINED:
        yield tuple(quote for block in blocks for quote in next(_single(text, [block])))
        yield tuple(quote_of(*block.sentences) for block in blocks)


def shared_content(text: str, other: str) -> frozenset[str]:
    """Words, reform terms and figures that both texts have, across languages too."""
    return _content(text) & _content(other)


@functools.lru_cache(maxsize=2048)
def _content(text: str) -> frozenset[str]:
    figures = (f"{figure.value.normalize()} {figure.kind}" for figure in find_figures(text))
    return terms_of(text) | concepts_in(text) | frozenset(figures)
