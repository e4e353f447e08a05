from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from ui.mending import Repaired, facts_told, repair_document, repair_lines


@dataclass(frozen=True)
class LostOne:
    article_id: str
    title: str | None
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    articles: int
    lost: tuple[LostOne, ...]
    lost_answers: tuple[str, ...]
    unheard_of: int
    damaged_file: Path


REPORT = Report(
    articles=7,
    lost=(LostOne("wuhu", "芜湖\x1b[2J化债", ("/a.md", "/b.md")), LostOne("lishui", None, ())),
    lost_answers=(),
    unheard_of=3,
    damaged_file=Path("/library.db.damaged"),
)


@pytest.mark.parametrize("report", [None, 3, "text", Report])
def test_a_repair_that_tells_nothing_says_only_what_was_rebuilt(report):
    repaired = Repaired(passages=12, saved=facts_told(report))

    assert repair_document(repaired) == {"schema": 1, "passages": 12, "saved": {}}
    assert repair_lines(repaired, "en") == ["Rebuilt: vectors and index of 12 passages."]


def test_everything_that_was_lost_is_named():
    lines = repair_lines(Repaired(passages=12, saved=facts_told(REPORT)), "zh")

    assert lines[1:] == [
        "保住的文章：7",
        "读不出来的文章；重新导入原文件即可恢复：2",
        "  wuhu 芜湖[2J化债 /a.md /b.md",
        "  lishui",
        "unheard of：3",
        "损坏的文件留在：/library.db.damaged",
    ]


def test_it_is_whole_as_json_too():
    document = json.loads(json.dumps(repair_document(Repaired(passages=1, saved=facts_told(REPORT)))))

    assert document["saved"]["lost"][0] == {
        "article_id": "wuhu",
        "title": "芜湖\x1b[2J化债",
        "paths": ["/a.md", "/b.md"],
    }
    assert document["saved"]["damaged_file"] == "/library.db.damaged"
