from __future__ import annotations

import json

import pytest

from rag.briefing.schema import from_json


@pytest.fixture(scope="module")
def brief(shell, sample_library):
    def run(*arguments, **options):
        return shell("brief", *arguments, "--library", sample_library, **options)

    return run


@pytest.fixture(scope="module")
def printed(brief):
    return brief("公立医院化债", env={"YIGAI_LANGUAGE": "zh"})


def test_a_briefing_is_printed_as_markdown(printed):
    assert printed.returncode == 0
    assert printed.stdout.startswith("# 公立医院化债")
    assert "62.59%" in printed.stdout
    assert "[^1]" in printed.stdout


def test_a_briefing_is_written_where_it_is_wanted_and_not_over_what_is_there(brief, tmp_path):
    out = tmp_path / "简报.json"

    first = brief("公立医院化债", "--out", out)
    again = brief("公立医院化债", "--out", out)
    forced = brief("公立医院化债", "--lang", "en", "--out", out, "--force")

    assert (first.returncode, again.returncode, forced.returncode) == (0, 2, 0)
    assert "--force" in again.stderr
    assert first.stdout == ""
    assert from_json(json.loads(out.read_text(encoding="utf-8"))).request.language == "en"
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".html", ".md"])
def test_every_kind_of_file_is_written(brief, tmp_path, suffix):
    out = tmp_path / f"briefing{suffix}"

    done = brief("staffing quota", "--out", out)

    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 1000


def test_a_topic_that_the_library_lacks_is_one_line_and_no_file(brief, tmp_path):
    out = tmp_path / "briefing.md"

    refused = brief("农村电商", "--out", out, env={"YIGAI_LANGUAGE": "zh"})

    assert refused.returncode == 3
    assert refused.stderr.count("\n") == 1
    assert "农村电商" in refused.stderr
    assert not out.exists()


def test_an_empty_briefing_is_written_where_it_is_wanted(brief, tmp_path):
    out = tmp_path / "briefing.md"

    refused = brief("农村电商", "--out", out, "--allow-empty")

    assert refused.returncode == 3
    assert "资料中未提及" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["编制改革", "--out", "briefing.doc"], ".docx"),
        (["编制改革", "--out", "no/such/folder/briefing.md"], "folder"),
        (["编制改革", "--regions", "火星"], "火星"),
        (["编制改革", "--since", "2025", "--until", "2020"], "2025"),
        (["编制改革", "--lang", "fr"], "fr"),
        (["芜湖"], "--regions"),
        (["？"], "topic"),
        ([], "topic"),
    ],
)
def test_bad_usage_is_one_line_that_says_what_to_do(brief, arguments, says):
    done = brief(*arguments)

    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_places_may_be_separated_in_any_way(brief, tmp_path):
    outs = [tmp_path / f"{n}.json" for n in range(3)]

    brief("编制改革", "--regions", "铜仁，芜湖", "--out", outs[0])
    brief("编制改革", "--regions", "Tongren,Wuhu", "--out", outs[1])
    brief("编制改革", "--regions", "铜仁", "--regions", "芜湖", "--out", outs[2])

    texts = {out.read_text(encoding="utf-8") for out in outs}
    assert len(texts) == 1
    assert json.loads(texts.pop())["request"]["regions"] == ["贵州省铜仁市", "安徽省芜湖市"]
