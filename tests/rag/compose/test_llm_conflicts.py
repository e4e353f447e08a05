"""A model that tells one of two figures, both, or something else: that the articles differ is told in any case."""

from __future__ import annotations

import pytest
from modelled import MUCH, Modelled
from unruly_endpoint import endpoint
from unruly_replies import Reply

from ingest.run import ingest_paths
from rag.build import open_library

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

OLD = """---
title: 赣州急救见闻
date: 2023-03-01
source: 章贡周报
region: [江西省赣州市]
---
赣州市的平均急救反应时间从28分钟缩短到15分钟。
"""
NEW = """---
title: 赣南急救网
date: 2023-10-01
source: 赣江卫生
region: [江西省赣州市]
---
赣州市的平均急救反应时间从28分钟缩短到19分钟。
"""
QUESTION = "赣州的急救反应时间缩短到多少分钟?"
STATEMENT = "两篇文章的数字不同，新的在前：19分钟（赣江卫生，2023-10-01）；15分钟（章贡周报，2023-03-01）。"
WORDS = {
    "one": "赣州市的平均急救反应时间从28分钟缩短到15分钟[1]。",
    "the other": "赣州市的平均急救反应时间从28分钟缩短到19分钟[1]。",
    "both": "赣州市的平均急救反应时间从28分钟缩短到15分钟[1]。\n赣州市的平均急救反应时间从28分钟缩短到19分钟[2]。",
    "neither": "赣州市的平均急救反应时间缩短到3分钟[1]。",
    "that they differ, but wrongly": STATEMENT.replace("19分钟", "9分钟"),
}


@pytest.fixture(scope="module")
def modelled(tmp_path_factory, bundled_encoder):
    folder = tmp_path_factory.mktemp("differing")
    for name, text in (("old.md", OLD), ("new.md", NEW)):
        (folder / name).write_text(text, encoding="utf-8")
    with open_library(folder / "library", bundled_encoder, create=True) as library:
        ingest_paths([folder / "old.md", folder / "new.md"], library=library, encoder=bundled_encoder)
        yield Modelled(library=library, encoder=bundled_encoder)


@pytest.mark.parametrize("name", WORDS)
def test_whatever_a_model_says_that_the_articles_differ_is_told_once(modelled, name):
    with endpoint(Reply(content=WORDS[name])) as server:
        answer = modelled.ask(server, QUESTION, **MUCH)

    told = [s.text for s in answer.sentences]
    assert told.count(STATEMENT) == 1
    assert not any("9分钟（" in text and "19分钟（" not in text for text in told)
    (conflict,) = answer.conflicts
    assert answer.sentences[conflict.sentence].text == STATEMENT
    assert [side.figure for side in conflict.sides] == ["19分钟", "15分钟"]
    quotes = {c.number: c.quote for c in answer.citations}
    assert all(side.figure in quotes[side.citation] for side in conflict.sides)
    assert all(any(figure in text for text in told if text != STATEMENT) for figure in ("19分钟", "15分钟"))
    assert len(told) == len(set(told))
