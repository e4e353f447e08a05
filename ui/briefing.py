"""`yigai brief` without its command: what is asked for, the bar while it is written, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.web.sidecar import write_whole
from rag.briefing.citing import lines_of
from rag.briefing.types import Briefing, Request
from rag.briefing.write import empty_briefing, write_briefing
from rag.normalise import detect_language
from rag.regions import full_name
from rag.types import Language
from ui import terminal
from ui.asking import BadRequestError, filter_by_names
from ui.exporting import SUFFIXES, render
from ui.parsing import UsageProblem
from ui.progress import progress_bar
from ui.strings import tell

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

_SEE = "yigai brief --help"
_JOINTS = str.maketrans("，、；;", ",,,,")
_MOST_NAMED = 6


def request_of(
    topic: str,
    *,
    regions: Sequence[str],
    since: int | None,
    until: int | None,
    wanted: str | None,
    language: Language,
) -> Request:
    """Return what the options of the command ask for; without a language, that of the topic.

    Raises:
        UsageProblem: There is no topic, a place is unknown or could be several, or the years are the wrong way round.
    """
    if not any(ch.isalnum() for ch in topic):
        raise UsageProblem(problem=tell("missing_topic", language), see=_SEE)
    names = [n.strip() for given in regions for n in given.translate(_JOINTS).split(",") if n.strip()]
    try:
        within = filter_by_names(names, since, until, [])
    except BadRequestError as error:
        raise UsageProblem(problem=error.localised(language), see=_SEE) from error
    told: Language = detect_language(topic) if wanted is None else "en" if wanted == "en" else "zh"
    return Request(
        topic=topic.strip(),
        regions=tuple(dict.fromkeys(full_name(code) for code in within.regions)),
        since_year=since,
        until_year=until,
        language=told,
    )


def require_place(path: Path, *, overwrites: bool, language: Language) -> None:
    """Turn away a file that could not be written, before any work is done.

    Raises:
        UsageProblem: Its suffix is unknown, its folder is not there, or it is there already and may not be overwritten.
    """
    if path.suffix.lower() not in SUFFIXES:
        problem = tell(
            "brief_suffix",
            language,
            path=path,
            suffix=path.suffix,
            known=tell("comma", language).join(SUFFIXES),
        )
    elif not path.absolute().parent.is_dir():
        problem = tell("brief_no_folder", language, folder=path.absolute().parent)
    elif path.exists() and not overwrites:
        problem = tell("brief_exists", language, path=path)
    else:
        return
    raise UsageProblem(problem=problem, see=_SEE)


def write_aloud(pipeline: Pipeline, request: Request, out: Path | None, *, language: Language) -> Briefing:
    """Write a briefing behind a progress bar, into a file or as Markdown to the terminal.

    Raises:
        NothingFoundError: The library says nothing on the topic.
        UsageProblem: The file cannot be written.
    """
    with progress_bar(quiet=False) as bar:

        def show(done: int, total: int, question: str) -> None:
            bar.update(done, total, tell("brief_asking", language, question=question) if question else "")

        briefing = write_briefing(pipeline, request, on_progress=show)
    put(briefing, out, language=language)
    return briefing


def write_empty(pipeline: Pipeline, request: Request, out: Path | None, *, language: Language) -> None:
    """Write a briefing that only says that the articles are silent."""
    put(empty_briefing(pipeline, request), out, language=language)
    if out is not None:
        terminal.note(tell("brief_empty_written", language, path=out))


def put(briefing: Briefing, out: Path | None, *, language: Language) -> None:
    """Put a briefing into a file, whole or not at all, or as Markdown on the terminal.

    Raises:
        UsageProblem: The file cannot be written.
    """
    if out is None:
        terminal.say(render(briefing, ".md").decode())
        return
    try:
        write_whole(out.absolute(), render(briefing, out.suffix))
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageProblem(problem=tell("brief_unwritten", language, path=out, why=why), see=_SEE) from error


def tell_of(briefing: Briefing, out: Path | None, *, language: Language) -> None:
    """Tell what was written, what was not taken in, and why."""
    if out is not None:
        count = sum(1 for _ in lines_of(briefing.sections))
        terminal.note(tell("brief_written", language, path=out, lines=count, sources=len(briefing.sources)))
    if briefing.dropped:
        terminal.note(tell("brief_dropped", language, count=len(briefing.dropped)))
    if briefing.left_out:
        names = tell("comma", language).join(briefing.left_out[:_MOST_NAMED])
        more = tell("and_more", language) if len(briefing.left_out) > _MOST_NAMED else ""
        terminal.note(tell("brief_left_out", language, count=len(briefing.left_out), names=names + more))
