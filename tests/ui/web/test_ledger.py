from __future__ import annotations

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from hypothesis import given
from marked_up import HOSTILE, TEXTS, addresses, parsed, skeleton
from starlette.testclient import TestClient

from ui.web.ledger import Ledger, Search, ledger_router


@pytest.fixture
def ledger(sample):
    return Ledger(library=sample)


@pytest.fixture
def client(sample):
    app = FastAPI()
    app.include_router(ledger_router(sample))
    return TestClient(app)


def test_each_row_leads_to_its_clause(ledger, sample):
    markup = ledger.listed(Search(indicator="debt ratio", region="Wuhu"), "zh", root="/root")
    links = [a for a in addresses(markup) if "/article/" in a]

    assert links
    for link in links:
        address = urlsplit(link)
        place = {name: int(value[0]) for name, value in parse_qs(address.query).items() if name != "lang"}
        text = sample.article(address.path.removeprefix("/root/article/")).text
        assert text[place["start"] : place["end"]] in parsed(markup).text_content()
    assert "62.59% → 48.8%" in parsed(markup).text_content()


def test_the_spreadsheet_has_what_the_table_has(ledger, client):
    search = Search(indicator="床位", region="", since="", until="")
    markup = ledger.listed(search, "en", root="")
    (link,) = [a for a in addresses(markup) if "figures.csv" in a]

    sent = client.get(link)

    assert sent.headers["content-type"].startswith("text/csv")
    assert "attachment" in sent.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [r["raw"] for r in rows] == [one.record.figure.raw for one in ledger.told(search)]
    assert rows


def test_an_empty_search_lists_everything_and_where_nothing_fits_says_so(ledger):
    assert "<tr>" in ledger.listed(Search(), "zh", root="")
    nothing = ledger.listed(Search(indicator="飞行高度"), "zh", root="")
    assert "<tr>" not in nothing
    assert "没有符合条件的数据" in nothing


@pytest.mark.parametrize(
    "search", [Search(region="亚特兰蒂斯"), Search(since="abcd"), Search(since="2024", until="2020")]
)
def test_what_makes_no_sense_is_said_and_not_searched(ledger, client, search):
    markup = ledger.listed(search, "zh", root="")

    assert parsed(markup).find_class("problem")
    assert client.get(f"/figures.csv?{search.query()}").status_code == 422


def test_the_whole_country_can_be_asked_for(ledger):
    assert {one.record.subject.name for one in ledger.told(Search(region="全国"))} == {"全国"}


@given(TEXTS, TEXTS)
def test_what_is_typed_stays_text(sample, indicator, region):
    usual = skeleton(Ledger(library=sample).listed(Search(indicator="飞行高度"), "zh", root=""))
    refused = skeleton(Ledger(library=sample).listed(Search(region="亚特兰蒂斯"), "zh", root=""))

    shown = Ledger(library=sample).listed(
        Search(indicator="飞行高度" + indicator, region=region), "zh", root=""
    )

    assert skeleton(shown) in (usual, refused)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_articles_say_stays_text(text, own_article_ledger):
    ledger = own_article_ledger(f"{text}医院达到3家，{text}床位达到30张。")

    markup = ledger.listed(Search(), "zh", root="")

    assert not any(tag in ("script", "img", "h1", "textarea") for tag, _ in skeleton(markup))
    assert all(not name.startswith("on") for _, names in skeleton(markup) for name in names)
    assert all(a.startswith(("/article/", "/figures.csv")) for a in addresses(markup))


@pytest.fixture
def own_article_ledger(tmp_path, encoder):
    from ingest.run import ingest_paths
    from rag.build import open_library

    opened = []

    def make(text: str) -> Ledger:
        folder = tmp_path / "articles"
        folder.mkdir()
        (folder / "one.txt").write_text(text, encoding="utf-8")
        library = open_library(tmp_path / "library", encoder, create=True)
        opened.append(library)
        entered = library.__enter__()
        ingest_paths([folder], library=entered, encoder=encoder)
        return Ledger(library=entered)

    yield make
    for library in opened:
        library.__exit__(None, None, None)
