"""Measuring how pages are read."""

import json
import sys

import pytest

from eval.bench_pages import main, measure, read_cases, text_f1
from rag.errors import SuiteError

TEXT = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理，医保按人头打包付费。"
PAGE = f"<html><head><title>医院合成一家_某某网</title></head><body><h1>医院合成一家</h1><p>发布日期：2023-05-06</p><p>{TEXT}</p></body></html>"


@pytest.fixture
def cases(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE.encode("gbk"))
    case = {
        "id": "a",
        "html_file": "a.html",
        "gold_text": TEXT,
        "bytes_decode_as": "gb18030",
        "date": "2023-05-06",
    }
    unknown = {
        "id": "b",
        "html_file": "a.html",
        "gold_text": "没有一个字相同",
        "bytes_decode_as": "?",
        "date": "UNKNOWN",
    }
    path = tmp_path / "pages.jsonl"
    path.write_text(
        "\n".join(json.dumps(c) for c in ({**case, "title": "医院合成一家"}, unknown)), encoding="utf-8"
    )
    return path


def test_f1_counts_each_gram_as_often_as_it_stands_there():
    # "abcd abcd" squeezed has 5 grams, 2 of them abcd; "abcd" has 1: 2 * 1 / (5 + 1)
    assert text_f1("abcd abcd", "ab cd") == pytest.approx(1 / 3)
    assert text_f1("", "abcd") == 0


def test_means_are_over_all_pages_and_shares_over_those_that_say(cases):
    bench = measure(read_cases(cases))

    assert bench.pages == 2
    assert bench.f1 == pytest.approx(0.5)
    assert (bench.codec_right, bench.title_right, bench.date_right) == (1.0, 1.0, 1.0)
    assert bench.results[1].is_date_right is None


def test_a_page_that_is_not_there_is_an_error_with_its_line(tmp_path):
    path = tmp_path / "pages.jsonl"
    path.write_text('{"id": "a", "html_file": "none.html", "gold_text": "x"}', encoding="utf-8")

    with pytest.raises(SuiteError, match="1"):
        list(read_cases(path))


def test_figures_are_written_as_json_too(cases, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench_pages", str(cases), "--json", str(tmp_path / "out.json")])

    assert main() == 0
    assert "2 pages: F1 0.5000" in capsys.readouterr().out
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["pages"] == 2


def test_the_public_pages_are_read_well(shared_folder):
    path = shared_folder / "evaldata" / "html" / "pages.jsonl"
    if not path.is_file():
        pytest.skip("the public pages are not on this machine")

    bench = measure(read_cases(path))

    assert bench.f1 >= 0.92
    assert bench.codec_right == 1.0
    assert bench.date_right is not None
    assert bench.date_right >= 0.9
