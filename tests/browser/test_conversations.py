from __future__ import annotations

import pytest

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def questions(page):
    return [text.removeprefix("问：") for text in page.locator("#log .asked").all_text_contents()]


def test_a_reload_keeps_the_conversation_with_its_evidence(visitor):
    page = visitor.open()
    visitor.ask("芜湖是怎么化债的?")
    visitor.ask("合肥是怎么化债的?")
    before = page.locator("#log .card mark").all_text_contents()

    visitor.open()

    assert questions(page) == ["芜湖是怎么化债的?", "合肥是怎么化债的?"]
    assert page.locator("#log .card mark").all_text_contents() == before
    turn = visitor.ask("那芜湖的编制呢？")
    assert "编制" in turn.inner_text()


def test_the_other_language_shows_the_same_conversation(visitor):
    page = visitor.open()
    visitor.ask("芜湖是怎么化债的?")

    page.locator(".links a", has_text="English").click()
    page.wait_for_url("**/en/")
    page.locator("#log .turn").first.wait_for()

    assert page.locator("#log .asked").inner_text().endswith("芜湖是怎么化债的?")
    assert page.get_by_role("tab", name="Ask", exact=True).count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"


def test_two_people_do_not_see_each_others_conversations(visit):
    one, other = visit(), visit()
    one.open()
    one.ask("芜湖是怎么化债的?")

    page = other.open()
    page.locator("#earlier-fold button").first.click()

    assert page.locator("#log .turn").count() == 0
    assert page.locator("#earlier [data-conversation]").count() == 0
    other.ask("三明院长的年薪由谁承担?")
    one.open()
    assert questions(one.page) == ["芜湖是怎么化债的?"]


def test_a_conversation_of_another_cannot_be_opened_by_its_name(visit):
    one, other = visit(), visit()
    one.open()
    one.ask("芜湖是怎么化债的?")
    stored = one.page.evaluate("localStorage.getItem('yigai-conversation')")

    other.open()
    other.page.evaluate("value => localStorage.setItem('yigai-conversation', value)", stored)
    other.open()

    assert other.page.locator("#log .turn").count() == 0


def test_a_new_conversation_starts_empty_and_the_old_one_can_be_opened_again(visitor):
    page = visitor.open()
    visitor.ask("芜湖是怎么化债的?")

    page.locator("#new").click()
    page.locator("#log .turn").wait_for(state="detached")
    turn = visitor.ask("三明院长的年薪由谁承担?")
    assert turn.locator(".aside", has_text="理解为").count() == 0
    page.locator("#earlier-fold button").first.click()
    page.locator("#earlier [data-conversation]", has_text="芜湖").click()
    page.locator("#log .asked", has_text="芜湖").wait_for()

    assert questions(page) == ["芜湖是怎么化债的?"]
    page.locator("#earlier li", has_text="三明").locator("[data-forget]").click()
    page.locator("#sure-yes").click()
    page.locator("#earlier [data-conversation]", has_text="三明").wait_for(state="detached")
    assert questions(page) == ["芜湖是怎么化债的?"]
