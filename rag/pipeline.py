"""A question in, a checked answer out.

resolve_followup → understand → retrieve → gather_candidates → mark_standouts → assess ─┬▶ compose → number_as_verified → Answer
                                                                                        └▶ refuse ────────────────────▶ Answer
Every arrow is a pure function of what stands before it, except that retrieve and gather read the library.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rag.assess import assess
from rag.evidence import gather_candidates
from rag.followup import resolve_followup
from rag.normalise import detect_language
from rag.numbering import number_as_verified
from rag.refuse import refuse, refuse_outside, refuse_plainly
from rag.rerank import mark_standouts
from rag.retrieve import Retrieval, rarity_in, retrieve
from rag.types import Answer, Filter, Hit, Language, Refusal, Said, Verdict
from rag.understand import Query, understand

if TYPE_CHECKING:
    from rag.compose import Composer, Draft
    from rag.encoder import Encoder
    from rag.library import Library
    from rag.verify import Meaning

LONGEST_QUESTION_CHARS = 1000
"""What is longer is no question; it is cut here, so that no step ever works on a pasted book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The pipeline begins a step that may take a while."""

    name: Literal["retrieve", "assess", "compose", "verify"]


Event = Step | Said | Answer
Run = Generator[Step | Said, None, Answer]


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
        """Answer a question, or say why not; see `stream`."""
        return _last(self.stream(question, history=history, within=within))

    def stream(
        self, question: str, *, history: Sequence[str] = (), within: Filter | None = None
    ) -> Iterator[Event]:
        """Answer a question step by step: each step as it begins, each sentence as it passes, the whole answer last.

        What was said stays said: a sentence is yielded only once it is sure that there will be an answer.

        Args:
            question: The reader's words; beyond 1000 characters they are cut.
            history: Earlier questions of the conversation, oldest first.
            within: What the reader restricts the search to.

        Raises:
            LibraryError: The library cannot be read.
            EncoderError: The question cannot be encoded.
        """
        timings, within = Timings(), within or Filter()
        text, earlier = readable(question), [readable(h) for h in history]
        with timings.step("total"):
            answer = yield from self._run(text, earlier, within, timings)
            if not answer.answered and not within.is_open:
                anywhere = _last(self._stream_all(text, earlier, timings))
                if anywhere.answered:
                    refusal = refuse_outside(anywhere)
                    answer = _refused(text, refusal, timings, retrieved=answer.retrieved)
        yield answer

    def _stream_all(self, question: str, history: Sequence[str], timings: Timings) -> Iterator[Event]:
        yield (yield from self._run(question, history, Filter(), timings))

    def _run(self, question: str, history: Sequence[str], within: Filter, timings: Timings) -> Run:
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
        yield Step(name="retrieve")
        with timings.step("retrieve"):
            found = retrieve(
                query, library=self.library, encoder=self.encoder, top_k=self.top_k, within=within
            )
        return (yield from self._answer(query, found, timings))

    def _answer(self, query: Query, found: Retrieval, timings: Timings) -> Run:
        yield Step(name="assess")
        with timings.step("gather"):
            candidates = gather_candidates(found.hits, library=self.library)
        with timings.step("rerank"):
            candidates = mark_standouts(candidates, found.vector, encoder=self.encoder)
        with timings.step("assess"):
            assessment = assess(query, candidates)
        said: list[Said] = []
        dropped: list[Verdict] = []
        if assessment.answering:
            yield Step(name="compose")
            with timings.step("compose"):
                drafts = self.composer.compose(query, assessment.answering)
            yield Step(name="verify")
            yield from _held_back(self._verify(drafts, query.language, timings), said, dropped)
        if not any(one.citations for one in said):
            refusal = refuse(query, assessment, library=self.library)
            return _refused(query.question, refusal, timings, retrieved=found.hits, dropped=tuple(dropped))
        return Answer(
            question=query.question,
            language=query.language,
            sentences=tuple(one.sentence for one in said),
            citations=tuple(citation for one in said for citation in one.citations),
            refusal=None,
            composer=self.composer.name,
            retrieved=found.hits,
            dropped=tuple(dropped),
            timings_ms=timings.ms,
        )

    def _verify(
        self, drafts: Sequence[Draft], language: Language, timings: Timings
    ) -> Iterator[Said | Verdict]:
        checked = number_as_verified(drafts, language=language, meaning=self.meaning)
        while True:
            with timings.step("verify"):
                outcome = next(checked, None)
            if outcome is None:
                return
            yield outcome


def _held_back(
    outcomes: Iterable[Said | Verdict], said: list[Said], dropped: list[Verdict]
) -> Iterator[Said]:
    """Collect what passed and what did not; pass sentences on from the first that cites something."""
    is_answer = False
    for outcome in outcomes:
        if isinstance(outcome, Verdict):
            dropped.append(outcome)
            continue
        said.append(outcome)
        if is_answer:
            yield outcome
        elif outcome.citations:
            is_answer = True
            yield from said


def _last(events: Iterator[Event]) -> Answer:
    for event in events:
        if isinstance(event, Answer):
            return event
    raise AssertionError("a stream ends with its answer")  # pragma: no cover


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
