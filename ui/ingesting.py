"""`yigai ingest` at the terminal: a progress bar, then a line for each file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from ingest.report import FileReport, IngestEvent, IngestReport, Outcome
from ingest.run import IngestOptions, ingest_paths
from rag.build import build_encoder, open_library
from rag.settings import Settings
from rag.types import Language
from ui.fetching import Addresses, fetch
from ui.kinds import kinds_read
from ui.progress import Bar, progress_bar
from ui.render import printable, table
from ui.strings import tell

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.library import Library

_NAMED = 3
"""Files named of those that were skipped; the JSON report has them all."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be read into a library, and how.

    Attributes:
        addresses: Pages that are fetched first, and then read.
        columns: Which column of a table holds what; the rest is recognised.
        prune: Remove the articles of files that are gone.
        is_quiet: Nothing is told on the way.
    """

    paths: tuple[Path, ...]
    addresses: Addresses | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    prune: bool = False
    is_quiet: bool = False


class Voice:
    """Says what takes long, beside the progress bar that is shown at the time."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.is_quiet = is_quiet
        self.bar = Bar(None, quiet=is_quiet)

    def say(self, message: str) -> None:
        """Say something once."""
        self.bar.say(message)


class Reading:
    """A library that is open for articles, and what is told of reading them."""

    def __init__(
        self, library: Library, encoder: Encoder, *, options: IngestOptions, voice: Voice, language: Language
    ) -> None:
        self.library = library
        self.language = language
        self._encoder = encoder
        self._options = options
        self._voice = voice

    def read(self, paths: Sequence[Path], *, prune: bool) -> IngestReport:
        """Read files and folders with a progress bar; the library's own files, which are no articles, are not reported."""
        with progress_bar(quiet=self._voice.is_quiet) as self._voice.bar:
            report = ingest_paths(
                paths,
                library=self.library,
                encoder=self._encoder,
                options=self._options,
                prune=prune,
                on_event=lambda event: _show(self._voice.bar, event, self.language),
            )
        own = absolute(self.library.directory)
        foreign = (file for file in report.files if file.article_id or own not in file.path.parents)
        return IngestReport(files=tuple(foreign))

    def document(self, report: IngestReport) -> dict[str, Any]:
        """The report as plain values for JSON, with what the library holds now."""
        held = {"articles": len(self.library.articles()), "passages": self.library.passage_count()}
        totals: dict[str, int] = {outcome: report.count(outcome) for outcome in OUTCOMES}
        return {
            "schema": 1,
            **held,
            "library": _readable(self.library.directory),
            "totals": totals,
            "files": [_file_document(file) for file in report.files],
        }


@contextmanager
def reading(wanted: Wanted, settings: Settings, *, language: Language) -> Iterator[Reading]:
    """Open a library, which is made if need be, for what is wanted."""
    options = IngestOptions(
        passage_tokens=settings.passage_tokens,
        max_bytes=int(settings.max_file_mb * 1_000_000),
        columns=wanted.columns,
    )
    voice = Voice(is_quiet=wanted.is_quiet)
    encoder = build_encoder(settings, on_prepare=voice.say)
    with open_library(settings.library, encoder, create=True) as library:
        yield Reading(library, encoder, options=options, voice=voice, language=language)


def run_ingest(wanted: Wanted, settings: Settings, *, language: Language) -> tuple[dict[str, Any], list[str]]:
    """Read what is wanted into the library; return the report as a document and as lines for a person."""
    fetched = None
    with reading(wanted, settings, language=language) as opened:
        paths = wanted.paths
        if wanted.addresses is not None:
            fetched = fetch(
                wanted.addresses, library=settings.library, language=language, is_quiet=wanted.is_quiet
            )
            paths += fetched.paths
        report = opened.read(paths, prune=wanted.prune)
        document = opened.document(report)
    if fetched is None:
        return document, report_lines(report, document, language)
    lines = report_lines(report, document, language) if paths else [library_line(document, language)]
    return document | {"fetched": fetched.document}, [*fetched.lines, "", *lines]


def report_lines(report: IngestReport, document: dict[str, Any], language: Language) -> list[str]:
    """A line for each file with something to tell, then the sum, then what was not read at all."""
    files = [file for file in report.files if file.outcome != "skipped"]
    skipped = [file.path for file in report.files if file.outcome == "skipped"]
    lines = []
    if not files:
        lines.append(tell("nothing_found", language, kinds=kinds_read(language)))
    elif all(map(_is_as_before, files)):
        unchanged = document["totals"]["unchanged"]
        lines.append(tell("nothing_changed", language, unchanged=unchanged))
    else:
        lines += table([file_row(file, language) for file in files if file.outcome != "unchanged"])
        lines += ["", totals_line(document["totals"], language)]
    if skipped:
        lines.append(skipped_line(skipped, language))
    return [*lines, library_line(document, language)]


def _is_as_before(file: FileReport) -> bool:
    return file.outcome == "unchanged" or (file.outcome == "opened" and file.members > 0)


def totals_line(totals: Mapping[str, int], language: Language) -> str:
    """How many files had each outcome, those that none had left out."""
    counts = [
        tell("outcome_count", language, outcome=tell(outcome, language), count=count)
        for outcome, count in totals.items()
        if count
    ]
    return tell("comma", language).join(counts)


def skipped_line(paths: Sequence[Path], language: Language) -> str:
    """How many files of other kinds there are, the first by name, and which kinds are read."""
    names = tell("comma", language).join(printable(_readable(_near(path))) for path in paths[:_NAMED])
    more = tell("and_more", language) if len(paths) > _NAMED else ""
    return tell("skipped_files", language, count=len(paths), names=names + more, kinds=kinds_read(language))


def library_line(document: Mapping[str, Any], language: Language) -> str:
    """What the library holds now."""
    held = {name: document[name] for name in ("articles", "passages")}
    return tell("library_now", language, path=printable(document["library"]), **held)


def _file_document(file: FileReport) -> dict[str, Any]:
    error = file.error
    return {
        "path": _readable(file.path),
        "outcome": file.outcome,
        "article_id": file.article_id,
        "title": file.title,
        "passages": file.passages,
        "codec": file.codec,
        "cut": file.cut,
        "notes": list(file.notes),
        "other": _readable(file.other) if file.other else None,
        "error": {"code": getattr(error, "code", "missing"), "message": str(error)} if error else None,
        "kept_old": file.kept_old,
        "members": file.members,
    }


def file_row(file: FileReport, language: Language) -> tuple[str, str, str]:
    """Return what became of a file, its path, and what there is to say of it."""
    name = printable(_readable(_near(file.path)))
    return tell(file.outcome, language), name, printable(_remark(file, language))


def _remark(file: FileReport, language: Language) -> str:
    if file.error is not None:
        kept = tell("semicolon", language) + tell("kept_note", language) if file.kept_old else ""
        return file.error.localised(language) + kept
    if file.outcome in ("same_as", "moved") and file.other is not None:
        return tell(f"{file.outcome}_note", language, other=_readable(_near(file.other)))
    if file.outcome == "opened":
        return tell("members", language, count=file.members)
    if file.outcome in ("missing", "skipped"):
        return tell(f"{file.outcome}_note", language)
    title = file.title or tell("untitled", language)
    counted = tell("passages", language, count=file.passages)
    return " · ".join(part for part in (title, counted, _unusual(file.codec), *file.notes) if part)


def _unusual(codec: str | None) -> str:
    return "" if codec in (None, "utf-8") else str(codec)


def absolute(path: Path) -> Path:
    """The path as the ingest writes paths: not resolved, as a link keeps its own name."""
    return Path(os.path.abspath(path))  # noqa: PTH100  # `Path.absolute` keeps ".."


def _near(path: Path) -> Path:
    """The path as seen from the working folder, where it lies below."""
    try:
        return path.relative_to(Path.cwd())
    except (ValueError, OSError):  # elsewhere, or the working folder is gone
        return path


def _readable(path: Path) -> str:
    """A path that can be printed: bytes that are no UTF-8 become visible escapes."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _show(bar: Bar, event: IngestEvent, language: Language) -> None:
    """Show how far an ingest is."""
    name = printable(_readable(Path(event.path.name))) if event.path else ""
    bar.update(event.files_done, event.files, tell("reading", language, name=name))
