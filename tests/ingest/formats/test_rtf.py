from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats.rtf import read_rtf
from rag.errors import UnreadableFileError

HEAD = (
    r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fswiss\fcharset0 Arial;}"
    r"{\f2\fnil\fcharset136 PMingLiU;}{\f3\fnil\fcharset2 Symbol;}}"
)


def gbk(text: str, codec: str = "gbk") -> str:
    return "".join(ch if ch.isascii() else "".join(rf"\'{b:02x}" for b in ch.encode(codec)) for ch in text)


def blocks(body: str | bytes, head: str = HEAD):
    content = head.encode() + (body if isinstance(body, bytes) else body.encode("ascii")) + b"}"
    return read_rtf(content).blocks


def texts(body: str | bytes, head: str = HEAD) -> list[str]:
    return [block.text for block in blocks(body, head)]


def row(*cells: str, edges: tuple[int, ...] = (), marks: tuple[str, ...] = ()) -> str:
    edges = edges or tuple(1000 * (i + 1) for i in range(len(cells)))
    marks = marks or ("",) * len(edges)
    shapes = "".join(rf"{mark}\cellx{edge}" for mark, edge in zip(marks, edges, strict=True))
    written = "".join(rf"\pard\intbl {gbk(text)}\cell " for text in cells)
    return rf"\trowd {shapes}{written}\row "


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"\f0 \'d2\'bd\'b8\'c4\par", ["医改"]),
        (r"\f0\u21307?\u25913?\par", ["医改"]),
        (r"\f0\uc2\u21307\'d2\'bd\u25913\'b8\'c4\par", ["医改"]),
        (r"\f0\uc0\u21307\u25913\par", ["医改"]),
        (r"\f0\u-10179?\u-9137?\par", ["\U0001f44f"]),
        (r"\f0\u55362?\u57271?\par", ["𠮷"]),
        (r"\f2 \'c2\'e5\'a7\'ef\par", ["醫改"]),
        (r"{\upr{\f0 ??}{\*\ud{\u21307?\u25913?}}}\par", ["医改"]),
        (r"\f0 \'b8\'c4\line \'b8\'ef\par", ["改", "革"]),
        (r"a\~b\_c\-d\emdash e\tab f\par", ["a\u00a0b-cd—e f"]),
        (r"{\v hidden}\'b8\'c4{\deleted old}\par", ["改"]),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt \'b8\'c4\'b8\'ef}}\par", ["改革"]),
        (r"{\*\unknownword \'b8\'c4}\'b8\'ef\par", ["革"]),
        (r"{\pict\wmetafile8 0102030405}\'b8\'ef\par", ["革"]),
        (r"{\header \'b8\'c4\par}{\footer \'b8\'c4\par}\'b8\'ef\par", ["革"]),
        (r"\bin3 }}}\'b8\'ef\par", ["革"]),
        (r"no par at the end", ["no par at the end"]),
        (r"one\sect two\page three", ["one", "twothree"]),
        ("one\\\ntwo\\par", ["one", "two"]),
        (r"", []),
    ],
)
def test_characters_are_read_in_every_way_that_they_are_written(body, expected):
    assert texts(body) == expected


def test_a_character_may_be_one_byte_in_hex_and_one_a_letter():
    """The second byte of 亅 in GBK is a letter's, which some programs do not escape."""
    letter = next(ch for ch in map(chr, range(0x4E00, 0x9FFF)) if b"a" <= ch.encode("gb18030")[1:2] <= b"z")
    first, second = letter.encode("gb18030")

    assert texts(rf"\f0 \'{first:02x}{chr(second)}\par") == [letter]


def test_unescaped_bytes_are_read_in_the_code_page():
    assert texts("\\f0 深化医改\\par ".encode("gbk")) == ["深化医改"]
    assert texts("\\f2 深化醫改\\par ".encode("big5")) == ["深化醫改"]


def test_chinese_bytes_under_a_western_font_are_read_as_chinese():
    assert texts(rf"\f1 {gbk('深化医药卫生体制改革')}\par") == ["深化医药卫生体制改革"]


def test_a_western_page_without_chinese_stays_western():
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}}"

    assert texts(r"caf\'e9 r\'e9sum\'e9\par", head) == ["café résumé"]


@pytest.mark.parametrize("page", ["93", "0", "99999", "-5", "65001", "708"])
def test_a_code_page_that_nobody_has_breaks_nothing(page):
    head = rf"{{\rtf1\ansi\ansicpg{page}\deff0{{\fonttbl{{\f0\fnil\fcharset134 SimSun;}}}}"

    assert texts(rf"\f0 {gbk('医改')}\par", head) == ["医改"]


def test_automatic_numbers_and_bullets():
    body = (
        rf"{{\listtext\pard\plain {gbk('第一条')}\tab}}{gbk('为了深化改革')}\par"
        rf"{{\listtext\pard\plain 1.\tab}}{gbk('保基本')}\par{{\pntext\f3\'b7\tab}}{gbk('强基层')}\par"
    )

    assert [(b.text, b.kind) for b in blocks(body)] == [
        ("第一条 为了深化改革", "text"),
        ("1. 保基本", "text"),
        ("强基层", "item"),
    ]


def test_outline_levels_make_headings_until_the_paragraph_is_plain_again():
    body = rf"\pard\outlinelevel1 {gbk('一、总则')}\par\pard {gbk('正文')}\par\pard\outlinelevel9 {gbk('也是')}\par"

    assert [(b.text, b.level) for b in blocks(body)] == [("一、总则", 2), ("正文", 0), ("也是", 0)]


WORD_HEAD = (
    r"{\rtf1\adeflang1025\ansi\ansicpg936\uc2\adeff0\deff0\stshfdbch13\stshfloch0\stshfhich0\stshfbi0\deflang1033\deflangfe2052"
    r"{\fonttbl{\f0\fbidi \froman\fcharset0\fprq2{\*\panose 02020603050405020304}Times New Roman;}"
    r"{\f3\fbidi \froman\fcharset2\fprq2{\*\panose 05050102010706020507}Symbol;}"
    r"{\f13\fbidi \fnil\fcharset134\fprq2{\*\panose 02010600030101010101}\'cb\'ce\'cc\'e5{\*\falt SimSun};}}"
    r"{\colortbl;\red0\green0\blue0;}{\*\defchp \loch\af0\dbch\af13 }{\*\defpap \qj }\noqfpromote "
    r"{\stylesheet{\qj \snext0 Normal;}{\s1\outlinelevel0 \sbasedon0 heading 1;}{\*\cs10 Default Paragraph Font;}}"
    r"{\*\listtable{\list\listtemplateid1{\listlevel{\leveltext\'02\'00\'a1\'a2;}{\levelnumbers\'01;}}{\listname ;}\listid1}}"
    r"{\*\rsidtbl \rsid1}{\mmathPr\mmathFont34}{\*\themedata 504b0304}{\*\latentstyles{\lsdlockedexcept Normal;}}"
    r"{\*\xmlnstbl {\xmlns1 urn:x;}}\paperw11906\paperh16838\sectd \linex0{\*\pnseclvl1\pndec{\pntxta .}}"
)


def word_run(western: str, eastern: str) -> str:
    """A run as Word writes it: each script with its own font."""
    return (
        r"{\rtlch\fcs1 \af0 \ltrch\fcs0 \lang1033\langfe2052\langnp1033\insrsid1\charrsid1 "
        rf"\hich\af0\dbch\af13\loch\f0 {western}\loch\af0\hich\af0\dbch\f13 {gbk(eastern)}}}"
    )


def test_what_word_writes_is_read():
    listed = (
        r"{\listtext\pard\plain\ltrpar \rtlch\fcs1 \af0 \ltrch\fcs0 \loch\af3\hich\af3\dbch\af13 "
        r"\loch\af3\dbch\af13\hich\f3 \'b7\tab}"
    )
    body = (
        rf"\pard\plain \ltrpar\s1\qj \li0\ri0\nowidctlpar\outlinelevel0\rin0 {word_run('', '一、总体要求')}{{\insrsid1 \par }}"
        rf"\pard\plain \ltrpar\qj \li0 {word_run('2019', '年，深化医改')}"
        r"{\*\bkmkstart a}{\*\bkmkend a}{\insrsid1 \u21439\'cf\'d8\u22495\'d3\'f2}{\insrsid1 \par }"
        rf"{listed}\pard\plain \ltrpar {word_run('', '强基层')}{{\insrsid1 \par }}"
        r"{\*\datastore 0105000002}{\*\latentstyles x}"
    )

    assert [(b.text, b.level, b.kind) for b in blocks(body, WORD_HEAD)] == [
        ("一、总体要求", 1, "text"),
        ("2019年，深化医改县域", 0, "text"),
        ("强基层", 0, "item"),
    ]


def test_footnotes_and_text_boxes_stand_behind_their_paragraph():
    note = rf"{{\footnote \pard\plain {gbk('见统计公报。')}}}"
    box = rf"{{\shp{{\*\shpinst{{\sp{{\sn x}}{{\sv 1}}}}{{\shptxt {gbk('专栏')}\par}}}}}}"

    assert texts(rf"{gbk('就诊率九成')}{note}{box}\par {gbk('下一段')}\par") == [
        "就诊率九成",
        "注：见统计公报。",
        "专栏",
        "下一段",
    ]


def test_the_table_of_contents_is_left_out_and_the_report_is_told():
    contents = rf"{{\field{{\*\fldinst {{ TOC \\\\o 1-3 }}}}{{\fldrslt {gbk('一、总则')}\tab 1\par {gbk('二、附则')}\tab 9}}}}\par "
    link = rf"{{\field{{\*\fldinst HYPERLINK TOC}}{{\fldrslt {gbk('见链接')}}}}}\par "
    markup = read_rtf((HEAD + contents + link + gbk("一、总则") + r"\par}").encode())

    assert [block.text for block in markup.blocks] == ["见链接", "一、总则"]
    assert markup.notes == ("the table of contents was left out",)


def test_rows_keep_their_header_and_a_caption_leads_them():
    body = (
        rf"\pard {gbk('表1 床位情况')}\par " + row("地区", "床位（张）") + row("甲县", "8") + row("乙县", "9")
    )

    assert texts(body + rf"\pard {gbk('完')}\par") == [
        "表1 床位情况",
        "表1 床位情况，地区：甲县，床位8张",
        "表1 床位情况，地区：乙县，床位9张",
        "完",
    ]


def test_cells_are_merged_to_the_right_and_downwards():
    body = (
        row("地区", "床位（张）", "", marks=(r"\clvmgf", r"\clmgf", r"\clmrg"))
        + row("", "2019年", "2020年", marks=(r"\clvmrg", "", ""))
        + row("甲县", "120", "150")
    )

    assert texts(body) == ["地区：甲县，床位2019年：120张，床位2020年：150张"]


def test_a_cell_as_wide_as_two_below_it_spans_them():
    body = row("地区", "床位（张）", edges=(1000, 3000)) + row("甲县", "120", "150")

    assert texts(body) == ["地区：甲县，床位120张，床位150张"]


def test_lines_of_a_cell_are_one_text():
    body = r"\trowd\cellx1\cellx2\pard\intbl one\par two\cell three\cell\row "

    assert texts(body) == ["one two | three"]


def test_what_the_file_says_of_itself():
    info = rf"{{\info{{\title {gbk('通知')}}}{{\author {gbk('办公室')}}}{{\operator x}}{{\creatim\yr2020\mo1\dy2}}}}"
    facts = read_rtf((HEAD + info + r"\par}").encode()).page_facts

    assert facts == {"property_title": "通知", "property_author": "办公室"}


@pytest.mark.parametrize("body", ["{" * 5000, "{" * 5000 + "}" * 5000])
def test_groups_nested_without_end_are_refused(body):
    with pytest.raises(UnreadableFileError) as refused:
        texts(body)

    assert refused.value.code == "bomb"


def test_rows_of_a_thousand_edges_cost_nothing():
    edges = "".join(rf"\cellx{edge}" for edge in range(1, 2000))
    narrow = "".join(rf"\trowd\clmrg\cellx{at}\clmrg\cellx3000 \cell \cell\row" for at in range(1000))

    assert len("".join(texts(rf"\trowd{edges} x\cell\row " + narrow))) < 10_000


WORDS = st.sampled_from(
    [
        *(
            rf"\{w} "
            for w in (
                "par",
                "cell",
                "row",
                "trowd",
                "intbl",
                "pard",
                "plain",
                "sect",
                "line",
                "clmrg",
                "clvmrg",
            )
        ),
        *(
            r"\u21307?",
            r"\uc9",
            r"\'d2",
            r"\'bd",
            r"\f0 ",
            r"\f1 ",
            r"\cellx9",
            r"\cellx-99",
            r"\trhdr",
            r"\outlinelevel3",
        ),
        *(
            "{",
            "}",
            r"{\listtext ",
            r"{\footnote ",
            r"{\shptxt ",
            r"{\info{\title ",
            r"{\fonttbl{\f3\fcharset134 ",
            r"{\*\x ",
        ),
        *("text", "\\", r"\bin5 ", r"\ansicpg950 ", r"\dbch", r"\loch", r"\u-1 ", r"{\upr{", r"{\*\ud{"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=40).map("".join))
def test_words_in_any_order_are_read_or_refused_and_never_break(body):
    try:
        found = blocks(body)
    except UnreadableFileError:
        return
    assert all(block.text.strip() and "\n" not in block.text for block in found)


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(codec="gbk", exclude_categories=("Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=30)
)
def test_any_text_comes_back_whichever_way_it_is_escaped(text):
    plain = "".join(ch for ch in text if ch not in "\\{}") or "字"
    escaped = "".join(rf"\u{ord(ch) - (65536 if ord(ch) > 32767 else 0)}?" for ch in plain)

    assert texts(rf"\f0 {escaped}\par") == [plain]
    assert texts(rf"\f0 {gbk(plain)}\par") == [plain]
