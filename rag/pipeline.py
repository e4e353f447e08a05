"""A question in, a checked answer out.

resolve_followup → understand → retrieve → gather_candidates → mark_standouts → assess ─┬▶ compose → number_and_verify → Answer
                                                                                        └▶ refuse ───────────────────▶ Answer
Every arrow is a pure function of what stands before it, except that retrieve and gather read the library.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.assess import assess
from rag.evidence import gather_candidates
from rag.followup import resolve_followup
from rag.normalise import detect_language
from rag.numbering import number_and_verify
from rag.refuse import refuse, refuse_outside, refuse_plainly
from rag.rerank import mark_standouts
from rag.retrieve import Retrieval, rarity_in, retrieve
from rag.types import Answer, Filter, Hit, Language, Refusal, Verdict
from rag.understand import Query, understand

if TYPE_CHECKING:
    from rag.compose import Composer
    from rag.encoder import Encoder
    from rag.library import Library
    from rag.verify import Meaning

LONGEST_QUESTION_CHARS = 1000
"""What is longer is no question; it is cut here, so that no step ever works on a pasted book."""


@dataclass(slots=True)
class Timings:
    """Milliseconds per step, in the order in which the steps ran."""

    ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to the step's."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.ms[name] = round(self.ms.get(name, 0.0) + 1000 * (time.perf_counter() - start), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The parts of one way to answer; made by `rag.build`."""

    library: Library
    encoder: Encoder
    composer: Composer
    top_k: int = 8
    meaning: Meaning | None = None

    def ask(self, question: str, *, history: Sequence[str] = (), within: Filter | None = None) -> Answer:
        """Answer a question, or say why not.

        Args:
            question: The reader's words; beyond 1000 characters they are cut.
            history: Earlier questions of the conversation, oldest first.
            within: What the reader restricts the search to.

        Raises:
            LibraryError: The library cannot be read.
            EncoderError: The question cannot be encoded.
        """
        timings = Timings()
        with timings.step("total"):
            earlier = [readable(h) for h in history]
            answer = self._ask(readable(question), earlier, within or Filter(), timings)
            if answer.answered or within is None or within.is_open:
                return answer
            anywhere = self._ask(readable(question), earlier, Filter(), timings)
            if not anywhere.answered:
                return answer
            return _refused(answer.question, refuse_outside(anywhere), timings, retrieved=answer.retrieved)

    def _ask(self, question: str, history: Sequence[str], within: Filter, timings: Timings) -> Answer:
        if not any(ch.isalnum() for ch in question):
            language: Language = "en" if question and question.isascii() else "zh"
            return _refused(question, refuse_plainly("empty_question", language), timings, language=language)
        if self.library.passage_count() == 0:
            return _refused(question, refuse_plainly("empty_library", detect_language(question)), timings)
        with timings.step("understand"):
            text = resolve_followup(question, history)
            query = understand(question, text=text, rarity=rarity_in(self.library))
        if not query.aspects and not query.regions:
            return _refused(question, refuse_plainly("empty_question", query.language), timings)
        with timings.step("retrieve"):
            found = retrieve(
                query, library=self.library, encoder=self.encoder, top_k=self.top_k, within=within
            )
        return self._answer(query, found, timings)

    def _answer(self, query: Query, found: Retrieval, timings: Timings) -> Answer:
        with timings.step("gather"):
            candidates = gather_candidates(found.hits, library=self.library)
        with timings.step("rerank"):
            candidates = mark_standouts(candidates, found.vector, encoder=self.encoder)
        with timings.step("assess"):
            assessment = assess(query, candidates)
        if not assessment.answering:
            refusal = refuse(query, assessment, library=self.library)
            return _refused(query.question, refusal, timings, retrieved=found.hits)
        with timings.step("compose"):
            drafts = self.composer.compose(query, assessment.answering)
        with timings.step("verify"):
            sentences, citations, dropped = number_and_verify(
                drafts, language=query.language, meaning=self.meaning
            )
        if not citations:
            refusal = refuse(query, assessment, library=self.library)
            return _refused(query.question, refusal, timings, retrieved=found.hits, dropped=dropped)
        return Answer(
            question=query.question,
            language=query.language,
            sentences=sentences,
            citations=citations,
            refusal=None,
            composer=self.composer.name,
            retrieved=found.hits,
            dropped=dropped,
            timings_ms=timings.ms,
        )


def readable(text: str) -> str:
    """Cut to the longest question; bytes that the terminal could not decode (lone surrogates) become question marks."""
    return text.strip()[:LONGEST_QUESTION_CHARS].encode("utf-8", "replace").decode("utf-8")


def _refused(
    question: str,
    refusal: Refusal,
    timings: Timings,
    *,
    language: Language | None = None,
    retrieved: tuple[Hit, ...] = (),
    dropped: tuple[Verdict, ...] = (),
) -> Answer:
    return Answer(
        question=question,
        language=language or detect_language(question),
        sentences=(),
        citations=(),
        refusal=refusal,
        composer="extractive",
        retrieved=retrieved,
        dropped=dropped,
        timings_ms=timings.ms,
    )
