"""A question in, a checked answer out.

resolve → understand → retrieve → gather_candidates → mark_standouts → assess ─┬▶ compose → number_as_verified → Answer
                                                                               └▶ refuse ────────────────────▶ Answer
Every arrow is a pure function of what stands before it, except that retrieve and gather read the library, and that a
language model, where there is one, completes a question (resolve) and words an answer (compose).
"""

from __future__ import annotations

import dataclasses
import datetime
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rag.assess import Assessment, assess
from rag.compose import Composition, Material
from rag.compose.comparison import table_of
from rag.compose.extractive import ExtractiveComposer
from rag.course import Composed, Timings, timed
from rag.disagreement import conflicts_told
from rag.evidence import gather_candidates
from rag.normalise import detect_language
from rag.numbering import number_as_verified
from rag.reading import Reading, with_sides
from rag.refuse import refuse, refuse_declined, refuse_outside, refuse_plainly
from rag.rephrase import Rephraser, RuleRephraser
from rag.rerank import mark_standouts
from rag.retrieve import rarity_in, retrieve
from rag.sides import Comparison, set_out, told_apart
from rag.types import Answer, Filter, Hit, Language, Refusal, Said, Verdict
from rag.understand import Query, understand

if TYPE_CHECKING:
    from rag.compose import Composer
    from rag.encoder import Encoder
    from rag.library import Library
    from rag.verify import Meaning

LONGEST_QUESTION_CHARS = 1000
"""What is longer is no question; it is cut here, so that no step ever works on a pasted book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The pipeline begins a step that may take a while."""

    name: Literal["retrieve", "assess", "compose", "verify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """What is asked, after what, and how to tell that nobody waits any more."""

    question: str
    history: Sequence[str] = ()
    stop: threading.Event | None = None


def _this_year() -> int:
    return datetime.datetime.now().astimezone().year


Event = Step | Said | Answer
Run = Generator[Step | Said, None, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The parts of one way to answer; made by `rag.build`."""

    library: Library
    encoder: Encoder
    composer: Composer
    top_k: int = 8
    meaning: Meaning | None = None
    rephraser: Rephraser = field(default_factory=RuleRephraser)
    this_year: Callable[[], int] = _this_year

    def without_model(self) -> Pipeline:
        """The same pipeline without a language model."""
        return dataclasses.replace(self, composer=ExtractiveComposer(), rephraser=RuleRephraser())

    def ask(self, question: str, *, history: Sequence[str] = (), within: Filter | None = None) -> Answer:
        """Answer a question, or say why not; see `stream`."""
        return _last(self.stream(question, history=history, within=within))

    def stream(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        within: Filter | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer a question step by step: each step as it begins, each sentence as it passes, the whole answer last.

        What was said stays said: a sentence is yielded only once it is sure that there will be an answer.

        Args:
            question: The reader's words; beyond 1000 characters they are cut.
            history: Earlier questions of the conversation, oldest first.
            within: What the reader restricts the search to.
            stop: Set by whoever no longer waits, while this is being waited for.

        Raises:
            StoppedError: `stop` was set while a language model was being waited for.
            LibraryError: The library cannot be read.
            EncoderError: The question cannot be encoded.
        """
        timings, within = Timings(), within or Filter()
        text, earlier = readable(question), [readable(h) for h in history]
        with timings.step("total"):
            answer = yield from self._run(_Ask(question=text, history=earlier, stop=stop), within, timings)
            if not answer.answered and not within.is_open and not _is_declined(answer):
                anywhere = _last(self._stream_all(text, earlier))
                if anywhere.answered:
                    refusal = refuse_outside(anywhere)
                    answer = _refused(text, refusal, timings, retrieved=answer.retrieved)
        yield answer

    def _stream_all(self, question: str, history: Sequence[str]) -> Iterator[Event]:
        """Answer without the filter, by the articles' own sentences: only whether there is an answer is asked."""
        return self.without_model().stream(question, history=history)

    def _run(self, ask: _Ask, within: Filter, timings: Timings) -> Run:
        question = ask.question
        if not any(ch.isalnum() for ch in question):
            language: Language = "en" if question and question.isascii() else "zh"
            return _refused(question, refuse_plainly("empty_question", language), timings, language=language)
        if self.library.is_empty:
            return _refused(question, refuse_plainly("empty_library", detect_language(question)), timings)
        with timings.step("understand"):
            text = self.rephraser.standalone(question, ask.history, stop=ask.stop)
            query = self._understand(question, text)
        if not query.aspects and not query.regions:
            return _refused(question, refuse_plainly("empty_question", query.language), timings)
        reading = yield from self._read(query, within, timings)
        reading, comparison = yield from self._read_apart(reading, ask, within, timings)
        return (yield from self._answer(reading, comparison, timings, ask.stop))

    def _understand(self, question: str, text: str) -> Query:
        # 去年 is a year only where articles have theirs: those without a date may be of any.
        is_dated = self.library.has_dates()
        return understand(
            question,
            text=text,
            rarity=rarity_in(self.library),
            known=self.library.region_codes(),
            this_year=self.this_year() if is_dated else None,
        )

    def _read(self, query: Query, within: Filter, timings: Timings) -> Generator[Step, None, Reading]:
        """Search, and judge what is found."""
        yield Step(name="retrieve")
        with timings.step("retrieve"):
            found = retrieve(
                query, library=self.library, encoder=self.encoder, top_k=self.top_k, within=within
            )
            for name, ms in found.timings_ms.items():
                timings.add(name, ms)
        yield Step(name="assess")
        with timings.step("gather"):
            candidates = gather_candidates(found.hits, library=self.library)
        with timings.step("rerank"):
            known = self.library.sentence_vectors([hit.passage for hit in found.hits])
            candidates = mark_standouts(candidates, found.vector, encoder=self.encoder, known=known)
        with timings.step("assess"):
            assessment = assess(query, candidates)
        return Reading(query=query, hits=found.hits, candidates=tuple(candidates), assessment=assessment)

    def _read_apart(
        self, reading: Reading, ask: _Ask, within: Filter, timings: Timings
    ) -> Generator[Step, None, tuple[Reading, Comparison | None]]:
        """Read for each year or topic set side by side by itself; else as a model splits the comparison, if one may."""
        query = reading.query
        asked = [self._understand(ask.question, item.question) for item in query.items]
        parts = []
        for item, part in zip(query.items, told_apart(asked, query.intent), strict=True):
            parts.append((item, (yield from self._read(part, within, timings))))
        if parts or len(query.regions) > 1:
            return set_out(reading, parts)
        sides = yield from self._read_sides(query, ask, within, timings)
        return with_sides(reading, sides), None

    def _read_sides(
        self, query: Query, ask: _Ask, within: Filter, timings: Timings
    ) -> Generator[Step, None, list[Reading]]:
        """Read for each side of a comparison by itself, where it can be split; places are told apart without that."""
        if query.intent != "compare" or len(query.regions) > 1:
            return []
        with timings.step("understand"):
            sides = self.rephraser.sides(query.text, stop=ask.stop)
        readings = []
        for side in sides:
            part = self._understand(ask.question, side)
            readings.append((yield from self._read(part, within, timings)))
        return readings

    def _answer(
        self,
        reading: Reading,
        comparison: Comparison | None,
        timings: Timings,
        stop: threading.Event | None,
    ) -> Run:
        query, assessment = reading.query, reading.assessment
        said: list[Said] = []
        dropped: list[Verdict] = []
        composed = Composition(composer=ExtractiveComposer.name)
        if assessment.answering:
            material = _material(reading, comparison, stop)
            yield Step(name="compose")
            composing = Composed(self.composer.compose(material), timings)
            composing.begin()
            yield Step(name="verify")
            checked = number_as_verified(composing, language=query.language, meaning=self.meaning)
            with closing(composing):
                yield from _held_back(timed(checked, timings), said, dropped)
            composed = composing.composition
            timings.ms.update(composed.timings_ms)
        refusal = None
        is_answer = any(one.citations for one in said)
        if not is_answer:
            with timings.step("refuse"):
                refusal = self._refusal(query, assessment, composed)
        sentences = tuple(one.sentence for one in said) if is_answer else ()
        citations = tuple(citation for one in said for citation in one.citations)
        return Answer(
            question=query.question,
            language=query.language,
            sentences=sentences,
            citations=citations,
            refusal=refusal,
            composer=composed.composer,
            retrieved=reading.hits,
            dropped=tuple(dropped),
            timings_ms=timings.ms,
            understood=query.text if query.text != query.question else "",
            fallback_reason=composed.fallback_reason if is_answer else None,
            usage=composed.usage,
            conflicts=conflicts_told(sentences, citations, query.language),
            table=table_of(comparison, said, query.language) if is_answer and comparison else None,
        )

    def _refusal(self, query: Query, assessment: Assessment, composed: Composition) -> Refusal:
        if composed.is_declined:
            return refuse_declined(query, assessment)
        return refuse(query, assessment, library=self.library)


def _material(reading: Reading, comparison: Comparison | None, stop: threading.Event | None) -> Material:
    return Material(
        query=reading.query,
        answering=reading.assessment.answering,
        read=reading.candidates,
        stop=stop,
        comparison=comparison,
    )


def _is_declined(answer: Answer) -> bool:
    return answer.refusal is not None and answer.refusal.code == "model_declined"


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
