"""How much of a question's own wording passages repeat, however a dictionary would cut it into words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from rag.library.lexical import CONTEXT_WEIGHT
from rag.normalise import fold
from rag.regions import find_regions
from rag.terms import foreign_terms, pairs
from rag.types import Passage
from rag.understand import PLACE_WEIGHT, Query, mask

# BM25's constants, as FTS5 has them.
_SATURATION = 1.2
_LENGTH_SHARE = 0.75


def wording(query: Query) -> dict[str, float]:
    """Return the pieces of a question and their weights: pairs of characters, Latin words, numbers; places less."""
    weights = dict.fromkeys(pairs(mask(query.text, find_regions(query.text))), 1.0)
    for piece in pairs(query.text):
        weights.setdefault(piece, PLACE_WEIGHT)
    return weights


def wording_shares(weights: Mapping[str, float], passages: Sequence[Passage]) -> list[float]:
    """Measure how much of a wording each passage repeats, 0 to 1: BM25 over the most that a passage could reach.

    How telling a piece is, the passages at hand decide; what none of them holds tells most. Passages in another
    script, which can repeat no more of a question than its figures and names, therefore have small shares.
    """
    whole = {piece for piece in weights if foreign_terms(piece) == [piece]}
    counts = [_counts(weights, whole, passage) for passage in passages]
    held = Counter(piece for count in counts for piece in count)
    telling = {
        piece: weight * math.log(1 + (len(passages) - held[piece] + 0.5) / (held[piece] + 0.5))
        for piece, weight in weights.items()
    }
    most = (_SATURATION + 1) * math.fsum(telling.values())
    lengths = [len(p.text) + len(p.context) for p in passages]
    mean = math.fsum(lengths) / len(lengths) if lengths else 1.0
    return [
        math.fsum(telling[piece] * _saturated(n, length / mean) for piece, n in count.items()) / most
        if count
        else 0.0
        for count, length in zip(counts, lengths, strict=True)
    ]


def _saturated(count: float, length: float) -> float:
    """What BM25 makes of a count in a text of that length, relative to the mean: below 2.2."""
    return count * (_SATURATION + 1) / (count + _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length))


def _counts(pieces: Iterable[str], whole: AbstractSet[str], passage: Passage) -> dict[str, float]:
    """How often a passage holds each piece, headings at their lesser weight; `whole` ones are words by themselves."""
    counts: dict[str, float] = {}
    for text, share in ((passage.text, 1.0), (passage.context, CONTEXT_WEIGHT)):
        folded = fold(text)
        foreign = Counter(foreign_terms(folded)) if whole else Counter()
        for piece in pieces:
            found = foreign[piece] if piece in whole else folded.count(piece)
            if found:
                counts[piece] = counts.get(piece, 0.0) + share * found
    return counts
