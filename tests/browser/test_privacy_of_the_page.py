from __future__ import annotations

import pytest

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_nothing_is_asked_of_any_other_host(visitor, server, path):
    page = visitor.open(path)
    turn = visitor.ask("芜湖是怎么化债的?")
    turn.locator(".marker").first.click()
    turn.locator(".card a[data-open]").first.click()
    page.locator("#reader mark").first.wait_for()
    page.keyboard.press("Escape")
    for tab in page.get_by_role("tab").all():
        tab.click()
    page.wait_for_timeout(1000)
    page.goto(server.address + "/docs")
    page.locator(".opblock").first.wait_for()

    assert len(visitor.requests) > 10
    assert visitor.strangers == []
    assert server.network_log.read_text() == ""
    assert visitor.complaints == []


def test_the_browser_itself_would_refuse_another_host(visitor):
    page = visitor.open()

    failed = page.evaluate("fetch('http://127.0.0.2:9/').then(() => 'came', () => 'refused')")

    assert failed == "refused"
    assert any("Content Security Policy" in complaint for complaint in visitor.complaints)
