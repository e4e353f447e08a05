"""The briefing tab in a real browser: written, read, changed, downloaded."""

from __future__ import annotations

import io

import pytest
from axe import serious
from docx import Document
from pptx import Presentation

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WRITTEN_MS = 120_000


def write(visitor, topic="公立医院化债", *, path="/", tab="讲稿"):
    visitor.open(path)
    visitor.tab(tab)
    visitor.page.locator("#brief-topic :is(textarea, input)").fill(topic)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".brief-head", timeout=WRITTEN_MS)
    return visitor.page


def download(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_a_briefing_is_written_with_a_marker_for_every_line(visitor):
    page = write(visitor)

    assert "48.8%" in page.locator("#brief").inner_text()
    lines = page.locator(".brief-lines li")
    silent = [text for text in lines.all_inner_texts() if "未提及" in text]
    assert lines.count() - len(silent) == page.locator(".brief-lines li:has(a.marker)").count() > 0
    assert not visitor.complaints
    assert not visitor.strangers


def test_a_marker_leads_to_its_source_and_that_into_the_article(visitor):
    page = write(visitor)
    marker = page.locator("#brief a.marker").first
    anchor = marker.get_attribute("data-marker")
    marker.click()
    page.wait_for_function("id => document.activeElement?.id === id", arg=anchor)
    page.locator(f"[id='{anchor}'] a[data-open]").click()

    page.locator("#reader mark").first.wait_for()
    quote = page.locator(f"[id='{anchor}'] blockquote").inner_text()
    marked = "".join(page.locator("#reader mark").all_inner_texts())
    assert marked.replace("\n", "") == quote.replace("\n", "")


def test_what_is_changed_on_the_page_is_in_the_files(visitor):
    page = write(visitor)
    gone = page.locator(".brief-lines li > span").first.inner_text()
    before = page.locator(".brief-lines li").count()
    page.locator("[data-drop$='s0/line0']").click()
    page.wait_for_function(f"document.querySelectorAll('.brief-lines li').length === {before - 1}")
    page.locator(".brief-head summary").click()
    page.locator(".brief-head input").fill("化债培训讲稿")
    page.keyboard.press("Enter")
    page.locator(".brief-head h2", has_text="化债培训讲稿").wait_for()
    page.locator(".brief-part > .brief-naming summary").first.click()
    page.locator(".brief-part input").nth(1).fill("讨论：钱从哪里来？")
    page.keyboard.press("Enter")
    page.locator(".own", has_text="讨论：钱从哪里来？").wait_for()

    name, content = download(page, "Word 文档")
    paragraphs = [p.text for p in Document(io.BytesIO(content)).paragraphs]
    assert name == "化债培训讲稿.docx"
    assert "化债培训讲稿" in paragraphs
    assert any("讨论：钱从哪里来？" in text for text in paragraphs)
    summary = paragraphs[: next(i for i, text in enumerate(paragraphs) if text == "各地做法")]
    assert not any(gone.rstrip("0123456789") in text for text in summary)


def test_slides_a_web_page_and_markdown_are_given_too(visitor):
    page = write(visitor)

    slides = Presentation(io.BytesIO(download(page, "幻灯片")[1])).slides
    assert len(slides) > 2
    assert download(page, "网页")[1].startswith(b"<!DOCTYPE html>")
    assert download(page, "Markdown 文本")[1].decode().startswith("# ")


def test_a_topic_that_the_library_lacks_is_said_in_a_line(visitor):
    visitor.open()
    visitor.tab("讲稿")
    visitor.page.locator("#brief-topic :is(textarea, input)").fill("高速铁路票价")
    visitor.page.locator("#brief-write").click()

    problem = visitor.page.locator("#brief .problem")
    problem.wait_for(timeout=WRITTEN_MS)
    assert "高速铁路票价" in problem.inner_text()
    assert visitor.page.locator(".brief-head").count() == 0
    visitor.page.wait_for_selector("#brief-write:not([disabled])")


def test_it_is_in_english_too(visitor):
    page = write(visitor, "debt of public hospitals", path="/en/", tab="Briefing")

    assert "Download:" in page.locator(".downloads").inner_text()
    assert download(page, "Word")[0].endswith(".docx")


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_nothing_spills(visit, width):
    page = write(visit(width=width, height=844), "编制")

    scrolls, inside = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert scrolls <= inside


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_wrong_for_people_with_disabilities(visit, scheme):
    assert serious(write(visit(color_scheme=scheme))) == []
