"""A comparison on the page: a real table, its markers, a phone's width; and articles that would like to be code in it."""

from __future__ import annotations

from html import escape

import pytest
from copies import copy_library
from web_server import running

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TABLE = ".comparison table"
ASKED = "芜湖和合肥的公立医院资产负债率各是多少?"
HOSTILE = "<img src=x onerror=window.hacked=1></td></table><script>window.hacked=2</script>|"


def test_a_comparison_is_a_table_with_a_row_for_each_place_and_silence_said(visitor):
    visitor.open()
    table = visitor.ask(ASKED).locator(TABLE)

    assert table.locator("thead th[scope=col]").all_inner_texts()[0] == "地区"
    assert table.locator("tbody th[scope=row]").all_inner_texts() == ["安徽省芜湖市", "安徽省合肥市"]
    assert "48.8%" in table.locator("tbody tr").nth(0).inner_text()
    assert "资料中未提及" in table.locator("tbody tr").nth(1).inner_text()


def test_a_marker_in_a_cell_leads_to_its_card(visitor):
    visitor.open()
    turn = visitor.ask(ASKED)
    marker = turn.locator(f"{TABLE} a.marker").first
    card = marker.get_attribute("data-marker")
    marker.click()

    visitor.page.wait_for_function(
        "id => document.activeElement && document.activeElement.id === id", arg=card
    )


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_table_scrolls_and_the_page_does_not(visit, width):
    visitor = visit(width=width, height=844)
    page = visitor.open()
    turn = visitor.ask("三明、铜仁和盐城的薪酬改革与编制各有什么不同?")
    turn.locator(TABLE).scroll_into_view_if_needed()

    scrolls, inside = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert scrolls <= inside
    assert turn.locator(".comparison").evaluate("box => getComputedStyle(box).overflowX") == "auto"
    spills = turn.locator(f"{TABLE} :is(th, td)").evaluate_all(
        "all => all.filter(cell => cell.scrollWidth > cell.clientWidth + 1).length"
    )
    assert spills == 0


def page_of(title, text):
    """A web page on which the text is text."""
    filler = "患者满意度由第三方机构每年调查一次，结果向社会公布。"
    return f"<html><body><h1>{escape(title)}</h1><p>{escape(text)}</p><p>{filler}</p></body></html>".encode()


def test_articles_that_would_like_to_be_code_stay_text_in_a_cell(
    visit, chromium_path, sample_library, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("compared")
    library = copy_library(sample_library, folder / "library")
    with running(library, folder / "home") as server:
        visitor = visit(address=server.address)
        page = visitor.open()
        visitor.tab("文库")
        page.locator("#adding button").first.click()
        bodies = {"绍兴": "52.3%", "嘉兴": "47.8%"}
        page.locator("#files input[type=file]").set_input_files(
            [
                {
                    "name": f"{number}.html",
                    "mimeType": "text/html",
                    "buffer": page_of(
                        f"{city}市公立医院", f"{city}市公立医院的住院满意率为{rate}{HOSTILE}。"
                    ),
                }
                for number, (city, rate) in enumerate(bodies.items())
            ]
        )
        page.locator("#files .file-preview").wait_for()
        page.locator("#add-button").click()
        page.locator("#intake .outcomes").wait_for(timeout=120_000)
        visitor.tab("提问")
        table = visitor.ask("比较绍兴和嘉兴的公立医院住院满意率").locator(TABLE)

        assert table.locator("tbody tr").count() == 2
        assert "<img src=x" in table.inner_text()
        assert table.locator("img, script").count() == 0
        assert page.evaluate("typeof window.hacked") == "undefined"
        assert visitor.strangers == []
