from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify import MOST_CHARS, verify
from rag.verify.computations import split_computations
from rag.verify.forms import compact
from rag.verify.readings import Reading
from tests.support.effort import effort_below

DEBT = (
    "绍兴市累计安排8.5亿元专项资金化解医院债务，市级公立医院资产负债率由58.4%下降到41.27%，"
    "并设立“编制储备池”，使800余名编外护士和42名返乡村医转入编制。"
)
RESCUE = "湖州市把县乡急救站点连成一张网，平均急救半径从18公里缩短至9公里，平均出车时间从25分钟压缩到11分钟。"
GROUPS = "2019年，全省86个县域医疗集团挂牌运行，2020年确定15个示范县。"
SHARES = "县域内住院量占比达86.3%，比上年提高2.1个百分点；财政补助收入占医院收入的比例保持在18%以上。"
PLANS = "全市尚未完成电子病历五级评审，计划2026年建成影像云平台，将新增30家社区医院。"
PAIR = "赣州市现有三级医院10家，吉安市现有三级医院20家。"
STAFF = "近5年动态核增公立医院编制1320个，涉及医院61家次。"
POLICY = "2021年6月4日，国务院办公厅印发《公立医院高质量发展意见》，明确不以床位规模论英雄。"
BEDS = "床位数达到3780张，相较于2018年的3150张，增加了630张。"
FUNDS = "2019—2024年，全市卫生健康支出512.6亿元；累计投入近150亿元实施能力提升工程。"
FAITHFUL = [
    (DEBT, DEBT, ""),
    ("市级公立医院资产负债率由58.4%下降到41.27%", DEBT, ""),
    ("市级公立医院资产负债率从58.4%降至41.27%。", DEBT, ""),
    ("绍兴市安排8.5亿元专项资金化解医院债务。", DEBT, ""),
    ("绍兴市安排85000万元专项资金化解医院债务。", DEBT, ""),
    ("浙江省绍兴市累计安排8.5亿元专项资金化解医院债务", DEBT, ""),
    ("（抚州市）近5年动态核增公立医院编制1320个……", STAFF, "江西省抚州市"),
    ("抚州市近5年动态核增公立医院编制1320个，涉及医院61家次", STAFF, "2025医改汇编\n抚州市"),
    ("使八百余名编外护士和42名返乡村医转入编制", DEBT, ""),
    ("設立“編制儲備池”，使800餘名編外護士轉入編制", DEBT, ""),
    ("平均急救半径从１８公里缩短至９公里", RESCUE, ""),
    ("湖州市平均急救半径从18公里缩短至9公里，平均出车时间从25分钟压缩到11分钟", RESCUE, ""),
    ("2020年确定15个示范县", GROUPS, ""),
    ("2019年全省86个县域医疗集团挂牌运行", GROUPS, ""),
    ("财政补助收入占医院收入的比例保持在18%以上", SHARES, ""),
    ("县域内住院量占比达86.3%", SHARES, ""),
    ("三级医院：赣州市10家，吉安市20家", PAIR, ""),
    ("计划2026年建成影像云平台", PLANS, ""),
    ("电子病历五级评审尚未完成", PLANS, ""),
    ("国务院办公厅2021年6月4日印发《公立医院高质量发展意见》", POLICY, ""),
    ("2021年6月，国务院办公厅印发《公立医院高质量发展意见》", POLICY, ""),
    ("床位数达到3780张，比2018年的3150张增加630张", BEDS, ""),
    ("累计投入近150亿元实施能力提升工程", FUNDS, ""),
    ("2019—2024年，全市卫生健康支出512.6亿元", FUNDS, ""),
    ("2022年将新增500家社区医院", "今年将新增500家社区医院。", "2022-06-02"),
    ("市级公立医院资产负债率下降17.13个百分点（计算得出：58.4% − 41.27% = 17.13个百分点）", DEBT, ""),
    ("Shaoxing cut the asset–liability ratio of its public hospitals from 58.4% to 41.27%.", DEBT, ""),
    ("Shaoxing (绍兴市) (CNY 850 million): 「绍兴市累计安排8.5亿元专项资金化解医院债务」", DEBT, ""),
    (
        "In Huzhou the average time fell from 25 minutes to 11 minutes (computed: 25 minutes − 11 minutes = 14 minutes).",
        RESCUE,
        "",
    ),
    ("asset–liability ratio: 58.4% → 41.27%", DEBT, ""),
]
UNFAITHFUL = [
    ("市级公立医院资产负债率由58.4%下降到41.72%", DEBT, "", "41.72%"),
    ("绍兴市累计安排8.5万元专项资金化解医院债务", DEBT, "", "8.5万元"),
    ("绍兴市累计安排85亿元专项资金化解医院债务", DEBT, "", "85亿元"),
    ("绍兴市累计安排8.5亿美元专项资金化解医院债务", DEBT, "", "8.5亿美元"),
    ("市级公立医院资产负债率由41.27%下降到58.4%", DEBT, "", "41.27%"),
    ("市级公立医院资产负债率由58.4%上升到41.27%", DEBT, "", "上升"),
    ("市级公立医院药占比由58.4%下降到41.27%", DEBT, "", "占比"),
    ("宁波市累计安排8.5亿元专项资金化解医院债务", DEBT, "", "宁波"),
    ("使42名编外护士和800余名返乡村医转入编制", DEBT, "", "余名"),
    ("设立“人才储备池”，使800余名编外护士转入编制", DEBT, "", "人才储备池"),
    ("绍兴市累计安排8.5亿元专项资金化解医院债务，市民对此交口称赞并送来锦旗", DEBT, "", "锦旗"),
    ("平均急救半径从25公里缩短至9公里", RESCUE, "", "25公里"),
    ("平均急救半径从9公里扩大至18公里", RESCUE, "", "9公里"),
    ("平均出车时间从18分钟压缩到11分钟", RESCUE, "", "18分钟"),
    ("平均急救半径从18公里缩短至9公里，急救死亡人数随之明显减少", RESCUE, "", "死亡"),
    ("2020年全省86个县域医疗集团挂牌运行", GROUPS, "", "86个"),
    ("2018年，全省86个县域医疗集团挂牌运行", GROUPS, "", "2018年"),
    ("2019年确定86个示范县，全省15个县域医疗集团挂牌运行", GROUPS, "", "86个"),
    ("财政补助收入占医院收入的比例保持在18%以下", SHARES, "", "18%"),
    ("财政补助收入占医院收入的比例保持在18%", SHARES, "", "18%以上"),
    ("县域内住院量占比达86.3%，比上年提高2.1%", SHARES, "", "2.1%"),
    ("县域内住院量占比达86.3%，比上年下降2.1个百分点", SHARES, "", "下降"),
    ("县域内住院量占比达18%以上", SHARES, "", "18%"),
    ("全市已完成电子病历五级评审", PLANS, "", "完成"),
    ("全市完成电子病历五级评审", PLANS, "", "完成"),
    ("2026年已建成影像云平台", PLANS, "", "建成"),
    ("已新增了30家社区医院", PLANS, "", "新增"),
    ("将核增公立医院编制1320个", STAFF, "", "核增"),
    ("赣州市现有三级医院20家，吉安市现有三级医院10家", PAIR, "", "20家"),
    ("近5年动态核增公立医院编制1320个，涉及医院61家", STAFF, "", "61家"),
    ("近3年动态核增公立医院编制1320个", STAFF, "", "3年"),
    ("抚州市近5年动态核增公立医院编制1320个", STAFF, "江西省上饶市", "抚州市"),
    ("国务院办公厅印发《民营医院高质量发展意见》", POLICY, "", "民营"),
    ("国家医保局印发《公立医院高质量发展意见》", POLICY, "", "国家医保局"),
    ("2021年7月4日，国务院办公厅印发《公立医院高质量发展意见》", POLICY, "", "7月4日"),
    ("明确以床位规模论英雄", POLICY, "", "以床"),
    ("床位数从3780张减少到3150张", BEDS, "", "3780张"),
    ("2023年全市卫生健康支出512.6亿元", FUNDS, "", "2023年"),
    ("累计投入超150亿元实施能力提升工程", FUNDS, "", "近150亿元"),
    (
        "市级公立医院资产负债率下降17.31个百分点（计算得出：58.4% − 41.27% = 17.31个百分点）",
        DEBT,
        "",
        "17.31",
    ),
    ("市级公立医院资产负债率下降17.13%（计算得出：58.4% − 41.27% = 17.13%）", DEBT, "", "17.13%"),
    ("资产负债率下降16.1个百分点（计算得出：58.4% − 42.3% = 16.1个百分点）", DEBT, "", "42.3%"),
    ("Shaoxing cut the asset–liability ratio from 41.27% to 58.4%.", DEBT, "", "41.27%"),
    ("Ningbo cut the asset–liability ratio from 58.4% to 41.27%.", DEBT, "", "Ningbo"),
    ("Shaoxing raised the asset–liability ratio from 58.4% to 41.27%.", DEBT, "", "raised"),
    ("Shaoxing put in CNY 85 million to resolve hospital debt.", DEBT, "", "85 million"),
    ("Shaoxing (绍兴市): 「绍兴市累计安排8.5亿元化解医院债务」", DEBT, "", "安排"),
    ("Patients were very happy with it.", "群众很满意，病房很安静。", "", "checkable"),
    ("……", DEBT, "", "核对"),
    ("医务人员人均收入翻番，群众就医费用大幅下降", STAFF, "", ""),
]
ALPHABET = "绍兴市医院从由下降至增长未没有不计划已占达为家元%％0123456789０５.，,。；“”「」（）《》年月 \n\u3000abz𠮷張億ﷺ①"


@pytest.mark.parametrize(("claim", "evidence", "context"), FAITHFUL)
def test_a_faithful_claim_is_supported(claim, evidence, context):
    verdict = verify(claim, evidence, context=context)

    assert verdict.supported, verdict.reason
    assert verdict.reason == ""


@pytest.mark.parametrize(("claim", "evidence", "context", "named"), UNFAITHFUL)
def test_an_unfaithful_claim_is_refused_and_the_reason_names_what_is_wrong(claim, evidence, context, named):
    verdicts = [verify(claim, evidence, context=context, language=language) for language in ("zh", "en")]

    assert not any(v.supported for v in verdicts)
    assert any(named in v.reason for v in verdicts), verdicts


def test_a_claim_too_long_for_a_sentence_is_supported_word_for_word_only():
    text = "病区改造了很多地方，" * (MOST_CHARS // 8)

    assert verify(text, text).supported
    assert "句" in verify(text, "病区改造了很多地方。").reason


@given(st.text(ALPHABET, min_size=1, max_size=60))
def test_every_sentence_supports_itself(text):
    assert verify(text, text).supported == bool(compact(text)) or _is_cut_by_marks(text)


def _is_cut_by_marks(text):
    """A text that is nothing but a citation marker or a computation claims nothing by itself."""
    rest, computations = split_computations(text)
    return bool(computations) or not compact(Reading(rest).text)


@given(st.text(ALPHABET, max_size=60), st.text(ALPHABET, max_size=80), st.text(ALPHABET, max_size=30))
def test_verify_never_raises_and_always_gives_a_reason_for_a_refusal(claim, evidence, context):
    verdict = verify(claim, evidence, context=context)

    assert verdict.supported == (verdict.reason == "")


@pytest.mark.parametrize(
    "unit", ["的", "1家", "“a”", "不", "58.4%，", "（计算得出：1", "《", "从58.4%降到41.27%", "芜湖市10家，"]
)
def test_hostile_text_takes_linear_time(unit):
    text = (unit * 30_000)[:30_000]
    with effort_below(24):
        verify(DEBT, text)
        verify(text, DEBT)
        verify(text[: MOST_CHARS - 5] + "x", text, context=text)
