from __future__ import annotations

import re

import pytest
from briefings import HOSTILE, briefings, monstrous_briefing, plain_briefing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from ui.exporting.marked import escape, to_markdown
from ui.exporting.printable import make_printable, print_form

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read(text: str) -> html.HtmlElement:
    return html.fromstring(f"<div>{READER.render(text)}</div>")


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", ["{}", "- {}", "# {}", "| {} |\n| --- |\n| x |"])
def test_hostile_text_is_shown_as_it_is(text, form):
    printed = print_form(text)
    tree = read(form.format(escape(printed)))

    assert squeeze(tree.text_content()).removesuffix("x") == squeeze(printed).removesuffix("x")
    assert {node.tag for node in tree.iter()} <= {
        "div",
        "p",
        "ul",
        "li",
        "h1",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }


@given(st.text(alphabet="云*_`#[]()<>!|\\~-+=.:&;1a \n\t{}$^@/w", max_size=60))
def test_any_text_is_shown_as_it_is(text):
    printed = print_form(text)
    tree = read(f"- {escape(printed)}")

    assert squeeze(tree.text_content()) == squeeze(printed)
    assert {node.tag for node in tree.iter()} <= {"div", "ul", "li"}


def test_figures_stay_legible():
    assert escape("资产负债率由57.3%降到41.9%（6.4亿元）。") == "资产负债率由57.3%降到41.9%（6.4亿元）。"


@pytest.mark.parametrize(
    "address", ["http://evil.example", "www.evil.example", "mailto:a@b.example", "javascript:alert(1)"]
)
def test_a_bare_address_is_none(address):
    assert address not in escape(address)


def test_every_marker_has_its_note_and_every_note_its_clause():
    briefing = plain_briefing()
    text = to_markdown(briefing)
    notes = dict(re.findall(r"^\[\^(\d+)\]: (.*)$", text, re.MULTILINE))

    assert set(re.findall(r"\[\^(\d+)\](?!:)", text)) == set(notes) == {"1", "2", "3", "4", "5", "6"}
    for source in briefing.sources:
        assert notes[str(source.number)].endswith(f"： 「{source.quote}」")


def test_headings_are_as_deep_as_their_sections():
    tree = read(to_markdown(plain_briefing()))

    assert [h.text for h in tree.iter("h1")] == ["公立医院化债：三地做法"]
    assert [h.text for h in tree.iter("h3")] == ["云泽市", "临溪市", "白石县"]


def test_an_empty_cell_and_a_missing_bar_are_said_to_be_silent():
    tree = read(to_markdown(plain_briefing()))
    cells = [[td.text_content() for td in tr.iter("td")] for tr in tree.iter("tr")]

    assert cells[1][4] == "资料中未提及"
    assert ["白石县 · 改革前", "资料中未提及"] in cells


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(briefings())
def test_any_briefing_keeps_its_headings_and_its_tables_whole(briefing):
    printed = make_printable(briefing)
    tree = read(to_markdown(printed))

    assert len(list(tree.iter("h1"))) == 1
    for table in tree.iter("table"):
        assert len({len(list(row)) for row in table.iter("tr")}) == 1
    assert not list(tree.iter("script", "img", "b", "em", "code", "pre", "hr", "blockquote", "s"))
    assert all(a.get("href").startswith("https://news.example/") for a in tree.iter("a"))


def test_links_of_a_monstrous_briefing_lead_to_the_web_only():
    tree = read(to_markdown(make_printable(monstrous_briefing())))

    assert {a.get("href")[:21] for a in tree.iter("a")} == {"https://news.example/"}
