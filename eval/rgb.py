"""Questions in RGB layout, each asked twice: over passages that hold the answer, and over the same without those."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from eval.facts import Said, comparable
from eval.lines import read_lines
from eval.metrics import bootstrap_interval
from eval.report import Better, Metric
from eval.scratch import make_article, scratch_library, shelve
from rag.build import build_pipeline
from rag.errors import SuiteError
from rag.types import Answer, RefusalCode

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.settings import Settings

OnProgress = Callable[[str, int, int], None]
"""Told the stage ("questions"), how many are done, and how many there are."""
_SEED = 20240601
_log = logging.getLogger(__name__)


def _as_groups(value: object) -> object:
    """One string, strings that are all needed, or lists of alternatives: always the last."""
    needed = value if isinstance(value, list) else [value]
    return [entry if isinstance(entry, list) else [entry] for entry in needed]


def _flat(value: object) -> object:
    """Passages, listed or listed by the part of the question that they answer; blank ones say nothing."""
    if not isinstance(value, list):
        return value
    entries = [inner for entry in value for inner in (entry if isinstance(entry, list) else [entry])]
    return [entry for entry in entries if not isinstance(entry, str) or entry.strip()]


def _visible(text: str) -> str:
    if not comparable(text):
        raise ValueError("there is nothing in it")
    return text


_Text = Annotated[str, AfterValidator(_visible)]
_Passages = Annotated[tuple[str, ...], BeforeValidator(_flat)]
_Groups = Annotated[
    tuple[Annotated[tuple[_Text, ...], Field(min_length=1)], ...],
    BeforeValidator(_as_groups),
    Field(min_length=1),
]


class RgbQuestion(BaseModel):
    """A question with what its answer holds, and with passages; other fields are left alone.

    Attributes:
        answer: All that the answer must hold, each as a tuple of alternatives.
        positive: Passages that hold the answer.
        negative: Passages about the matter that do not.
    """

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: Annotated[str, Field(min_length=1)]
    query: _Text
    answer: _Groups
    positive: _Passages
    negative: _Passages

    @property
    def without_answer(self) -> tuple[str, ...]:
        """The negative passages; one that is listed as positive too does hold the answer."""
        return tuple(text for text in self.negative if text not in self.positive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of asking: an answer, a refusal with its code, or an error that counts as neither."""

    text: str
    refusal: RefusalCode | None = None
    error: str | None = None

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.refusal is None and self.error is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RgbOutcome:
    """One question.

    Attributes:
        holds: The answer to the answerable version holds all that is expected.
        answerable: The reply over all passages.
        unanswerable: The reply over those that do not hold the answer.
    """

    id: str
    query: str
    expected: tuple[tuple[str, ...], ...]
    holds: bool
    answerable: Reply
    unanswerable: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalResult:
    """How well what can be answered is told from what cannot.

    Attributes:
        metrics: `refusal_recall` of the unanswerable versions; of the answerable ones `false_refusal` (an error is one),
            `answer_inside` and `answered_wrongly`, which add up to 1.
        left_out: Questions without passages of one of the two kinds, of which there are no two versions.
        errors: Questions that could not be asked: failed in both versions.
    """

    encoder: str
    questions: int
    left_out: int
    errors: int
    metrics: tuple[Metric, ...]
    outcomes: tuple[RgbOutcome, ...]

    def document(self) -> dict[str, Any]:
        """Return the result as plain values ready for JSON."""
        return {
            "encoder": self.encoder,
            "counts": {"questions": self.questions, "left_out": self.left_out, "errors": self.errors},
            "metrics": {metric.name: metric.value for metric in self.metrics},
            "intervals": {metric.name: [metric.low, metric.high] for metric in self.metrics},
            "questions": [dataclasses.asdict(outcome) for outcome in self.outcomes],
        }


def read_rgb(path: Path) -> list[RgbQuestion]:
    """Read the questions; blank lines are passed over.

    Raises:
        SuiteError: The file cannot be read, a line is no question, an id comes twice, or there is no question.
    """
    questions: dict[str, RgbQuestion] = {}
    for line, question in read_lines(path, RgbQuestion):
        if question.id in questions:
            raise SuiteError(path=path, line=line, problem=f"id {question.id!r} is there already")
        questions[question.id] = question
    if not questions:
        raise SuiteError(path=path, line=0, problem="it holds no question")
    return list(questions.values())


def draw(
    questions: Sequence[RgbQuestion], *, sample: int | None = None, limit: int | None = None
) -> list[RgbQuestion]:
    """Take a sample, the same at every call and in the order of the file, or the first ones, or the first of a sample.

    Raises:
        ValueError: A number is below 1.
    """
    import numpy as np

    if min(n for n in (sample, limit, 1) if n is not None) < 1:
        raise ValueError(f"sample {sample} and limit {limit} must be at least 1")
    chosen = list(questions)
    if sample is not None and sample < len(chosen):
        drawn = np.random.default_rng(_SEED).choice(len(chosen), sample, replace=False)
        chosen = [chosen[index] for index in sorted(drawn)]
    return chosen[:limit]


def measure_refusal(
    questions: Sequence[RgbQuestion],
    *,
    encoder: Encoder,
    settings: Settings,
    on_progress: OnProgress | None = None,
) -> RefusalResult:
    """Ask both versions of every question through the whole pipeline, over a library of its own.

    Raises:
        ValueError: No question has both versions.
        EncoderError: The encoder cannot be used.
    """
    encoder.warm_up()  # without it no question can be asked at all
    asked = [question for question in questions if question.positive and question.without_answer]
    if not asked:
        raise ValueError("no question has passages both with and without its answer")
    outcomes = []
    for done, question in enumerate(asked, start=1):
        outcomes.append(ask_twice(question, encoder=encoder, settings=settings))
        if on_progress is not None:
            on_progress("questions", done, len(asked))
    return RefusalResult(
        encoder=encoder.name,
        questions=len(asked),
        left_out=len(questions) - len(asked),
        errors=sum(outcome.answerable.error is not None for outcome in outcomes),
        metrics=refusal_metrics(outcomes),
        outcomes=tuple(outcomes),
    )


def ask_twice(question: RgbQuestion, *, encoder: Encoder, settings: Settings) -> RgbOutcome:
    """Ask over all passages, take those with the answer away, and ask again; an error counts against both."""
    try:
        answerable, unanswerable = _replies(question, encoder=encoder, settings=settings)
    except Exception as cause:  # noqa: BLE001  # whatever goes wrong with one question is its result
        _log.exception("question %r could not be asked", question.id)
        answerable = unanswerable = Reply(text="", error=f"{type(cause).__name__}: {cause}")
    return RgbOutcome(
        id=question.id,
        query=question.query,
        expected=question.answer,
        holds=answerable.answered and holds_expected(answerable.text, question.answer),
        answerable=answerable,
        unanswerable=unanswerable,
    )


def holds_expected(text: str, expected: Sequence[Sequence[str]]) -> bool:
    """Whether a text holds one of the alternatives of everything expected, as it is written or as a figure."""
    said, folded = Said(text), comparable(text)
    return all(any(said.holds(form) or _is_written(form, folded) for form in forms) for forms in expected)


def refusal_metrics(outcomes: Sequence[RgbOutcome]) -> tuple[Metric, ...]:
    """The shares of questions, each with its interval.

    Raises:
        ValueError: There is no question.
    """
    return (
        _share("refusal_recall", [o.unanswerable.refusal is not None for o in outcomes], better="higher"),
        _share("false_refusal", [not o.answerable.answered for o in outcomes], better="lower"),
        _share("answer_inside", [o.holds for o in outcomes], better="higher"),
        _share("answered_wrongly", [o.answerable.answered and not o.holds for o in outcomes], better="lower"),
    )


def _replies(question: RgbQuestion, *, encoder: Encoder, settings: Settings) -> tuple[Reply, Reply]:
    positive = [make_article(f"positive-{i}", text=text) for i, text in enumerate(question.positive)]
    others = [make_article(f"negative-{i}", text=text) for i, text in enumerate(question.without_answer)]
    with scratch_library(encoder) as library:
        shelve([*positive, *others], library=library, encoder=encoder, passage_tokens=settings.passage_tokens)
        pipeline = build_pipeline(library, encoder, settings)
        answerable = _reply(pipeline.ask(question.query))
        with library.writing():
            for article in positive:
                library.remove_article(article.article_id)
        return answerable, _reply(pipeline.ask(question.query))


def _reply(answer: Answer) -> Reply:
    if answer.refusal is not None:
        return Reply(text=answer.refusal.message, refusal=answer.refusal.code)
    return Reply(text="\n".join(sentence.text for sentence in answer.sentences))


def _is_written(form: str, folded: str) -> bool:
    """Whether it stands in the text with no number cut in two: 1月3日 is not in 11月3日, but 23.92亿 is in 23.92亿元."""
    wanted = comparable(form)
    before = r"(?<!\d)(?<!\d[.,])" if wanted[0].isdecimal() else ""
    after = r"(?![.,]?\d)" if wanted[-1].isdecimal() else ""
    return re.search(f"{before}{re.escape(wanted)}{after}", folded) is not None


def _share(name: str, flags: Sequence[bool], *, better: Better) -> Metric:
    low, high = bootstrap_interval([float(flag) for flag in flags], [1.0] * len(flags))
    return Metric(
        name=name, value=sum(flags) / len(flags), low=low, high=high, cases=len(flags), better=better
    )
