"""`yigai history` without its commands: keeping an answer, choosing among those kept, and showing them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any

from rag.errors import AnswerNotFoundError, LibraryError, LibraryUnwritableError
from rag.history import Asked, Feedback, History, Kept, kept_document
from rag.types import Answer, Filter, Hit, Language
from ui.parsing import UsageProblem
from ui.printings import NO_PRINTINGS, Printings
from ui.render import printable, render_answer, table
from ui.strings import STRINGS, tell

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

_THUMBS = {True: "👍", False: "👎"}
_CUT_CHARS = 60


def settings_in_use(pipeline: Pipeline) -> dict[str, str | int]:
    """Return what the answers of a pipeline depend on besides the library's articles."""
    return {
        "yigai": metadata.version("yigai"),
        "encoder": pipeline.encoder.name,
        "composer": pipeline.composer.name,
        "top_k": pipeline.top_k,
    }


def keep_given(
    pipeline: Pipeline, answer: Answer, *, history: Sequence[str], within: Filter
) -> LibraryError | None:
    """Keep an answer given at the terminal in its library; return why not, unless that may only be read."""
    asked = Asked(via="cli", history=tuple(history), within=within, settings=settings_in_use(pipeline))
    try:
        pipeline.library.history.keep(answer, asked)
    except LibraryUnwritableError:
        return None
    except LibraryError as problem:
        return problem
    return None


def thumb_wanted(*, liked: bool, disliked: bool, language: Language) -> bool | None:
    """Return which thumb `--liked` and `--disliked` ask for; None for any answer.

    Raises:
        UsageProblem: Both were given.
    """
    if liked and disliked:
        raise UsageProblem(problem=tell("both_thumbs", language), see="yigai history --help")
    return True if liked else False if disliked else None


def ids_to_forget(
    history: History, names: Sequence[str], *, everything: bool, language: Language
) -> list[str]:
    """Return the ids that a person named, each once, or all there are.

    Raises:
        UsageProblem: Neither ids nor everything was asked for, or both were.
        AnswerNotFoundError: A name fits no answer, or several.
    """
    if everything == bool(names):
        raise UsageProblem(problem=tell("ids_or_all", language), see="yigai history remove --help")
    if everything:
        return history.ids()
    return list(dict.fromkeys(history.find(name).answer_id for name in names))


def exported(history: History, *, liked: bool | None) -> Iterator[dict[str, Any]]:
    """Yield the document of every answer, oldest first; only one is in memory at a time."""
    for answer_id in reversed(history.ids(liked=liked)):
        try:
            yield kept_document(history.kept(answer_id))
        except AnswerNotFoundError:
            continue  # forgotten meanwhile


def list_document(found: Sequence[Kept], *, limit: int) -> dict[str, Any]:
    """The list as plain values; `found` has one more than the limit where there are more."""
    answers = []
    for kept in found[:limit]:
        document = kept_document(kept)
        shown = {name: document[name] for name in ("answer_id", "asked_at", "via", "feedback")}
        answers.append({**shown, "answered": kept.answer.answered, "question": kept.answer.question})
    return {"schema": 1, "answers": answers, "more": len(found) > limit}


def list_rows(found: Sequence[Kept], language: Language, *, limit: int) -> list[str]:
    """The list as a table, one answer a line; see `list_document`."""
    if not found:
        return [tell("no_answers", language)]
    heads = [tell(f"head_{name}", language) for name in ("id", "time", "via", "outcome", "question", "thumb")]
    rows = [heads, *(_list_row(kept, language) for kept in found[:limit])]
    more = [tell("more_answers", language, limit=limit)] if len(found) > limit else []
    return [*table(rows), *more]


def _list_row(kept: Kept, language: Language) -> list[str]:
    return [
        kept.answer_id,
        local_time(kept.asked_at),
        via_name(kept.asked.via, language),
        tell("outcome_answered" if kept.answer.answered else "outcome_refused", language),
        one_line(kept.answer.question, limit=_CUT_CHARS),
        thumb(kept.feedback),
    ]


def shown_lines(
    kept: Kept, language: Language, *, printings: Printings = NO_PRINTINGS, since: Sequence[str] = ()
) -> list[str]:
    """Everything about an answer: what was asked, the answer, what was read and not used, the checks, the settings.

    Args:
        kept: The answer.
        language: Of the words around it.
        printings: Other printings of the articles cited.
        since: What has become of the places that it quotes.
    """
    head = " · ".join([kept.answer_id, local_time(kept.asked_at), via_name(kept.asked.via, language)])
    lines = [
        head,
        tell("asked_question", language, text=one_line(kept.answer.question)),
        *_asked_lines(kept.asked, language),
        "",
        render_answer(kept.answer, asked_as=_understood(kept), printings=printings),
        "",
        *([tell("quotes_since", language), *(f"  {line}" for line in since), ""] if since else []),
        *_unused_lines(kept.answer.unused, language),
        *_check_lines(kept.answer, language),
        tell("used_settings", language, text=one_line(_settings_text(kept.asked))),
        tell("given_feedback", language, text=_feedback_text(kept.feedback, language)),
    ]
    return [printable(line) for line in lines]


def _understood(kept: Kept) -> str | None:
    """What a follow-up was taken to ask, where its answer was kept before answers said so themselves."""
    if kept.answer.understood or not kept.asked.history:
        return None
    from rag.followup import resolve_followup
    from rag.pipeline import readable

    question = readable(kept.answer.question)
    text = resolve_followup(question, [readable(earlier) for earlier in kept.asked.history])
    return text if text != question else None


def _asked_lines(asked: Asked, language: Language) -> list[str]:
    lines = [] if asked.within.is_open else [tell("asked_within", language, text=_within(asked, language))]
    if asked.history:
        lines.append(tell("asked_before", language))
        lines += [f"  {one_line(question)}" for question in asked.history]
    return lines


def _within(asked: Asked, language: Language) -> str:
    within = asked.within
    parts = [_places(within.regions, language)] if within.regions else []
    if within.since_year is not None:
        parts.append(tell("since_year", language, year=within.since_year))
    if within.until_year is not None:
        parts.append(tell("until_year", language, year=within.until_year))
    return one_line(tell("semicolon", language).join([*parts, *within.sources]))


def _places(codes: Sequence[str], language: Language) -> str:
    from ui.shelf import region_names

    try:
        return region_names(codes, language)
    except ValueError:  # kept by a version whose gazetteer had a place that this one lacks
        return tell("comma", language).join(codes)


def _unused_lines(unused: Sequence[Hit], language: Language) -> list[str]:
    if not unused:
        return [tell("nothing_unused", language)]
    lines = [tell("unused", language)]
    for hit in unused:
        passage = hit.passage
        at = f"{one_line(passage.article_id)} [{passage.start}, {passage.end})"
        lines.append(f"  {at}  {one_line(passage.context)}".rstrip())
        lines += [f"    {line}" for line in passage.text.splitlines()]
    return lines


def _check_lines(answer: Answer, language: Language) -> list[str]:
    if not answer.dropped:
        return [tell("nothing_dropped", language)]
    return [tell("dropped", language), *(f"  ✗ {one_line(verdict.reason)}" for verdict in answer.dropped)]


def _settings_text(asked: Asked) -> str:
    return " · ".join(f"{name} {value}" for name, value in asked.settings.items())


def _feedback_text(feedback: Feedback | None, language: Language) -> str:
    if feedback is None:
        return tell("no_feedback", language)
    return f"{thumb(feedback)} ({local_time(feedback.given_at)})"


def thumb(feedback: Feedback | None) -> str:
    """The reader's thumb and reason on one line; empty where there is none."""
    return (
        f"{_THUMBS[feedback.liked]} {one_line(feedback.reason, limit=_CUT_CHARS)}".rstrip()
        if feedback
        else ""
    )


def via_name(via: str, language: Language) -> str:
    """Where a question came from, in the reader's language; a way that this version does not know as it is."""
    return tell(f"via_{via}", language) if f"via_{via}" in STRINGS else one_line(via)


def local_time(stamp: str) -> str:
    """A moment in the time of this machine, to the minute."""
    return datetime.datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")


def one_line(text: str, *, limit: int | None = None) -> str:
    """Foreign text on a line of its own, harmless, and no longer than `limit` characters."""
    line = printable(" ".join(text.split()))
    return line if limit is None or len(line) <= limit else line[: limit - 1] + "…"
