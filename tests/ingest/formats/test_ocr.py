from __future__ import annotations

import io
from difflib import SequenceMatcher

import pytest
from pdf_files import LEFT, TOP, centred, flowing, make_pdf, picture_of, put_picture, scanned, system_font
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ingest.formats import pdf_scan
from ingest.formats.ocr import Line, has_ocr, read_picture
from ingest.formats.pdf import read_pdf
from ingest.formats.pdf_page import Page, Run
from ingest.formats.pdf_scan import is_picture, is_unmapped, read_scans

PAGE = (
    "县域内就诊率达到91.6%，比上年提高3.5个百分点。",
    "牵头医院每季度派驻不少于12名医师，累计投入4860万元，群众在家门口就能看上专家号。",
)


@pytest.fixture
def _needs_ocr():
    if not has_ocr():
        pytest.skip("the ocr extra is not installed")
    if system_font() is None:
        pytest.skip("no font with Han characters is on this machine to draw a scan with")


def accuracy(written: str, read: str) -> float:
    """The share of the written characters that were read in their order."""
    matched = SequenceMatcher(None, written, read, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matched) / len(written)


@pytest.mark.usefixtures("_needs_ocr")
def test_a_scanned_page_is_read_in_paragraphs_and_said_to_be_read_by_ocr():
    def draw(canvas: Canvas) -> None:
        put_picture(canvas, picture_of(PAGE))

    read = read_pdf(make_pdf([draw, *flowing(["医保基金按人头总额预付，结余留用。"])]))

    found = [block.text for block in read.blocks]
    assert len(found) == 3
    assert all(accuracy(written, text) >= 0.95 for written, text in zip(PAGE, found, strict=False))
    assert found[2] == "医保基金按人头总额预付，结余留用。"
    assert read.notes == ("page 1 is read by OCR: words and figures may be misread",)


@pytest.mark.usefixtures("_needs_ocr")
def test_a_picture_without_text_has_no_lines():
    held = io.BytesIO()
    Image.new("L", (400, 300), 255).save(held, "PNG")

    assert read_picture(held.getvalue()) == ()


def _line(text: str, *, left: float, top: float) -> Line:
    return Line(text=text, left=left, top=top, right=left + 40 * len(text), bottom=top + 44, score=0.9)


def test_lines_of_ocr_are_laid_beside_the_text_that_the_page_has(monkeypatch):
    def draw(canvas: Canvas) -> None:
        put_picture(canvas, Image.effect_noise((300, 424), 30))
        centred(canvas, "县域医共体建设简报", y=TOP)

    lines = (
        _line("县城医共体建设筒报", left=640, top=210),
        _line("牵头医院每季度派驻医师", left=LEFT / 72 * 200, top=400),
    )
    monkeypatch.setattr(pdf_scan, "has_ocr", lambda: True)
    monkeypatch.setattr(pdf_scan, "read_picture", lambda _: lines)

    read = read_pdf(make_pdf([draw]))

    assert [block.text for block in read.blocks] == ["县域医共体建设简报", "牵头医院每季度派驻医师"]


def test_only_so_many_pages_are_read_by_ocr_and_the_rest_named(monkeypatch):
    monkeypatch.setattr(pdf_scan, "has_ocr", lambda: True)
    monkeypatch.setattr(
        pdf_scan, "read_picture", lambda _: (_line("牵头医院每季度派驻医师", left=200, top=400),)
    )
    monkeypatch.setattr(pdf_scan, "MAX_OCR_PAGES", 2)

    read = read_pdf(make_pdf([scanned()] * 4))

    assert read.notes == (
        "pages 1, 2 are read by OCR: words and figures may be misread",
        "pages 3, 4 have no text layer and could not be read (beyond the limit of pages for OCR)",
    )


def test_sizes_of_ocr_lines_are_evened_out_but_titles_stay_larger(monkeypatch):
    boxes = [(300, 60), (500, 40), (600, 46), (700, 43), (800, 38)]
    lines = tuple(
        Line(text="县域医共体建设简报", left=200, top=top, right=900, bottom=top + height, score=0.9)
        for top, height in boxes
    )
    monkeypatch.setattr(pdf_scan, "has_ocr", lambda: True)
    monkeypatch.setattr(pdf_scan, "read_picture", lambda _: lines)
    page = Page(number=1, width=595.3, height=841.9, image_share=1.0)

    (read,) = read_scans(make_pdf([scanned()]), [page]).pages

    sizes = [run.size for run in read.runs]
    assert sizes[0] > 1.3 * sizes[1]
    assert len(set(sizes[1:])) == 1


def _page(*, text: str = "", **facts: object) -> Page:
    runs = (Run(text=text, xs=tuple(range(len(text) + 1)), y=50, size=10),) if text else ()
    return Page(number=1, width=595, height=842, runs=runs, **facts)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (_page(image_share=0.9), True),
        (_page(image_share=0.9, text="12"), True),
        (_page(image_share=0.9, text="字" * 60), False),
        (_page(paths=900), True),
        (_page(paths=900, text="字" * 60), False),
        (_page(image_share=0.05), False),
        (_page(), False),
    ],
)
def test_a_page_is_a_picture_if_it_shows_much_and_its_text_says_little(page, expected):
    assert is_picture(page) is expected


@pytest.mark.parametrize(("unmapped", "expected"), [(0, False), (2, False), (40, True), (60, True)])
def test_a_text_layer_is_no_use_if_its_fonts_do_not_name_a_good_part_of_it(unmapped, expected):
    assert is_unmapped(_page(text="字" * 60, unmapped=unmapped)) is expected
