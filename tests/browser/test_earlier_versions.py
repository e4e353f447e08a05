from __future__ import annotations

import pytest
from office_files import zip_bytes

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAGE = (
    "---\ntitle: 浔州试点家庭医生签约\nsource: 浔州日报\ndate: 2021-03-05\n---\n"
    "浔州的家庭医生签约率由2019年的21.5%提高到2020年的{rate}。\n"
)


def test_an_answer_still_opens_at_the_text_that_it_quoted_and_leads_to_the_present_one(
    visitor, server, shell, tmp_path
):
    file = tmp_path / "浔州.md"

    def ingest(rate):
        file.write_text(PAGE.format(rate=rate), encoding="utf-8")
        assert shell("ingest", file, "--library", server.library).returncode == 0

    ingest("63.7%")
    page = visitor.open()
    assert "63.7%" in visitor.ask("浔州的家庭医生签约率提高到多少?").locator(".answer").inner_text()
    ingest("64.1%")

    visitor.open()
    card = page.locator("#log .turn .card", has_text="浔州试点家庭医生签约").first
    assert "早先的版本" in card.locator(".stale").inner_text()
    assert "63.7%" in card.locator("mark").inner_text()
    card.locator("h3 a[data-open]").click()
    page.locator("#reader .stale").wait_for()
    assert "63.7%" in page.locator("#reader mark").inner_text()
    assert "64.1%" not in page.locator("#reader .text").inner_text()
    page.locator("#reader .stale a").click()
    page.locator("#reader .text", has_text="64.1%").wait_for()
    assert page.locator("#reader .stale").count() == 0
    assert visitor.complaints == []


def test_an_archive_is_added_and_each_article_in_it_has_its_line(visitor, server):
    page = visitor.open()
    visitor.tab("文库")
    page.locator("#adding button").first.click()
    archive = zip_bytes(
        {"淦州.md": PAGE.replace("浔", "淦").format(rate="71.2%"), "空.txt": ""},
    )
    page.locator("#files input[type=file]").set_input_files(
        [{"name": "新闻.zip", "mimeType": "application/zip", "buffer": archive}]
    )
    page.locator("#files .file-preview").wait_for()
    page.locator("#add-button").click()
    page.locator("#intake .outcomes").wait_for(timeout=60_000)

    told = page.locator("#intake .outcomes li").all_inner_texts()

    assert [line.split()[:2] for line in told] == [
        ["新增", "新闻.zip/淦州.md"],
        ["未收", "新闻.zip/空.txt"],
        ["打开", "新闻.zip"],
    ]
    assert [path.name for path in server.library.glob("uploads/*/*.zip")] == ["新闻.zip"]
