"""How far sentences echo a question, by pairs of neighbouring characters: where words are cut differently, pairs still meet.

A pair counts for more the fewer of the sentences at hand hold it, and most where none does: what a question says and
nothing at hand repeats is what an answer may lack.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.aspects import without_frame
from rag.evidence import Candidate
from rag.normalise import fold

# What puts a question, in matching form; an answer does not repeat it.
_ASKING = re.compile(
    r"什么|怎么|怎样|如何|多少|哪些|哪个|哪里|哪一|哪|谁|为何|是否|吗|呢|的|是|了|在|有|和|与|被|由|其"
    r"|\b(?:what|which|who|whom|whose|when|where|why|how|many|much|did|does|do|is|are|was|were|the|a|an|of|in|on|to|for|by|and)\b"
)
_RUN = re.compile(
    r"(?P<han>[\u3400-\u4dbf\u4e00-\u9fff]+)|\d+(?:\.\d+)?%?|[^\W\d_\u3400-\u4dbf\u4e00-\u9fff][^\W_\u3400-\u4dbf\u4e00-\u9fff]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """What one sentence repeats of a question, each share from 0 to 1 of the weight of the question's pairs.

    Attributes:
        own: Of all pairs: those in the sentence.
        around: Of all pairs: those in the sentence, its headings or the sentence before it.
        fresh: Of the pairs that some sentence at hand holds and this one's headings do not: those in the sentence. Who
            only repeats the heading says nothing new.
    """

    own: float
    around: float
    fresh: float


def pairs_of(folded: str) -> frozenset[str]:
    """Return the pairs of a text in matching form; a Latin word or a number is one whole, as is a lone character."""
    pairs: set[str] = set()
    for match in _RUN.finditer(folded):
        run = match[0]
        if match["han"] and len(run) > 1:
            pairs.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            pairs.add(run)
    return frozenset(pairs)


def asked_pairs(question: str) -> frozenset[str]:
    """Return the pairs of a question, without the words that only put it."""
    said = fold(question)
    return pairs_of(_ASKING.sub(" ", without_frame(said))) or pairs_of(_ASKING.sub(" ", said))


def echoes(question: str, candidates: Sequence[Candidate]) -> list[Echo]:
    """Measure each candidate beside the others at hand, in their order."""
    asked = asked_pairs(question)
    held = [pairs_of(c.folded) & asked for c in candidates]
    around = [pairs_of(f"{c.context}\n{c.before}") & asked for c in candidates]
    counts = Counter(pair for pairs in held for pair in pairs)
    weight = {pair: math.log((len(candidates) + 1) / (counts[pair] + 0.5)) for pair in asked}
    return [
        Echo(
            own=_share(own, asked, weight),
            around=_share(own | near, asked, weight),
            fresh=_share(own - near, frozenset(counts) - near, weight),
        )
        for own, near in zip(held, around, strict=True)
    ]


def _share(part: frozenset[str], whole: frozenset[str], weight: dict[str, float]) -> float:
    total = math.fsum(weight[pair] for pair in whole)
    return math.fsum(weight[pair] for pair in part) / total if total > 0 else 0.0
