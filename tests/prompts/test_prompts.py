from __future__ import annotations

from pathlib import Path

import pytest

import prompts
from prompts import PromptError, load_prompt, parse_prompt

FILES = sorted(Path(prompts.__file__).parent.glob("*.md"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_prompt_loads_and_fills_its_own_holes(path):
    name, language = path.stem.rsplit(".", 1)

    prompt = load_prompt(name, language)

    assert "{" not in prompt.format(**{v: f"<{v}>" for v in prompt.variables})


def test_every_prompt_exists_in_both_languages_with_the_same_version():
    names = {p.stem.rsplit(".", 1)[0] for p in FILES}

    assert all(load_prompt(n, "zh").version == load_prompt(n, "en").version for n in names)


def test_all_missing_and_unknown_variables_are_named_at_once():
    with pytest.raises(PromptError, match=r"missing \['region', 'subject'\], unknown \['city'\]"):
        load_prompt("refusal_region_without_subject", "en").format(have="", city="x")


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ("no front matter", "has no front matter"),
        ("---\npurpose: p\nversion: 1\n---\nx", "front matter has"),
        ("---\npurpose: p\nvariables: [a]\nversion: 1\n---\n{b}", "declares"),
    ],
)
def test_a_malformed_prompt_is_refused(raw, complaint):
    with pytest.raises(PromptError, match=complaint):
        parse_prompt(raw, name="n", language="en")


def test_values_are_not_read_as_templates():
    text = load_prompt("refusal_not_found", "en").format(missing="{have}", have="h")

    assert '"{have}"' in text
