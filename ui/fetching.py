"""`yigai ingest --url` and `--sitemap`: pages are saved beside the library, and read from there like any files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.types import Language
from ui.progress import progress_bar
from ui.render import printable
from ui.strings import tell

if TYPE_CHECKING:
    from ingest.web import FetchOptions
    from ingest.web.fetch import FetchReport

FOLDER = "pages"
"""Where in the library's folder fetched pages are kept, to be asked for again only if they changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """What is to be fetched, and what is allowed on the way.

    Attributes:
        urls: Pages.
        sitemaps: Lists of pages.
        options: Bounds and permissions.
    """

    urls: tuple[str, ...]
    sitemaps: tuple[str, ...]
    options: FetchOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The files to be read, and what became of every address."""

    paths: tuple[Path, ...]
    document: dict[str, Any]
    lines: tuple[str, ...]

    @property
    def has_problems(self) -> bool:
        """Whether something could not be fetched."""
        return bool(self.document["problems"])


def fetch(wanted: Addresses, *, library: Path, language: Language, is_quiet: bool) -> Fetched:
    """Fetch pages into the library's folder, with a progress bar.

    Raises:
        FetchError: Nothing can be saved there.
    """
    from ingest.web.fetch import FetchEvent, fetch_pages, fetch_sitemap

    folder = library / FOLDER
    reports: list[FetchReport] = []
    with progress_bar(quiet=is_quiet) as bar:

        def show(event: FetchEvent) -> None:
            bar.update(event.done, event.total, printable(event.outcome.url))

        if wanted.urls:
            reports.append(fetch_pages(wanted.urls, folder=folder, options=wanted.options, on_event=show))
        reports += [
            fetch_sitemap(sitemap, folder=folder, options=wanted.options, on_event=show)
            for sitemap in wanted.sitemaps
        ]
    return _summed(reports, language)


def _summed(reports: Sequence[FetchReport], language: Language) -> Fetched:
    pages = [page for report in reports for page in report.pages]
    problems = [problem for report in reports for problem in report.problems]
    document = {
        "pages": [{"url": page.url, "path": str(page.path), "fate": page.fate} for page in pages],
        "problems": [
            {
                "url": problem.url,
                "code": problem.error.code,
                "en": problem.error.localised("en"),
                "zh": problem.error.localised("zh"),
            }
            for problem in problems
        ],
    }
    counts = {
        fate: sum(page.fate == fate for page in pages) for fate in ("new", "changed", "unchanged", "skipped")
    }
    lines = [
        tell("not_fetched", language, url=printable(one.url), why=one.error.localised(language))
        for one in problems
    ]
    same = counts["unchanged"] + counts["skipped"]
    told = {"new": counts["new"], "changed": counts["changed"], "same": same, "failed": len(problems)}
    lines.append(tell("fetched", language, **told))
    return Fetched(
        paths=tuple(dict.fromkeys(page.path for page in pages)), document=document, lines=tuple(lines)
    )
