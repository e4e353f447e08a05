from __future__ import annotations

import csv
import io
import json

import pytest
from one_line import is_one_line

from ui.widths import display_width


@pytest.fixture
def figures(cli, sample_library):
    return lambda *arguments, **options: cli("figures", "--library", sample_library, *arguments, **options)


def test_a_change_is_one_row_with_its_difference_and_the_clause(figures, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    ran = figures("--region", "芜湖", "--indicator", "debt ratio", language="zh")

    assert ran.code == 0
    assert "62.59% → 48.8%" in ran.out
    assert "13.79" in ran.out
    assert "安徽省芜湖市" in ran.out


@pytest.mark.parametrize("width", [40, 80, 100, 160])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_is_no_wider_than_the_terminal(figures, monkeypatch, width, language):
    monkeypatch.setenv("COLUMNS", str(width))
    ran = figures(language=language)

    assert ran.code == 0
    assert max(map(display_width, ran.out.splitlines())) <= width


def test_json_has_the_exact_place_of_every_figure(figures, cli, sample_library):
    document = json.loads(figures("--article", "wuhu-debt", "--json").out)
    text = cli("library", "show", "wuhu-debt", "--library", sample_library).out

    assert document["schema"] == 1
    assert document["total"] == len(document["figures"]) > 1
    for figure in document["figures"]:
        assert text[figure["start"] : figure["end"]] == figure["raw"]
        assert text[figure["clause_start"] : figure["clause_end"]] == figure["clause"]
        assert figure["raw"] in figure["clause"]


def test_csv_has_a_mark_for_excel_and_the_same_figures_as_json(figures):
    out = figures("--csv").out
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))

    assert out.startswith("\ufeff")
    expected = json.loads(figures("--json").out)["figures"]
    assert [(r["raw"], r["value"], r["unit"]) for r in rows] == [
        (e["raw"], e["value"], e["unit"]) for e in expected
    ]


def test_a_place_covers_what_lies_in_it(figures):
    province = json.loads(figures("--region", "Anhui", "--json").out)["figures"]
    city = json.loads(figures("--region", "Wuhu", "--json").out)["figures"]

    assert city
    assert all(figure in province for figure in city)
    assert {figure["region"][:2] for figure in province} == {"34"}


def test_the_whole_country_can_be_asked_for(figures):
    for name in ("全国", "national"):
        found = json.loads(figures("--region", name, "--json").out)["figures"]
        assert {figure["subject"] for figure in found} == {"全国"}


def test_units_are_kept_apart(figures):
    points = figures("--unit", "百分点", "--json")
    percent = json.loads(figures("--unit", "%", "--json").out)["figures"]

    assert {figure["unit"] for figure in percent} == {"%"}
    assert all(figure["unit"] == "百分点" for figure in json.loads(points.out)["figures"])


def test_where_nothing_fits_it_says_what_there_is(figures):
    ran = figures("--indicator", "飞行高度", language="zh")

    assert ran.code == 3
    assert ran.out == ""
    assert "床位" in ran.err
    assert "安徽省芜湖市" in ran.err


def test_where_nothing_fits_a_script_gets_an_empty_document(figures):
    assert json.loads(figures("--indicator", "飞行高度", "--json").out)["figures"] == []
    assert len(figures("--indicator", "飞行高度", "--csv").out.splitlines()) == 1


def test_what_is_not_listed_is_counted(figures):
    ran = figures("--limit", "3")

    assert ran.code == 0
    assert "--limit" in ran.err
    assert len(json.loads(figures("--limit", "3", "--json").out)["figures"]) == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--region", "亚特兰蒂斯"), "yigai figures --help"),
        (("--json", "--csv"), "--csv"),
        (("--since", "2024", "--until", "2020"), "2024"),
        (("--article", "qwerty"), "No article"),
        (("--limit", "0"), "--limit"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(figures, arguments, told):
    ran = figures(*arguments)

    assert ran.code == 2
    assert ran.out == ""
    assert is_one_line(ran.err)
    assert told in ran.err


def test_a_library_that_is_not_there_is_said_in_a_line(cli, tmp_path):
    ran = cli("figures", "--library", tmp_path / "none")

    assert ran.code == 2
    assert is_one_line(ran.err)
