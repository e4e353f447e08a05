"""Archives, tables and lists of records on their way into a real library."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from ingest.run import IngestOptions, ingest_paths
from rag.library import Library

TEXT = "全市新建社区卫生站{n}所，配备医生{n}名。\n村医每月补助提高到{n}百元，由县财政支付。\n"


def texts(library: Library) -> list[str]:
    return sorted(library.article(summary.article_id).text for summary in library.articles())


def pack(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def article(n: int) -> bytes:
    return TEXT.format(n=n).encode()


@pytest.fixture
def ingest(folder, library, hashing_encoder):
    """Ingests the folder; returns each path's outcome, and keeps the library's soundness."""

    def once(**options):
        report = ingest_paths([folder], library=library, encoder=hashing_encoder, **options)
        once.report = report
        assert library.check() == []
        return {str(file.path.relative_to(folder)): file.outcome for file in report.files}

    return once


def test_every_member_of_an_archive_is_an_article_with_a_fate_of_its_own(ingest, folder, library):
    pack(
        folder / "简报.zip",
        {"a.txt": article(3), "里面/b.txt": article(4), "c.txt": b"", "图片.png": b"\x89PNG"},
    )

    fates = ingest()

    assert fates["简报.zip"] == "opened"
    assert fates["简报.zip/a.txt"] == fates["简报.zip/里面/b.txt"] == "added"
    assert fates["简报.zip/c.txt"] == "refused"
    assert len(texts(library)) == 2
    assert library.check() == []


def test_an_archive_read_again_changes_nothing(ingest, folder, library):
    pack(folder / "a.zip", {"a.txt": article(3), "b.txt": article(4)})
    ingest()
    before = library.articles()

    assert ingest() == {"a.zip/a.txt": "unchanged", "a.zip/b.txt": "unchanged", "a.zip": "opened"}
    assert library.articles() == before


def test_a_member_that_changed_is_replaced_and_one_that_went_is_pruned(ingest, folder, library):
    pack(folder / "a.zip", {"a.txt": article(3), "b.txt": article(4)})
    ingest()
    pack(folder / "a.zip", {"a.txt": article(5)})

    assert ingest() == {"a.zip/a.txt": "replaced", "a.zip": "opened", "a.zip/b.txt": "missing"}
    assert ingest(prune=True)["a.zip/b.txt"] == "removed"
    assert len(texts(library)) == 1


def test_members_of_an_archive_that_is_gone_are_missing_and_can_be_pruned(ingest, folder, library):
    pack(folder / "a.zip", {"a.txt": article(3)})
    ingest()
    (folder / "a.zip").unlink()

    assert ingest() == {"a.zip/a.txt": "missing"}
    assert ingest(prune=True) == {"a.zip/a.txt": "removed"}
    assert texts(library) == []


def test_nothing_is_pruned_from_an_archive_that_could_not_be_looked_through(ingest, folder, library):
    pack(folder / "a.zip", {"a.txt": article(3), "b.txt": article(4)})
    ingest()
    whole = (folder / "a.zip").read_bytes()
    (folder / "a.zip").write_bytes(whole[: len(whole) // 2])

    fates = ingest(prune=True)

    assert fates["a.zip"] == "refused"
    assert "removed" not in fates.values()
    assert len(texts(library)) == 2


def test_a_file_unpacked_from_an_archive_is_the_same_article(ingest, folder, library):
    pack(folder / "z.zip", {"a.txt": article(3)})
    (folder / "a.txt").write_bytes(article(3))

    assert ingest() == {"a.txt": "added", "z.zip/a.txt": "same_as", "z.zip": "opened"}
    assert len(texts(library)) == 1


def test_rows_of_a_table_are_articles_with_their_columns_as_facts(ingest, folder, library):
    rows = [
        ["标题", "发布日期", "来源", "正文"],
        ["村医补助提高", "2021-03-05", "县卫健局", TEXT.format(n=6)],
        ["没有正文", "2021-03-06", "县卫健局", ""],
    ]
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    (folder / "消息.csv").write_bytes(written.getvalue().encode("gb18030"))

    fates = ingest()

    assert fates["消息.csv"] == "opened"
    assert sorted(fates.values()) == ["added", "opened", "refused"]
    (made,) = [library.article(summary.article_id) for summary in library.articles()]
    assert (made.title, made.date, made.source) == ("村医补助提高", "2021-03-05", "县卫健局")
    (added,) = [file for file in ingest.report.files if file.outcome == "added"]
    assert added.codec == "gb18030"


def test_columns_that_nobody_could_guess_are_named(ingest, folder, library):
    records = [{"tt": "村医补助提高", "bd": TEXT.format(n=6)}]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")

    assert "added" not in ingest().values()
    assert "added" in ingest(options=IngestOptions(columns={"text": "bd", "title": "tt"})).values()
    assert [summary.title for summary in library.articles()] == ["村医补助提高"]


def test_a_list_of_records_that_breaks_off_keeps_what_could_be_read(ingest, folder, library):
    good = json.dumps({"title": "一", "text": TEXT.format(n=6)}, ensure_ascii=False)
    (folder / "a.jsonl").write_text(good + '\n{"title": "二", "te', encoding="utf-8")

    fates = ingest()

    assert sorted(fates.values()) == ["added", "opened", "refused"]
    assert len(texts(library)) == 1
