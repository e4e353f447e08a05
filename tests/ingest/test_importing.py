from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from answers import hostile_answer

from ingest.batch import Batch, Work
from ingest.importing import ImportReport, import_library
from ingest.split import split_article
from rag.errors import LibraryUnwritableError, PortableFileError
from rag.history import Asked, Feedback
from rag.library import Library, OriginFile
from rag.types import Article, Heading


@pytest.fixture
def open_at(tmp_path: Path, hashing_encoder: Any) -> Any:
    opened: list[Library] = []

    def open_one(name: str) -> Library:
        opened.append(
            Library.open(
                tmp_path / name,
                encoder_name=hashing_encoder.name,
                dimension=hashing_encoder.dimension,
                create=True,
            )
        )
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def put(hashing_encoder: Any) -> Any:
    def put_one(library: Library, article_id: str, text: str, *paths: str, **fields: Any) -> Article:
        content_hash = hashlib.sha256(text.encode()).hexdigest()
        article = Article(
            article_id=article_id, text=text, content_hash=content_hash, **{"title": article_id, **fields}
        )
        passages = split_article(
            article, budget_tokens=64, window_tokens=500, count_tokens=hashing_encoder.count_tokens
        )
        first, *others = [
            OriginFile(path=path, content_hash=content_hash, size=len(text), mtime_ns=7)
            for path in paths or (f"/articles/{article_id}.txt",)
        ]
        batch = Batch(library, hashing_encoder, on_embedded=lambda _: None, on_written=lambda _: None)
        batch.put(Work(article=article, passages=passages, origin=first, pipeline="reader=1"))
        batch.flush()
        for other in others:
            library.add_origin(other, article_id=article_id)
        return article

    return put_one


@pytest.fixture
def full(open_at: Any, put: Any) -> Library:
    """A library with two articles, one of them changed once and in two files, and two kept answers."""
    library: Library = open_at("full")
    put(library, "wuhu", "芜湖市\n负债率由62.59%降到48.8%。", date="2022-05")
    put(
        library,
        "wuhu",
        "芜湖市\n负债率由62.59%降到48.9%。",
        "/articles/wuhu.txt",
        "/articles/copy-\udcff.txt",
        date="2023-05-06",
        source="某报",
        author="张三",
        issuer="市卫健委",
        doc_number="卫〔2023〕8号",
        kind="policy",
        regions=("340200",),
        headings=(Heading(start=0, end=3, level=1),),
        facts_from=(("date", "front matter"),),
    )
    put(library, "tongren", "铜仁市𠮷 公立医院编制58家次。\ud800".encode("utf-8", "replace").decode())
    answer_id = library.history.keep(
        hostile_answer("降到48.8%"), Asked(asker="a", conversation="c", via="terminal", settings={})
    )
    library.history.keep(hostile_answer("降到48.8%"), Asked(via="terminal", settings={}))
    library.history.rate(answer_id, Feedback(liked=True, reason="好\udcff", given_at="2026-01-02T03:04:05"))
    return library


def contents(library: Library) -> dict[str, Any]:
    """All of a library that cannot be made again."""
    articles = [library.article(s.article_id) for s in sorted(library.articles(), key=lambda s: s.article_id)]
    return {
        "articles": articles,
        "passages": [library.article_passages(article.article_id) for article in articles],
        "versions": [library.versions(article.article_id) for article in articles],
        "origins": library.origins(),
        "answers": library.history.listed(),
    }


def test_what_was_exported_is_there_again_in_another_library(full, open_at, hashing_encoder, tmp_path):
    count = full.export(tmp_path / "all.yigai.zip")
    other = open_at("other")

    report = import_library(tmp_path / "all.yigai.zip", library=other, encoder=hashing_encoder)

    assert (count.articles, count.versions, count.answers) == (2, 1, 2)
    assert report == ImportReport(added=2, unchanged=0, kept_both=0, versions=1, answers=2)
    before, after = contents(full), contents(other)
    assert after == before
    assert other.check() == []
    assert other.as_quoted("wuhu", start=4, quote="负债率由62.59%降到48.8%")[1] is not None


def test_importing_twice_changes_nothing(full, open_at, hashing_encoder, tmp_path):
    full.export(tmp_path / "x.zip")
    other = open_at("other")
    import_library(tmp_path / "x.zip", library=other, encoder=hashing_encoder)
    before = contents(other)

    report = import_library(tmp_path / "x.zip", library=other, encoder=hashing_encoder)

    assert report == ImportReport(added=0, unchanged=2, kept_both=0, versions=0, answers=0)
    assert contents(other) == before


def test_two_texts_under_one_name_are_both_kept_the_later_one_in_front(
    full, open_at, put, hashing_encoder, tmp_path
):
    older = open_at("older")
    put(older, "tongren", "旧稿。")
    older.export(tmp_path / "older.zip")
    put(full, "tongren", "新稿。")
    full.export(tmp_path / "newer.zip")

    report = import_library(tmp_path / "older.zip", library=full, encoder=hashing_encoder)
    assert (report.kept_both, full.article("tongren").text) == (1, "新稿。")
    assert "旧稿。" in [version.article.text for version in full.versions("tongren")]

    import_library(tmp_path / "newer.zip", library=older, encoder=hashing_encoder)
    assert older.article("tongren").text == "新稿。"
    assert "旧稿。" in [version.article.text for version in older.versions("tongren")]
    assert older.check() == []


def test_an_article_here_keeps_its_file_where_another_comes_from_the_same_path(
    full, open_at, put, hashing_encoder, tmp_path
):
    put(full, "mine", "本机的文章。", "/articles/a.txt")
    other = open_at("other")
    put(other, "theirs", "别处的文章。", "/articles/a.txt")
    other.export(tmp_path / "x.zip")

    import_library(tmp_path / "x.zip", library=full, encoder=hashing_encoder)

    assert full.article("mine").text == "本机的文章。"
    assert full.article("theirs").text == "别处的文章。"


def test_the_progress_is_told_by_article(full, open_at, hashing_encoder, tmp_path):
    full.export(tmp_path / "x.zip")
    told: list[tuple[int, int]] = []

    import_library(
        tmp_path / "x.zip",
        library=open_at("other"),
        encoder=hashing_encoder,
        on_progress=lambda done, total: told.append((done, total)),
    )

    assert told == [(1, 2), (2, 2)]


def changed(path: Path, name: str, change: Any) -> Path:
    """The zip with one file changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == name else content)
    path.write_bytes(out.getvalue())
    return path


def with_true_hashes(path: Path) -> Path:
    """The zip with hashes that fit what is in it."""

    def mend(content: bytes) -> bytes:
        head = json.loads(content)
        with zipfile.ZipFile(path) as archive:
            for name, part in head["parts"].items():
                part["sha256"] = hashlib.sha256(archive.read(f"{name}.jsonl")).hexdigest()
        return json.dumps(head).encode()

    return changed(path, "yigai.json", mend)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda p: p.write_bytes(p.read_bytes()[:-40]), id="cut short"),
        pytest.param(lambda p: p.write_bytes(b"no zip"), id="no zip"),
        pytest.param(
            lambda p: changed(p, "articles.jsonl", lambda c: c.replace(b"48.9", b"48.7")), id="figure"
        ),
        pytest.param(lambda p: changed(p, "yigai.json", lambda _: b"[]"), id="head"),
        pytest.param(
            lambda p: changed(p, "yigai.json", lambda c: c.replace(b'"version": 1', b'"version": 9')),
            id="later",
        ),
        pytest.param(lambda p: p.unlink(), id="missing"),
    ],
)
def test_a_file_that_is_no_whole_export_is_refused_before_anything_is_taken(
    full, open_at, hashing_encoder, tmp_path, damage
):
    full.export(tmp_path / "x.zip")
    damage(tmp_path / "x.zip")
    other = open_at("other")

    with pytest.raises(PortableFileError, match="yigai library export"):
        import_library(tmp_path / "x.zip", library=other, encoder=hashing_encoder)
    assert other.articles() == []


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("articles", lambda c: c.replace(b'"end": 3', b'"end": 300')),
        ("articles", lambda c: c.replace(b'"title"', b'"name"')),
        ("articles", lambda c: b"null\n" + c),
        ("articles", lambda c: b"[" * 100_000 + b"\n" + c),
        ("answers", lambda c: c.replace(b'"asked"', b'"wrong"')),
        ("versions", lambda c: c.replace(b'"replaced_at"', b'"wrong"')),
    ],
)
def test_a_record_that_fits_its_hash_and_is_no_record_is_one_clear_error(
    full, open_at, hashing_encoder, tmp_path, part, change
):
    full.export(tmp_path / "x.zip")
    with_true_hashes(changed(tmp_path / "x.zip", f"{part}.jsonl", change))
    other = open_at("other")

    with pytest.raises(PortableFileError):
        import_library(tmp_path / "x.zip", library=other, encoder=hashing_encoder)
    assert other.check() == []


def test_fields_of_a_later_version_are_passed_over(full, open_at, hashing_encoder, tmp_path):
    full.export(tmp_path / "x.zip")
    with_true_hashes(
        changed(tmp_path / "x.zip", "articles.jsonl", lambda c: c.replace(b'"title"', b'"mood": 1, "title"'))
    )

    other = open_at("other")
    assert import_library(tmp_path / "x.zip", library=other, encoder=hashing_encoder).added == 2


def test_an_export_that_cannot_be_written_leaves_nothing_behind(full, tmp_path):
    with pytest.raises(LibraryUnwritableError):
        full.export(tmp_path / "nowhere" / "x.zip")
    (tmp_path / "x.zip").mkdir()
    with pytest.raises(LibraryUnwritableError):
        full.export(tmp_path / "x.zip")

    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_what_is_exported_can_be_read_without_yigai(full, tmp_path):
    full.export(tmp_path / "x.zip")

    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        articles = [json.loads(line) for line in archive.read("articles.jsonl").decode().splitlines()]
    assert {article["article_id"]: article["text"] for article in articles} == {
        summary.article_id: full.article(summary.article_id).text for summary in full.articles()
    }
    assert {field.name for field in dataclasses.fields(Article)} - {"reposts"} <= articles[0].keys()
