from __future__ import annotations

import json

import pytest

from eval.bench_reposts import KindFigures, main, measure, precision_and_recall, read_articles
from eval.repost_scale import grow, make_texts
from eval.repost_variants import KINDS, dated, variants
from rag.figures import find_figures
from rag.reposts import Text

TEXT = "".join(
    f"芜湖市第{n}人民医院8月{n}日开设联合门诊，可以接诊{n * 17}名患者，芜湖市财政补助{n * 9}万元。"
    for n in range(3, 13)
)
OTHER = "".join(
    f"图书馆第{n}层延长开放时间，读者自己借还图书，目前通过手机预约座位{n * 13}个。" for n in range(2, 12)
)


def kind(name: str, expected: str | None, **answers: int) -> KindFigures:
    return KindFigures(
        name=name,
        expected=expected,
        pairs=sum(answers.values()),
        candidates=0,
        right=0,
        answers=answers,
        same=0.0,
    )


def test_precision_and_recall_count_pairs_that_are_the_same():
    kinds = [
        kind("cut", "repost", repost=8, none=2),
        kind("corrected", "correction", correction=3, repost=1),
        kind("city", None, none=5, repost=1),
    ]

    # Said to be the same: 8 + 4 + 1; of these 12 are; there are 14.
    assert precision_and_recall(kinds) == (round(12 / 13, 4), round(12 / 14, 4))


def test_every_kind_of_change_is_made_and_changes_something():
    made = {kind.name: changed for kind, changed in variants(TEXT + OTHER, seed=1)}

    assert set(made) == {kind.name for kind in KINDS}
    assert all(changed != dated(TEXT + OTHER) for changed in made.values())
    assert "更正" in made["figure corrected, announced"].text
    assert "芜湖市" not in made["city changed"].text
    years = [f.raw for f in find_figures(made["next week's"].text) if f.kind == "date"]
    assert years
    assert years != [f.raw for f in find_figures(TEXT + OTHER) if f.kind == "date"]


def test_variants_are_the_same_in_every_run():
    assert list(variants(TEXT, seed=4)) == list(variants(TEXT, seed=4))


def test_a_run_finds_the_groups_and_judges_the_changes():
    report = measure({"a": Text(text=TEXT), "b": Text(text=TEXT + "（完）"), "c": Text(text=OTHER)})

    assert report.groups == [["a", "b"]]
    assert (report.articles, report.pairs, report.confirmed_pairs, report.missed) == (3, 3, 1, [])
    assert report.precision == 1.0
    assert report.recall > 0.9


def test_made_up_articles_are_grouped_step_by_step():
    steps = list(grow([TEXT, OTHER], 40))

    assert [step.articles for step in steps] == list(range(4, 41, 4))
    assert steps[-1].groups > 0
    assert steps[-1].shadowed > 0
    assert list(make_texts([TEXT], 9)) == list(make_texts([TEXT], 9))


def test_the_command_reads_lines_and_prints_a_document(tmp_path, capsys):
    path = tmp_path / "news.jsonl"
    rows = [{"id": "x", "text": TEXT, "date": "2023-08-01"}, {"text": OTHER}]
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")

    assert main([str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["articles"] == 2
    assert sorted(read_articles([path])) == ["news.jsonl:2", "x"]

    assert main([str(path)]) == 0
    assert "precision" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["[1]", "{}", "not json"])
def test_a_line_that_is_no_article_is_named(tmp_path, line, capsys):
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")

    assert main([str(path)]) == 2
    assert capsys.readouterr().err
