"""Questions about counties, as a reader asks them: the right place, or an honest refusal."""

from __future__ import annotations

import dataclasses

import pytest

from ingest.run import ingest_paths
from rag.build import build_pipeline, open_library

# Facts that no real article states.
ARTICLES = {
    "changxing": (
        "浙江长兴：药品统一采购",
        "2022-09-14",
        "长兴的药品由总院统一采购，品种从1100种减到640种。",
    ),
    "wuwei": (
        "安徽无为：公立医院化债",
        "2023-02-03",
        "无为市拿出2.3亿元化债资金。无为的做法是先审计、后偿还。",
    ),
    "dafang": ("贵州大方县：村卫生室", "2022-03-04", "大方县新建村卫生室37个。"),
    "chaoyang": ("北京市朝阳区：家庭医生", "2023-06-18", "朝阳区组建家庭医生团队790个。"),
    "gulou": ("南京市鼓楼区：康复床位", "2022-05-05", "鼓楼区的社区卫生服务中心设置康复床位260张。"),
    "gulou2": ("福建福州鼓楼区：康复床位", "2023-05-05", "鼓楼区的社区卫生服务中心设置康复床位85张。"),
    "jiaxing": ("浙江嘉兴：预约挂号", "2023-05-05", "嘉兴市开通预约挂号，号源提前14天放出。"),
}


@pytest.fixture(scope="module")
def counties(tmp_path_factory, bundled_encoder, default_settings):
    folder = tmp_path_factory.mktemp("counties")
    for name, (title, date, text) in ARTICLES.items():
        content = f"---\ntitle: {title}\ndate: {date}\nsource: 测试文库\n---\n{text}\n"
        (folder / f"{name}.md").write_text(content, encoding="utf-8")
    with open_library(folder / "library", bundled_encoder, create=True) as library:
        ingest_paths([folder / f"{name}.md" for name in ARTICLES], library=library, encoder=bundled_encoder)
        pipeline = build_pipeline(library, bundled_encoder, default_settings)
        yield dataclasses.replace(pipeline, this_year=lambda: 2024)


def cited(answer):
    return {citation.article_id.rpartition("-")[0] for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("长兴的药品品种减到多少种？", {"changxing"}),
        ("長興的藥品品種減到多少種？", {"changxing"}),
        ("湖州的药品品种减到多少种？", {"changxing"}),
        ("无为是怎么化债的？", {"wuwei"}),
        ("芜湖是怎么化债的？", {"wuwei"}),
        ("How did Wuwei reduce debt?", {"wuwei"}),
        ("大方的村卫生室有多少个？", {"dafang"}),
        ("毕节的村卫生室有多少个？", {"dafang"}),
        ("朝阳的家庭医生团队有多少个？", {"chaoyang"}),
        ("How many family doctor teams are there in Chaoyang?", {"chaoyang"}),
        ("南京鼓楼的康复床位有多少张？", {"gulou"}),
        ("福州鼓楼区的康复床位有多少张？", {"gulou2"}),
        ("鼓楼区的康复床位有多少张？", {"gulou", "gulou2"}),
        ("How many rehabilitation beds does Gulou have?", {"gulou", "gulou2"}),
    ],
)
def test_the_answer_is_of_the_place_asked_about(counties, question, articles):
    assert cited(counties.ask(question)) == articles


def test_each_of_two_places_of_one_name_is_named_beside_what_is_said_of_it(counties):
    said = " ".join(sentence.text for sentence in counties.ask("鼓楼区的康复床位有多少张？").sentences)

    assert said.index("江苏省南京市鼓楼区") < said.index("260张")
    assert said.index("福建省福州市鼓楼区") < said.index("85张")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("义乌是怎么化债的？", ["浙江省金华市义乌市", "无为市"]),
        ("How did Yiwu reduce debt?", ["浙江省金华市义乌市", "新疆维吾尔自治区哈密市伊吾县", "Wuwei"]),
        ("辽宁朝阳的家庭医生团队有多少个？", ["辽宁省朝阳市", "北京市朝阳区"]),
        ("徐州鼓楼区的康复床位有多少张？", ["江苏省徐州市鼓楼区", "南京市鼓楼区", "福州市鼓楼区"]),
        ("海宁的预约挂号提前几天？", ["浙江省嘉兴市海宁市", "浙江省嘉兴市"]),
    ],
)
def test_a_place_that_is_not_there_is_refused_with_what_is(counties, question, named):
    answer = counties.ask(question)

    assert answer.refusal is not None
    assert answer.refusal.code == "region_not_in_library"
    assert [name for name in named if name not in answer.refusal.message] == []


def test_a_place_that_is_silent_beside_another_is_told_so_in_english(counties):
    answer = counties.ask("Compare family doctors in Chaoyang and Changxing")

    assert cited(answer) == {"chaoyang"}
    assert any(s.text == "Changxing: not mentioned in the articles." for s in answer.sentences)


def test_last_year_is_the_one_before_the_year_of_the_question(counties):
    assert cited(counties.ask("鼓楼区去年的康复床位有多少张？")) == {"gulou2"}
    assert "2024年" in counties.ask("今年无为是怎么化债的？").refusal.message
