from __future__ import annotations

import pytest
from axe import serious

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "question", "unanswerable", "tabs"),
    [
        ("/", "芜湖是怎么化债的?", "合肥是怎么化债的?", ("提问", "文库", "数据", "质量")),
        (
            "/en/",
            "How did Wuhu reduce debt?",
            "How did Hefei reduce debt?",
            ("Ask", "Library", "Figures", "Quality"),
        ),
    ],
)
def test_axe_finds_nothing_serious(visit, path, question, unanswerable, tabs, scheme):
    visitor = visit(color_scheme=scheme)
    page = visitor.open(path)
    assert serious(page) == []
    turn = visitor.ask(question)
    turn.locator("details.unused summary").click()
    turn.locator(".marker").first.click()
    turn.locator("[data-liked='0']").click()
    turn.locator(".why input").wait_for()
    visitor.ask(unanswerable)
    page.locator("#filters button").first.click()
    page.locator("#earlier-fold button").first.click()
    page.locator("#earlier [data-conversation]").first.wait_for()
    page.wait_for_timeout(500)
    assert serious(page) == []
    turn.locator(".card a[data-open]").first.click()
    page.locator("#reader mark").first.wait_for()
    assert serious(page) == []
    page.keyboard.press("Escape")
    for tab in tabs[1:]:
        visitor.tab(tab)
        page.wait_for_timeout(500)
        if tab == tabs[1]:
            page.locator("#adding button").first.click()
            page.locator("#files").wait_for()
            page.wait_for_timeout(500)
        assert serious(page) == []


def press_until(page, key, selector, most=80):
    """Press a key until what has the focus fits; tells where it went if it never does."""
    seen = []
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        seen.append(page.evaluate("document.activeElement?.outerHTML.slice(0, 80)"))
    raise AssertionError(f"{selector} cannot be reached with {key}: {seen}")


def test_everything_works_by_keyboard(visitor):
    page = visitor.open()

    press_until(page, "Tab", "a.skip", most=3)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#question-box textarea')")
    page.keyboard.type("芜湖是怎么化债的?")
    page.keyboard.press("Enter")
    page.locator("#log .turn").first.wait_for()
    page.wait_for_timeout(800)
    press_until(page, "Shift+Tab", "#log a.marker")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('.card.meant')")
    press_until(page, "Tab", ".card.meant a[data-open]", most=3)
    page.keyboard.press("Enter")
    page.locator("#reader mark").first.wait_for()
    assert page.evaluate("document.activeElement.closest('#reader') !== null")
    page.keyboard.press("Escape")
    assert not page.locator("#reader").is_visible()
    assert page.evaluate("document.activeElement.matches('.card.meant a[data-open]')")
    press_until(page, "Shift+Tab", "button[role=tab][data-tab-id=library]")
    page.keyboard.press("Enter")
    page.locator("#search").wait_for()
    press_until(page, "Tab", "#shelf a[data-open]")
    page.keyboard.press("Enter")
    page.locator("#reader .text").wait_for()


@pytest.mark.parametrize("path", ["/", "/en/"])
@pytest.mark.parametrize("width", [360, 390, 768])
def test_a_phone_needs_no_sideways_scroll(visit, path, width):
    visitor = visit(width=width, height=800)
    page = visitor.open(path)

    def fits():
        wide, inside = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= inside

    fits()
    turn = visitor.ask("How did Wuhu reduce debt?" if path != "/" else "比较芜湖和铜仁的编制改革")
    for details in turn.locator("details").all():
        details.evaluate("d => { d.open = true }")
    fits()
    turn.locator(".card a[data-open]").first.click()
    page.locator("#reader mark").first.wait_for()
    fits()
    assert page.locator("#reader").evaluate("r => r.scrollWidth <= r.clientWidth")
    page.keyboard.press("Escape")
    for tab in page.get_by_role("tab").all():
        if tab.is_visible():
            tab.click()
            page.wait_for_timeout(300)
            fits()
