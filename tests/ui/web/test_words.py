from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

import ui.web
from rag.normalise import contains_han
from ui.web.view import fill
from ui.web.words import WORDS, separator, word

FOLDER = Path(ui.web.__file__).parent
TEMPLATES = sorted(FOLDER.glob("templates/*.html.j2"))
OTHERS = {"other_language"}  # says the other language's name in the other language


def strings_in(node):
    """The strings that an expression may be: `w("a" if x else "b")` has two."""
    if isinstance(node, nodes.CondExpr):
        return {*strings_in(node.expr1), *strings_in(node.expr2)}
    return {node.value} if isinstance(node, nodes.Const) else set()


def words_of(template):
    """The keys that a template asks for with `w(...)`, and how many of its calls have none that can be read."""
    tree = jinja2.Environment(autoescape=True).parse(template.read_text(encoding="utf-8"))
    calls = [c for c in tree.find_all(nodes.Call) if isinstance(c.node, nodes.Name) and c.node.name == "w"]
    keys = [strings_in(call.args[0]) for call in calls]
    return set().union(*keys), sum(not found for found in keys)


def fields_of(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def strings_of_the_code():
    """Every string in the modules but the words themselves, and the beginnings of those that are put together."""
    whole, begun = set(), set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.name != "words.py" else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(node.values[0].value)
    return whole, begun


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_word_that_a_template_asks_for_is_there(template):
    keys, unread = words_of(template)

    assert keys <= set(WORDS)
    assert unread == (1 if template.name == "card.html.j2" else 0)  # a card says what state it is in


def test_every_word_is_said_somewhere():
    in_templates = set().union(*(words_of(template)[0] for template in TEMPLATES))
    whole, begun = strings_of_the_code()

    unused = set(WORDS) - in_templates - whole
    assert {key for key in unused if not re.match("step_", key)} == set()
    assert "step_" in begun


@pytest.mark.parametrize("name", ["retrieve", "assess", "compose", "verify"])
def test_every_step_of_the_pipeline_has_words(name):
    assert word(f"step_{name}", "zh") != word(f"step_{name}", "en")


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_it_with_the_same_fields(key):
    zh, en = WORDS[key]["zh"], WORDS[key]["en"]

    assert zh.strip() == zh
    assert fields_of(zh) == fields_of(en)
    assert contains_han(zh) != (key in OTHERS)
    assert contains_han(en) == (key in OTHERS)


def test_what_is_put_in_is_never_read_as_a_pattern():
    assert word("asked_as", "en", text="{0} {text} %s") == "Understood as: {0} {text} %s"
    assert separator("zh") == "、"
    assert separator("en") == ", "


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_word_in_a_template_is_escaped(language):
    assert "&lt;i&gt;" in fill("hint", language=language, text=word("removed", language, title="<i>"))
