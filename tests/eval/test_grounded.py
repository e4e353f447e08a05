from __future__ import annotations

import pytest
from answers import citation

from eval.grounded import ungrounded

CITED = [
    citation(
        title="安徽合肥：签约服务",
        date="2021-05-06",
        regions=("安徽省合肥市",),
        heading_path=("安徽合肥：签约服务",),
        quote="签约率从41.5%提高到63.2%，投入2.4亿元，2019—2024年完成。",
    )
]


@pytest.mark.parametrize(
    "text",
    [
        "合肥市签约率从41.5%提高到63.2%。",
        "2021年，安徽的签约率提高到63.2%。",
        "Hefei invested CNY 240 million from 2019 to 2024.",
        "签约率：41.5% → 63.2%（计算得出：63.2% − 41.5% = 21.7个百分点）",
        "rate: 41.5% → 63.2% (computed: 63.2% − 41.5% = 21.7 percentage points)",
        "签约服务越来越好。",
    ],
)
def test_what_stands_in_the_words_cited_is_grounded(text):
    assert ungrounded(text, CITED) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("合肥市签约率提高到65.2%。", ["65.2%"]),
        ("芜湖市签约率提高到63.2%。", ["芜湖市"]),
        ("2018年签约率提高到63.2%。", ["2018"]),
        ("Wuhu invested CNY 24 million in 2017.", ["CNY 24 million", "Wuhu", "2017"]),
        ("蕪湖市投入９亿元。", ["９亿元", "蕪湖市"]),
    ],
)
def test_what_does_not_is_named(text, missing):
    found = ungrounded(text, CITED)

    assert sorted(set(missing) - set(found)) == []
    assert ungrounded(text, [])


DIFFERING = [
    citation(
        article_id="a",
        source="芜湖晚讯",
        date="2023-09-02",
        quote="资产负债率为51.3%。",
        regions=("安徽省芜湖市",),
    ),
    citation(
        article_id="b",
        source="江淮报",
        date="2023-05",
        quote="资产负债率降到48.8%。",
        regions=("安徽省芜湖市",),
    ),
]


@pytest.mark.parametrize(
    "text",
    [
        "两篇文章的数字不同，新的在前：51.3%（芜湖晚讯，2023-09-02）；48.8%（江淮报，2023-05）。",
        "The figures of two articles differ, newest first: 51.3% (芜湖晚讯, 2023-09-02); 48.8% (江淮报, 2023-05).",
    ],
)
def test_that_articles_differ_is_grounded_in_their_figures_sources_and_dates(text):
    assert ungrounded(text, DIFFERING) == []
    assert ungrounded(text.replace("48.8%", "47.8%"), DIFFERING) == ["47.8%"]
