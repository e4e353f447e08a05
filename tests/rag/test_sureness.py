from __future__ import annotations

import pytest

from rag.followup import Resolved, resolve

ZH_DEBT = "芜湖是怎么化债的?"
EN_DEBT = "how did Wuhu reduce debt"


def sure(text):
    return Resolved(text=text, is_sure=True)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        (ZH_DEBT, "有多少村医受益?", "芜湖市有多少村医受益?"),
        ("重庆市万州区的急救反应时间是多少？", "救护车有几辆？", "万州区救护车有几辆？"),
        ("How did Tianchang, Anhui share its surplus?", "What percentage went to village doctors?", "Surplus in Tianchang, Anhui: What percentage went to village doctors?"),
        ("How many doctors does Guizhou have?", "Per 1,000 residents?", "How many doctors does Guizhou have per 1,000 residents?"),
        ("贵州有多少名护士?", "每千人口呢?", "贵州每千人口有多少名护士?"),
        ("What was the signing rate in Guangxi?", "For the elderly?", "What was the signing rate in Guangxi for the elderly?"),
    ],
)  # fmt: skip
def test_a_question_that_may_be_of_any_place_is_guessed_at_and_left_to_a_model(first, question, standalone):
    assert resolve(question, [first]) == Resolved(text=standalone, is_sure=False)


@pytest.mark.parametrize(
    ("first", "question"),
    [
        ("芜湖和铜仁的编制改革有什么不同?", "它投入了多少?"),
        ("芜湖和铜仁的编制改革有什么不同?", "当地投入了多少?"),
        ("芜湖和铜仁的编制改革有什么不同?", "前者投入了多少?"),
        ("芜湖和铜仁的编制改革有什么不同?", "後者呢?"),
        ("芜湖和铜仁的编制改革有什么不同?", "第二个呢?"),
        ("芜湖和铜仁的编制改革有什么不同?", "那三明呢?"),
        ("按病种付费和按人头付费有什么区别?", "它是哪年开始的?"),
        ("哪些县的县域内就诊率达到90%?", "它们的医保基金是怎么用的?"),
        ("三明怎么样?", "为什么?"),
        ("你好", "那三明呢?"),
        (ZH_DEBT, "这个办法别的地方用了吗?"),
        (ZH_DEBT, "這項政策是誰提出的?"),
        (ZH_DEBT, "上面说的周转池是什么?"),
        (ZH_DEBT, "前一年呢?"),
        (ZH_DEBT, "三明的亮点是什么?"),
        (ZH_DEBT, "2020年的目标是什么?"),
        (ZH_DEBT, "继续"),
        (ZH_DEBT, "那么"),
        ("什么是两票制?", "当地的药占比呢?"),
        ("Compare the pay reform in Sanming and Wuhu.", "How much did it spend?"),
        ("Compare the pay reform in Sanming and Wuhu.", "What about the latter?"),
        ("Compare the pay reform in Sanming and Wuhu.", "The second one?"),
        ("Compare the pay reform in Sanming and Wuhu.", "And Tongren?"),
        ("Compare Sanming and Wuhu.", "Which of the two is better?"),
        (EN_DEBT, "Is this approach used elsewhere?"),
        (EN_DEBT, "Tell me more"),
        (EN_DEBT, "That report, what does it say?"),
        (ZH_DEBT, "那份讲话稿说的是哪个县?"),
        (ZH_DEBT, "那年的目标是多少?"),
        (EN_DEBT, "How many staff does the new bureau have?"),
        (EN_DEBT, "And in Hubei, how many hospitals take part?"),
        ("Did the consortium in Xuzhou reduce costs?", "By how much?"),
        ("How many beds does the county hospital of Fengyang, Anhui have?", "Is it part of a consortium?"),
        ("How much is the annual salary of hospital presidents in Zhuhai?", "How much do they earn?"),
        ("丽水的家庭医生签约率是多少?", "老年人呢?"),
        ("Which provinces piloted the health reform?", "Was Fujian among them?"),
    ],
)
def test_what_could_mean_several_things_is_not_sure(first, question):
    assert not resolve(question, [first]).is_sure


def test_what_leans_on_an_unsure_question_is_not_sure_and_what_stands_alone_is():
    history = ["芜湖和铜仁的编制改革有什么不同?", "后者呢?"]

    assert not resolve("那三明呢?", history).is_sure
    assert resolve("重庆的急救反应时间缩短了多少?", history) == sure("重庆的急救反应时间缩短了多少?")
