from __future__ import annotations

import base64
import hashlib
import re

import pytest
from briefings import briefings, monstrous_briefing, plain_briefing
from hypothesis import HealthCheck, given, settings
from lxml import html

from ui.exporting.page import to_html, tongue
from ui.exporting.printable import make_printable

SVG = ("svg", "rect", "line", "text", "g", "title")


def page(briefing) -> html.HtmlElement:
    return html.fromstring(to_html(make_printable(briefing)))


def links_hold(tree: html.HtmlElement) -> bool:
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    inner = [a.get("href")[1:] for a in tree.iter("a") if a.get("href").startswith("#")]
    return len(ids) == len(set(ids)) and set(inner) <= set(ids)


@pytest.mark.parametrize("make", [plain_briefing, monstrous_briefing])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_link_leads_somewhere_and_every_source_back(make, language):
    tree = page(make(language))

    assert links_hold(tree)
    for source in tree.xpath("//ol[@class='sources']/li"):
        number = source.get("value")
        assert bool(tree.xpath(f"//*[@id='cite-{number}']")) == bool(
            source.xpath(f".//a[@href='#cite-{number}']")
        )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(briefings())
def test_any_briefing_is_a_page_whose_links_hold(briefing):
    printed = make_printable(briefing)
    tree = page(printed)

    assert links_hold(tree)
    assert not list(tree.iter("script", "img", "iframe", "link", "b"))
    assert [q.text or "" for q in tree.iter("blockquote")] == [s.quote for s in printed.sources]
    assert not any(
        name.startswith("on") or name in {"src", "style"} for node in tree.iter() for name in node.attrib
    )


def test_hostile_text_is_shown_and_not_obeyed():
    tree = page(monstrous_briefing())

    assert "<script>alert(1)</script>" in tree.text_content()
    assert not list(tree.iter("script", "img", "iframe", "object", "form", "b"))
    assert {a.get("href").partition(":")[0] for a in tree.iter("a") if not a.get("href").startswith("#")} == {
        "https"
    }


def test_the_policy_allows_the_style_and_nothing_else():
    tree = page(plain_briefing())
    style = tree.find(".//style").text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]

    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style


def test_each_bar_is_a_link_to_its_source_and_as_long_as_its_value():
    tree = page(plain_briefing())
    first, second = tree.iter("svg")
    widths = [float(rect.get("width")) for rect in first.iter("rect")]

    assert [a.get("href") for a in first.iter("a") if a.find("rect") is not None] == [
        f"#source-{n}" for n in (2, 2, 4, 4, 5)
    ]
    assert [round(w / widths[0] * 57.3, 1) for w in widths] == [57.3, 41.9, 49.6, 44.2, 50.0]
    assert [title.text for title in second.iter("title")] == ["云泽市: 6.4亿元", "临溪市: 8500万元"]
    assert "资料中未提及" in first.text_content()


def test_the_page_and_what_it_quotes_say_their_language():
    tree = page(plain_briefing("en"))

    assert tree.get("lang") == "en"
    assert {q.get("lang") for q in tree.iter("blockquote")} == {"zh-CN"}
    assert page(plain_briefing("zh")).get("lang") == "zh-CN"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("医院", "zh-CN"),
        ("hospital debt", "en"),
        ("编制 staffing", "zh-CN"),
        ("57.3%", "zh-CN"),
        ("the debt of 云", "en"),
    ],
)
def test_the_language_of_a_text_is_told_by_its_script(text, tag):
    assert tongue(text) == tag


def test_tables_have_headings_of_columns_and_rows():
    table = next(page(plain_briefing()).iter("table"))

    assert [th.text for th in table.xpath(".//th[@scope='col']")] == [
        "地区",
        "资金安排",
        "债务管理",
        "资产负债率",
        "编制",
    ]
    assert [th.text for th in table.xpath(".//th[@scope='row']")] == ["云泽市", "临溪市", "白石县"]
    assert table.xpath(".//tr[2]/td[1]/span[@class='silent']/text()") == ["资料中未提及"]


def test_the_page_asks_nothing_of_any_host():
    text = to_html(plain_briefing())

    assert not re.search(r"""(?:src|action|poster|data)\s*=|url\(|@import|<(?:script|link|img)""", text)
