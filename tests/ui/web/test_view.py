from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_up import HOSTILE, TEXTS, addresses, elements, parsed, skeleton

from rag.table import Cell, Entry, Row, Table
from rag.types import Article, Repost, Sentence
from ui.web.articles import Shown, article_page
from ui.web.reading import Clause
from ui.web.turns import Card, Turn, address_of
from ui.web.view import fill, web_address

LANGUAGES = st.sampled_from(["zh", "en"])
PLAIN = "文字"
WHEN = "2026-01-02T03:04:05+00:00"


def a_card(text, *, number=1, state="current"):
    return Card(
        number=number,
        anchor=f"c-k-{number}",
        title=text,
        facts=(text, text),
        path=(text, text),
        clause=Clause(before=text, text=text, after=text, is_cut_before=True, is_cut_after=True),
        state=state,
        address=address_of(text, 3, 9, version=WHEN if state == "earlier" else ""),
        replaced=text,
        present=address_of(text),
        printings=(text, text),
    )


def a_turn(text, *, is_refused=False, states=("current", "earlier", "changed", "gone")):
    cited = tuple(a_card(text, number=n, state=state) for n, state in enumerate(states, start=1))
    return Turn(
        key="k",
        question=text,
        asked_as=text,
        within=text,
        language="zh",
        sentences=(Sentence(text=text, citations=(1, 2)),),
        refusal=text if is_refused else "",
        cards=() if is_refused else cited,
        unused=(a_card(text, number=0),),
        copied=text,
        answer_id=text,
        liked=False,
        reason=text,
        offers=(text, text),
        table=None if is_refused else a_table(text),
        heads=(text, text),
        silent=text,
    )


def a_table(text):
    entry = Entry(text=text, sentence=0, citations=(1, 2), computed=True)
    rows = tuple(Row(item=text, cells=(Cell(entries=entries),)) for entries in ((entry, entry), ()))
    return Table(kind="place", columns=(text,), rows=rows, computed=(entry,))


def an_article(text):
    repost = Repost(article_id=text, title=text, source=text + "2", date=text, url=text)
    return Article(
        article_id=text, title=text, source=text, date=text, url=text, text=text, reposts=(repost,)
    )


ROW = ("article_id", "title", "date", "source", "regions")
PAGES = {
    "answer": lambda text, language: fill("conversation", language=language, turns=[a_turn(text)]),
    "refusal": lambda text, language: fill(
        "conversation", language=language, turns=[a_turn(text, is_refused=True)]
    ),
    "welcome": lambda text, language: fill(
        "conversation", language=language, turns=[], welcome=text, examples=[text, text]
    ),
    "live": lambda text, language: fill(
        "live", language=language, turn=a_turn(text), step=text, problem=text
    ),
    "shelf": lambda text, language: fill(
        "shelf",
        language=language,
        count=text,
        may_write=True,
        rows=[{**dict.fromkeys(ROW, text), "address": address_of(text), "passages": 3}],
    ),
    "intake": lambda text, language: fill(
        "intake",
        language=language,
        problem=text,
        files_all=3,
        files_done=1,
        label=text,
        rows=[{"outcome": text, "name": text, "remark": text, "is_bad": True}],
        more=text,
    ),
    "earlier": lambda text, language: fill(
        "earlier",
        language=language,
        conversations=[
            {"conversation": text, "first_question": text, "last_at": text, "when": text, "answers": 2}
        ],
    ),
    "header": lambda text, language: fill("header", language=language, person=text),
    "quality": lambda text, language: fill("quality", language=language, when=text),
    "hint": lambda text, language: fill("hint", language=language, text=text),
    "article": lambda text, language: article_page(
        Shown(article=an_article(text), place=(0, len(text))), language, root="", is_fragment=True
    ),
    "version": lambda text, language: article_page(
        Shown(article=an_article(text), replaced_at=WHEN), language, root="", is_fragment=True
    ),
}


@pytest.mark.parametrize("page", PAGES)
@given(text=TEXTS, language=LANGUAGES)
def test_no_text_adds_an_element_or_an_attribute_or_leads_anywhere(page, text, language):
    plain, ours = (PAGES[page](one, language) for one in (PLAIN, text.replace("\n", "")))

    if text.replace("\n", ""):
        assert skeleton(ours) == skeleton(plain)
    for element in elements(parsed(PAGES[page](text, language))):
        assert not any(name.startswith("on") for name in element.attrib)
    for address in addresses(PAGES[page](text, language)):
        assert re.match(r"/(?!/)|#", address), address


def texts_of(markup, kind, name):
    """The texts of the elements of a class (`.facts`), or with an attribute (`data-x`): its values."""
    tree = parsed(markup)
    if kind == "class":
        return [element.text_content() for element in tree.find_class(name)]
    return [element.attrib[name] for element in elements(tree) if name in element.attrib]


@given(text=TEXTS, language=LANGUAGES)
def test_an_answer_shows_every_text_in_its_place_as_it_is(text, language):
    markup = PAGES["answer"](text, language)

    tree = parsed(markup)
    assert tree.find(".//h2/bdi").text_content() == text
    assert [e.text_content() for e in tree.iter() if "data-sentence" in e.attrib] == [text]
    assert [e.text_content() for e in tree.iterfind(".//blockquote")] == ["…" + 3 * text + "…"] * 5
    assert [e.text_content() for e in tree.iterfind(".//blockquote/mark")] == [text] * 4
    assert [e.text_content() for e in tree.iterfind(".//h3//bdi")] == [text] * 5
    assert texts_of(markup, "class", "path") == [f"{text} › {text}"] * 5
    assert texts_of(markup, "class", "facts") == [f"{text} · {text}"] * 5
    assert texts_of(markup, "attribute", "data-copy") == [text]
    assert texts_of(markup, "attribute", "data-rate") == [text]
    assert texts_of(markup, "attribute", "value") == [text]
    assert len(texts_of(markup, "class", "stale")) == 3


@given(text=TEXTS, language=LANGUAGES)
def test_what_is_offered_asks_exactly_what_it_says(text, language):
    for page, count in (("refusal", 2), ("welcome", 2)):
        markup = PAGES[page](text, language)

        assert texts_of(markup, "attribute", "data-ask") == [text] * count
        assert texts_of(markup, "class", "example") == [text] * count
    assert texts_of(PAGES["refusal"](text, language), "class", "message") == [text]


@given(text=TEXTS, language=LANGUAGES)
def test_the_library_and_its_reports_show_every_text_in_its_place_as_it_is(text, language):
    shelf, intake, earlier = (PAGES[page](text, language) for page in ("shelf", "intake", "earlier"))

    tree = parsed(shelf)
    assert tree.find(".//tbody//th//bdi").text_content() == text
    assert [cell.text_content() for cell in tree.iterfind(".//tbody//td")][:3] == [text] * 3
    assert texts_of(shelf, "attribute", "data-remove") == [text]
    assert text in texts_of(shelf, "attribute", "data-sure")[0]
    assert texts_of(intake, "class", "problem") == [text]
    assert texts_of(intake, "class", "bad") == [f"{text} {text} {text}"]
    assert texts_of(earlier, "attribute", "data-conversation") == [text]
    assert texts_of(earlier, "attribute", "data-forget") == [text]
    assert texts_of(earlier, "class", "example") == [text]
    assert texts_of(PAGES["live"](text, language), "class", "problem") == [text]
    assert texts_of(PAGES["header"](text, language), "class", "person") == [text]


@given(text=TEXTS, language=LANGUAGES)
def test_an_article_is_its_text_and_links_only_to_the_web(text, language):
    markup = PAGES["article"](text, language)

    paragraphs = parsed(markup).find_class("text")[0].findall("p")
    assert "\n".join(p.text_content() for p in paragraphs) == text
    assert texts_of(markup, "attribute", "data-article") == [text]
    assert addresses(markup) == []


@pytest.mark.parametrize("url", ["https://example.org/a?b=1&c=\"'><script>", "HTTP://例子.中国/文"])
def test_the_web_address_of_an_article_is_linked_whole(url):
    article = Article(article_id="a", title="题", text="文", url=url)

    assert addresses(article_page(Shown(article=article), "zh", root="", is_fragment=True)) == [url]


@pytest.mark.parametrize(
    "url",
    [
        *HOSTILE, None, "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x",
        " https://example.org", "\thttps://example.org", "\x01https://example.org", "\u200bhttps://example.org",
        "//example.org", "/\\example.org", "http:example.org", "https:/example.org", "ftp://example.org", "httpsx://a",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_none(url):
    assert web_address(url) == ""


@given(st.text())
def test_a_web_address_is_as_it_was_or_none(url):
    assert web_address(url) in (url, "")
    assert web_address("https://" + url) == "https://" + url


@pytest.mark.parametrize(("position", "is_open"), [(0, False), (1, True), (5, True)])
def test_the_evidence_of_the_latest_five_turns_is_open(position, is_open):
    turns = [a_turn(PLAIN) for _ in range(6)]

    cited = parsed(fill("conversation", language="zh", turns=turns)).find_class("cited")

    assert ("open" in cited[position].attrib) is is_open


def test_an_unfinished_turn_cannot_be_rated_or_copied():
    assert texts_of(PAGES["live"](PLAIN, "zh"), "class", "acts") == []
    assert len(texts_of(PAGES["answer"](PLAIN, "zh"), "class", "acts")) == 1


def test_a_comparison_is_a_table_whose_heads_say_what_they_head_and_whose_markers_lead_to_the_cards():
    page = fill("conversation", language="zh", turns=[a_turn(PLAIN)])
    table = page[page.index("<table>") : page.index("</table>")]

    assert table.count('<th scope="col">') == 2
    assert table.count('<th scope="row">') == 2
    assert table.count('<p class="silent">') == 1
    assert table.count('href="#c-k-1" data-marker="c-k-1"') == 3
    assert '<td colspan="2">' in table
