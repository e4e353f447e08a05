"""What files give to read: themselves, their members, and what is known of a page that was fetched."""

import hashlib
import json

import pytest

from ingest.items import Item, container_of, items_of
from ingest.load import FileProblem, find_files
from ingest.options import IngestOptions
from rag.errors import UnreadableFileError

PAGE = "<html><body><h1>村医补助</h1><p>县财政按月发放村医补助，不得拖欠。</p></body></html>".encode("gbk")


def items(path, **options):
    return list(items_of(path, options=IngestOptions(**options)))


def sidecar(page, **values):
    known = {
        "yigai_page": 1,
        "url": "https://example.org/a",
        "final_url": "https://example.org/b.html",
        "fetched_at": "2021-03-04T05:06:07+00:00",
        "sha256": hashlib.sha256(PAGE).hexdigest(),
        "charset": "gbk",
    }
    path = page.with_name(page.name + ".yigai.json")
    path.write_text(json.dumps(known | values), encoding="utf-8")
    return path


def test_a_file_is_one_item_of_its_own_kind(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE)

    assert items(tmp_path / "a.html") == [Item(path=tmp_path / "a.html", content=PAGE, suffix=".html")]


def test_a_fetched_page_has_its_address_and_the_charset_that_its_server_named(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE)
    sidecar(tmp_path / "a.html")

    (item,) = items(tmp_path / "a.html")

    assert (item.fields, item.declared) == ({"url": "https://example.org/b.html"}, "gbk")


def test_a_page_that_was_changed_by_hand_is_no_longer_the_fetched_one(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE)
    sidecar(tmp_path / "a.html", sha256="0" * 64)

    (item,) = items(tmp_path / "a.html")

    assert (item.fields, item.declared) == ({}, None)


def test_the_file_about_a_page_is_no_list_of_articles(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE)
    sidecar(tmp_path / "a.html")

    for found in (find_files([tmp_path]), find_files(sorted(tmp_path.iterdir()))):
        assert [path.name for path in found.files] == ["a.html"]
        assert (found.skipped, found.problems) == ((), ())


def test_members_lie_below_their_container_and_what_is_wrong_with_all_of_it_on_it(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"title": "一", "text": "县里发了补助。"}\n', encoding="utf-8")
    (tmp_path / "b.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")

    (row,) = items(tmp_path / "a.jsonl")
    (problem,) = items(tmp_path / "b.csv")

    assert row.container == tmp_path / "a.jsonl"
    assert row.path.parent == tmp_path / "a.jsonl"
    assert row.fields["title"] == "一"
    assert isinstance(problem, FileProblem)
    assert problem.path == tmp_path / "b.csv"


def test_the_container_of_a_path_is_the_file_that_it_leads_into(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK")

    assert container_of(tmp_path / "a.zip" / "b" / "c.txt") == tmp_path / "a.zip"
    assert container_of(tmp_path / "a.zip") is None
    assert container_of(tmp_path / "gone.zip" / "c.txt") is None


def test_a_folder_is_refused_as_no_regular_file(tmp_path):
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        items(tmp_path)
