from __future__ import annotations

import dataclasses
import json

import pytest
from briefings import briefings, plain_briefing
from hypothesis import given

from rag.briefing.schema import from_json, to_json


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_briefing_comes_back_as_it_was(language):
    briefing = plain_briefing(language)

    assert from_json(json.loads(json.dumps(to_json(briefing)))) == briefing


@given(briefings())
def test_any_briefing_comes_back_as_it_was(briefing):
    assert from_json(json.loads(json.dumps(to_json(briefing)))) == briefing


def broken(change):
    document = json.loads(json.dumps(to_json(plain_briefing())))
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.pop("schema"), "schema"),
        (lambda d: d.update(schema=99), "schema"),
        (lambda d: d.pop("title"), "title"),
        (lambda d: d["sources"].pop(0), "without gaps"),
        (lambda d: d["sections"][0].update(kind="rumour"), "sections.0.kind"),
        (lambda d: d["sections"][0].update(lines=[{"text": "甲", "sources": [99]}]), "not there"),
    ],
)
def test_a_broken_document_is_turned_away_with_its_fault(change, says):
    with pytest.raises(ValueError, match=says):
        from_json(broken(change))


@pytest.mark.parametrize("document", [None, [], "{}", 3, {}])
def test_what_is_no_document_is_turned_away(document):
    with pytest.raises(ValueError, match="schema"):
        from_json(document)


def test_a_table_with_a_cell_too_many_is_turned_away():
    document = to_json(plain_briefing())
    grid = next(s["grid"] for s in document["sections"] if s["grid"])
    name, cells = grid["rows"][0]
    grid["rows"] = [(name, [*cells, []])]

    with pytest.raises(ValueError, match="cells"):
        from_json(document)


def test_sections_that_lie_too_deep_in_each_other_are_turned_away():
    document = to_json(plain_briefing())
    section = {"kind": "practice", "heading": "甲", "parts": []}
    for _ in range(5000):
        section = {"kind": "practice", "heading": "甲", "parts": [section]}
    document["sections"] = [section]

    with pytest.raises(ValueError, match="too deep"):
        from_json(document)


def test_fields_that_are_added_later_do_no_harm():
    document = {**to_json(plain_briefing()), "added_later": 1}

    assert dataclasses.asdict(from_json(document)) == dataclasses.asdict(plain_briefing())
