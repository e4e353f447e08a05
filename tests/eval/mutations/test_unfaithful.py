from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.mutations import KINDS, SAME, Faithful, Mutant, mutate
from rag.figures import find_figures, same_value
from rag.regions import find_regions
from rag.verify.forms import compact

TEXT = st.text(
    alphabet="芜湖市由降到增加提高了不未已将可以20215.8%％，、。；：“”（）《》万亿元家人次\n 　ａ１𠮷abc→=",
    max_size=80,
)


def faithful(claim: str, *, evidence: str = "", context: str = "", regions=(), language="zh") -> Faithful:
    return Faithful(
        claim=claim, evidence=evidence or claim, context=context, language=language, regions=tuple(regions)
    )


def mutants(kind: str, *claims: Faithful, per_kind: int = 9) -> list[Mutant]:
    return [m for m in mutate(claims, per_kind=per_kind) if m.kind == kind]


def texts(kind: str, claim: str, **parts) -> list[str]:
    return [m.claim for m in mutants(kind, faithful(claim, **parts))]


def test_one_digit_becomes_another():
    made = texts("digit", "全市有47家医院。")

    assert len(made) == 2  # one for either digit
    assert all(sum(a != b for a, b in zip(text, "全市有47家医院。", strict=True)) == 1 for text in made)


def test_a_lower_bound_gets_no_digit_that_it_implies():
    (made,) = texts("digit", "收治超过800人。")

    assert find_figures(made)[0].value == 900


def test_a_unit_becomes_another_amount():
    assert set(texts("unit", "投入10亿元。")) == {"投入10万元。"}
    assert texts("unit", "床位使用率下降5个百分点。") == ["床位使用率下降5%。"]
    assert texts("unit", "debt ratio: 13.79 percentage points", language="en") == [
        "debt ratio: 13.79 percent"
    ]


def test_a_year_becomes_one_that_is_nowhere():
    made = texts("year", "2021年建成。", context="2020\n2022年的任务")

    assert len(made) == 1
    assert made[0][:4] not in {"2020", "2021", "2022"}


def test_a_year_since_which_something_holds_only_becomes_earlier():
    (made,) = texts("year", "2016年以来增设床位。")

    assert int(made[:4]) < 2016


def test_a_place_becomes_another_of_its_level_that_evidence_and_context_do_not_name():
    (made,) = texts("city", "芜湖市投入10亿元。", context="安徽省芜湖市\n蚌埠市")

    (mention,) = find_regions(made)
    assert (mention.region.level, mention.region.code[:2]) == (2, "34")
    assert mention.region.name not in {"芜湖市", "蚌埠市"}


def test_a_place_is_renamed_wherever_an_english_frame_names_it():
    (made,) = texts("city", "On Wuhu (安徽省芜湖市), the article says: 「投入10亿元。」", language="en")

    assert "Wuhu" not in made
    assert "芜湖" not in made
    assert "安徽省" in made


def test_what_rises_falls_and_before_comes_after():
    made = texts("direction", "负债率由62.59%降到48.8%。")

    assert set(made) == {"负债率由62.59%升到48.8%。", "负债率由48.8%降到62.59%。"}
    assert texts("direction", "debt ratio: 62.59% → 48.8%", language="en") == ["debt ratio: 48.8% → 62.59%"]


def test_a_value_reached_becomes_an_amount_of_change_and_the_reverse():
    assert texts("manner", "负债率由62.59%下降到48.8%。") == ["负债率由62.59%下降了48.8%。"]
    assert texts("manner", "床位增加了40张。") == texts("manner", "床位增加40张。") == ["床位增加到40张。"]
    assert texts("manner", "負債率降低至48.8%。") == ["負債率降低了48.8%。"]
    assert texts("manner", "The ratio fell to 48.8%.", language="en") == ["The ratio fell by 48.8%."]


def test_what_can_only_be_a_change_is_left_alone():
    assert texts("manner", "负债率下降13.79个百分点。") == []
    assert texts("manner", "文件说：“床位增加40张”。") == []
    assert texts("manner", "共有40张床位。") == []


def test_traditional_claims_stay_traditional():
    assert texts("direction", "醫院擴大了病房。") == ["醫院縮小了病房。"]


@pytest.mark.parametrize(
    ("claim", "denied"),
    [
        ("该县已建成三家医院。", "该县尚未建成三家医院。"),
        ("该县建立了绩效考核机制。", "该县没有建立绩效考核机制。"),
        ("患者可以在村里拿药。", "患者不可以在村里拿药。"),
        ("医院不再收取挂号费。", "医院继续收取挂号费。"),
        ("医院不得收取挂号费。", "医院可以收取挂号费。"),
    ],
)
def test_a_denial_is_added_or_taken_away(claim, denied):
    assert texts("negation", claim) == [denied]


def test_a_noun_is_not_denied():
    assert texts("negation", "文件说明，实施方案另行规定。") == []


@pytest.mark.parametrize(
    ("claim", "turned"),
    [
        ("该县将建成三家医院。", "该县已建成三家医院。"),
        ("该县已建成三家医院。", "该县将建成三家医院。"),
        ("该县出台了工作方案。", "该县计划出台工作方案。"),
    ],
)
def test_a_plan_is_told_as_done_and_the_reverse(claim, turned):
    assert texts("modality", claim) == [turned]


def test_a_bound_is_dropped_or_turned():
    assert set(texts("qualifier", "占比在20%以上。")) <= {"占比在20%。", "占比在20%以下。"}
    assert texts("qualifier", "投入近200亿元。") == ["投入超过200亿元。"]
    assert texts("qualifier", "投入约200亿元。") == []


def test_two_figures_of_a_claim_change_places():
    assert texts("swapped_subjects", "门诊部有10家诊室，住院部有20家诊室。") == [
        "门诊部有20家诊室，住院部有10家诊室。"
    ]
    assert texts("swapped_subjects", "床位由10张增加到20张。") == []


def test_a_claim_takes_the_place_of_another_that_is_cited_with_it():
    wuhu, lishui = (
        faithful("芜湖市累计拿出10亿元化债资金。", context="安徽省芜湖市", regions=["340200"]),
        faithful("丽水市急救网络覆盖所有乡镇。", context="浙江省丽水市", regions=["331100"]),
    )

    (made,) = mutants("swapped_subjects", wuhu, lishui)

    assert made.claim == "丽水市累计拿出10亿元化债资金。"
    assert made.evidence == f"{wuhu.evidence}\n{lishui.evidence}"


def test_a_claim_cites_another_statement_of_its_own_article_first():
    claim = faithful("芜湖市累计拿出10亿元化债资金。", context="化债\n安徽省芜湖市", regions=["340200"])
    near = faithful("村医的身份问题得到解决。", context="化债\n安徽省芜湖市", regions=["340200"])
    far = faithful("急救网络覆盖所有乡镇。", context="急救\n浙江省丽水市", regions=["331100"])

    made = [m for m in mutants("wrong_citation", claim, near, far) if m.original == claim.claim]

    assert made[0].evidence == near.evidence


def test_a_passage_that_says_the_same_is_no_wrong_citation():
    claim = faithful("芜湖市累计拿出10亿元化债资金。")
    other = faithful("据了解，芜湖市累计拿出了10亿元化债资金，用于医院。")

    assert mutants("wrong_citation", claim, other) == []


def test_sentences_are_invented_about_the_place_and_topic():
    made = texts("invented", "芜湖市推行按病种付费。", regions=["340200"])

    assert len(made) == 1
    assert "芜湖市" in made[0]
    assert "付费" in made[0]
    assert texts("invented", "今天天气很好。") == []


def test_a_true_sentence_gets_an_invented_clause():
    (first, *_) = texts("added_detail", "芜湖市推行按病种付费。")

    assert first.startswith("芜湖市推行按病种付费，")


def test_every_kind_is_made_from_a_claim_that_fits_it():
    claims = [
        faithful(
            "2021年，芜湖市已建成超过47家医院，门诊占比由30%提高到50%，住院占比为20%。",
            context="安徽省芜湖市",
            regions=["340200"],
        ),
        faithful(
            "目前，丽水市建立了财政、医保、人社、编制、药监等部门的会商机制，急救反应时间2小时。",
            regions=["331100"],
        ),
    ]

    assert {m.kind for m in mutate(claims, per_kind=5)} >= set(KINDS) - {"same_order", "invented"}


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, max_size=3), st.sampled_from(["zh", "en"]))
def test_any_text_goes_in_and_only_real_changes_come_out(claims, language):
    pool = [
        faithful(text, language=language, context="安徽省芜湖市\n2021", regions=["340200"]) for text in claims
    ]

    for mutant in mutate(pool, per_kind=3):
        if not mutant.kind.startswith(SAME):
            source = next(c for c in pool if c.claim == mutant.original)
            assert compact(mutant.claim) != compact(source.claim) or mutant.evidence != source.evidence


NUMBERS = st.one_of(st.integers(1, 99999).map(str), st.decimals(0, 99, places=2).map(str))
UNITS = st.sampled_from(["亿元", "万元", "家", "%", "个百分点", "万人", "人次", "小时", "公里", "张", ""])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(NUMBERS, UNITS, st.sampled_from(["", "超过", "不足", "近", "约"])), min_size=1, max_size=3
    )
)
def test_a_wrong_digit_or_unit_is_a_figure_that_the_original_has_not(parts):
    claim = faithful("，".join(f"本项为{q}{number}{unit}" for number, unit, q in parts) + "。")
    known = find_figures(claim.claim)

    for mutant in mutate([claim], per_kind=2):
        if mutant.kind in ("digit", "unit"):
            figures = find_figures(mutant.claim)
            assert len([f for f in figures if not any(same_value(f, k) for k in known)]) == 1


def test_the_same_claims_give_the_same_mutants_whatever_else_was_made():
    claims = [faithful(f"第{n}中心有{n}7家医院，投入{n}3万元。") for n in "一二三四五"] + [
        faithful(f"{n}号楼有{n}7张床位，已建成。") for n in range(1, 6)
    ]

    assert mutate(claims, per_kind=4) == mutate(list(reversed(claims)), per_kind=4)


def test_mutants_are_spread_over_the_claims():
    claims = [faithful(f"{n}号楼有{n}7张床位和{n}9台设备。") for n in range(1, 7)]

    made = mutants("digit", *claims, per_kind=6)

    assert len({m.original for m in made}) == 6


def test_a_negative_number_of_mutants_is_refused():
    with pytest.raises(ValueError, match="negative"):
        mutate([], per_kind=-1)
