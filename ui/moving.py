"""`yigai library export` and `import` without their commands: a library as one file, and back."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rag.build import build_encoder, open_library
from rag.errors import LibraryUnwritableError, YigaiError
from rag.library import Library
from rag.settings import Settings
from rag.types import Language
from ui.parsing import UsageProblem
from ui.progress import progress_bar, spinner
from ui.remembering import one_line
from ui.strings import tell

if TYPE_CHECKING:
    from ingest.importing import ImportReport
    from rag.library.portable import PortableCount


class UnwritableFileError(YigaiError):
    """The file to export into cannot be written."""

    templates: ClassVar = {
        "en": "{path!r} cannot be written: {detail}. Name a file in another place.",
        "zh": "不能写入 {path!r}：{detail}。请换一个位置。",
    }


def run_export(
    path: Path, settings: Settings, *, overwrite: bool, language: Language, quiet: bool
) -> PortableCount:
    """Write a library into a file; whole, or not at all.

    Raises:
        UsageProblem: The file is there already and must not be overwritten, or can be none.
        UnwritableFileError: The file cannot be written.
        LibraryError: The library cannot be read.
    """
    _require_place(path, overwrite=overwrite, language=language)
    with Library.open(settings.library) as library, spinner(quiet=quiet) as shown:
        shown.say(tell("exporting", language))
        try:
            return library.export(path)
        except (LibraryUnwritableError, OSError) as cause:
            detail = cause.strerror if isinstance(cause, OSError) else cause.values["detail"]
            raise UnwritableFileError(path=path, detail=detail) from cause


def _require_place(path: Path, *, overwrite: bool, language: Language) -> None:
    why = ""
    if path.is_dir():
        why = "to_a_folder"
    elif not path.absolute().parent.is_dir():
        why = "to_no_folder"
    elif path.exists() and not overwrite:
        why = "to_overwrite"
    if why:
        raise UsageProblem(
            problem=tell(why, language, path=one_line(str(path))), see="yigai library export --help"
        )


def run_import(path: Path, settings: Settings, *, language: Language, quiet: bool) -> ImportReport:
    """Take an exported library into the one that is set, which is made if need be, with a progress bar.

    Raises:
        UsageProblem: There is no such file.
        PortableFileError: It is no whole exported library; no library is made for it.
        LibraryError: The library cannot be written to.
    """
    from ingest.importing import import_library
    from ingest.run import IngestOptions
    from rag.library.portable import open_portable

    if not path.is_file():
        problem = tell("no_exported", language, path=one_line(str(path)))
        raise UsageProblem(problem=problem, see="yigai library import --help")
    with open_portable(path):  # before a library is made
        pass
    options = IngestOptions(passage_tokens=settings.passage_tokens)
    with progress_bar(quiet=quiet) as bar:
        encoder = build_encoder(settings, on_prepare=bar.say)
        with open_library(settings.library, encoder, create=True) as library:
            return import_library(
                path,
                library=library,
                encoder=encoder,
                options=options,
                on_progress=lambda done, total: bar.update(done, total, tell("importing", language)),
            )


def export_document(path: Path, count: PortableCount) -> dict[str, Any]:
    """What was exported, as plain values."""
    return {"schema": 1, "path": one_line(str(path)), **dataclasses.asdict(count)}


def export_lines(path: Path, count: PortableCount, language: Language) -> list[str]:
    """What was exported, in words."""
    return [tell("exported", language, path=one_line(str(path)), **dataclasses.asdict(count))]


def import_document(report: ImportReport) -> dict[str, Any]:
    """What was taken in, as plain values."""
    return {"schema": 1, **dataclasses.asdict(report)}


def import_lines(report: ImportReport, language: Language) -> list[str]:
    """What was taken in, in words."""
    return [tell("imported", language, **dataclasses.asdict(report))]
