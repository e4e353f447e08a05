from __future__ import annotations

import pytest
from pdf_files import (
    BOTTOM,
    HEIGHT,
    LEFT,
    PARAGRAPHS,
    RIGHT,
    TOP,
    centred,
    flowing,
    levels,
    make_pdf,
    put,
    ruled_table,
    set_text,
    texts,
)
from reportlab.pdfgen.canvas import Canvas

from ingest.formats.pdf import read_pdf


def test_ruled_tables_become_rows_that_hold_their_header_caption_and_unit():
    def draw(canvas: Canvas) -> None:
        y = set_text(canvas, PARAGRAPHS)
        centred(canvas, "表1 各市公立医院债务情况表", y=y - 10)
        rows = [
            ("地区", "资产负债率(%)", "债务（亿元）"),
            ("芜湖市", "48.8", "10"),
            ("马鞍山市", "50.1", "12.5"),
        ]
        y = ruled_table(canvas, rows, y=y - 25)
        set_text(canvas, PARAGRAPHS[:1], y=y - 30)

    read = read_pdf(make_pdf([draw]))

    assert texts(read, kind="row") == [
        "表1 各市公立医院债务情况表，地区：芜湖市，资产负债率48.8%，债务10亿元",
        "表1 各市公立医院债务情况表，地区：马鞍山市，资产负债率50.1%，债务12.5亿元",
    ]
    assert [block.kind for block in read.blocks] == [*["text"] * 4, "row", "row", "text"]


def test_a_table_of_contents_is_left_out_and_said_so():
    entries = ["一、总体要求", "二、主要任务", "三、保障措施"]

    def contents(canvas: Canvas) -> None:
        centred(canvas, "目  录", y=TOP, size=18)
        for index, text in enumerate(entries):
            put(canvas, text + "…" * 20 + str(index + 1), y=TOP - 40 - 20 * index)

    read = read_pdf(make_pdf([contents, *flowing(PARAGRAPHS)]))

    assert texts(read) == list(PARAGRAPHS)
    assert read.notes == ("the table of contents was left out",)


def test_a_heading_below_two_columns_comes_after_both():
    left, right = list(PARAGRAPHS), ["又据了解，" + text for text in PARAGRAPHS]

    def draw(canvas: Canvas) -> None:
        ends = [
            set_text(canvas, texts, x=x, width=215, size=10.5)
            for texts, x in ((left, LEFT), (right, LEFT + 235))
        ]
        put(canvas, "主要指标", y=min(ends) - 20, size=16)
        set_text(canvas, PARAGRAPHS, y=min(ends) - 50, size=10.5)

    assert texts(read_pdf(make_pdf([draw]))) == [*left, *right, "主要指标", *PARAGRAPHS]


@pytest.mark.parametrize("gap", [140, 60])
def test_tables_with_level_rules_only_become_rows_too(gap):
    rows = [("城市", "执业医师（人）"), ("芜湖市", "12034"), ("马鞍山市", "7210"), ("宣城市", "6120")]

    def draw(canvas: Canvas) -> None:
        y = set_text(canvas, PARAGRAPHS) - 20
        for height in (y, y - 20, y - 80):
            canvas.line(LEFT, height, RIGHT, height)
        for index, row in enumerate(rows):
            for column, text in enumerate(row):
                put(canvas, text, x=LEFT + 5 + gap * column, y=y - 14 - 20 * index, size=10.5)
        set_text(canvas, PARAGRAPHS[:1], y=y - 110)

    read = read_pdf(make_pdf([draw]))

    assert texts(read, kind="row") == [f"城市：{name}，执业医师{count}人" for name, count in rows[1:]]
    assert texts(read) == [*PARAGRAPHS, PARAGRAPHS[0]]


def test_rows_without_rules_stay_lines_of_their_own_and_are_no_headings():
    rows = [("芜湖市", "48.8", "10"), ("马鞍山市", "50.1", "12.5"), ("宣城市", "41.0", "7")]

    def draw(canvas: Canvas) -> None:
        y = set_text(canvas, PARAGRAPHS)
        for index, row in enumerate(rows):
            for column, text in enumerate(row):
                put(canvas, text, x=LEFT + 40 + 160 * column, y=y - 10 - 20 * index)
        set_text(canvas, PARAGRAPHS, y=y - 80)

    read = read_pdf(make_pdf([draw]))

    assert texts(read) == [*PARAGRAPHS, *map(" ".join, rows), *PARAGRAPHS]
    assert levels(read) == []


def test_text_between_three_rules_is_no_table():
    def draw(canvas: Canvas) -> None:
        for height in (TOP + 20, TOP - 45, BOTTOM):
            canvas.line(LEFT, height, RIGHT, height)
        left, right = PARAGRAPHS[:2], PARAGRAPHS[1:]
        centred(canvas, "县域医共体建设观察", y=TOP - 20, size=20)
        set_text(canvas, left, y=TOP - 70, width=215, size=10.5)
        set_text(canvas, right, y=TOP - 70, x=LEFT + 235, width=215, size=10.5)

    read = read_pdf(make_pdf([draw]))

    assert texts(read) == ["县域医共体建设观察", *PARAGRAPHS[:2], *PARAGRAPHS[1:]]


def test_a_table_that_goes_on_over_pages_keeps_its_header_though_each_page_repeats_it():
    head = ("地区", "就诊率（%）")
    names = [f"第{number}县" for number in range(60)]

    def part(start: int) -> object:
        return lambda canvas: ruled_table(
            canvas, [head, *((name, str(50 + start)) for name in names[start : start + 20])], y=HEIGHT - 60
        )

    read = read_pdf(make_pdf([part(0), part(20), part(40)]))

    assert texts(read, kind="row") == [
        f"地区：{name}，就诊率{50 + index // 20 * 20}%" for index, name in enumerate(names)
    ]
