"""Make the README's pictures from the running page: `python tests/browser/screenshots.py ADDRESS FOLDER`.

`make screenshots` starts the server on the sample library and calls this.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

WIDE, PHONE = {"width": 1200, "height": 800}, {"width": 390, "height": 844}
ASKED_MS = 60_000


def main(address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])

        def visit(path: str, size: dict[str, int]) -> Any:
            page = browser.new_context(viewport=size, device_scale_factor=1).new_page()
            page.goto(address + path)
            page.locator("#log .conversation").wait_for(timeout=ASKED_MS)
            return page

        page = visit("/", WIDE)
        ask(page, "芜湖是怎么化债的?")
        ask(page, "合肥呢？")
        take(page, folder / "ask.zh.png", height=1100)
        page = visit("/en/", WIDE)
        ask(page, "How did Wuhu reduce debt?")
        page.locator("#log .marker").first.click()
        take(page, folder / "ask.en.png")
        page.locator("#log .card a[data-open]").first.click()
        page.locator("#reader mark").first.wait_for()
        take(page, folder / "article.en.png")
        page = visit("/", WIDE)
        page.get_by_role("tab", name="文库", exact=True).click()
        page.locator("#adding button").first.click()
        page.locator("#search textarea").press_sequentially("山西")
        take(page, folder / "library.zh.png")
        page = visit("/", PHONE)
        ask(page, "丽水的急救反应时间缩短了多少分钟?")
        take(page, folder / "phone.zh.png")
        browser.close()


def ask(page: Any, question: str) -> None:
    before = page.locator("#log .turn").count()
    page.locator("#question-box textarea").fill(question)
    page.locator("#question-box textarea").press("Enter")
    page.locator("#log .turn").nth(before).wait_for(timeout=ASKED_MS)
    page.mouse.move(0, 0)


def take(page: Any, path: Path, *, height: int = 0) -> None:
    if height:
        page.set_viewport_size({"width": WIDE["width"], "height": height})
    page.wait_for_timeout(1200)  # scrolling and folds come to rest
    page.evaluate("document.querySelector('dialog[open]') || scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_timeout(200)
    page.screenshot(path=path)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
