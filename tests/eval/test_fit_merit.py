"""Learning from sentences whose signs are made up: what is found must be what was put in."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fakes import HashingEncoder

from eval.fit_merit import learn, main, measure
from eval.merit_questions import AskedQuestion, ask
from rag.merit import SIGNS

DOCUMENTS = {
    "beds": "合肥市新增床位二百张。床位由县医院使用。图书馆延长了开放时间。",
    "stations": "赣州市建成急救站三十个。急救站配备救护车。食堂换了桌椅。",
    "books": "阜阳市的书店在周末营业。书店卖出图书五千册。",
}
QUESTIONS = [
    ("q1", "合肥新增床位多少张?", "beds", "二百张"),
    ("q2", "赣州建成急救站多少个?", "stations", "三十个"),
    ("q3", "阜阳的书店卖出图书多少册?", "books", "五千册"),
    ("q4", "这里没有的是什么?", "books", "不在任何一句里"),
]


def made_up(number: int, *, seed: int, articles: int = 1, coverage: float = 0.9) -> AskedQuestion:
    """Five sentences of which the one that covers most holds the answer; without it none covers much."""
    chance = np.random.default_rng([seed, number])
    found = np.zeros((5, len(SIGNS)))
    found[:, SIGNS.index("coverage")] = [coverage, 0.4, 0.3, 0.2, 0.1]
    found[:, SIGNS.index("kind")] = chance.uniform(size=5)
    holds = np.array([1.0, 0, 0, 0, 0])
    order = chance.permutation(5)
    return AskedQuestion(
        id=f"q{number}",
        language="zh",
        found=found[order],
        holds=holds[order],
        without=found[1:],
        articles=articles,
        may_be_silent=True,
    )


def test_the_sign_that_tells_is_learned_and_noise_is_not():
    learned = learn([made_up(n, seed=1) for n in range(60)])["zh"]

    weights = dict(zip(SIGNS, learned.merit, strict=True))
    assert weights["coverage"] > 5 * abs(weights["kind"])


def test_what_was_learned_tells_answers_from_silence_on_others():
    learned = learn([made_up(n, seed=1) for n in range(60)])

    figures = measure([made_up(n, seed=2) for n in range(40)], learned)

    assert (figures["first"], figures["auc"], figures["refused without answer"]) == (1.0, 1.0, 1.0)
    assert figures["refused with answer"] <= 0.1


def test_so_many_articles_are_many_that_even_odds_among_them_cost_few_answers():
    plain = [made_up(n, seed=1) for n in range(96)]
    faint = [
        made_up(n, seed=1, articles=articles, coverage=0.5)
        for n, articles in ((96, 3), (97, 3), (98, 3), (99, 6))
    ]

    assert learn([*plain, *faint])["zh"].crowd == 4
    assert learn(plain)["zh"].crowd == 2


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "qrels").mkdir()
    lines = [json.dumps({"_id": i, "title": "", "text": t}, ensure_ascii=False) for i, t in DOCUMENTS.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    lines = [
        json.dumps({"_id": i, "text": text, "metadata": {"answers": [answer]}}, ensure_ascii=False)
        for i, text, _, answer in QUESTIONS
    ]
    (tmp_path / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rows = "".join(f"{i}\t{document}\t1\n" for i, _, document, _ in QUESTIONS)
    (tmp_path / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}", encoding="utf-8")
    return tmp_path


def test_a_data_set_is_asked_with_and_without_what_answers(folder):
    asked = ask(folder, encoder=HashingEncoder(), limit=10)

    assert sorted(q.id for q in asked) == ["q1", "q2", "q3"]  # the answer of q4 is nowhere
    for question in asked:
        assert question.holds.sum() == 1
        assert question.found.shape == (len(question.holds), len(SIGNS))
        assert 0 < len(question.without) < len(question.found)
        assert question.articles == 1
        # The glossary knows beds and emergency stations by all their names, and bookshops not at all.
        assert question.may_be_silent == (question.id == "q3")


def test_a_folder_that_is_none_is_said(tmp_path, capsys):
    assert main([str(tmp_path / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err
