from __future__ import annotations

import importlib.resources
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.glossary import find_concepts
from rag.phrases import PRONOUNS, asked_words, core, find_all, has, ids, pattern, unasked, without_lead_in

LINES = [
    line.partition("\t")
    for line in (importlib.resources.files("rag") / "data" / "followup.tsv")
    .read_text(encoding="utf-8")
    .split("\n")
    if line and not line.startswith("#")
]
GROUPS = [name for name, _, value in LINES if value.startswith("ids:")]
SOURCE = "".join(
    path.read_text(encoding="utf-8")
    for path in importlib.resources.files("rag").iterdir()
    if path.name.endswith(".py")
)
GLOSSARY = {
    line.split("\t")[0]
    for line in (importlib.resources.files("rag") / "data" / "glossary.tsv")
    .read_text(encoding="utf-8")
    .split("\n")
}


def test_every_name_is_given_once():
    names = [name for name, _, _ in LINES]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("name", [name for name, _, _ in LINES])
def test_every_name_is_used_by_a_rule(name):
    assert f'"{name}"' in SOURCE


@pytest.mark.parametrize("name", GROUPS)
def test_every_group_names_concepts_of_the_glossary(name):
    assert ids(name) - GLOSSARY == set()


@pytest.mark.parametrize("name", [name for name, _, _ in LINES if name not in GROUPS])
def test_every_pattern_is_read_in_either_case(name):
    assert pattern(name).flags & re.IGNORECASE


@pytest.mark.parametrize(
    "text", ["它", "其", "該市", "當地", "那裡", "they", "It", "its", "the County", "there"]
)
def test_pronouns_are_found_in_both_scripts_and_cases(text):
    assert any(has(name, text) for name in PRONOUNS)


@pytest.mark.parametrize("text", ["其中", "尤其", "其他", "与其", "is there any", "item", "theirs"])
def test_what_only_looks_like_a_pronoun_is_none(text):
    assert not any(has(name, text) for name in PRONOUNS)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("那三明呢？", "三明"),
        ("那麼2020年呢", "2020年"),
        ("还有县医院吗?", "县医院"),
        ("And Tongren?", "Tongren"),
        ("What about pay?", "pay"),
        ("那家庭医生呢", "家庭医生"),
        ("那次均费用呢", "次均费用"),
        ("那份报告说什么?", "那份报告说什么"),
        ("那里的药占比呢", "那里的药占比"),
        ("Android?", "Android"),
        ("为什么?", "为什么"),
    ],
)
def test_the_core_of_a_follow_up_has_no_lead_in_and_no_tail(text, rest):
    assert core(text) == rest


def test_question_words_are_compared_in_their_matching_form():
    assert asked_words("有多少，怎麼做, HOW?") == asked_words("有多少，怎么做, how?")


def test_concepts_that_no_question_is_about_by_themselves_are_found_by_the_glossary():
    assert {m.concept.id for m in find_concepts("资金结余")} <= ids("attributes")


@given(st.text(max_size=30))
def test_cutting_adds_nothing(text):
    assert core(text) in text
    assert without_lead_in(text) in text
    assert text.startswith(unasked(text))
    assert all(m[0] in text for m in find_all("asks", text))
