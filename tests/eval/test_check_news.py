"""Lists for a person who checks how news items are read."""

import json
import subprocess
import sys

import pytest

from eval.check_news import count_cuts, count_fields, lost_characters, portal_words, read_items

BODY = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理。"
ROWS = [
    {
        "id": "a",
        "text": f"原标题：某县医改的三本账怎样算近日，{BODY}来源：某某日报责任编辑：王小明",
        "date": "2021-03-04",
    },
    {"id": "b", "text": f"{BODY}患者扫码就能挂号。", "date": ""},
]


@pytest.fixture
def items_file(tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    return path


def test_items_are_read_as_an_ingest_reads_them(items_file):
    (text, first), (_, second) = read_items([items_file])

    assert text == ROWS[0]["text"]
    assert (first.article.title, first.article.date, first.article.source) == (
        "某县医改的三本账怎样算",
        "2021-03-04",
        "某某日报",
    )
    assert count_cuts([first, second]) == {"original title": 1, "source line": 1, "editor line": 1}
    assert count_fields([first, second])["title"] == 1
    assert portal_words([first, second]) == {"扫码": [f"{BODY}患者扫码就能挂号。"[-31:]]}


def test_no_character_is_lost_and_one_that_is_would_be_counted(items_file):
    read = list(read_items([items_file]))

    assert [sum(lost_characters(text, item).values()) for text, item in read] == [0, 0]
    assert lost_characters(read[0][0] + "漏", read[0][1]) == {"漏": 1}


def test_the_command_writes_counts_cuts_and_a_sample(items_file):
    done = subprocess.run(
        [sys.executable, "-m", "eval.check_news", str(items_file), "--cuts", "--sample", "1"],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )

    assert done.stdout.startswith("2 items, 0 characters neither kept nor cut\n")
    assert "[source line] 来源：某某日报" in done.stdout
    assert BODY in done.stdout
