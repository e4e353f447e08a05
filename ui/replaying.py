"""`yigai history replay` without its command: asking again, and telling what is no longer the same."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rag.history import Kept
from rag.types import Answer, Citation, Language
from ui.printings import Printings, document_with_printings, printings_of
from ui.quoting import Quoted, State, quoted_document, quoted_lines, quoted_places
from ui.remembering import local_time, one_line, settings_in_use
from ui.render import answer_text, printable, render_answer
from ui.strings import tell

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

_MOST_PASSAGES = 50  # as `--top-k` allows


@dataclass(frozen=True, slots=True, kw_only=True)
class LostQuote:
    """An article whose text is no longer what a kept answer quoted from it.

    Attributes:
        state: "gone" where there is no such article any more; "earlier" where an earlier version has the quote;
            "changed" where none that is kept has.
        citations: The numbers of the kept citations that this is so of, ascending.
        version: The number of the earlier version, the oldest being 1; 0 where there is none.
        replaced_at: When that version was replaced (ISO 8601).
    """

    article_id: str
    state: State
    citations: tuple[int, ...]
    version: int = 0
    replaced_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A kept answer beside the one that the library gives now.

    Attributes:
        settings: Name, value then and value now of the settings that differ; None where there was no such setting.
        places: What has become of the places that the kept answer quotes.
        printings: Other printings of the articles that are cited now.
    """

    kept: Kept
    answer: Answer
    settings: tuple[tuple[str, str | int | None, str | int], ...]
    places: tuple[Quoted, ...] = ()
    printings: Printings = field(default_factory=dict)

    @property
    def lost(self) -> tuple[LostQuote, ...]:
        """The articles whose text is no longer what was quoted."""
        return lost_quotes(self.places)

    @property
    def is_same(self) -> bool:
        """Whether the words, the refusal and the citations are the same."""
        then = self.kept.answer
        return (then.text, then.sentences, then.citations, then.refusal) == (
            self.answer.text,
            self.answer.sentences,
            self.answer.citations,
            self.answer.refusal,
        )


def replay(kept: Kept, pipeline: Pipeline) -> Replay:
    """Ask what was asked then, with the same history, filter and number of passages, of the library as it is now."""
    top_k = kept.asked.settings.get("top_k")
    if isinstance(top_k, int) and 1 <= top_k <= _MOST_PASSAGES:
        pipeline = dataclasses.replace(pipeline, top_k=top_k)
    answer = pipeline.ask(kept.answer.question, history=kept.asked.history, within=kept.asked.within)
    then, now = kept.asked.settings, settings_in_use(pipeline)
    return Replay(
        kept=kept,
        answer=answer,
        settings=tuple(
            (name, then.get(name), value) for name, value in now.items() if then.get(name) != value
        ),
        places=tuple(quoted_places(kept.answer.citations, pipeline.library)),
        printings=printings_of(answer.citations, pipeline.library),
    )


def lost_quotes(places: Iterable[Quoted]) -> tuple[LostQuote, ...]:
    """Gather the places that no longer hold their quote by article and version, in the order of the citations."""
    numbers: dict[tuple[str, State, int, str], list[int]] = {}
    for place in places:
        if place.state != "current":
            key = (place.article_id, place.state, place.version, place.replaced_at)
            numbers.setdefault(key, []).append(place.number)
    return tuple(
        LostQuote(
            article_id=article_id,
            state=state,
            citations=tuple(cited),
            version=version,
            replaced_at=replaced_at,
        )
        for (article_id, state, version, replaced_at), cited in numbers.items()
    )


def text_changes(then: str, now: str) -> list[str]:
    """Return the lines that went, marked `-`, and those that came, marked `+`, each where it stood."""
    lines = list(difflib.unified_diff(then.splitlines(), now.splitlines(), lineterm="", n=0))
    return [line for line in lines[2:] if not line.startswith("@@")]


def citation_changes(
    then: Sequence[Citation], now: Sequence[Citation]
) -> tuple[list[Citation], list[Citation]]:
    """Return the citations that went, and those that came; another number alone makes no other citation."""
    known_then, known_now = ([dataclasses.replace(c, number=0) for c in cited] for cited in (then, now))
    return (
        [c for c in then if dataclasses.replace(c, number=0) not in known_now],
        [c for c in now if dataclasses.replace(c, number=0) not in known_then],
    )


def replay_document(replay: Replay) -> dict[str, Any]:
    """A replay as plain values; `answer` is the one given now."""
    gone, new = citation_changes(replay.kept.answer.citations, replay.answer.citations)
    return {
        "schema": 1,
        "answer_id": replay.kept.answer_id,
        "same": replay.is_same,
        "text": text_changes(answer_text(replay.kept.answer), answer_text(replay.answer)),
        "citations": {
            "gone": [dataclasses.asdict(citation) for citation in gone],
            "new": [dataclasses.asdict(citation) for citation in new],
        },
        "articles": [dataclasses.asdict(lost) for lost in replay.lost],
        "settings": {name: {"then": then, "now": now} for name, then, now in replay.settings},
        "quotes": [quoted_document(place) for place in replay.places],
        "answer": document_with_printings(replay.answer, replay.printings),
    }


def replay_lines(replay: Replay, language: Language) -> list[str]:
    """The answer as it is now, whether it is the same, and what differs."""
    gone, new = citation_changes(replay.kept.answer.citations, replay.answer.citations)
    lines = [
        render_answer(replay.answer, printings=replay.printings),
        "",
        tell("same_answer" if replay.is_same else "other_answer", language),
        *(f"  {line}" for line in text_changes(answer_text(replay.kept.answer), answer_text(replay.answer))),
        *(f"  {tell('no_longer_cited', language, what=_place(c))}" for c in gone),
        *(f"  {tell('newly_cited', language, what=_place(c))}" for c in new),
        *(f"  {_lost(lost, language)}" for lost in replay.lost),
        *(f"    {line}" for line in quoted_lines(replay.places, language)),
        *(f"  {_setting(*setting, language)}" for setting in replay.settings),
    ]
    return [printable(line) for line in lines]


def _place(citation: Citation) -> str:
    at = f"{one_line(citation.article_id)} [{citation.start}, {citation.end})"
    return f"[{citation.number}] {at} 「{one_line(citation.quote)}」"


def _lost(lost: LostQuote, language: Language) -> str:
    article = one_line(lost.article_id) + " " + "".join(f"[{number}]" for number in lost.citations)
    told = {"version": lost.version, "when": local_time(lost.replaced_at)} if lost.replaced_at else {}
    return tell(f"article_{lost.state}", language, article=article, **told)


def _setting(name: str, then: str | int | None, now: str | int, language: Language) -> str:
    return tell("setting_differs", language, name=name, then=one_line(str(then)), now=now)
