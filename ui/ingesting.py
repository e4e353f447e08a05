"""`ingest` and `library repair` at the terminal: a progress bar, then a line for each file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.report import FileReport, IngestEvent, IngestReport, Outcome
from ingest.run import IngestOptions, ingest_paths
from rag.build import build_encoder, open_library
from rag.library import Library
from rag.settings import Settings
from rag.types import Language
from ui.progress import Bar, progress_bar
from ui.render import printable, table
from ui.strings import tell

_COUNTED: tuple[Outcome, ...] = (
    "added",
    "replaced",
    "unchanged",
    "same_as",
    "moved",
    "refused",
    "missing",
    "removed",
)


def run_ingest(
    paths: Sequence[Path], settings: Settings, *, prune: bool, language: Language, quiet: bool
) -> tuple[dict[str, Any], list[str]]:
    """Ingest with a progress bar on standard error; return the report as a document and as lines for a person."""
    options = IngestOptions(
        passage_tokens=settings.passage_tokens, max_bytes=int(settings.max_file_mb * 1_000_000)
    )
    with progress_bar(quiet=quiet) as bar:
        encoder = build_encoder(settings, on_prepare=bar.say)
        with open_library(settings.library, encoder, create=True) as library:
            report = ingest_paths(
                paths,
                library=library,
                encoder=encoder,
                options=options,
                prune=prune,
                on_event=lambda event: _show(bar, event, language),
            )
            totals: dict[str, int] = {outcome: report.count(outcome) for outcome in _COUNTED}
            held = {"articles": len(library.articles()), "passages": library.passage_count()}
    document = report_document(report, totals, {**held, "library": _readable(settings.library)})
    return document, report_lines(report, document, language)


def run_repair(settings: Settings, *, quiet: bool) -> int:
    """Rebuild the library's vectors and indexes with a progress bar; return its number of passages."""
    with progress_bar(quiet=quiet) as bar:
        encoder = build_encoder(settings, on_prepare=bar.say)
        Library.repair(settings.library, encoder, on_progress=bar.update)
    with open_library(settings.library, encoder) as library:
        return library.passage_count()


def report_document(report: IngestReport, totals: dict[str, int], held: dict[str, Any]) -> dict[str, Any]:
    """The report as plain values for JSON."""
    return {"schema": 1, **held, "totals": totals, "files": [_file_document(f) for f in report.files]}


def report_lines(report: IngestReport, document: dict[str, Any], language: Language) -> list[str]:
    """A line for each file with something to tell, then the sum."""
    totals, files = document["totals"], report.files
    lines = table([file_row(file, language) for file in files if file.outcome != "unchanged"])
    if not files:
        lines.append(tell("nothing_found", language))
    elif totals["unchanged"] == len(files):
        lines.append(tell("nothing_changed", language, unchanged=len(files)))
    else:
        counts = [
            tell("outcome_count", language, outcome=tell(outcome, language), count=count)
            for outcome, count in totals.items()
            if count
        ]
        lines += ["", tell("comma", language).join(counts)]
    held = {name: document[name] for name in ("articles", "passages")}
    return [*lines, tell("library_now", language, path=printable(document["library"]), **held)]


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
    }


def file_row(file: FileReport, language: Language) -> tuple[str, str, str]:
    """Return what became of a file, its path, and what there is to say of it."""
    if file.error is not None:
        remark = file.error.localised(language)
        if file.kept_old:
            remark += tell("semicolon", language) + tell("kept_note", language)
    elif file.outcome in ("same_as", "moved") and file.other is not None:
        remark = tell(f"{file.outcome}_note", language, other=_readable(_near(file.other)))
    elif file.outcome == "missing":
        remark = tell("missing_note", language)
    else:
        title = file.title or tell("untitled", language)
        counted = tell("passages", language, count=file.passages)
        remark = " · ".join(part for part in (title, counted, _unusual(file.codec), *file.notes) if part)
    return tell(file.outcome, language), printable(_readable(_near(file.path))), printable(remark)


def _unusual(codec: str | None) -> str:
    return "" if codec in (None, "utf-8") else str(codec)


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
