"""Articles, file names and questions that would like to be code. Nothing of them runs, nothing leaves its card."""

from __future__ import annotations

from html import escape

import pytest
from copies import copy_library
from web_server import running

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SCRIPTS = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=2>",
    "<svg onload=window.hacked=3><a xlink:href=javascript:window.hacked=4>医保</a></svg>",
    "</mark></blockquote></article></li></ol><h1 class=escaped>出去了</h1>",
    "</textarea></title></style><iframe srcdoc='<script>parent.hacked=5</script>'></iframe>",
    "[点我](javascript:window.hacked=6) ![图](http://evil.example/pixel.png) [d](data:text/html,<script>hacked=7</script>)",
    "${window.hacked=8} {{constructor.constructor('window.hacked=9')()}} {% raw %} `${hacked=10}`",
    "&lt;b&gt;实体&lt;/b&gt; &#x3c;i&#x3e;",
    "<form action=//evil.example><button formaction=javascript:hacked=11>提交</button></form>",
    "<style>body{display:none}</style><link rel=stylesheet href=//evil.example/x.css><base href=//evil.example/>",
    "\u202e反过来的字\u202c \u2066隔离\u2069 \u200f右",
    "' onmouseover='window.hacked=12 \" autofocus onfocus=\"window.hacked=13",
)
TITLE = "铜州医保改革" + SCRIPTS[0] + SCRIPTS[1] + '" onclick="window.hacked=14'


def article(body):
    return "\n\n".join([f"# {TITLE}", "来源：" + SCRIPTS[1], body]) + "\n"


@pytest.fixture(scope="module")
def hostile(chromium_path, sample_library, tmp_path_factory):
    """A server whose library holds articles like these, ingested from the real files."""
    folder = tmp_path_factory.mktemp("hostile")
    library = copy_library(sample_library, folder / "library")
    with running(library, folder / "home") as started:
        yield started


def lines():
    paid = [
        f"铜州市的住院报销比例第{i}次由{50 + i}.5%提高到{60 + i}.5%。{script}"
        for i, script in enumerate(SCRIPTS, 1)
    ]
    return "\n\n".join(paid)


def is_untouched(visitor):
    page = visitor.page
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert visitor.strangers == []
    ours = "#log, #live, #shelf, #intake, #reader, #earlier, #header"
    for strange in (
        "script",
        "iframe",
        "svg",
        "img",
        "style",
        "link",
        "base",
        "h1.escaped",
        "form[action*=evil]",
    ):
        assert page.locator(f":is({ours}) {strange}").count() == 0, strange
    for address in page.locator(f":is({ours}) a[href]").evaluate_all("all => all.map(a => a.href)"):
        assert address.startswith(visitor.address), address
    inline = page.locator(f":is({ours}) *").evaluate_all(
        "all => all.flatMap(e => e.getAttributeNames().filter(n => n.startsWith('on')))"
    )
    assert inline == []
    assert [c for c in visitor.complaints if "dialog" in c or "hacked" in c] == []


def test_hostile_articles_files_and_questions_stay_text(visit, hostile):
    visitor = visit(address=hostile.address)
    page = visitor.open()
    visitor.tab("文库")
    page.locator("#adding button").first.click()
    long_line = "铜州的医共体牵头医院有" + "<b>" * 20_000 + "9家。" + "长" * 60_000
    files = [
        ("<img src=x onerror=hacked=20>.md", article(lines())),
        ("'\"onload=hacked=21.txt", article("铜州市的基层就诊率达到71.3%。" + SCRIPTS[3])),
        ("javascript:hacked=22.md", article(long_line)),
        ("\u202egpj.txt", "# 右到左\n\n铜州市投入改革资金3.2亿元。\u202e倒\n"),
        ("page.html", f"<html><head><title>{escape(TITLE)}</title></head><body><h1>{escape(TITLE)}</h1><p>铜州市的医保结余是4.4亿元。</p>{''.join(SCRIPTS)}</body></html>"),
    ]  # fmt: skip
    page.locator("#files input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": body.encode()} for name, body in files]
    )
    page.locator("#files .file-preview").wait_for()
    page.locator("#add-button").click()
    page.locator("#intake .outcomes").wait_for(timeout=120_000)
    assert page.locator("#intake .outcomes li").count() == len(files)
    is_untouched(visitor)

    visitor.search("铜州")
    page.wait_for_timeout(1000)
    assert "<script>" in page.locator("#shelf tbody").inner_text()
    is_untouched(visitor)
    page.locator("#shelf tr", has_text="<script>").first.locator("a[data-open]").click()
    page.locator("#reader .text").wait_for()
    is_untouched(visitor)
    page.keyboard.press("Escape")
    page.locator("#shelf tr", has_text="<script>").first.locator("[data-remove]").click()
    assert "<script>" in page.locator("#sure-text").inner_text()
    page.locator("#sure [data-close]").click()

    visitor.tab("提问")
    for asked in (
        "铜州市的住院报销比例提高到多少?",
        "铜州市的基层就诊率是多少?",
        "铜州的医共体牵头医院有几家?",
        *SCRIPTS,
    ):
        turn = visitor.ask(asked if asked not in SCRIPTS else f"铜州怎么改革? {asked}")
        for details in turn.locator("details").all():
            details.evaluate("d => { d.open = true }")
        is_untouched(visitor)
        width, inside = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= inside
    assert page.locator("#log .card").count() > 10
    assert page.locator("#log .card", has_text="<script>").count() > 0
    assert page.locator("#log .asked", has_text="<script>").count() > 0
    for card in page.locator("#log .evidence .card:visible").all()[:40]:
        assert card.evaluate(
            """card => { const box = card.getBoundingClientRect();
                const clip = e => { for (let up = e.parentElement; up && up !== card; up = up.parentElement)
                    if (getComputedStyle(up).overflow !== 'visible') return true; return false; };
                return [...card.querySelectorAll('*')].every(e => { const b = e.getBoundingClientRect();
                    return clip(e) || (b.right <= box.right + 1 && b.left >= box.left - 1); }); }"""
        )
    visitor.open()
    is_untouched(visitor)


def test_hostile_articles_stay_text_on_their_own_page(visit, hostile):
    visitor = visit(address=hostile.address)
    page = visitor.open()
    visitor.tab("文库")
    visitor.search("铜州")
    page.wait_for_timeout(1000)
    addresses = page.locator("#shelf tbody a[data-open]").evaluate_all("all => all.map(a => a.href)")
    assert addresses

    for address in addresses:
        page.goto(address)
        assert page.evaluate("typeof window.hacked") == "undefined"
        assert page.locator("main script, main iframe, main img, main svg, main style, .escaped").count() == 0
    assert visitor.strangers == []
