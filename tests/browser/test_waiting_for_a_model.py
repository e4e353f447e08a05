"""What a reader sees while a language model takes its time, and that it can be stopped."""

from __future__ import annotations

import time

import httpx
import pytest
from scripted_server import served
from unruly_replies import Pace, Reply

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WUHU = "芜湖是怎么化债的?"
FIRST = "芜湖市累计拿出10亿元化债资金"
NEXT = "市属公立医院的资产负债率由62.59%降到48.8%"
FREE_WITHIN_S = 5.0
LISTEN = """() => {
  // What a screen reader is told: the page's announcements, and errors of Gradio's own that are not hidden from it.
  window.told = [];
  const status = document.getElementById("page-status"), live = document.getElementById("live");
  new MutationObserver(() => window.told.push(status.textContent))
    .observe(status, { childList: true, subtree: true, characterData: true });
  new MutationObserver(() => {
    for (const tracker of live.querySelectorAll("[data-testid=status-tracker]"))
      if (getComputedStyle(tracker).display !== "none" && tracker.textContent.trim()) window.told.push(tracker.textContent);
  }).observe(live, { childList: true, subtree: true, characterData: true });
}"""


def answering(server):
    """How many questions have a seat."""
    return httpx.get(f"{server.address}/api/health", timeout=10).json()["answering"]


def test_answering_can_be_stopped(visit, sample_library, tmp_path):
    never, prompt = Reply(content=FIRST, pace=Pace(before_token_s=60)), Reply(content=f"{FIRST}[1]。")
    with served(sample_library, tmp_path, never, prompt, first_token_s="60") as (server, model):
        visitor = visit(address=server.address)
        page = visitor.open()
        box, stop = page.locator("#question-box textarea"), page.locator("#stop")
        box.fill(WUHU)
        box.press("Enter")
        page.locator("#live .step", has_text="语言模型正在组织回答").wait_for()
        model.wait_for_requests(1, within_s=30)
        page.wait_for_timeout(3000)
        assert page.locator("#live .step").is_visible()
        assert stop.is_visible()
        assert page.locator("#ask-button").is_disabled()
        assert answering(server) == 1

        page.evaluate(LISTEN)
        stop.click()
        stopped = time.monotonic()
        while answering(server) and time.monotonic() - stopped < 2 * FREE_WITHIN_S:
            page.wait_for_timeout(50)

        assert time.monotonic() - stopped < FREE_WITHIN_S
        model.wait_for_hang_up(0)
        page.locator("#ask-button:not([disabled])").wait_for()
        stop.wait_for(state="hidden")
        assert box.input_value() == WUHU
        assert box.is_editable()
        assert page.locator("#log .turn").count() == 0
        page.wait_for_timeout(1500)
        assert page.evaluate("window.told") == []
        assert page.evaluate("document.activeElement.matches('#question-box textarea')")
        assert page.locator("#live").inner_text().strip() == ""
        assert page.locator(".problem, [data-testid='toast-body']").count() == 0
        assert page.locator("#log .turn").count() == 0

        turn = visitor.ask(WUHU)
        assert FIRST in turn.locator(".answer").inner_text()
        assert page.locator("#log .turn").count() == 1
        page.wait_for_function("window.told.some((text) => text)")
        assert page.evaluate("[...new Set(window.told.filter((text) => text))]") == ["回答已就绪。"]
        assert visitor.complaints == []


def test_a_sentence_is_on_the_page_while_the_model_writes_the_next(visit, sample_library, tmp_path):
    # The first sentence is whole with the first piece; the rest takes longer than anybody would wait for a page.
    content = f"{FIRST}[1]。\n{NEXT}[1]。"
    slow = Reply(content=content, piece_chars=len(f"{FIRST}[1]。\n") + 1, pace=Pace(between_tokens_s=6))
    with served(sample_library, tmp_path, slow) as (server, model):
        visitor = visit(address=server.address)
        page = visitor.open()
        box = page.locator("#question-box textarea")
        box.fill(WUHU)
        box.press("Enter")

        page.locator("#live .answer p", has_text=FIRST).wait_for(timeout=30_000)
        is_writing = model.exchanges[0].outcome is None
        said = page.locator("#live .answer").inner_text()
        markers = page.locator("#live .answer p", has_text=FIRST).locator(".marker").count()
        is_busy = page.locator("#stop").is_visible()
        turn = page.locator("#log .turn").first
        assert turn.count() == 0
        turn.wait_for(timeout=30_000)

        assert is_writing
        assert is_busy
        assert markers >= 1
        assert NEXT not in said
        assert model.wait_for_outcome(0) == "whole"
        answer = turn.locator(".answer")
        for words in (FIRST, NEXT):
            assert answer.locator("p", has_text=words).first.locator(".marker").count() >= 1
        assert turn.locator(".aside", has_text="由语言模型 scripted 组织文字").is_visible()
        assert page.locator("#live").inner_text().strip() == ""
        assert visitor.complaints == []
