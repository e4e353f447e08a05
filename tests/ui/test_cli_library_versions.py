from __future__ import annotations

import json

import pytest
from one_line import is_one_line

from rag.library import Library

PAGE = (
    "---\ntitle: {title}\nregion: [安徽省合肥市]\ndate: 2021-03-05\nsource: 甲报\nauthor: 张三\n---\n"
    "合肥市的家庭医生签约率从41.5%提高到{rate}。\n"
)


@pytest.fixture
def changed_twice(cli, tmp_path):
    """A library of one article, which was changed twice; with the texts of its versions, oldest first."""
    file, library = tmp_path / "a.md", tmp_path / "library"
    pages = [("合肥签约", "63.2%"), ("合肥签约（更正）", "71.9%"), ("合肥签约（再更正）", "72.0%")]
    for title, rate in pages:
        file.write_text(PAGE.format(title=title, rate=rate), encoding="utf-8")
        assert cli("ingest", file, "--library", library).code == 0
    return library, [f"合肥市的家庭医生签约率从41.5%提高到{rate}。" for _, rate in pages]


@pytest.fixture
def show(cli, changed_twice):
    return lambda *arguments, **options: cli(
        "library", "show", "a", *arguments, "--library", changed_twice[0], **options
    )


def test_an_article_is_shown_with_what_is_known_of_it_and_where_from(show, changed_twice):
    ran = show(language="zh")

    assert ran.out == changed_twice[1][-1] + "\n"
    told = {line.split()[0]: line.split()[1:] for line in ran.err.splitlines() if len(line.split()) == 3}
    assert told["作者"] == ["张三", "(文件头)"]
    assert told["来源"] == ["甲报", "(文件头)"]
    assert told["日期"] == ["2021-03-05", "(文件头)"]


def test_its_earlier_versions_are_listed_latest_first_under_numbers_that_stay(show, changed_twice):
    err = show(language="zh").err
    document = json.loads(show("--json").out)

    (head,) = [i for i, line in enumerate(err.splitlines()) if "早先的版本" in line]
    second, first = err.splitlines()[head + 1 : head + 3]
    assert second.split()[0] == "2"
    assert "合肥签约（更正）" in second
    assert "以前" in second
    assert first.split()[0] == "1"
    assert f"{len(changed_twice[1][0])} 字" in first
    assert (document["version"], document["replaced_at"]) == (None, None)
    assert [(v["number"], v["title"], v["characters"]) for v in document["versions"]] == [
        (2, "合肥签约（更正）", len(changed_twice[1][1])),
        (1, "合肥签约", len(changed_twice[1][0])),
    ]


@pytest.mark.parametrize("number", [1, 2])
def test_an_earlier_version_is_printed_exactly_and_so_marked(show, changed_twice, number):
    ran = show("--version", number)
    document = json.loads(show("--version", number, "--json").out)

    assert ran.out == changed_twice[1][number - 1] + "\n"
    assert ran.err.startswith(f"This is earlier version {number} (until ")
    assert document["text"] + "\n" == ran.out
    assert document["version"] == number
    assert document["replaced_at"] == document["versions"][-number]["replaced_at"]


@pytest.mark.parametrize("number", [3, 999_999])
def test_a_version_that_is_not_there_is_bad_input_in_one_line(show, number):
    ran = show("--version", number)

    assert (ran.code, ran.out) == (2, "")
    assert is_one_line(ran.err)
    assert "2 earlier versions" in ran.err


@pytest.mark.parametrize("number", ["0", "-1", "x"])
def test_what_is_no_number_of_a_version_is_bad_usage(show, number):
    assert show("--version", number).code == 2


def test_other_printings_are_listed_with_source_date_and_address(cli, reprint, tmp_path):
    library = tmp_path / "library"
    for name, source, url in (("a", "甲报", "https://a.example/1"), ("b", "乙网", "https://b.example/2")):
        page = PAGE.format(title="合肥签约", rate="63.2%").replace("甲报", source)
        (tmp_path / f"{name}.md").write_text(
            page.replace("---\ntitle", f"---\nurl: {url}\ntitle") + f"{name}\n", encoding="utf-8"
        )
        cli("ingest", tmp_path / f"{name}.md", "--library", library)
    with Library.open(library) as opened:
        first, second = sorted(a.article_id for a in opened.articles())
        reprint(opened, first, second, relation="correction")

    ran = cli("library", "show", first, "--library", library)
    document = json.loads(cli("library", "show", first, "--json", "--library", library).out)

    (line,) = [line for line in ran.err.splitlines() if line.strip().startswith(second)]
    assert line.split() == [second, "2021-03-05", "乙网", "https://b.example/2", "(with", "corrections)"]
    assert [(r["article_id"], r["relation"]) for r in document["reposts"]] == [(second, "correction")]
