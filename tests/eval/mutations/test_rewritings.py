from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from eval.mutations import Faithful, mutate
from rag.figures import find_figures, same_value
from rag.normalise import fold


def texts(kind: str, claim: str, *, evidence: str = "", language="zh", regions=()) -> set[str]:
    source = Faithful(
        claim=claim, evidence=evidence or claim, context="", language=language, regions=tuple(regions)
    )
    return {m.claim for m in mutate([source], per_kind=9) if m.kind == kind}


def test_traditional_characters():
    assert texts("same_traditional", "医院扩大了病房。") == {"醫院擴大了病房。"}
    assert texts("same_traditional", "醫院擴大了病房。") == set()


def test_full_width_digits():
    (made,) = texts("same_width", "占比48.8%。")

    assert made != "占比48.8%。"
    assert fold(made) == fold("占比48.8%。")


def test_figures_written_otherwise():
    assert texts("same_figure", "投入1.5亿元。") == {"投入15000万元。"}
    assert texts("same_figure", "惠及1.2万人。") <= {"惠及12000人。", "惠及12,000人。"}
    assert texts("same_figure", "减少三成。") == {"减少30%。"}
    assert texts("same_figure", "占比60%。") <= {"占比六成。", "占比百分之六十。"}
    assert texts("same_figure", "耗时2小时。") == {"耗时120分钟。"}
    assert texts("same_figure", "设立三家分院。") == {"设立3家分院。"}


def test_a_quoted_or_rough_figure_is_left_as_it_is():
    assert texts("same_figure", "文件提出“投入1.5亿元”的目标。") == set()
    assert texts("same_figure", "惠及10余万人。") == set()
    assert texts("same_figure", "Figures: 10亿元 = CNY 1 billion.", language="en") == set()


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(st.integers(1, 999999).map(str), st.decimals(0, 99, places=1).map(str)),
    st.sampled_from(["亿元", "万元", "万人", "%", "小时", "公里", "家", "项", "成"]),
)
def test_figures_written_otherwise_are_equal(number, unit):
    claim = f"本项为{number}{unit}。"

    for made in texts("same_figure", claim):
        assert all(map(same_value, find_figures(claim), find_figures(made)))
        assert len(find_figures(claim)) == len(find_figures(made))


def test_synonyms():
    assert texts("same_synonym", "负债率降到48.8%。") == {"负债率下降至48.8%。"}
    assert texts("same_synonym", "负债率下降到48.8%。") == {"负债率下降至48.8%。"}
    assert texts("same_synonym", "群众获得感增强。") == set()
    assert texts("same_synonym", "文件提出“目前”二字。") == set()


def test_the_last_clause_is_left_out_where_nothing_depends_on_it():
    assert texts("same_trimmed", "全市已建成公立医院10家，新增床位500张。") == {"全市已建成公立医院10家。"}


def test_clauses_that_bind_others_are_kept():
    assert texts("same_trimmed", "如果全市已建成公立医院10家，就新增床位500张。") == set()
    assert texts("same_trimmed", "在全市已建成公立医院10家的基础上，新增床位500张。") == set()
    assert texts("same_trimmed", "全市已建成的公立医院只有10家，但新增床位500张。") == set()


def test_frames():
    plain, placed = (texts("same_frame", "全市建成医院10家。", regions=r) for r in ((), ("340200",)))

    assert all(text.endswith("全市建成医院10家。") for text in plain | placed)
    assert not any(text.startswith("（") for text in plain)


def test_two_items_in_the_middle_of_a_list_change_places():
    assert texts("same_order", "涉及财政、医保、人社、编制等部门。") == {"涉及财政、人社、医保、编制等部门。"}
    assert texts("same_order", "依次经过财政、医保、人社、编制等部门。") == set()


def test_two_clauses_with_subjects_of_their_own_change_places():
    assert texts("same_order", "门诊量增长10%，住院量增长5%。") == {"住院量增长5%，门诊量增长10%。"}
    assert texts("same_order", "2021年门诊量增长10%，住院量增长5%。") == set()


def test_a_sentence_of_the_evidence_is_quoted_as_it_stands():
    assert texts("same_verbatim", "建成10家。", evidence="全市建成医院10家。\n新增床位500张以上。") <= {
        "全市建成医院10家。",
        "新增床位500张以上。",
    }
