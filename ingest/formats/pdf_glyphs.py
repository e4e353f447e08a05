"""Reads the glyphs of a page with PDFium, as runs held upright; used inside the process that reads a PDF."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_MAX_PAGE_CHARS = 60_000
_BOLD_NAMES = ("bold", "black", "heavy", "heiti", "simhei", "hei-", "-hei", "黑", "xiaobiao")

Turn = Callable[[float, float], tuple[float, float]]


@dataclass(slots=True)
class Run:
    """Glyphs of one type, one behind the other on a line; `xs` are their left edges."""

    text: list[str]
    xs: list[float]
    right: float
    y: float
    size: float
    is_bold: bool
    quadrant: int
    is_hidden: bool = False

    def as_list(self) -> list[Any]:
        """Give it as it is sent to the process that asked: text, xs, y, size, and 1 if it is bold."""
        xs = [round(x, 1) for x in (*self.xs, self.right)]
        return ["".join(self.text), xs, round(self.y, 1), round(self.size, 1), int(self.is_bold)]


@dataclass(slots=True)
class _Type:
    """What a text object says of all its glyphs: the quadrant its lines run in, 0 to 3, or -1 for a slant."""

    size: float
    is_bold: bool
    quadrant: int
    is_hidden: bool


@dataclass(slots=True, kw_only=True)
class Glyphs:
    """The runs of a page turned so that most of its text is upright, and what was left out.

    Attributes:
        turn: From PDF coordinates to (right, down) on the page held upright.
        unmapped: Glyphs whose font does not say which character they are.
        outside: Glyphs off the page.
        slanted: Glyphs on lines that run another way.
        hidden: Glyphs that are not drawn.
        is_mostly_hidden: Most glyphs are not drawn.
    """

    runs: list[Run]
    width: float
    height: float
    turn: Turn
    unmapped: int
    outside: int
    slanted: int
    hidden: int
    is_mostly_hidden: bool


@dataclass(slots=True)
class _Counts:
    """Glyphs without a character, off the page, and not drawn."""

    unmapped: int = 0
    outside: int = 0
    hidden: int = 0


def read_glyphs(page: pypdfium2.PdfPage, *, keeps_hidden: bool = False) -> Glyphs:
    """Read a page's glyphs in the order that they are drawn; those not drawn only if asked to.

    Raises:
        MemoryError: There are more than any page has.
    """
    left, bottom, right, top = page.get_bbox()
    width, height = max(right - left, 1.0), max(top - bottom, 1.0)
    textpage = page.get_textpage()
    counts = _Counts()
    runs = _runs(textpage, (left, bottom, right, top), counts, keeps_hidden=keeps_hidden)
    textpage.close()
    if _is_vertical(runs):
        runs = [_upended(run) for run in runs]
    quadrant = _main_quadrant(runs, page.get_rotation())
    upright = [run for run in runs if run.quadrant == quadrant]
    turn = _turner(quadrant, left, bottom, width, height)
    return Glyphs(
        runs=[_turned(run, turn) for run in upright],
        width=height if quadrant % 2 else width,
        height=width if quadrant % 2 else height,
        turn=turn,
        unmapped=counts.unmapped,
        outside=counts.outside,
        slanted=sum(len(run.text) for run in runs) - sum(len(run.text) for run in upright),
        hidden=counts.hidden,
        is_mostly_hidden=counts.hidden * 2 > sum(len(run.text) for run in runs),
    )


def _is_vertical(runs: list[Run]) -> bool:
    """Whether most glyphs stand below each other, as in a page of vertical lines."""
    stacked = 0
    for before, after in itertools.pairwise(runs):
        is_below = 0.5 * before.size <= before.y - after.y <= 2 * before.size
        is_single = len(before.text) == len(after.text) == 1 and before.quadrant == after.quadrant == 0
        stacked += is_single and is_below and abs(before.xs[0] - after.xs[0]) < 0.3 * before.size
    return stacked > 4 and stacked * 2 > sum(len(run.text) for run in runs)


def _upended(run: Run) -> Run:
    """A glyph of a vertical line as one of a line that runs downwards."""
    if len(run.text) > 1 or run.quadrant:
        return run
    top = run.y + 0.9 * run.size
    return Run(run.text, [top], top - run.size, run.xs[0], run.size, run.is_bold, 3, run.is_hidden)


def _main_quadrant(runs: list[Run], rotation: int) -> int:
    """The direction most text runs in; a page without text is as it says it is turned."""
    sizes = [sum(len(run.text) for run in runs if run.quadrant == q) for q in range(4)]
    return max(range(4), key=lambda q: sizes[q]) if any(sizes) else (rotation // 90) % 4


def _turner(quadrant: int, left: float, bottom: float, width: float, height: float) -> Turn:
    """A function from PDF coordinates to (right, down) on the page held so that its text is upright."""

    def turn(x: float, y: float) -> tuple[float, float]:
        x, y = x - left, y - bottom
        return ((x, height - y), (y, x), (width - x, y), (height - y, width - x))[quadrant]

    return turn


def _turned(run: Run, turn: Turn) -> Run:
    """The run in page coordinates; its `xs` and `right` were measured along its line."""
    points = [turn(x, run.y) if run.quadrant % 2 == 0 else turn(run.y, x) for x in (*run.xs, run.right)]
    run.xs, run.right, run.y = [p[0] for p in points[:-1]], points[-1][0], points[0][1]
    return run


def _runs(
    textpage: pypdfium2.PdfTextPage,
    box: tuple[float, float, float, float],
    counts: _Counts,
    *,
    keeps_hidden: bool,
) -> list[Run]:
    """Read glyphs in the order they are drawn, and count what cannot be read or seen."""
    runs: list[Run] = []
    types: dict[int, _Type] = {}
    raw = textpage.raw
    loose, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    count = pdfium.FPDFText_CountChars(raw)
    if count > _MAX_PAGE_CHARS:
        raise MemoryError
    for index in range(count):
        text_object = pdfium.FPDFText_GetTextObject(raw, index)
        if not text_object:  # a blank or line break that PDFium made up
            continue
        key = ctypes.addressof(text_object.contents)
        kind = types.get(key) or types.setdefault(key, _type_of(raw, index, text_object, matrix))
        counts.hidden += kind.is_hidden
        if kind.is_hidden and not keeps_hidden:
            continue
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        if not (box[0] - 1 <= x.value <= box[2] + 1 and box[1] - 1 <= y.value <= box[3] + 1):
            counts.outside += 1
            continue
        char = _character(pdfium.FPDFText_GetUnicode(raw, index))
        if not char or pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1:
            counts.unmapped += 1
            char = char or "\ufffd"
        pdfium.FPDFText_GetLooseCharBox(raw, index, loose)
        _append(runs, kind, char, _along(kind.quadrant, x.value, y.value, loose))
    return [run for run in runs if "".join(run.text).strip()]


def _character(code: int) -> str:
    """The character of a code; nothing where there is none: controls, private use, surrogates, non-characters."""
    if code == 2:  # a hyphen at a line's end
        return "-"
    if code < 32 or 0xD800 <= code <= 0xF8FF or 0xFFFD <= code <= 0xFFFF or code >= 0xE0000:
        return " " if code in (9, 10, 13) else ""
    return chr(code)


def _along(quadrant: int, x: float, y: float, loose: pdfium.FS_RECTF) -> tuple[float, float, float]:
    """Where a glyph begins and ends along its line, and where its line lies."""
    if quadrant == 1:
        return y, loose.top, x
    if quadrant == 2:
        return x, loose.left, y
    if quadrant == 3:
        return y, loose.bottom, x
    return x, loose.right, y


def _append(runs: list[Run], kind: _Type, char: str, place: tuple[float, float, float]) -> None:
    """Put a glyph at the end of the last run if it continues it, with a blank before it if there is a gap between words."""
    start, end, across = place
    last = runs[-1] if runs else None
    if last is None or not _continues(last, kind, start, across):
        runs.append(Run([char], [start], end, across, kind.size, kind.is_bold, kind.quadrant, kind.is_hidden))
        return
    gap = abs(start - last.right) if (start - last.right) * _forward(kind.quadrant) > 0 else 0.0
    if (
        gap > 0.18 * kind.size
        and char < "\u2e80"
        and last.text[-1] < "\u2e80"
        and " " not in (char, last.text[-1])
    ):
        last.text.append(" ")
        last.xs.append(last.right)
    last.text.append(char)
    last.xs.append(start)
    last.right = end


def _continues(last: Run, kind: _Type, start: float, across: float) -> bool:
    if last.quadrant != kind.quadrant or last.is_bold != kind.is_bold or abs(last.size - kind.size) > 0.3:
        return False
    gap = (start - last.right) * _forward(kind.quadrant)
    return abs(across - last.y) <= 0.2 * kind.size and -0.6 * kind.size <= gap <= 0.9 * kind.size


def _forward(quadrant: int) -> int:
    return -1 if quadrant in (2, 3) else 1


def _type_of(
    raw: pdfium.FPDF_TEXTPAGE, index: int, text_object: pdfium.FPDF_PAGEOBJECT, matrix: pdfium.FS_MATRIX
) -> _Type:
    font = pdfium.FPDFTextObj_GetFont(text_object)
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    scale = math.hypot(matrix.c, matrix.d)
    size = pdfium.FPDFText_GetFontSize(raw, index) * scale
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    nearest = round(angle / 90) % 4
    is_straight = abs((angle - nearest * 90 + 180) % 360 - 180) < 5
    if not (math.isfinite(size) and 0.5 < size < 2000):
        size = 1.0
    return _Type(size, _is_bold(font), nearest if is_straight else -1, _is_hidden(text_object))


def _is_hidden(text_object: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Whether text is set to be neither filled nor stroked, or with full transparency."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(text_object)
    if mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP):
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    is_filled = mode == pdfium.FPDF_TEXTRENDERMODE_FILL
    found = is_filled and pdfium.FPDFPageObj_GetFillColor(text_object, red, green, blue, alpha)
    return bool(found) and alpha.value == 0


def _is_bold(font: pdfium.FPDF_FONT) -> bool:
    """Whether a font is a bold one, or a Chinese sans-serif (黑体), which is what bold is in official documents."""
    name = ctypes.create_string_buffer(128)
    if not font or not pdfium.FPDFFont_GetBaseFontName(font, name, 128):
        return False
    folded = name.value.decode("utf-8", "replace").lower()
    return any(part in folded for part in _BOLD_NAMES) or pdfium.FPDFFont_GetWeight(font) >= 650
