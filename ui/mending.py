"""`yigai library repair` without its command: what was rebuilt, and what of the record could not be saved."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.build import build_encoder
from rag.library import Library
from rag.settings import Settings
from rag.types import Language
from ui.progress import progress_bar
from ui.remembering import one_line
from ui.strings import STRINGS, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A library after its repair.

    Attributes:
        passages: How many it has.
        saved: Name and value of everything that is told of a damaged record; empty where it was sound.
    """

    passages: int
    saved: tuple[tuple[str, Any], ...] = ()


def run_repair(settings: Settings, *, quiet: bool) -> Repaired:
    """Rebuild the library's vectors and indexes with a progress bar."""
    with progress_bar(quiet=quiet) as bar:
        encoder = build_encoder(settings, on_prepare=bar.say)
        report = Library.repair(settings.library, encoder, on_progress=bar.update)
    return Repaired(passages=report.passages, saved=facts_told(report.salvaged))


def facts_told(report: object) -> tuple[tuple[str, Any], ...]:
    """The fields of a report that say something, in order; a report that is none says nothing."""
    if not dataclasses.is_dataclass(report) or isinstance(report, type):
        return ()
    named = ((field.name, getattr(report, field.name)) for field in dataclasses.fields(report))
    return tuple((name, value) for name, value in named if value not in (None, (), "", 0))


def repair_document(repaired: Repaired) -> dict[str, Any]:
    """A repair as plain values."""
    return {
        "schema": 1,
        "passages": repaired.passages,
        "saved": {name: _plain(value) for name, value in repaired.saved},
    }


def _plain(value: object) -> Any:  # noqa: ANN401  # whatever JSON can hold
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, int | float | str | None) else str(value)


def repair_lines(repaired: Repaired, language: Language) -> list[str]:
    """What was rebuilt; then what was saved and lost, everything by name."""
    lines = [tell("repaired", language, passages=repaired.passages)]
    for name, value in repaired.saved:
        told = f"repair_{name}"
        label = tell(told, language) if told in STRINGS else name.replace("_", " ")
        colon = "：" if language == "zh" else ": "
        if isinstance(value, list | tuple):
            lines += [f"{label}{colon}{len(value)}", *(f"  {line}" for line in map(_item, value))]
        else:
            lines.append(f"{label}{colon}{one_line(str(value))}")
    return lines


def _item(value: object) -> str:
    """One thing that was lost, on a line: an article by its id, title and files."""
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return one_line(str(value))
    return one_line("  ".join(_words(value)))


def _words(value: Any) -> Iterator[str]:  # noqa: ANN401  # an instance of any dataclass
    for field in dataclasses.fields(value):
        part = getattr(value, field.name)
        yield from map(str, part) if isinstance(part, list | tuple) else [str(part)] if part else []
