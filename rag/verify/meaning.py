"""Semantic support: whether a clause in other words says what a sentence of the evidence says.

It speaks only where words alone are not enough, and never against a figure, a place or a denial: those are checked before.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Protocol

from rag.normalise import fold

if TYPE_CHECKING:
    from rag.encoder import Encoder

TYPICAL = 0.9
"""Cosine of two sentences on one subject with the default encoder, which keeps all cosines between some 0.75 and 1."""

ENOUGH = 0.7
"""Share of characters, plus what the cosine is above `TYPICAL`, from which on a clause counts as said in other words.

Between 0.65 and 0.75 balanced accuracy on labelled pairs hardly moves: `yigai eval faithfulness` measures it.
"""

_UNIT = re.compile(r"[^\W\d_\u3400-\u9fff]+|[^\W_]")


class Meaning(Protocol):
    """Tells how near two texts are in meaning."""

    def cosine(self, one: str, other: str) -> float:
        """Return the cosine of the two texts' vectors."""
        ...


class EncoderMeaning:
    """Nearness in meaning by an encoder; the constants of this module hold for the default one alone."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        # Claims of one answer share their evidence: each text is encoded once.
        self._vector = functools.lru_cache(maxsize=4096)(self._encode)

    def cosine(self, one: str, other: str) -> float:
        """Return the cosine of the two texts' vectors."""
        return sum(a * b for a, b in zip(self._vector(one), self._vector(other), strict=True))

    def _encode(self, text: str) -> tuple[float, ...]:
        return tuple(float(x) for x in self._encoder.embed_passages([text])[0])


def says_the_same(clause: str, words: str, sentence: str, meaning: Meaning) -> bool:
    """Whether a sentence of the evidence says a clause in other words.

    Args:
        clause: Of the claim.
        words: What of the clause counts, fillers and figures left out.
        sentence: Of the evidence.
        meaning: Asked only where the characters leave it open.
    """
    share = character_share(words, sentence)
    if share + (1 - TYPICAL) < ENOUGH:
        return False
    return share + meaning.cosine(clause, sentence) - TYPICAL >= ENOUGH


def character_share(words: str, text: str) -> float:
    """The share of what `words` is made of that the text holds anywhere; 1 where there is nothing.

    Of Chinese each character counts, of other scripts each word: any English sentence holds most of the alphabet.
    """
    wanted = _UNIT.findall(fold(words))
    held = set(_UNIT.findall(fold(text)))
    return sum(unit in held for unit in wanted) / len(wanted) if wanted else 1.0
