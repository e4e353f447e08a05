"""Each sentence of a model before anyone sees it: is it one at all, is it proven, and is it about the question?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.compose import Draft, Material, Quote
from rag.compose.attribution import Proves, attribute, nearest
from rag.compose.blocks import Block
from rag.compose.soundness import (
    declines,
    is_bare,
    is_foreign,
    is_on_question,
    overreaches,
    unanswered,
)
from rag.compose.statements import Statement
from rag.hostile import is_hostile
from rag.types import FallbackReason, Language, Verdict
from rag.verify.forms import compact
from rag.verify.reasons import message

if TYPE_CHECKING:
    from rag.verify import Meaning

_MOST_REPEATS = 3
"""A sentence said again so often is the sign of a model that goes round in circles."""
_COUNTED_AS: dict[str, FallbackReason] = {"bare": "wrong_form", "foreign": "wrong_language"}
"""Why another answer stands in the place of sentences with a flaw; for all others, that they are not proven."""


class Scrutiny:
    """Judges the sentences of one answer, and keeps count.

    Args:
        material: What the answer is made from.
        meaning: Tells what is said in other words; without it, only words count.
        keeps_unsupported: Whether sentences that nothing proves are shown, plainly marked.

    Attributes:
        proven: The sentences that passed, in their order.
        is_declined: The model says that the material does not answer, and has said nothing else that is proven.
    """

    def __init__(self, material: Material, *, meaning: Meaning | None, keeps_unsupported: bool) -> None:
        self.proven: list[Draft] = []
        self.is_declined = False
        self._material = material
        self._language = material.query.language
        self._proves = _prover(self._language, meaning)
        self._keeps_unsupported = keeps_unsupported
        self._rejected: Counter[FallbackReason] = Counter()
        self._told: set[str] = set()
        self._repeats = 0

    @property
    def goes_in_circles(self) -> bool:
        """Whether the model only says again what it has said."""
        return self._repeats >= _MOST_REPEATS

    def judge(self, statement: Statement, blocks: Sequence[Block]) -> Draft | Verdict | None:
        """Judge one sentence; None for one that says that there is no answer."""
        text = statement.text
        if (said := compact(text)) in self._told:
            self._repeats += 1
            return self._verdict("again", text)
        self._told.add(said)
        quotes = attribute(text, statement.cited, blocks, self._proves)
        if not quotes and declines(text):
            self.is_declined = not self.proven
            return None
        if flaw := self._flaw(text, quotes):
            self._rejected[_COUNTED_AS.get(flaw, "unsupported")] += 1
            return self._verdict(flaw, text)
        if quotes:
            self.proven.append(Draft(text=_closed(text, self._language), quotes=quotes))
            return self.proven[-1]
        self._rejected["unsupported"] += 1
        near = nearest(text, statement.cited, blocks)
        return Draft(text=text, quotes=near, is_kept=self._keeps_unsupported)

    def shortcoming(self) -> FallbackReason | None:
        """Why what is proven is not enough, if it is not."""
        if not self.proven:
            if self.is_declined:
                return "declined"
            commonest = self._rejected.most_common(1)
            return commonest[0][0] if commonest else "empty"
        if unanswered(self._material.query, self._material.answering, self.proven):
            return "incomplete"
        return "unsupported" if self._rejected["unsupported"] > len(self.proven) else None

    def _flaw(self, text: str, quotes: Sequence[Quote]) -> str:
        """What bars a sentence whatever proves it: a key of the reasons; empty where nothing does."""
        query, answering = self._material.query, self._material.answering
        flaws = (
            ("hostile", is_hostile(text)),
            ("bare", is_bare(text)),
            ("foreign", is_foreign(text, self._language)),
            ("several", bool(quotes) and overreaches(query, text, quotes)),
            ("beside", bool(quotes) and not is_on_question(query, quotes, answering)),
        )
        return next((flaw for flaw, holds in flaws if holds), "")

    def _verdict(self, reason: str, text: str) -> Verdict:
        return Verdict(supported=False, reason=message(reason, (text,), self._language))


def _prover(language: Language, meaning: Meaning | None) -> Proves:
    from rag.numbering import check

    return lambda text, quotes: (
        check(Draft(text=text, quotes=tuple(quotes)), language=language, meaning=meaning).supported
    )


def _closed(text: str, language: Language) -> str:
    """End a sentence as sentences end: models leave out the stop where a marker follows."""
    if text[-1:] in "；;,，、":
        text = text[:-1]
    if text[-1:] in '。！？!?….”"」』':
        return text
    return text + ("。" if language == "zh" else ".")
