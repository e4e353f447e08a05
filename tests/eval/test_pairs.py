from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

PAIRS = Path(__file__).resolve().parents[2] / "eval" / "pairs"

SUPPORTED = {
    "para_order",
    "para_synonym",
    "para_merge",
    "para_trim",
    "para_general",
    "para_english",
    "para_traditional",
}
UNSUPPORTED = {
    "wrong_figure",
    "wrong_unit",
    "wrong_subject",
    "wrong_place",
    "wrong_year",
    "reversed_direction",
    "negated",
    "plan_as_fact",
    "fact_as_plan",
    "overclaim",
    "cause_invented",
    "detail_added",
    "merged_entities",
    "wrong_qualifier",
    "unrelated",
    "english_wrong",
}
REQUIRED = {"id", "premise", "hypothesis", "label", "kind", "lang"}


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (PAIRS / "sample.jsonl").read_text("utf-8").splitlines()]


def blocks_by_context(path: Path) -> dict[str, list[str]]:
    """The paragraphs and lists of an article under "title" or "title > heading", without front matter and bullets."""
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    title = re.findall(r"^title: (.+)$", front, re.MULTILINE)[0]
    sections = re.split(r"^## ", "\n" + body, flags=re.MULTILINE)
    headed = [(title, sections[0])] + [
        (f"{title} > {heading.strip()}", text)
        for heading, _, text in (section.partition("\n") for section in sections[1:])
    ]
    return {context: blocks(text) for context, text in headed}


def blocks(section: str) -> list[str]:
    """Paragraphs; the items of a list stand in one block, with the paragraph that leads up to them by a colon."""
    found: list[str] = []
    item = re.compile(r"- |[一二三四五六七八九十]+、")
    before = ""
    for line in filter(None, (line.strip() for line in section.splitlines())):
        text = line.removeprefix("- ")
        if found and item.match(line) and (item.match(before) or before.endswith("：")):
            found[-1] += "\n" + text
        else:
            found.append(text)
        before = line
    return found


@pytest.fixture(scope="module")
def articles(sample_folder: Path) -> dict[str, dict[str, list[str]]]:
    return {path.stem: blocks_by_context(path) for path in sample_folder.glob("*.md")}


def article_of(pair: dict[str, Any]) -> str:
    return pair["id"].rpartition("-")[0]


def test_every_pair_has_the_documented_fields(pairs):
    for pair in pairs:
        assert set(pair) - {"context", "note"} == REQUIRED, pair["id"]
        assert all(isinstance(value, str) and value.strip() == value != "" for value in pair.values()), pair[
            "id"
        ]
        assert pair["lang"] in {"zh", "en"}, pair["id"]


def test_ids_are_unique(pairs):
    assert [n for n, count in Counter(pair["id"] for pair in pairs).items() if count > 1] == []


def test_kinds_belong_to_their_labels(pairs):
    kinds = {"supported": SUPPORTED, "unsupported": UNSUPPORTED}

    assert [pair["id"] for pair in pairs if pair["kind"] not in kinds[pair["label"]]] == []


def test_english_kinds_are_english_and_no_others(pairs):
    for pair in pairs:
        english = pair["kind"] in {"para_english", "english_wrong"}
        assert (pair["lang"] == "en") == english, pair["id"]
        assert bool(re.search("[一-鿿]", pair["hypothesis"])) != english, pair["id"]


def test_labels_and_kinds_are_balanced(pairs):
    labels = Counter(pair["label"] for pair in pairs)
    kinds = Counter(pair["kind"] for pair in pairs)

    assert len(pairs) >= 240
    assert abs(labels["supported"] - labels["unsupported"]) <= len(pairs) // 20
    assert {kind: kinds[kind] for kind in SUPPORTED | UNSUPPORTED if kinds[kind] < 8} == {}
    assert kinds["para_english"] >= 0.12 * labels["supported"]
    assert kinds["para_traditional"] >= 0.10 * labels["supported"]


def test_the_readme_counts_what_there_is(pairs):
    readme = (PAIRS / "README.md").read_text("utf-8")
    told = {kind: int(count) for kind, count in re.findall(r"^\| `(\w+)` \| (\d+) \|", readme, re.MULTILINE)}
    labels = Counter(pair["label"] for pair in pairs)

    assert told == Counter(pair["kind"] for pair in pairs)
    assert (
        f"{len(pairs)} pairs of evidence and claim, {labels['supported']} supported and {labels['unsupported']} not"
        in readme
    )


def test_every_premise_stands_verbatim_in_one_paragraph_or_list_of_its_article(pairs, articles):
    for pair in pairs:
        sections = articles[article_of(pair)]
        assert any(pair["premise"] in block for found in sections.values() for block in found), pair["id"]


def test_every_context_is_the_title_or_heading_above_the_premise(pairs, articles):
    for pair in (pair for pair in pairs if "context" in pair):
        holding = [
            context
            for context, found in articles[article_of(pair)].items()
            if any(pair["premise"] in block for block in found)
        ]
        assert pair["context"] in {*holding, *(context.partition(" > ")[0] for context in holding)}, pair[
            "id"
        ]


def test_at_least_25_articles_are_used(pairs):
    assert len({article_of(pair) for pair in pairs}) >= 25


def test_no_claim_repeats_its_premise_and_no_pair_another(pairs):
    told = Counter((pair["premise"], pair["hypothesis"]) for pair in pairs)

    assert [pair["id"] for pair in pairs if pair["hypothesis"] in pair["premise"]] == []
    assert [pair for pair, count in told.items() if count > 1] == []
