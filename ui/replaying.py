"""`yigai history replay` without its command: asking again, and telling what is no longer the same."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from rag.errors import ArticleNotFoundError
from rag.history import Kept
from rag.schema import answer_document
from rag.types import Answer, Citation, Language
from ui.remembering import one_line, settings_in_use
from ui.render import printable, render_answer
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import Library
    from rag.pipeline import Pipeline

_MOST_PASSAGES = 50  # as `--top-k` allows


@dataclass(frozen=True, slots=True, kw_only=True)
class LostQuote:
    """An article whose text is no longer what a kept answer quoted from it.

    Attributes:
        state: "gone" where there is no such article any more, else "changed".
        citations: The numbers of the kept citations that are not found in it, ascending.
    """

    article_id: str
    state: Literal["gone", "changed"]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A kept answer beside the one that the library gives now.

    Attributes:
        settings: Name, value then and value now of the settings that differ; None where there was no such setting.
    """

    kept: Kept
    answer: Answer
    settings: tuple[tuple[str, str | int | None, str | int], ...]
    lost: tuple[LostQuote, ...]

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
        lost=lost_quotes(kept.answer.citations, pipeline.library),
    )


def lost_quotes(citations: Iterable[Citation], library: Library) -> tuple[LostQuote, ...]:
    """Find the articles that no longer hold a quote where it was cited, in the order of the citations."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article_id, []).append(citation)
    found = (_lost_in(article_id, cited, library) for article_id, cited in by_article.items())
    return tuple(lost for lost in found if lost is not None)


def _lost_in(article_id: str, cited: Sequence[Citation], library: Library) -> LostQuote | None:
    try:
        text = library.article(article_id).text
    except ArticleNotFoundError:
        numbers = tuple(citation.number for citation in cited)
        return LostQuote(article_id=article_id, state="gone", citations=numbers)
    numbers = tuple(c.number for c in cited if text[c.start : c.end] != c.quote)
    return LostQuote(article_id=article_id, state="changed", citations=numbers) if numbers else None


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
        "text": text_changes(replay.kept.answer.text, replay.answer.text),
        "citations": {
            "gone": [dataclasses.asdict(citation) for citation in gone],
            "new": [dataclasses.asdict(citation) for citation in new],
        },
        "articles": [dataclasses.asdict(lost) for lost in replay.lost],
        "settings": {name: {"then": then, "now": now} for name, then, now in replay.settings},
        "answer": answer_document(replay.answer),
    }


def replay_lines(replay: Replay, language: Language) -> list[str]:
    """The answer as it is now, whether it is the same, and what differs."""
    gone, new = citation_changes(replay.kept.answer.citations, replay.answer.citations)
    lines = [
        render_answer(replay.answer),
        "",
        tell("same_answer" if replay.is_same else "other_answer", language),
        *(f"  {line}" for line in text_changes(replay.kept.answer.text, replay.answer.text)),
        *(f"  {tell('no_longer_cited', language, what=_place(c))}" for c in gone),
        *(f"  {tell('newly_cited', language, what=_place(c))}" for c in new),
        *(f"  {tell(f'article_{lost.state}', language, article=_lost(lost))}" for lost in replay.lost),
        *(f"  {_setting(*setting, language)}" for setting in replay.settings),
    ]
    return [printable(line) for line in lines]


def _place(citation: Citation) -> str:
    at = f"{one_line(citation.article_id)} [{citation.start}, {citation.end})"
    return f"[{citation.number}] {at} 「{one_line(citation.quote)}」"


def _lost(lost: LostQuote) -> str:
    return one_line(lost.article_id) + " " + "".join(f"[{number}]" for number in lost.citations)


def _setting(name: str, then: str | int | None, now: str | int, language: Language) -> str:
    return tell("setting_differs", language, name=name, then=one_line(str(then)), now=now)
