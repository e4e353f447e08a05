from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import docx_of
from word_parts import CHINESE_LEVELS, numbered, numbering, paragraph, styles

from ingest.formats.docx import read_docx


def read(body: str, **parts: str) -> list[str]:
    content = docx_of(body, parts={f"{name}.xml": part for name, part in parts.items()})
    return [block.text for block in read_docx(content).blocks]


def test_automatic_numbers_stand_in_front_of_their_paragraphs():
    body = "".join(
        (
            numbered("总体要求"),
            numbered("指导思想", level=1),
            numbered("基本原则", level=1),
            numbered("保基本", level=2),
            numbered("重点任务"),
            numbered("深化改革", level=1),
        )
    )

    assert read(body, numbering=numbering(CHINESE_LEVELS)) == [
        "一、总体要求",
        "（一）指导思想",
        "（二）基本原则",
        "1. 保基本",
        "二、重点任务",
        "（一）深化改革",
    ]


@pytest.mark.parametrize(
    ("form", "pattern", "count", "expected"),
    [
        ("chineseCountingThousand", "第%1条", 21, "第二十一条 总则"),
        ("chineseCounting", "第%1章", 10, "第十章 总则"),
        ("chineseCountingThousand", "第%1条", 105, "第一百零五条 总则"),
        ("taiwaneseCountingThousand", "第%1條", 12, "第十二條 总则"),
        ("chineseLegalSimplified", "%1、", 3, "叁、总则"),
        ("ideographLegalTraditional", "%1、", 3, "參、总则"),
        ("ideographTraditional", "%1、", 2, "乙、总则"),
        ("decimalEnclosedCircleChinese", "%1", 3, "③总则"),
        ("lowerRoman", "(%1)", 4, "(iv)总则"),
        ("upperLetter", "%1.", 27, "AA. 总则"),
        ("decimalZero", "%1.", 7, "07. 总则"),
        ("decimalFullWidth", "%1．", 12, "１２．总则"),
        ("aFormatOfTheFuture", "%1)", 2, "2)总则"),
    ],
)
def test_every_way_of_counting_is_written_as_word_writes_it(form, pattern, count, expected):
    body = "".join(numbered("总则") for _ in range(count))

    assert read(body, numbering=numbering(((form, pattern),)))[-1] == expected


def test_a_number_of_several_levels_names_them_all():
    levels = (("decimal", "%1"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3"))
    body = numbered("甲") + numbered("乙", level=1) + numbered("丙", level=1) + numbered("丁", level=2)

    assert read(body, numbering=numbering(levels)) == ["1 甲", "1.1 乙", "1.2 丙", "1.2.1 丁"]


def test_legal_numbering_writes_the_levels_above_in_digits():
    levels = (("chineseCounting", "第%1章"), ("decimal", "%1.%2"))
    body = numbered("总则") + numbered("目的", level=1)

    assert read(body, numbering=numbering(levels, extra="<w:isLgl/>")) == ["第一章 总则", "1.1 目的"]


def test_a_second_list_of_the_same_definition_goes_on_unless_it_starts_anew():
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = (
        numbered("甲")
        + numbered("乙", number_id=2)
        + numbered("丙", number_id=3)
        + numbered("丁", number_id=3)
    )

    assert read(body, numbering=numbering(CHINESE_LEVELS, nums=nums)) == [
        "一、甲",
        "二、乙",
        "一、丙",
        "二、丁",
    ]


def test_an_empty_paragraph_counts_for_nothing_and_bullets_become_items():
    markup = read_docx(
        docx_of(
            numbered("甲") + numbered(" ") + numbered("乙"),
            parts={"numbering.xml": numbering((("bullet", "\uf0b7"),))},
        )
    )

    assert [(block.text, block.kind) for block in markup.blocks] == [("甲", "item"), ("乙", "item")]


def test_a_heading_style_gives_its_level_and_its_number():
    definition = (
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="2"/></w:style>'
    )
    body = paragraph("主要目标", '<w:pStyle w:val="2"/>') + paragraph("保障措施", '<w:pStyle w:val="a"/>')
    parts = {"styles.xml": styles(definition), "numbering.xml": numbering(CHINESE_LEVELS)}

    blocks = read_docx(docx_of(body, parts=parts)).blocks

    assert [(block.text, block.level) for block in blocks] == [("（一）主要目标", 2), ("（二）保障措施", 2)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 2)), min_size=1, max_size=20))
def test_numbers_of_one_level_follow_each_other_until_a_level_above_counts(places):
    levels = tuple(("decimal", f"%{at}:") for at in range(1, 10))
    nums = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/></w:num>' for n in (1, 2))
    body = "".join(numbered("项", level=level, number_id=number) for level, number in places)
    expected, counts = [], [0] * 9
    for level, _ in places:
        counts[level] += 1
        counts[level + 1 :] = [0] * (8 - level)
        expected.append(counts[level])

    found = [int(re.match(r"\d+", text)[0]) for text in read(body, numbering=numbering(levels, nums=nums))]

    assert found == expected
