from __future__ import annotations

from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.pdf_characters import plain_characters
from ingest.formats.pdf_facts import stated_facts
from ingest.formats.pdf_lines import columns_of, gather_lines
from ingest.formats.pdf_margins import without_margins
from ingest.formats.pdf_notes import cut_notes, reading_notes
from ingest.formats.pdf_page import Page, Run
from ingest.formats.pdf_scan import Scans
from ingest.formats.pdf_tables import with_tables
from ingest.formats.pdf_text import first_unit_width, join_lines, latin_words


def run(text: str, *, x: float = 72.0, y: float = 100.0, size: float = 12.0) -> Run:
    return Run(text=text, xs=tuple(x + size * place for place in range(len(text) + 1)), y=y, size=size)


def page(number: int, *runs: Run, **facts: object) -> Page:
    return Page(number=number, width=595, height=842, runs=runs, **facts)


def body(number: int) -> list[Run]:
    return [run(f"第{number}页正文第{line}行", y=150 + 20 * line) for line in range(25)]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["医共体建", "设稳步推进"], "医共体建设稳步推进"),
        (["county hospitals", "share services"], "county hospitals share services"),
        (["达到3.5", "个百分点"], "达到3.5个百分点"),
        (["county-", "level"], "county-level"),
        (["见 https://a.cn/b/", "c.html"], "见 https://a.cn/b/c.html"),
        (["目标到202", "7年实现"], "目标到2027年实现"),
        (["in 2024", "12 hospitals"], "in 2024 12 hospitals"),
        (["  两端有空白  ", ""], "两端有空白"),
        ([], ""),
    ],
)
def test_lines_are_joined_with_a_blank_between_latin_words_only(lines, joined):
    assert join_lines(lines) == joined


def test_a_word_parted_by_a_hyphen_is_one_again_if_the_text_has_it_and_others_keep_the_hyphen():
    lines = ["The manipulation of county-", "level prices, or their manip-", "ulation by DRG-", "based rules"]

    joined = join_lines(lines, latin_words(lines))

    assert joined == "The manipulation of county-level prices, or their manipulation by DRG-based rules"


def test_where_a_text_has_many_words_a_hyphen_between_two_that_are_none_of_them_goes():
    words = frozenset(f"{first}{second}" for first in ascii_lowercase for second in ascii_lowercase)

    assert join_lines(["long manage-", "ment"], words) == "long management"
    assert join_lines(["long manage-", "ment"], words | {"manage"}) == "long manage-ment"


@given(st.lists(st.text(st.sampled_from("医改，。A1 -（"), max_size=8), max_size=6))
def test_joining_lines_loses_no_character_but_blanks(lines):
    assert join_lines(lines).replace(" ", "") == "".join(lines).replace(" ", "")


def test_what_cannot_be_parted_at_a_lines_start_has_its_marks_with_it():
    assert first_unit_width("）。后文", 10) == 20
    assert first_unit_width("（医）改", 10) == 30
    assert first_unit_width("DRG付费", 10) == pytest.approx(16.5)


@pytest.mark.parametrize(
    ("found", "plain"),
    [
        ("⽂件⾥的⼈⼝", "文件里的人口"),
        ("⻓⻔⻢", "长门马"),
        ("eﬀective oﬃce ﬁnal", "effective office final"),
        ("︽医改︾︵一︶", "《医改》（一）"),
        ("樂", "樂"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("Ａ级９８％ ① ㎡ ﾊﾝ", "Ａ级９８％ ① ㎡ ﾊﾝ"),
    ],
)
def test_look_alikes_become_ordinary_characters_and_full_width_forms_stay(found, plain):
    assert plain_characters(found) == plain


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("，。％Ａ①")))
def test_ordinary_characters_are_never_changed(text):
    assert plain_characters(text) == text


def test_runs_side_by_side_are_one_line_and_a_wide_gap_is_a_blank():
    lines = gather_lines(
        [run("单位", x=72), run("金额", x=300), run("次行", y=120), run("号", x=96.5, y=101)]
    )

    assert [line.text for line in lines] == ["单位号 金额", "次行"]


@given(
    st.lists(
        st.tuples(st.floats(0, 590), st.floats(0, 840), st.sampled_from([6.0, 9.0, 12.0, 30.0])), max_size=60
    )
)
def test_columns_hold_each_run_once(places):
    runs = [run(chr(0x4E00 + index), x=x, y=y, size=size) for index, (x, y, size) in enumerate(places)]

    found = "".join(line.text for column in columns_of(runs) for line in column.lines).replace(" ", "")

    assert sorted(found) == sorted(held.text for held in runs)


def test_short_lines_beside_each_other_are_no_columns():
    labels = [run(f"第{n}项", y=100 + 20 * n) for n in range(6)]
    values = [run(f"{n}0元", x=400, y=100 + 20 * n) for n in range(6)]

    assert [len(column.lines) for column in columns_of([*labels, *values])] == [6]


def numbered(number: int, mark: str) -> Page:
    return page(number, *body(number), run(mark, x=290, y=800, size=9))


@pytest.mark.parametrize(
    "form", ["— {} —", "第{}页", "第 {} 页 共 9 页", "{}", "Page {} of 9", "- {} -", "{}/9", "·{}·"]
)
def test_page_numbers_are_cut_however_they_are_set(form):
    trimmed = without_margins([numbered(number, form.format(number)) for number in range(1, 5)])

    assert trimmed.numbers == 4
    assert [len(cut.runs) for cut in trimmed.pages] == [25] * 4


def test_roman_page_numbers_are_cut_and_a_header_with_a_number_of_its_own_counting():
    pages = [
        page(n, run(f"第二章 医共体 {n + 30}", y=40, size=9), *body(n), run("i" * n, x=290, y=800, size=9))
        for n in (1, 2, 3)
    ]

    trimmed = without_margins(pages)

    assert (trimmed.repeated, trimmed.numbers) == (3, 3)


def test_page_numbers_of_a_part_that_begins_later_are_cut_since_they_count_with_the_pages():
    trimmed = without_margins([numbered(number, str(number + 40)) for number in range(1, 4)])

    assert trimmed.numbers == 3


def test_a_year_alone_in_the_last_line_is_no_page_number():
    trimmed = without_margins([numbered(1, "2015"), page(2, *body(2))])

    assert trimmed.numbers == 0


def test_left_and_right_pages_may_have_headers_of_their_own():
    pages = [page(n, run(("医改简报", "省卫生健康委")[n % 2], y=40, size=9), *body(n)) for n in range(1, 9)]

    assert without_margins(pages).repeated == 8


def test_text_that_begins_two_pages_alike_is_no_header():
    pages = [page(n, run("医保部门按人头总额预付。", y=130 - 20), *body(n)[1:]) for n in (1, 2)]
    set_close = [
        page(n, run("医保部门按人头总额预付。", y=100), *(run(f"{n}.{k}", y=120 + 20 * k) for k in range(20)))
        for n in (1, 2)
    ]

    assert without_margins(pages).repeated in (0, 2)
    assert without_margins(set_close).repeated == 0


def test_what_is_on_every_page_stays_if_nothing_else_is():
    pages = [page(n, run("停诊通知", y=60)) for n in range(1, 6)]

    assert without_margins(pages).pages == tuple(pages)


GRID = tuple(
    [(72.0, 200.0 + 20 * n, 272.0, 200.0 + 20 * n) for n in range(3)]
    + [(72.0 + 100 * n, 200.0, 72.0 + 100 * n, 240.0) for n in range(3)]
)


def test_a_run_over_two_cells_is_parted_at_the_rule():
    held = Run(text="甲乙", xs=(150.0, 162.0, 184.0), y=215, size=12)
    below = [run("一", x=80, y=235), run("二", x=190, y=235)]

    laid = with_tables(page(1, held, *below, run("表外", y=100), rules=GRID))

    (table,) = [found.table for found in laid.runs if found.table]
    assert table.rows == ((("甲", 1, 1), ("乙", 1, 1)), (("一", 1, 1), ("二", 1, 1)))
    assert [found.text for found in laid.runs if not found.table] == ["表外"]


def test_a_frame_of_one_cell_is_no_table():
    frame = (
        (72.0, 200.0, 272.0, 200.0),
        (72.0, 240.0, 272.0, 240.0),
        (72.0, 200.0, 72.0, 240.0),
        (272.0, 200.0, 272.0, 240.0),
    )
    boxed = page(1, run("提示内容", x=80, y=220), rules=frame)

    assert with_tables(boxed).runs == boxed.runs


@pytest.mark.parametrize(
    ("stated", "facts"),
    [
        ({"Title": "关于医共体建设的通知"}, {"property_title": "关于医共体建设的通知"}),
        ({"Title": "Microsoft Word - 关于医共体建设的通知.doc"}, {}),
        ({"Title": "Microsoft Word - 关于医共体建设的通知"}, {"property_title": "关于医共体建设的通知"}),
        ({"Title": "P020240115.pdf"}, {}),
        ({"Title": "untitled"}, {}),
        ({"Title": "无标题文档"}, {}),
        ({"Title": "幻灯片 1"}, {}),
        ({"Title": "Health reform in rural China"}, {"property_title": "Health reform in rural China"}),
        ({"Author": "省卫生健康委"}, {"property_author": "省卫生健康委"}),
        ({"Author": "Administrator"}, {}),
        ({"Author": "微软用户"}, {}),
        ({"Author": "lenovo-pc 01"}, {}),
        ({"CreationDate": "D:20240115093000+08'00'"}, {"property_created": "2024-01-15"}),
        ({"CreationDate": "D:20241315"}, {}),
        ({"CreationDate": "yesterday"}, {}),
        ({"Title": "\x00\ufffd \n", "Author": "", "Producer": "WPS"}, {}),
    ],
)  # fmt: skip
def test_a_pdf_is_believed_on_itself_only_where_that_is_plausible(stated, facts):
    assert stated_facts(stated) == facts


@given(st.dictionaries(st.sampled_from(["Title", "Author", "CreationDate"]), st.text(max_size=400)))
def test_what_a_pdf_says_of_itself_is_one_printable_line(stated):
    for text in stated_facts(stated).values():
        assert text.isprintable()
        assert text == text.strip()


def test_notes_say_what_was_left_out_and_which_pages_are_damaged():
    pages = [
        page(1, slanted=4, outside=2),
        page(2, is_broken=True),
        page(3, run("正文"), unmapped=1, hidden=5),
        page(4, is_broken=True),
    ]
    scans = Scans(had_ocr=False, pages=pages, unmapped=[3])

    assert list(reading_notes(pages, scans)) == [
        "page 3 has no readable text layer and could not be read (to read by OCR: pip install 'yigai[ocr]')",
        "pages 2, 4 are damaged and left out",
    ]
    assert list(cut_notes(pages, without_margins(pages))) == [
        "left out 4 characters set at an angle (watermarks, labels)",
        "left out 5 characters that no reader sees",
        "left out 2 characters off the page",
        "1 character could not be read, since the font does not name what it shows",
    ]
