"""What the briefing tab does when someone acts: values in, markup out. Knows nothing of Gradio, nor of HTML but its template."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rag.briefing.editing import parse_address, renamed, with_note, without
from rag.briefing.types import Request, Source
from rag.errors import YigaiError
from rag.pipeline import readable
from rag.regions import full_name
from rag.types import Filter, Language
from ui.exporting import SUFFIXES
from ui.exporting.drawn import draw
from ui.exporting.outline import asides
from ui.exporting.words import describe
from ui.exporting.words import word as exported_word
from ui.web.briefs import Briefs, Made, Progress
from ui.web.desk import BusyError, Waiting
from ui.web.turns import address_of
from ui.web.view import fill
from ui.web.words import word

if TYPE_CHECKING:
    from rag.briefing.types import Briefing

_log = logging.getLogger(__name__)

_NAMES = {
    ".docx": "brief_docx",
    ".pptx": "brief_pptx",
    ".html": "brief_html",
    ".md": "brief_md",
    ".json": "brief_json",
}
_WHOLE = "s"
"""What stands for the briefing itself where an address is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lectern:
    """The briefing tab of one page, over the briefings that all pages share."""

    briefs: Briefs
    language: Language
    root: str

    async def write(self, topic: str, within: Filter, asker: str) -> AsyncGenerator[str]:
        """Write a briefing; yields how far it is, then the briefing, or why there is none."""
        request = Request(
            topic=" ".join(readable(topic).split()),
            regions=tuple(map(full_name, within.regions)),
            since_year=within.since_year,
            until_year=within.until_year,
            language=self.language,
        )
        problem = self._problem(request)
        if problem:
            yield self._fill(problem=problem)
            return
        try:
            async with aclosing(self.briefs.make(request, asker)) as events:
                async for event in events:
                    yield self._told(event)
        except YigaiError as error:
            if not isinstance(error, BusyError):
                _log.info("no briefing was written: %s", error)
            yield self._fill(problem=error.localised(self.language))
        except Exception:  # noqa: BLE001  # the outermost edge: the reader gets a line, the log the rest
            _log.exception("a briefing failed")
            yield self._fill(problem=word("brief_failed", self.language))

    def _problem(self, request: Request) -> str:
        if not request.topic:
            return word("brief_no_topic", self.language)
        since, until = request.since_year, request.until_year
        return word("brief_years", self.language) if since and until and since > until else ""

    def _told(self, event: Waiting | Progress | Made) -> str:
        if isinstance(event, Made):
            return self._fill(event.briefing, event.key)
        if isinstance(event, Waiting):
            return self._fill(problem=word("waiting", self.language, ahead=event.ahead))
        return self._fill(progress=event)

    def change(self, act: str, at: str, text: str, asker: str) -> str:
        """Leave something out (`drop`), rename a section (`rename`) or add a note to it (`note`); show what it is then.

        Args:
            act: What is done.
            at: Key of the briefing and an address in it, with a blank between them.
            text: A heading, or a note.
            asker: Whose briefing it is.
        """
        key, _, address = at.partition(" ")
        if self.briefs.find(key, asker) is None:
            return self._fill(problem=word("brief_gone", self.language))
        try:
            changed = self.briefs.change(key, asker, _change(act, address, readable(text)))
        except LookupError:
            return self._with_problem(key, asker, "brief_nothing_there")
        except ValueError:
            return self._with_problem(key, asker, "brief_no_words")
        if changed is None:
            return self._fill(problem=word("brief_gone", self.language))
        return self._fill(changed, key)

    def _with_problem(self, key: str, asker: str, problem: str) -> str:
        return self._fill(self.briefs.find(key, asker), key, problem=word(problem, self.language))

    def _fill(
        self,
        briefing: Briefing | None = None,
        key: str = "",
        *,
        problem: str = "",
        progress: Progress | None = None,
    ) -> str:
        return fill(
            "brief",
            language=self.language,
            root=self.root,
            briefing=briefing,
            key=key,
            problem=problem,
            all=progress.all if progress else 0,
            done=progress.done if progress else 0,
            label=progress.label if progress else "",
            facts=describe(briefing) if briefing else (),
            files=[(suffix.removeprefix("."), word(_NAMES[suffix], self.language)) for suffix in SUFFIXES],
            colon=exported_word("colon", self.language),
            asides=partial(asides, language=self.language),
            draw=partial(draw, language=self.language),
            address=_address,
        )


def _change(act: str, address: str, text: str) -> Callable[[Briefing], Briefing]:
    """What an act does to a briefing.

    Raises:
        ValueError: There is no such act, or that is no address.
    """
    if act == "rename" and address == _WHOLE:
        return lambda briefing: renamed(briefing, (), text)
    place = parse_address(address)
    if act == "drop":
        return lambda briefing: without(briefing, place)
    if act == "rename":
        return lambda briefing: renamed(briefing, place.path, text)
    if act == "note":
        return lambda briefing: with_note(briefing, place.path, text)
    raise ValueError(act)


def _address(source: Source) -> str:
    return address_of(source.article_id, source.start, source.end)
