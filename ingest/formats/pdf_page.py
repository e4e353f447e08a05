"""What stands on a PDF page: runs of glyphs, straight rules, tables. Coordinates are points, to the right and downwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its box on the page, the column edges, and its cells as (text, colspan, rowspan) a row."""

    x0: float
    x1: float
    top: float
    bottom: float
    columns: tuple[float, ...]
    rows: tuple[tuple[tuple[str, int, int], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Glyphs of one type that follow each other on a line, or a table that stands in their place.

    Attributes:
        xs: The left edge of each character, then the right edge of the last.
        y: The baseline, or a table's top.
    """

    text: str
    xs: tuple[float, ...]
    y: float
    size: float
    is_bold: bool = False
    table: Table | None = None

    @property
    def x0(self) -> float:
        """The left edge."""
        return self.xs[0]

    @property
    def x1(self) -> float:
        """The right edge."""
        return self.xs[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, held so that most of its text is upright.

    Attributes:
        rules: Straight lines as (x0, y0, x1, y1).
        image_share: How much of the page is under images, 0 to 1.
        paths: Drawn shapes; a page of many and no text may be text turned into outlines.
        unmapped: Glyphs whose font does not say which character they are.
        outside: Glyphs that lie off the page and are left out.
        slanted: Glyphs on lines that run another way than most (watermarks) and are left out.
        hidden: Glyphs that are not drawn and are left out.
        has_ocr_layer: The page is a scan, and its glyphs are what OCR laid over it without drawing them.
        is_broken: The page could not be opened.
    """

    number: int
    width: float
    height: float
    runs: tuple[Run, ...] = ()
    rules: tuple[tuple[float, float, float, float], ...] = ()
    has_too_many_rules: bool = False
    image_share: float = 0.0
    paths: int = 0
    unmapped: int = 0
    outside: int = 0
    slanted: int = 0
    hidden: int = 0
    has_ocr_layer: bool = False
    is_broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFile:
    """The pages that were read of `page_count`, and what the file says about itself."""

    page_count: int
    pages: tuple[Page, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
