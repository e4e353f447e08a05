from __future__ import annotations

import dataclasses

import pytest

from rag.assess import assess
from rag.compose import Material
from rag.compose.comparison import table_of
from rag.compose.extractive import ExtractiveComposer
from rag.numbering import number_as_verified
from rag.reading import Reading
from rag.sides import set_out, told_apart
from rag.types import Said

SHAOXING = """---
title: 绍兴市公立医院
date: 2023
region: [浙江省绍兴市]
---
绍兴市公立医院的资产负债率为52.3%。绍兴市设立社康机构84家。
"""
JIAXING = """---
title: 嘉兴市公立医院
date: 2023
region: [浙江省嘉兴市]
---
嘉兴市公立医院的资产负债率为47.8%。嘉兴市耗材集采平均降价70%，药品集采平均降价55%。
"""
HUZHOU = """---
title: 湖州市公立医院
date: 2021
region: [浙江省湖州市]
---
湖州市公立医院的资产负债率是44.1%。
"""
RATIO = "公立医院的资产负债率"


@pytest.fixture
def asked():
    """The comparisons that were set out."""
    return []


@pytest.fixture
def compared(query_for, candidates_in, asked):
    """Answers from texts without a search; returns what passed the check, and its table."""

    def run(question, *markdown):
        read = candidates_in(*markdown)

        def reading(query):
            return Reading(query=query, hits=(), candidates=tuple(read), assessment=assess(query, read))

        query = query_for(question)
        alone = told_apart([query_for(item.question) for item in query.items], query.intent)
        whole, comparison = set_out(
            reading(query), [(i, reading(q)) for i, q in zip(query.items, alone, strict=True)]
        )
        material = Material(query=query, answering=whole.assessment.answering, comparison=comparison)
        outcomes = list(number_as_verified(ExtractiveComposer().compose(material), language=query.language))
        said = [one for one in outcomes if isinstance(one, Said)]
        assert said == outcomes, "nothing that the rules write is dropped"
        asked.append(comparison)
        return said, table_of(comparison, said, query.language)

    return run


def rows(table):
    return {row.item: [[e.text for e in cell.entries] for cell in row.cells] for row in table.rows}


def test_each_place_is_a_row_and_silence_is_a_cell_without_entries(compared):
    said, table = compared("绍兴、嘉兴和南京的公立医院资产负债率各是多少?", SHAOXING, JIAXING)

    assert rows(table) == {
        "浙江省绍兴市": [["绍兴市公立医院的资产负债率为52.3%"]],
        "浙江省嘉兴市": [["嘉兴市公立医院的资产负债率为47.8%"]],
        "江苏省南京市": [[]],
    }
    assert table.columns == ("公立医院资产负债率",)
    assert "（江苏省南京市）资料中未提及。" in [one.sentence.text for one in said]


@pytest.mark.parametrize(
    "question",
    [
        "绍兴、嘉兴和湖州的公立医院资产负债率哪个最高?",
        "嘉兴的药品集采和耗材集采分别降价多少?",
        "Compare the asset-liability ratio of public hospitals in Shaoxing and Jiaxing",
        "绍兴和嘉兴的资产负债率与社康机构各是多少?",
    ],
)
def test_the_table_says_nothing_that_its_sentences_do_not(compared, question):
    said, table = compared(question, SHAOXING, JIAXING, HUZHOU)
    entries = [e for row in table.rows for cell in row.cells for e in cell.entries]

    assert entries
    for entry in [*entries, *table.computed]:
        sentence = said[entry.sentence].sentence
        assert entry.text in sentence.text
        assert entry.citations == sentence.citations != ()


def test_a_difference_is_computed_where_unit_and_indicator_agree_and_says_so(compared):
    _, table = compared("比较绍兴和嘉兴的公立医院资产负债率", SHAOXING, JIAXING)

    (entry,) = table.computed
    assert entry.computed
    assert (
        entry.text
        == f"{RATIO}：浙江省绍兴市52.3%，浙江省嘉兴市47.8%（计算得出：52.3% − 47.8% = 4.5个百分点）"
    )


def test_which_is_highest_is_told_by_order_of_what_is_of_the_same_year(compared):
    same_year = HUZHOU.replace("date: 2021", "date: 2023")
    _, table = compared("绍兴、湖州和嘉兴的公立医院资产负债率哪个最高?", SHAOXING, JIAXING, same_year)

    assert table.computed[0].text.startswith(
        f"{RATIO}从高到低：浙江省绍兴市52.3%，浙江省嘉兴市47.8%，浙江省湖州市44.1%（计算得出："
    )


@pytest.mark.parametrize(
    "other",
    [
        "湖州市公立医院的资产负债率是44.1%，在2021年。",
        "湖州市民营医院的资产负债率是44.1%。",
        "湖州市公立医院的资产负债率超过44.1%。",
        "湖州市公立医院的资产负债率降了3.1个百分点。",
    ],
)
def test_nothing_is_computed_from_another_year_indicator_bound_or_unit(compared, other):
    text = HUZHOU.replace("湖州市公立医院的资产负债率是44.1%。", other)
    _, table = compared("比较绍兴和湖州的公立医院资产负债率", SHAOXING, text)

    assert table.computed == ()


def test_what_one_sentence_says_of_several_topics_is_cut_to_each(compared):
    said, table = compared("嘉兴的药品集采和耗材集采分别降价多少?", JIAXING)

    assert rows(table) == {
        "药品集采": [["药品集采平均降价55%"]],
        "耗材集采": [["嘉兴市耗材集采平均降价70%"]],
    }
    assert table.computed[0].text == "平均降价：药品集采55%，耗材集采70%（计算得出：70% − 55% = 15个百分点）"
    assert sum("耗材集采平均降价70%" in one.sentence.text for one in said) == 1


def test_a_cell_that_is_silent_beside_one_that_is_not_says_of_what(compared):
    said, table = compared("绍兴和嘉兴的资产负债率与社康机构各是多少?", SHAOXING, JIAXING)

    assert table.columns == ("资产负债率", "社康机构")
    assert [cell.mentioned for row in table.rows for cell in row.cells] == [True, True, True, False]
    assert "（浙江省嘉兴市 · 社康机构）资料中未提及。" in [one.sentence.text for one in said]


def test_an_english_table_glosses_figures_and_leaves_terms_to_the_sentences(compared):
    text = SHAOXING.replace("84家", "1.2万家")
    said, table = compared("Compare community health centres in Shaoxing and Nanjing", text)

    (words, gloss), silent = rows(table)["Shaoxing"][0], rows(table)["Nanjing"][0]
    assert words == "绍兴市设立社康机构1.2万家"
    assert "12,000" in gloss
    assert silent == []
    assert any(one.sentence.text.startswith("Terms: ") for one in said)


def test_what_somebody_else_worded_stands_where_its_quotes_belong(compared, asked):
    said, table = compared("比较绍兴和嘉兴的公立医院资产负债率", SHAOXING, JIAXING)
    reworded = [dataclasses.replace(one, sides=()) for one in said]

    assert rows(table_of(asked[0], reworded, "zh")) == rows(table)


def test_a_side_that_somebody_else_left_out_is_not_said_to_be_silent(compared, asked):
    said, _ = compared("比较绍兴和嘉兴的公立医院资产负债率", SHAOXING, JIAXING)
    reworded = [dataclasses.replace(said[0], sides=())]

    assert table_of(asked[0], reworded, "zh") is None
