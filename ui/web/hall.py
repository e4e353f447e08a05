"""What the page does when someone acts: values in, markup out. Knows nothing of Gradio, and nothing of HTML but templates."""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.report import IngestEvent, IngestReport
from rag.errors import YigaiError
from rag.pipeline import Step, readable
from rag.types import Answer, Filter, Language, Said
from ui.kinds import kinds_read
from ui.remembering import local_time
from ui.strings import step_name
from ui.web.desk import BusyError, Desk, Given, Question, Waiting
from ui.web.finding import ArticleFinder
from ui.web.intake import Intake, outcomes_of
from ui.web.shelves import Shelves
from ui.web.turns import Asking, Turn, turn_of, unfinished
from ui.web.view import fill
from ui.web.words import word

if TYPE_CHECKING:
    from rag.history import Kept
    from ui.web.examples import Examples

_log = logging.getLogger(__name__)

SHOWN_TURNS = 30
"""Of a long conversation the latest turns are shown; all are kept."""
OFFERED = 3
SHOWN_EVERY_S = 0.1
"""What changes sooner than an eye can follow is shown with what comes next, if that is sure to come soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the conversation shows now: turns that are whole, and the one at hand."""

    log: str | None
    live: str
    conversation: str
    is_done: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """One page in one language, over the parts that all pages share."""

    desk: Desk
    examples: Examples
    shelves: Shelves
    language: Language
    root: str
    intake: Intake | None

    # A conversation

    async def ask(self, text: str, *, conversation: str, within: Filter, asker: str) -> AsyncGenerator[Shown]:
        """Answer a question within a conversation; the last thing shown holds it among the whole turns."""
        question = Question(
            text=readable(text),
            via="page",
            within=within,
            asker=asker,
            conversation=conversation or new_conversation(),
        )
        try:
            async with aclosing(self._answered(question)) as all_shown:
                async for shown in all_shown:
                    yield shown
        except YigaiError as error:
            if not isinstance(error, BusyError):
                _log.exception("a question could not be answered")
            yield self._troubled(error.localised(self.language), question.conversation)
        except Exception:  # noqa: BLE001  # the outermost edge: the reader gets a line, the log the rest
            _log.exception("a question failed")
            yield self._troubled(word("failed", self.language), question.conversation)

    async def _answered(self, question: Question) -> AsyncGenerator[Shown]:
        before = await asyncio.to_thread(self._earlier, question.conversation, question.asker)
        question = replace(question, earlier=tuple(kept.answer.question for kept in before))
        said: list[Said] = []
        shown_at = -math.inf
        async with aclosing(self.desk.stream(question)) as events:
            async for event in events:
                if isinstance(event, Given):
                    log = await asyncio.to_thread(self._log_with, event, question, before)
                    yield Shown(log=log, live=self._live(), conversation=question.conversation, is_done=True)
                    return
                if isinstance(event, Said):
                    said.append(event)
                if not self.desk.has_model and time.monotonic() - shown_at < SHOWN_EVERY_S:
                    continue
                live = self._at_hand(question, said, event)
                shown_at = time.monotonic()
                yield Shown(log=None, live=live, conversation=question.conversation)

    def _troubled(self, problem: str, conversation: str) -> Shown:
        return Shown(log=None, live=self._live(problem=problem), conversation=conversation, problem=problem)

    def opened(self, conversation: str, asker: str) -> Shown:
        """Show a conversation again; one that is not the asker's is as good as new."""
        kept = self._earlier(conversation, asker)
        return Shown(
            log=self._log(self._turns(kept)),
            live=self._live(),
            conversation=conversation if kept else "",
            is_done=True,
        )

    def _earlier(self, conversation: str, asker: str) -> list[Kept]:
        return self.desk.earlier_in(conversation, asker, latest=SHOWN_TURNS)

    def latest(self, asker: str) -> str:
        """Return the asker's latest conversation; empty where there is none."""
        latest = self.desk.history.conversations(asker, limit=1) if asker else []
        return latest[0].conversation if latest else ""

    def earlier(self, asker: str) -> str:
        """List the asker's conversations."""
        found = self.desk.history.conversations(asker, limit=20) if asker else []
        rows = [
            {
                "conversation": one.conversation,
                "first_question": one.first_question,
                "last_at": one.last_at,
                "when": local_time(one.last_at),
                "answers": one.answers,
            }
            for one in found
        ]
        return self._fill("earlier", conversations=rows)

    def forget(self, conversation: str, asker: str) -> str:
        """Delete one of the asker's conversations; list the rest."""
        self.desk.history.forget_conversation(conversation, asker=asker)
        return self.earlier(asker)

    def _log_with(self, given: Given, question: Question, before: Sequence[Kept]) -> str:
        find = ArticleFinder(self.desk.pipeline.library)
        near = [hit.passage.article_id for hit in given.answer.retrieved]
        asking = Asking(
            key=given.answer_id or secrets.token_hex(4),
            history=question.earlier,
            within=question.within,
            answer_id=given.answer_id,
            offers=()
            if given.answer.answered
            else self.examples.some(self.language, most=OFFERED, near=near),
        )
        turn = turn_of(given.answer, asking, find=find, language=self.language)
        return self._log([*self._turns(before, find), turn])

    def _turns(self, kept: Sequence[Kept], find: ArticleFinder | None = None) -> list[Turn]:
        find = find or ArticleFinder(self.desk.pipeline.library)
        return [self._kept_turn(one, find) for one in kept]

    def _kept_turn(self, kept: Kept, find: ArticleFinder) -> Turn:
        asking = Asking(
            key=kept.answer_id,
            history=kept.asked.history,
            within=kept.asked.within,
            answer_id=kept.answer_id,
            liked=kept.feedback.liked if kept.feedback else None,
            reason=kept.feedback.reason if kept.feedback else "",
        )
        return turn_of(kept.answer, asking, find=find, language=self.language)

    def _log(self, turns: Sequence[Turn]) -> str:
        articles = 0 if turns else len(self.desk.pipeline.library.articles())
        examples = () if turns else self.examples.some(self.language)
        key = "welcome_empty" if not articles else "welcome" if examples else "welcome_plain"
        welcome = word(key, self.language, articles=articles)
        return self._fill("conversation", turns=turns, welcome=welcome, examples=examples)

    def _at_hand(
        self, question: Question, said: Sequence[Said], event: Waiting | Step | Said | Answer
    ) -> str:
        step = ""
        if isinstance(event, Waiting):
            step = word("waiting", self.language, ahead=event.ahead)
        elif isinstance(event, Step):
            step = self._step(event.name)
        elif said:
            step = self._step("verify")
        turn = turn_of(
            unfinished(question.text, said),
            Asking(key="now", history=question.earlier, within=question.within),
            find=ArticleFinder(self.desk.pipeline.library),
            language=self.language,
        )
        return self._live(turn=turn, step=step)

    def _step(self, name: str) -> str:
        return word(f"step_{step_name(name, by_model=self.desk.has_model)}", self.language)

    def _live(self, *, turn: Turn | None = None, step: str = "", problem: str = "") -> str:
        return self._fill("live", turn=turn, step=step, problem=problem)

    # The library

    def shelf(self, search: str = "") -> str:
        """List the articles that match."""
        return self._fill(
            "shelf", **self.shelves.listed(search, self.language), may_write=self.intake is not None
        )

    def adding_hint(self) -> str:
        """Say which files may be added."""
        if self.intake is None:
            return self._fill("hint", text=word("read_only", self.language))
        text = word(
            "add_hint",
            self.language,
            types=kinds_read(self.language),
            mb=f"{self.intake.max_mb:g}",
            most=self.intake.most_files,
        )
        return self._fill("hint", text=text)

    def take_in(self, files: Sequence[Path]) -> Iterator[str]:
        """Read files into the library; yields how far that is, then what became of each."""
        if self.intake is None:
            yield self._intake(problem=word("read_only", self.language))
            return
        if not files:
            yield self._intake(problem=word("nothing_chosen", self.language))
            return
        problem = ""
        if len(files) > self.intake.most_files:
            problem = word("too_many", self.language, most=self.intake.most_files)
        try:
            for event in self.intake.take_in(files):
                if isinstance(event, IngestReport):
                    yield self._intake(problem=problem, report=event)
                else:
                    yield self._intake(problem=problem, event=event)
        except YigaiError as error:
            _log.exception("files could not be taken in")
            yield self._intake(problem=error.localised(self.language))
        except Exception:  # noqa: BLE001  # the outermost edge, as above
            _log.exception("files could not be taken in")
            yield self._intake(problem=word("intake_failed", self.language))
        self.examples.refresh_in_background()

    def _intake(
        self, *, problem: str = "", event: IngestEvent | None = None, report: IngestReport | None = None
    ) -> str:
        rows, unnamed = outcomes_of(report, self.shelves.library.directory, self.language)
        return self._fill(
            "intake",
            problem=problem,
            files_all=event.files if event else 0,
            files_done=event.files_done if event else 0,
            label=word("reading", self.language, name=event.path.name if event and event.path else ""),
            rows=rows,
            more=word("more_outcomes", self.language, count=unnamed) if unnamed else "",
        )

    def remove(self, article_id: str) -> str:
        """Remove an article; say so."""
        if self.intake is None:
            return self._intake(problem=word("read_only", self.language))
        try:
            title = self.intake.remove(article_id)
        except YigaiError as error:
            return self._intake(problem=error.localised(self.language))
        except OSError:  # the article is gone, what was handed in for it is not
            _log.exception("a file that was handed in could not be deleted")
            return self._intake(problem=word("remove_failed", self.language))
        self.examples.refresh_in_background()
        told = word("removed", self.language, title=title or word("untitled", self.language))
        return self._intake(problem=told)

    # The rest

    def header(self, person: str = "") -> str:
        """The head of the page."""
        return self._fill("header", person=person)

    def quality(self) -> str:
        """The latest evaluation."""
        latest = self.shelves.latest_report()
        return self._fill("quality", when=local_time(latest[1]) if latest else "")

    def _fill(self, template: str, **values: Any) -> str:  # noqa: ANN401  # whatever the template shows
        return fill(template, language=self.language, root=self.root, **values)


def new_conversation() -> str:
    """Name a conversation; nobody can guess another's."""
    return secrets.token_urlsafe(16)
