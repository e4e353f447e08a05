from __future__ import annotations

import json

import pytest

from eval.bench_figures import GOLD, Row, hash_of, main, measure, read_articles, read_rows
from rag.types import Article

TEXT = "芜湖市公立医院资产负债率从62%下降到48%，新增床位500张。"


def row(raw: str, **known) -> Row:
    start = TEXT.index(raw)
    return Row.model_validate(
        {
            "article": hash_of(TEXT),
            "start": start,
            "end": start + len(raw),
            "subject": ["安徽省芜湖市"],
            **known,
        }
    )


ROWS = [
    row("62%", value="62", unit="%", role="before", change="c", indicator=["资产负债率"]),
    row("48%", value="48", unit="%", role="after", change="c", indicator=["#liability_ratio"]),
    row("500张", value="500", unit="张", role="level", indicator=["床位+新增"]),
]


def score(*rows: Row):
    return measure([Article(article_id="a", title=None, text=TEXT)], {hash_of(TEXT): list(rows)})


def test_all_right_is_one():
    assert score(*ROWS).rates("subject and indicator") == (1.0, 1.0)
    assert score(*ROWS).rates("role") == (1.0, 1.0)


def test_a_row_that_no_record_has_lowers_recall_alone():
    more = ROWS[0].model_copy(update={"start": 0, "end": 3})

    assert score(*ROWS, more).rates("value and unit") == (1.0, 0.75)


def test_a_record_that_no_row_has_lowers_precision_alone():
    precision, recall = score(*ROWS[:2]).rates("value and unit")

    assert (round(precision, 3), recall) == (0.667, 1.0)


def test_an_optional_row_counts_neither_way():
    maybe = ROWS[2].model_copy(update={"optional": True})

    assert score(*ROWS[:2], maybe).rates("value and unit") == (1.0, 1.0)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"value": "501"}, "value and unit"),
        ({"unit": "家"}, "value and unit"),
        ({"subject": ("安徽省",)}, "subject"),
        ({"indicator": ("医院",)}, "indicator"),
        ({"role": "change"}, "role"),
    ],
)
def test_what_is_wrong_is_counted_as_wrong(change, wrong):
    bad = Row.model_validate(json.loads(ROWS[2].model_dump_json()) | change)

    assert score(*ROWS[:2], bad).rates(wrong)[0] < 1


def test_an_article_that_the_table_does_not_know_is_passed_over():
    unknown = measure([Article(article_id="a", title=None, text="医院3家。")], {hash_of(TEXT): ROWS})

    assert (unknown.rows, unknown.kept) == (0, 0)


def test_the_table_is_large_enough_and_holds_no_text():
    rows = [row for found in read_rows(GOLD).values() for row in found]

    assert sum(not row.optional for row in rows) >= 80
    assert all(row.start < row.end for row in rows)
    assert all(len(name) <= 13 or name.startswith("#") for row in rows for name in row.indicator)


def test_the_figures_of_the_real_articles_are_found(shared_folder):
    found = measure(read_articles([shared_folder / "seeds"]), read_rows(GOLD))

    assert found.rows == 83
    for name, precision, recall in (("value and unit", 0.95, 0.85), ("subject and indicator", 0.85, 0.75)):
        rates = found.rates(name)
        assert rates[0] >= precision, found.wrong
        assert rates[1] >= recall, found.missed


def test_the_command_writes_the_figures_and_what_was_missed(tmp_path, monkeypatch, capsys):
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    article = next(read_articles([tmp_path / "one.txt"]))
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        "\n".join(
            r.model_copy(update={"article": hash_of(article.text)}).model_dump_json() for r in ROWS[1:]
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr("sys.argv", ["x", str(tmp_path / "one.txt"), "--gold", str(gold), "--misses"])

    assert main() == 0

    out = capsys.readouterr().out
    assert out.startswith("2 rows, 3 records")
    assert "no data, or another value: 62%" in out


def test_the_command_draws_records_to_be_read(tmp_path, monkeypatch, capsys):
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["x", str(tmp_path / "one.txt"), "--draw", "2", "--seed", "3"])

    assert main() == 0

    assert capsys.readouterr().out.count("…\n") == 2
