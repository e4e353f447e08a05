from __future__ import annotations

import json
import urllib.request

import pytest

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def answer_of(server, question):
    request = urllib.request.Request(
        f"{server.address}/api/ask",
        json.dumps({"question": question}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def marked(locator):
    """The text that is marked inside an element; a clause over several paragraphs is put together again."""
    return "\n".join(locator.locator("mark").all_text_contents())


@pytest.mark.parametrize(
    ("path", "question", "said"),
    [
        ("/", "芜湖是怎么化债的?", "10亿元"),
        ("/en/", "How did Wuhu reduce debt?", "CNY 1 billion"),
    ],
)
def test_a_marker_leads_to_its_card_and_the_card_to_the_very_clause(visitor, server, path, question, said):
    quotes = {c["number"]: c["quote"] for c in answer_of(server, question)["citations"]}
    page = visitor.open(path)

    turn = visitor.ask(question)

    assert said in turn.locator(".answer").inner_text()
    assert "62.59%" in turn.locator(".answer").inner_text()
    for sentence in turn.locator(".answer p").all():
        assert sentence.locator(".marker").count() >= 1
    marker = turn.locator(".marker").first
    number = int(marker.inner_text())
    marker.click()
    card = page.locator(".card.meant")
    assert card.count() == 1
    assert card.locator(".number").inner_text() == str(number)
    assert card.evaluate("card => card === document.activeElement")
    assert marked(card) == quotes[number]
    card.locator("a[data-open]").click()
    reader = page.locator("#reader")
    reader.locator("mark").first.wait_for()
    assert marked(reader) == quotes[number]
    assert reader.locator("mark").first.evaluate("m => m.getBoundingClientRect().top < innerHeight")
    assert visitor.complaints == []


def test_the_article_also_opens_on_a_page_of_its_own(visitor, server):
    citation = answer_of(server, "芜湖是怎么化债的?")["citations"][0]
    visitor.open()
    turn = visitor.ask("芜湖是怎么化债的?")

    address = turn.locator(".card a[data-open]").first.get_attribute("href")
    visitor.page.goto(server.address + address)

    assert marked(visitor.page.locator("main")) == citation["quote"]
    assert citation["title"] in visitor.page.title()
    assert visitor.complaints == []


def test_a_follow_up_understands_what_was_asked_before(visitor):
    visitor.open()
    visitor.ask("芜湖是怎么化债的?")

    turn = visitor.ask("那它的编制改革呢？")

    assert "编制周转池" in turn.locator(".answer").inner_text()
    assert "芜湖" in turn.locator(".aside").first.inner_text()


def test_a_refusal_looks_different_says_what_is_missing_and_offers_what_there_is(visitor):
    visitor.open()

    turn = visitor.ask("合肥是怎么化债的?")

    refusal = turn.locator(".refusal")
    assert "合肥" in refusal.locator(".message").inner_text()
    assert "芜湖" in refusal.locator(".message").inner_text()
    assert turn.locator(".answer").count() == 0
    assert turn.locator(".marker").count() == 0
    assert refusal.evaluate("r => getComputedStyle(r).borderLeftWidth") == "5px"
    refusal.locator(".example").first.click()
    offered = visitor.page.locator("#log .turn").nth(1)
    offered.wait_for()
    assert offered.locator(".answer .marker").count() >= 1


def test_passages_that_were_read_and_not_cited_are_in_a_fold(visitor):
    visitor.open()
    turn = visitor.ask("芜湖是怎么化债的?")
    fold = turn.locator("details.unused")

    assert not fold.locator(".card").first.is_visible()
    fold.locator("summary").click()

    assert fold.locator("summary").inner_text().startswith("未引用")
    assert fold.locator(".card").first.is_visible()
    assert fold.locator("mark").count() == 0


def test_the_answer_comes_in_steps(visitor):
    page = visitor.open()
    page.evaluate(
        """() => {
            window.steps = new Set();
            new MutationObserver(() => {
                const step = document.querySelector('#live .step');
                if (step) window.steps.add(step.textContent.trim());
            }).observe(document.body, {childList: true, subtree: true, characterData: true});
        }"""
    )

    visitor.ask("芜湖是怎么化债的?")

    assert "正在检索……" in page.evaluate("[...window.steps]")
    assert page.locator("#live").inner_text().strip() == ""


def test_an_example_is_asked_with_one_click(visitor):
    page = visitor.open()
    for _ in range(30):  # examples are made in the background after the start
        if page.locator("#log .example").count():
            break
        page.wait_for_timeout(1000)
        visitor.open()

    text = page.locator("#log .example").first.inner_text()
    page.locator("#log .example").first.click()

    turn = page.locator("#log .turn").first
    turn.wait_for()
    assert turn.locator(".asked").inner_text().endswith(text)
    assert turn.locator(".answer .marker").count() >= 1


def test_a_filter_restricts_the_answer_and_says_so(visitor):
    page = visitor.open()
    page.locator("#filters button").first.click()
    page.locator("#filter-region input").click()
    page.get_by_role("option", name="福建省三明市", exact=True).click()
    page.locator("#filter-region input").press("Escape")

    turn = visitor.ask("芜湖是怎么化债的?")

    assert turn.locator(".refusal").count() == 1
    assert "三明市" in turn.locator(".aside").first.inner_text()


def test_the_answer_is_copied_with_its_sources(visit, server):
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open()
    turn = visitor.ask("芜湖是怎么化债的?")

    turn.locator("[data-copy]").click()

    turn.locator(".told", has_text="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    citation = answer_of(server, "芜湖是怎么化债的?")["citations"][0]
    for part in ("10亿元", "[1]", citation["title"], citation["quote"]):
        assert part in copied


def test_a_thumb_and_its_reason_are_kept_with_the_answer(visitor, server, shell):
    visitor.open()
    turn = visitor.ask("丽水的急救反应时间缩短了多少分钟?")

    turn.locator("[data-liked='0']").click()
    turn.locator(".why input").fill("没有说是哪一年")
    turn.locator("[data-send]").click()
    turn.locator(".why").wait_for(state="hidden")

    listed = json.loads(shell("history", "list", "--disliked", "--library", server.library, "--json").stdout)
    kept = [one for one in listed["answers"] if one["question"].startswith("丽水")]
    assert [one["feedback"]["reason"] for one in kept] == ["没有说是哪一年"]
    assert turn.locator("[data-liked='0']").get_attribute("aria-pressed") == "true"
    shown = shell("history", "show", kept[0]["answer_id"], "--library", server.library)
    assert "没有说是哪一年" in shown.stdout
    replayed = shell("history", "replay", kept[0]["answer_id"], "--library", server.library)
    assert replayed.returncode == 0, replayed.stdout


def test_enter_inside_an_input_method_does_not_send(visitor):
    page = visitor.open()
    box = page.locator("#question-box textarea")
    box.fill("芜湖")
    box.evaluate(
        "b => b.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    box.press("Shift+Enter")
    page.wait_for_timeout(500)

    assert page.locator("#log .turn").count() == 0
    assert box.input_value() == "芜湖\n"
