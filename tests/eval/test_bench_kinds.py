from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.bench_kinds import Case, half_of, main, read_cases, tally


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two questions on one passage; the answer of the second stands in no sentence of it."""
    passage = "院长刘自林主持工作。费用下降了10%。会议在芜湖市举行。"
    queries = [("q1", "谁主持工作？", ["刘自林"]), ("q2", "哪一年开始？", ["1999年"])]
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "d", "text": passage}) + "\n", encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(
        "".join(json.dumps({"_id": i, "text": t, "metadata": {"answers": a}}) + "\n" for i, t, a in queries),
        encoding="utf-8",
    )
    (tmp_path / "qrels").mkdir()
    rows = ["query-id\tcorpus-id\tscore", *(f"{query}\td\t1" for query, _, _ in queries)]
    (tmp_path / "qrels" / "test.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_a_case_holds_the_sentences_with_the_answer_apart_from_the_others(folder):
    cases, asked = read_cases(folder, None)

    assert asked == 2
    assert [case.query_id for case in cases] == ["q1"]
    assert cases[0].holding == ("院长刘自林主持工作。",)
    assert len(cases[0].others) == 2


def test_the_halves_part_the_questions(folder):
    halves = [read_cases(folder, half)[1] for half in (0, 1)]

    assert sum(halves) == 2
    assert halves[half_of("q1")] >= 1


def test_each_kind_is_counted_by_sentence():
    case = Case(
        query_id="q",
        question="谁主持工作？",
        answers=("刘自林",),
        holding=("院长刘自林主持工作。",),
        others=("费用下降了10%。", "院长王明表示支持。"),
    )

    count = tally([case])["person"]

    assert (count.questions, count.let_through, count.overlapped, count.surely_overlapped) == (1, 1, 1, 1)
    assert (count.others, count.turned_down) == (2, 1)
    assert count.missed == []


def test_an_answer_that_is_turned_down_is_told_with_a_mark():
    case = Case(
        query_id="q", question="谁主持工作？", answers=("费用",), holding=("费用下降了10%。",), others=()
    )

    count = tally([case])["person"]

    assert count.let_through == 0
    assert count.missed[0].startswith("!谁主持工作？")


def test_the_command_prints_a_table_and_what_was_drawn(folder, capsys):
    assert main([str(folder), "--draw", "1", "--missed", "person"]) == 0

    printed = capsys.readouterr().out
    assert "person" in printed
    assert "刘自林" in printed
