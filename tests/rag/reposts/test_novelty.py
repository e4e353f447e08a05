from __future__ import annotations

import pytest

from rag.reposts import is_repeated

WHOLE = (
    "市卫生健康委员会昨天宣布，全市已经建成23个安宁疗护病区，开放床位416张。"
    "病区由二级以上医院设立，收治的大多是晚期肿瘤患者。"
    "患者的住院费用由医保按床日支付，每床日标准为320元。"
    "今后两年，每个县区都要建成至少一个病区。"
)
FIRST, SECOND, THIRD, FOURTH = (f"{s}。" for s in WHOLE.split("。")[:4])
PORTAL = f"{FIRST}{SECOND}据悉，志愿者服务队也已进驻病区。{THIRD}"


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        pytest.param(FIRST + SECOND, True, id="word for word"),
        pytest.param(FIRST.replace("，", ", ").replace("416", "４１６"), True, id="another width"),
        pytest.param("据悉，志愿者服务队也已进驻病区。", False, id="a sentence more"),
        pytest.param(
            SECOND + "据悉，志愿者服务队也已进驻病区。", False, id="a sentence more beside the same"
        ),
    ],
)
def test_a_passage_is_repeated_where_all_of_it_stands_in_the_other_printing(passage, expected):
    assert is_repeated(passage, article=PORTAL, other=WHOLE) is expected


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("收治的大多是晚期肿瘤患者", "收治的大都是晚期肿瘤患者", True, id="another word"),
        pytest.param(
            "收治的大多是晚期肿瘤患者", "收治的大多是来自外地农村的晚期肿瘤患者", False, id="more is said"
        ),
        pytest.param("每个县区都要建成", "2个县区都要建成", False, id="a figure more"),
        pytest.param("每床日标准为320元", "每床日标准为230元", False, id="another figure"),
        pytest.param("大多是晚期", "大多不是晚期", False, id="the opposite"),
    ],
)
def test_other_words_are_no_news_and_other_figures_are(old, new, expected):
    article = changed(old, new)
    passage = next(f"{s}。" for s in article.split("。") if new in s)

    assert is_repeated(passage, article=article, other=WHOLE) is expected


def test_what_a_correction_puts_right_is_no_news_and_what_it_leaves_out_is():
    wrong = changed("320元", "230元")
    third = THIRD.replace("320元", "230元")

    assert is_repeated(third, article=wrong, other=WHOLE, is_corrected=True)
    assert not is_repeated(FOURTH, article=wrong, other=FIRST + SECOND + THIRD, is_corrected=True)


def test_a_passage_that_begins_within_a_clause_is_looked_for_as_it_stands():
    assert is_repeated("生健康委员会昨天宣布，全市已经建成", article=PORTAL, other=WHOLE)
    assert not is_repeated("务队也已进驻病区。", article=PORTAL, other=WHOLE)
