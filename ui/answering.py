"""`yigai ask` without its command: what is printed while an answer comes about, and what once it is whole."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.normalise import detect_language
from rag.pipeline import Step, readable
from rag.types import Answer, Filter, Language
from ui import terminal
from ui.printings import printings_of
from ui.progress import Spinner, spinner
from ui.render import answer_head, answer_lines, answer_tail, printable, sentence_line
from ui.strings import step_name, tell

if TYPE_CHECKING:
    from rag.pipeline import Event, Pipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What `yigai ask` was asked, in which language it speaks meanwhile, and whether it prints the answer."""

    question: str
    history: tuple[str, ...]
    within: Filter
    language: Language
    is_quiet: bool = False


def answer_aloud(pipeline: Pipeline, asked: Asked) -> Answer:
    """Answer a question; print each sentence as it passes, then the rest. Whatever ends it early stops the pipeline.

    What is printed adds up to `render_answer`. A follow-up is printed whole: its first line says how it was
    understood, which only the answer knows.

    Raises:
        LibraryError: The library cannot be read.
        EncoderError: The question cannot be encoded.
    """
    stop = threading.Event()
    stream = pipeline.stream(asked.question, history=asked.history, within=asked.within, stop=stop)
    with spinner(quiet=asked.is_quiet) as shown:
        try:
            answer, said = _listen(stream, asked, shown, by_model=pipeline.composer.name.startswith("llm"))
        finally:
            stop.set()
    if not asked.is_quiet:
        printings = printings_of(answer.citations, pipeline.library)
        rest = answer_lines(answer)[said:] + answer_tail(answer, printings, width=terminal.columns())
        lines = rest if said else [*answer_head(answer), *rest]
        if lines:
            terminal.say(printable("\n".join(lines)))
    return answer


def _listen(events: Iterator[Event], asked: Asked, shown: Spinner, *, by_model: bool) -> tuple[Answer, int]:
    """Return the answer, and how many of its sentences are printed."""
    said, language = 0, detect_language(readable(asked.question))
    for event in events:
        if isinstance(event, Answer):
            return event, said
        if isinstance(event, Step):
            shown.say(tell(f"step_{step_name(event.name, by_model=by_model)}", asked.language))
        elif not (asked.is_quiet or asked.history):
            with shown.paused():
                terminal.say_now(printable(sentence_line(event.sentence, language)))
            said += 1
    raise AssertionError("a stream ends with its answer")  # pragma: no cover
