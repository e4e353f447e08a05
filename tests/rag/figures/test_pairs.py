from __future__ import annotations

from decimal import Decimal

import pytest

from rag.figures import changes, changes_among, difference, find_figures

CHANGES = [
    (
        "市级医院资产负债率从58.4%下降至41.2%",
        "58.4%",
        "41.2%",
        "down",
        "市级医院资产负债率",
        "17.2",
        "百分点",
    ),
    ("改革让平均急救半径由18公里缩短到9公里", "18公里", "9公里", "down", "平均急救半径", "9", "公里"),
    ("床位数达到3780张，相较于2018年的3150张，增加了630张", "3150张", "3780张", "up", "床位数", "630", "张"),
    ("藥占比由2015年的38%降至2020年的29.5%", "38%", "29.5%", "down", "藥占比", "8.5", "百分点"),
    ("其中护士从2044人增加到2469人", "2044人", "2469人", "up", "护士", "425", "人"),
    ("门诊量1.2万人次增至1.5万人次", "1.2万人次", "1.5万人次", "up", "门诊量", "3000", "人次"),
    ("从21缩小至12公里", "21", "12公里", "down", None, "9", "公里"),
    ("二、三级医院患者从10人增加到20人", "10人", "20人", "up", None, "10", "人"),
    ("The average radius fell from 18 km to 9 km", "18 km", "9 km", "down", "average radius", "9", "公里"),
    (
        "They cut the waiting time from 2 hours to 30 minutes",
        "2 hours",
        "30 minutes",
        "down",
        "waiting time",
        "90",
        "分钟",
    ),
    ("58.4% → 41.2%", "58.4%", "41.2%", "down", None, "17.2", "百分点"),
    ("比例从20%调整为20%", "20%", "20%", "same", "比例", "0", "百分点"),
]
NO_CHANGE = [
    "从2019年到2024年",
    "10家医院和20家诊所",
    "建成10家，增加20张床位",
    "费用从100元降到3个百分点",
    "达到3911张，相较于往年的3240张，增加了100张",
]


@pytest.mark.parametrize(("text", "before", "after", "direction", "subject", "by", "unit"), CHANGES)
def test_a_change_is_found_with_its_subject_and_difference(text, before, after, direction, subject, by, unit):
    (change,) = changes(text)

    assert (change.before.raw, change.after.raw, change.direction) == (before, after, direction)
    assert (text[slice(*change.subject)] if change.subject else None) == subject
    assert (difference(change).value, difference(change).unit) == (Decimal(by), unit)
    assert change.start <= change.before.start < change.end


@pytest.mark.parametrize("text", NO_CHANGE)
def test_what_is_no_change_gives_none(text):
    assert changes(text) == []


@pytest.mark.parametrize("text", [case[0] for case in CHANGES])
def test_figures_that_were_found_before_make_the_same_pairs(text):
    assert changes_among(text, find_figures(text)) == changes(text)
