"""Reading whole files, down to the passages; and the real articles where they are."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.read import read_article, read_content
from ingest.split import split_article
from rag.errors import IngestError, UnreadableFileError
from rag.normalise import simplify

BODY = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理。"
CHROME = ("微信扫一扫", "评论列表", "浏览次数", "点赞", "下一篇", "返回首页", "华医题库", "特别声明")


@pytest.fixture
def seeds(shared_folder):
    folder = shared_folder / "seeds"
    if not folder.is_dir():
        pytest.skip("the real articles (../shared/seeds) are not on this machine")
    return {path.name[:3]: path for path in sorted(folder.glob("*.txt"))}


def read(path):
    return read_article(path, max_bytes=20_000_000)


def split(article):
    return split_article(
        article, budget_tokens=192, window_tokens=512, count_tokens=lambda texts: [len(t) + 2 for t in texts]
    )


def headings(article):
    return [article.text[h.start : h.end] for h in article.headings]


def test_a_file_becomes_an_article(tmp_path):
    path = tmp_path / "某县 的账.md"
    path.write_text(
        f"---\ntitle: 某县的账\ndate: 2021-03-04\n---\n## 一、收入\n\n{BODY}\n\n点赞(0)", encoding="utf-8"
    )

    result = read(path)

    article = result.article
    assert (article.title, article.date, article.text) == ("某县的账", "2021-03-04", f"一、收入\n{BODY}")
    assert article.article_id == f"某县-的账-{article.content_hash[:6]}"
    assert headings(article) == ["一、收入"]
    assert result.cut == (("点赞(0)", "likes and comments"),)
    assert (result.codec, result.notes) == ("utf-8", ())


def test_the_same_bytes_make_the_same_article(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BODY, encoding="utf-8")

    first, second = read(tmp_path / "a.txt").article, read(tmp_path / "b.txt").article

    assert first == read(tmp_path / "a.txt").article
    assert first.content_hash == second.content_hash
    assert first.article_id != second.article_id


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\xe3\x80\x80\n", "no_text"),
        ("a.html", b"<html><script>x()</script></html>", "no_text"),
        ("a.txt", "点赞(0)\n图片".encode(), "no_text"),
        ("a.txt", bytes(range(256)) * 8, "binary"),
        ("a.txt", b"x" * 5001, "too_large"),
    ],
)
def test_what_cannot_be_an_article_is_refused_with_its_reason(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(UnreadableFileError) as caught:
        read_article(tmp_path / name, max_bytes=5000)
    assert caught.value.code == code


def test_a_file_of_ligatures_is_read_and_split(tmp_path):
    (tmp_path / "a.txt").write_text("ﷺ" * 5000, encoding="utf-8")

    passages = split(read(tmp_path / "a.txt").article)

    assert "".join(p.text for p in passages) == "ﷺ" * 5000


def test_a_truncated_page_is_read(tmp_path):
    page = f"<html><head><title>某县的账 - 某网</title></head><body><div><p>{BODY}</p><p>{BODY}"
    (tmp_path / "a.html").write_bytes(page.encode()[:-1])

    result = read(tmp_path / "a.html")

    assert result.article.text.startswith(BODY)
    assert result.notes == ("1 places could not be read as utf-8",)


def test_unreadable_front_matter_is_noted(tmp_path):
    (tmp_path / "a.md").write_text(f"---\na: [\n---\n{BODY}", encoding="utf-8")

    assert "front matter" in read(tmp_path / "a.md").notes[0]


@settings(deadline=None)  # the first document imports its reader
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_bytes_are_an_article_or_a_refusal(content, name):
    try:
        article = read_content(content, path=Path(name)).article
    except IngestError:
        return
    assert article.text.strip() == article.text
    article.text.encode()
    assert all(article.text[h.start : h.end].strip() for h in article.headings)


@pytest.mark.seeds
def test_no_chrome_survives_in_a_real_article(seeds):
    for path in seeds.values():
        text = simplify(read(path).article.text)
        assert [phrase for phrase in CHROME if phrase in text] == []


@pytest.mark.seeds
def test_every_body_paragraph_of_a_real_article_survives_whole(seeds):
    advert_or_notice = ("題庫", "特別聲明", "Notice:", "://", "](")
    for path in seeds.values():
        kept = read(path).article.text.split("\n")
        lines = re.split(r"\n|</?p[^>]*>", path.read_text(encoding="utf-8"))
        paragraphs = [" ".join(line.split()) for line in lines if len(line.strip()) >= 40]
        body = [text for text in paragraphs if not any(mark in text for mark in advert_or_notice)]
        assert len(body) >= 8
        assert [text for text in body if text not in kept] == []


@pytest.mark.seeds
def test_real_articles_are_split_into_exact_slices_that_cover_them(seeds):
    for path in seeds.values():
        article = read(path).article
        passages = split(article)
        hidden = {o for h in article.headings if h.kind == "heading" for o in range(h.start, h.end)}
        body = "".join(ch for offset, ch in enumerate(article.text) if offset not in hidden)
        assert all(article.text[p.start : p.end] == p.text for p in passages)
        assert all(a.end <= b.start for a, b in itertools.pairwise(passages))
        assert "".join("".join(p.text for p in passages).split()) == "".join(body.split())


@pytest.mark.seeds
def test_the_commentary_has_its_bullets_as_headings_and_no_title(seeds):
    article = read(seeds["000"]).article

    assert (article.title, article.date, article.source, article.regions) == (None, None, None, ())
    assert len(article.headings) == 3


@pytest.mark.seeds
def test_the_interview_has_its_title_date_region_and_turns(seeds):
    article = read(seeds["001"]).article

    assert article.title is not None
    assert "招招领先" in article.title
    assert (article.date, article.regions) == ("2019-09-10", ("140000",))
    assert [h.kind for h in article.headings].count("question") == 4
    answers = [p for p in split(article) if p.text.startswith("武晋")]
    assert all(p.heading_path[-1].rstrip("…")[-1] in "?？长" for p in answers)


@pytest.mark.seeds
def test_the_speech_has_its_title_and_its_three_parts(seeds):
    article = read(seeds["002"]).article

    assert article.title is not None
    assert article.title.endswith("讲话")
    assert [line[:2] for line in headings(article)][-3:] == ["一、", "二、", "三、"]


@pytest.mark.seeds
def test_the_newspaper_piece_has_its_front_matter_source_and_sections(seeds):
    article = read(seeds["003"]).article

    assert (article.date, article.source) == ("2022-06-02", "中国商报")
    assert dict(article.facts_from)["title"] == "front matter"
    assert [line for line in headings(article) if line.startswith("看点")] == ["看点1", "看点2", "看点3"]
    assert len(article.headings) == 6
    assert article.regions == ()


@pytest.mark.seeds
def test_the_digest_stays_traditional_and_each_city_keeps_its_passages(seeds):
    article = read(seeds["004"]).article
    passages = split(article)

    assert "醫" in article.text
    assert article.source is not None
    assert "衛生" in article.source
    places = [line for line in headings(article) if line.endswith(":")]
    assert len(places) == 6
    tongren = [p for p in passages if p.heading_path[:1] == ("貴州省銅仁市",)]
    assert len(tongren) >= 8
    assert all("520600" in p.regions for p in tongren)
    assert sum("58家次" in p.text for p in tongren) == 1
