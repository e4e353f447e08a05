from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def test_an_article_that_changed_keeps_its_earlier_texts(library, new_article):
    for year in (2021, 2022, 2023):
        library.replace_articles([new_article(f"{year}年化债10亿元。", title=str(year), date=str(year))])

    earlier = library.versions("a")

    assert [version.article.text for version in earlier] == ["2022年化债10亿元。", "2021年化债10亿元。"]
    assert [version.article.date for version in earlier] == ["2022", "2021"]
    assert earlier[0].replaced_at > earlier[1].replaced_at
    assert library.article("a").title == "2023"


def test_the_same_text_again_is_no_version(library, new_article):
    new = new_article("化债10亿元。", title="旧标题")
    library.replace_articles([new])
    library.replace_articles(
        [dataclasses.replace(new, article=dataclasses.replace(new.article, title="新标题"))]
    )

    assert library.versions("a") == []
    assert library.article("a").title == "新标题"


def test_what_an_article_is_comes_out_as_it_went_in_also_of_a_version(library, new_article):
    fields = {
        "author": "张三",
        "column": "要闻",
        "issuer": "国务院办公厅",
        "doc_number": "国办发〔2015〕38号",
        "kind": "policy",
    }
    library.replace_articles([new_article("第一条 总则。", **fields)])
    library.replace_articles([new_article("第一条 总则（修订）。")])

    (version,) = library.versions("a")
    assert {name: getattr(version.article, name) for name in fields} == fields
    assert library.article("a").kind is None


def test_a_quote_opens_the_version_it_is_from(library, new_article):
    library.replace_articles([new_article("负债率由62.59%降到48.8%。", date="2022")])
    library.replace_articles([new_article("负债率由62.59%降到48.9%（更正）。", date="2023")])

    article, replaced_at = library.as_quoted("a", start=0, quote="负债率由62.59%降到48.8%")
    assert (article.date, replaced_at is not None) == ("2022", True)
    article, replaced_at = library.as_quoted("a", start=3, quote="由62.59%降到48.9%")
    assert (article.date, replaced_at) == ("2023", None)


def test_a_quote_that_no_version_has_opens_the_article_as_it_is(library, new_article):
    library.replace_articles([new_article("甲。")])
    library.replace_articles([new_article("乙。")])

    assert library.as_quoted("a", start=0, quote="丙。")[1] is None


def test_versions_go_with_their_article(library, new_article):
    library.replace_articles([new_article("甲。")])
    library.replace_articles([new_article("乙。")])
    library.remove_article("a")
    library.replace_articles([new_article("丙。")])

    assert library.versions("a") == []
    assert library.check() == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["甲。\n", "乙，丙。\n", "丁1%。\n"]), min_size=2, max_size=5), st.data())
def test_every_slice_of_every_version_can_still_be_opened(library, new_article, parts, data):
    texts = list(dict.fromkeys("".join(parts[: n + 1]).strip() for n in range(len(parts))))
    for text in texts:
        library.replace_articles([new_article(text, article_id="p")])

    text = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    assert library.as_quoted("p", start=start, quote=quote)[0].text.startswith(quote, start)
    library.remove_article("p")


@pytest.mark.parametrize("text", ["甲。", "乙。"])
def test_a_library_with_versions_is_sound(library, new_article, text):
    library.replace_articles([new_article("丙。")])
    library.replace_articles([new_article(text)])

    assert library.check() == []
