"""Collects the straight rules and images of a page with PDFium; used inside the process that reads a PDF."""

from __future__ import annotations

import ctypes
import itertools
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

_MAX_OBJECTS = 60_000
_MAX_RULES = 6_000
_MAX_DEPTH = 8
_THIN_PT = 3.0
_LONG_PT = 6.0
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float, int, bool]


@dataclass(slots=True)
class Drawn:
    """What is on a page beside text: straight rules as (x0, y0, x1, y1), and the area under images."""

    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    image_area: float = 0.0
    paths: int = 0
    seen: int = 0

    @property
    def is_cut_short(self) -> bool:
        """Whether there is more than was looked at."""
        return len(self.rules) >= _MAX_RULES or self.seen >= _MAX_OBJECTS


def collect_drawn(page: pypdfium2.PdfPage) -> Drawn:
    """Collect what is drawn on a page and on the forms that it shows."""
    drawn = Drawn()
    _draw(page, _IDENTITY, drawn, 0)
    return drawn


def _draw(
    parent: pypdfium2.PdfPage | pdfium.FPDF_PAGEOBJECT, matrix: Matrix, drawn: Drawn, depth: int
) -> None:
    """Collect rules and images of a page, or of a form drawn on it."""
    is_page = depth == 0
    raw = parent.raw if is_page else parent
    count = (pdfium.FPDFPage_CountObjects if is_page else pdfium.FPDFFormObj_CountObjects)(raw)
    get = pdfium.FPDFPage_GetObject if is_page else pdfium.FPDFFormObj_GetObject
    for index in range(count):
        drawn.seen += 1
        if drawn.is_cut_short:
            return
        drawn_object = get(raw, index)
        kind = pdfium.FPDFPageObj_GetType(drawn_object)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawn.paths += 1
            _add_rules(drawn_object, _product(_matrix_of(drawn_object), matrix), drawn)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            a, b, c, d, _, _ = _product(_matrix_of(drawn_object), matrix)
            drawn.image_area += abs(a * d - b * c)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            _draw(drawn_object, _product(_matrix_of(drawn_object), matrix), drawn, depth + 1)


def _matrix_of(drawn_object: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(drawn_object, found):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _add_rules(path: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, drawn: Drawn) -> None:
    """Add a thin bar as one rule, and the straight strokes of anything larger."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    count = pdfium.FPDFPath_CountSegments(path)
    if not (fill.value or stroke.value) or not 2 <= count <= 4000:
        return
    points = [_point(path, index, matrix) for index in range(count)]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if y1 - y0 <= _THIN_PT and x1 - x0 >= _LONG_PT:
        drawn.rules.append((x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
    elif x1 - x0 <= _THIN_PT and y1 - y0 >= _LONG_PT:
        drawn.rules.append(((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
    elif stroke.value:
        _add_strokes(points, drawn)


def _add_strokes(points: list[Point], drawn: Drawn) -> None:
    start = points[0]
    for before, point in itertools.pairwise(points):
        if point[2] == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif point[2] == pdfium.FPDF_SEGMENT_LINETO:
            _add_stroke(before, point, drawn)
        if point[3]:
            _add_stroke(point, start, drawn)


def _add_stroke(one: Point, other: Point, drawn: Drawn) -> None:
    across, along = abs(one[0] - other[0]), abs(one[1] - other[1])
    if min(across, along) <= 1 and max(across, along) >= 2:
        drawn.rules.append((one[0], one[1], other[0], other[1]))


def _point(path: pdfium.FPDF_PAGEOBJECT, index: int, matrix: Matrix) -> Point:
    segment = pdfium.FPDFPath_GetPathSegment(path, index)
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPathSegment_GetPoint(segment, x, y)
    a, b, c, d, e, f = matrix
    kind = pdfium.FPDFPathSegment_GetType(segment)
    is_closed = bool(pdfium.FPDFPathSegment_GetClose(segment))
    return a * x.value + c * y.value + e, b * x.value + d * y.value + f, kind, is_closed
