"""What a reader sees of a language model: that it writes, what it wrote, what stands in its place and why."""

from __future__ import annotations

import pytest
from axe import serious
from scripted_server import served
from unruly_replies import Pace, Reply, failure

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WUHU = "芜湖是怎么化债的?"
UNPROVEN = "合肥市也拿出了30亿元<b>。"


@pytest.fixture(scope="module")
def with_model(chromium_path, sample_library, tmp_path_factory):
    """A server whose model first writes, then takes its time, then fails."""
    folder = tmp_path_factory.mktemp("model")
    script = [
        Reply(content=f"芜湖市累计拿出10亿元化债资金[1]。{UNPROVEN}"),
        Reply(content="芜湖", pace=Pace(before_token_s=60)),
        failure(500),
    ]
    with served(sample_library, folder, *script, unsupported="mark") as both:
        yield both


def test_a_reader_sees_what_a_model_wrote_waits_stops_it_and_is_told_when_it_fails(visit, with_model):
    server, model = with_model
    visitor = visit(address=server.address)
    page = visitor.open()

    turn = visitor.ask(WUHU)
    unproven = turn.locator(".unproven")
    assert unproven.text_content() == f"{UNPROVEN}〔未经证实〕"
    assert unproven.locator(".mark").is_visible()
    assert unproven.locator(".marker").count() == 0
    assert turn.locator(".aside", has_text="由语言模型 scripted 组织文字").is_visible()
    page.wait_for_timeout(500)
    assert serious(page) == []

    page.locator("#question-box textarea").fill(WUHU)
    page.locator("#question-box textarea").press("Enter")
    page.locator("#live .step", has_text="语言模型正在组织回答").wait_for()
    model.wait_for_requests(2)
    page.locator("#stop").click()
    page.locator("#ask-button:not([disabled])").wait_for()
    model.wait_for_hang_up(1)

    turn = visitor.ask(WUHU)
    note = turn.get_by_role("note")
    assert note.text_content() == "语言模型的服务出错，这个回答摘录自文章原文。"
    assert note.is_visible()
    assert turn.locator(".unproven").count() == 0
    page.wait_for_timeout(500)
    assert serious(page) == []
    page.reload()
    page.locator("#log .note").wait_for()
    assert page.locator("#log .unproven").count() == 1
    assert visitor.strangers == []
    assert visitor.complaints == []
