from __future__ import annotations

import pytest

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ARTICLE = """---
title: 江州试点家庭医生签约
source: 江州日报
date: 2021-03-05
---

江州的家庭医生签约率由2019年的21.5%提高到2020年的63.7%。

签约居民每人每年补助72元。
"""


def add(visitor, *files):
    """Add files as a person does: choose them, wait until they are there, press the button."""
    page = visitor.page
    page.locator("#adding button").first.click()
    chosen = [{"name": name, "mimeType": "text/plain", "buffer": body} for name, body in files]
    page.locator("#files input[type=file]").set_input_files(chosen)
    page.locator("#files .file-preview").wait_for()
    page.locator("#add-button").click()
    page.locator("#intake .outcomes").wait_for(timeout=60_000)
    return page.locator("#intake .outcomes li")


def test_an_article_is_added_asked_about_and_removed(visitor):
    page = visitor.open()
    visitor.tab("文库")

    outcomes = add(visitor, ("江州.md", ARTICLE.encode("gb18030")))

    assert outcomes.count() == 1
    assert "江州.md" in outcomes.inner_text()
    assert "江州试点家庭医生签约" in outcomes.inner_text()
    visitor.search("江州日报")
    row = page.locator("#shelf tbody tr")
    page.locator("#shelf .aside", has_text="1 篇").wait_for()
    assert "2021-03-05" in row.inner_text()

    visitor.tab("提问")
    turn = visitor.ask("江州的家庭医生签约率提高到多少?")
    assert "63.7%" in turn.locator(".answer").inner_text()

    visitor.tab("文库")
    row.locator("[data-remove]").click()
    page.locator("#sure [data-close]").click()
    assert row.count() == 1
    row.locator("[data-remove]").click()
    assert "江州试点家庭医生签约" in page.locator("#sure-text").inner_text()
    page.locator("#sure-yes").click()
    page.locator("#shelf .aside", has_text="没有符合的文章").wait_for()

    visitor.tab("提问")
    again = visitor.ask("江州的家庭医生签约率提高到多少?")
    assert "63.7%" not in again.inner_text()
    # What was answered before stays as it was, and says that its article is gone.
    visitor.open()
    assert "63.7%" in page.locator("#log .turn").first.inner_text()
    assert "不在文库中" in page.locator("#log .turn").first.locator(".stale").first.inner_text()


def test_each_file_has_its_own_line_and_a_bad_one_does_not_stop_the_rest(visitor, server):
    visitor.open()
    visitor.tab("文库")

    outcomes = add(
        visitor,
        ("好.md", ARTICLE.replace("江州", "河州").encode()),
        ("空.txt", b""),
        ("坏.txt", b"\0\1\2" * 500),
    )

    assert outcomes.count() == 3
    assert outcomes.locator("xpath=self::li[contains(@class, 'bad')]").count() == 2
    stored = [path.name for path in (server.library / "uploads").rglob("*") if path.is_file()]
    assert "好.md" in stored
    assert "空.txt" not in stored
    assert "坏.txt" not in stored


def test_a_file_that_is_too_large_or_of_another_kind_is_refused(visitor, server):
    page = visitor.open()
    visitor.tab("文库")
    page.locator("#adding button").first.click()

    page.locator("#files input[type=file]").set_input_files(
        [{"name": "大.txt", "mimeType": "text/plain", "buffer": "医改".encode() * 4_000_000}]
    )
    page.get_by_text("exceeds", exact=False).or_(page.get_by_text("超过", exact=False)).or_(
        page.get_by_text("too large", exact=False)
    ).first.wait_for()

    assert list(server.library.glob("uploads/**/大.txt")) == []


def test_an_article_is_found_in_either_script_and_read(visitor):
    page = visitor.open()
    visitor.tab("文库")

    visitor.search("蕪湖 化債")
    page.locator("#shelf .aside", has_text="1 篇").wait_for()
    page.locator("#shelf tbody a[data-open]").click()

    page.locator("#reader .text").wait_for()
    assert "10亿元" in page.locator("#reader .text").inner_text()
    assert page.locator("#reader mark").count() == 0
    page.keyboard.press("Escape")
    assert not page.locator("#reader").is_visible()


def test_the_quality_page_says_how_to_get_a_report_and_shows_the_latest(visitor, server, shell, tmp_path):
    reports = server.network_log.parent / "reports"
    page = visitor.open()
    visitor.tab("质量")
    assert "yigai eval run" in page.locator("#quality").inner_text()
    suite = tmp_path / "small.jsonl"
    suite.write_text(
        '{"id": "w", "type": "figure", "lang": "zh", "question": "芜湖是怎么化债的?", "must_contain": ["10亿元"], '
        '"evidence": [{"article": "wuhu-debt", "text": "芜湖市累计拿出10亿元化债资金"}]}\n',
        encoding="utf-8",
    )
    ran = shell("eval", "run", suite, "--library", server.library, "--out", reports / "one", timeout=300)
    if ran.returncode not in (0, 4):
        pytest.fail(ran.stderr)

    visitor.open()
    visitor.tab("质量")

    frame = page.frame_locator("#quality iframe")
    frame.locator("h1").first.wait_for()
    assert "yigai" in frame.locator("h1").first.inner_text()
    assert [c for c in visitor.complaints if "sandbox" not in c] == []
