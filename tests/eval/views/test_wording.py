from __future__ import annotations

import re
import string
from typing import get_args

import pytest

from eval.cases import CaseType, Expectation
from eval.gates import Gate
from eval.metrics import METRICS
from eval.mutations import KINDS
from eval.views import metric_words
from eval.views.wording import WORDS, explain, word

_OTHERS = ("checker.precision", "checker.recall", "checker.false_alarms", "judge.agreement")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("metric", [*METRICS, *_OTHERS, "hit@5", "recall@5", "MRR@10"])
def test_every_metric_has_a_name_and_a_sentence_that_explains_it(metric, language):
    assert word(metric, language) != metric or metric.startswith(("MRR", "nDCG"))
    assert explain(metric, language).endswith("。" if language == "zh" else ".")
    assert "{" not in word(metric, language) + explain(metric, language)


@pytest.mark.parametrize(
    "key",
    [
        *get_args(CaseType),
        *get_args(Expectation),
        *KINDS,
        *sorted(Gate.model_fields.keys() & {"min", "max", "max_drop"}),
    ],
)
def test_every_type_kind_and_bound_has_words_in_both_languages(key):
    assert key in WORDS
    assert word(key, "zh") != word(key, "en")


def test_the_chinese_words_are_chinese_and_the_english_ones_are_not():
    han = re.compile(r"[\u4e00-\u9fff]")

    assert [key for key, (zh, _) in WORDS.items() if not han.search(zh)] == []
    assert [key for key, (_, en) in WORDS.items() if han.search(en) or not en] == []


def test_both_languages_take_the_same_values():
    def fields(form: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(form)} - {None}

    forms = [*WORDS.values(), *metric_words.EXPLANATIONS.values()]
    assert all(fields(zh) == fields(en) for zh, en in forms)


def test_the_cut_off_of_a_retrieval_metric_is_told():
    assert word("recall@5", "en") == "Recall@5"
    assert word("recall@5", "zh") == "前5段召回率"
    assert "{" not in explain("nDCG@20", "zh")


def test_an_unknown_key_stands_for_itself():
    assert word("what is {this}", "zh") == "what is {this}"
    assert word("nothing@8", "en") == "nothing@8"
    assert explain("nothing", "en") == ""


def test_a_kind_of_detection_is_named_with_and_without_its_prefix():
    assert word("detection.digit", "en") == word("digit", "en")
    assert word("same_nobody_listed", "en") == "Same meaning: nobody_listed"
