from __future__ import annotations

import os
import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from beds import BEDS, DRUGS, ids, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import (
    ArticleNotFoundError,
)
from rag.types import Filter, Heading


def test_what_goes_in_comes_out(library, new_article):
    new = new_article(
        BEDS,
        title="床位调整",
        source="卫生报",
        date="2023-05",
        url="https://example.org/1",
        regions=("340200",),
        headings=(Heading(start=0, end=5, level=2, kind="question"),),
        facts_from=(("date", "front matter"),),
    )

    write(library, new)

    assert library.article("a") == new.article
    assert library.article_passages("a") == [indexed.passage for indexed in new.passages]
    assert library.check() == []


def test_passages_come_in_the_order_asked_for_without_those_that_are_not_there(library, new_article):
    write(library, new_article(BEDS))

    found = library.passages(["a#2", "nothing", "a#0"])

    assert [passage.passage_id for passage in found] == ["a#2", "a#0"]


def test_neighbours_are_those_of_the_same_article(library, new_article):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))
    first, middle, _ = library.article_passages("a")

    before, after = library.neighbours(middle)

    assert (before.passage_id, after.passage_id) == ("a#0", "a#2")
    assert library.neighbours(first)[0] is None


@pytest.mark.parametrize("name", ["beds-1", "beds", "床位调整"])
def test_an_article_is_found_by_id_by_the_start_of_its_id_and_by_title(library, new_article, name):
    write(
        library,
        new_article(BEDS, article_id="beds-1", title="床位调整"),
        new_article(DRUGS, article_id="drugs"),
    )

    assert library.find_article(name).article_id == "beds-1"


@pytest.mark.parametrize(
    ("name", "count"), [("b", 2), ("none", 0), ("", 0), ("同题", 2), ("b\0", 2), ("%", 0)]
)
def test_a_name_of_no_article_or_several_is_an_error_that_counts_them(library, new_article, name, count):
    write(
        library,
        new_article(BEDS, article_id="b1", title="同题"),
        new_article(DRUGS, article_id="b2", title="同题"),
    )

    with pytest.raises(ArticleNotFoundError) as caught:
        library.find_article(name)

    assert caught.value.values["count"] == str(count)


def test_an_exact_id_wins_over_longer_ids(library, new_article):
    write(library, new_article(BEDS, article_id="b"), new_article(DRUGS, article_id="b2"))

    assert library.find_article("b").article_id == "b"


def test_summaries_and_stats_count(library, new_article, folder):
    write(
        library,
        new_article(BEDS, title="床位", date="2021", regions=("340000",)),
        new_article(DRUGS, article_id="b", date="2023-04-01"),
    )

    summaries, stats = library.articles(), library.stats()

    assert [(s.article_id, s.n_passages, s.n_chars) for s in summaries] == [
        ("a", 3, len(BEDS)),
        ("b", 2, len(DRUGS)),
    ]
    assert summaries[0].origins == ("/articles/a.txt",)
    assert (stats.articles, stats.passages, stats.first_date, stats.last_date) == (2, 5, "2021", "2023-04-01")
    assert stats.passages_by_region == {"340000": 3}
    assert stats.bytes_on_disk >= (folder / "library.db").stat().st_size
    assert library.year_range() == (2021, 2023)


def test_both_searches_find_the_passage_that_says_it(library, new_article, encoder):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))

    dense = library.dense(encoder.embed_query("耗材集中采购节约经费"), top_k=2)
    lexical = library.lexical({"耗材": 1.0, "采购": 1.0}, top_k=2)

    assert ids(dense)[0] == ids(lexical)[0] == "b#1"
    assert dense[0].score == pytest.approx(1.0, abs=1e-5)
    assert [hit.rank for hit in dense] == [1, 2]
    assert {hit.origin for hit in lexical} == {"lexical"}


def test_exact_and_approximate_search_agree(open_library, new_article, encoder):
    write(
        open_library(),
        *[new_article(f"第{n}家医院有{n * 7}张床\n它的编号是{n}", article_id=f"h{n}") for n in range(30)],
    )
    query = encoder.embed_query("第7家医院有49张床")

    approximate, exact = (
        open_library().dense(query, top_k=5),
        open_library(exact_up_to=1000).dense(query, top_k=5),
    )

    assert ids(approximate) == ids(exact)
    assert [hit.score for hit in approximate] == pytest.approx([hit.score for hit in exact], abs=1e-4)


def test_an_empty_library_finds_nothing(library, encoder):
    assert library.dense(encoder.embed_query("医院"), top_k=3) == []
    assert library.lexical({"医院": 1.0}, top_k=3) == []
    assert library.articles() == []
    assert library.year_range() is None
    assert library.check() == []


@pytest.mark.parametrize("exact_up_to", [0, 10**6])
def test_a_narrow_filter_finds_all_it_lets_through(open_library, new_article, encoder, exact_up_to):
    library = open_library(exact_up_to=exact_up_to)
    many = "\n".join(f"第{n}条关于医院的普通句子" for n in range(400))
    write(library, new_article(many, regions=("110000",)))
    write(
        library,
        new_article(BEDS, article_id="b", regions=("340000",), passage_regions=[("340200",), ("340100",)]),
    )
    query = encoder.embed_query("第7条关于医院的普通句子")

    province = Filter(regions=("340000",))
    city = Filter(regions=("340200",))

    assert sorted(ids(library.dense(query, top_k=10, within=province))) == ["b#0", "b#1", "b#2"]
    assert ids(library.dense(query, top_k=10, within=city)) == ["b#0"]
    assert ids(library.lexical({"关于": 1.0, "床位": 1.0, "医院": 1.0}, top_k=10, within=city)) == ["b#0"]


def test_a_passage_has_its_own_regions_or_else_its_articles(library, new_article):
    write(library, new_article(BEDS, regions=("340000",), passage_regions=[("110000",)]))

    assert library.region_counts() == {"110000": 1, "340000": 2}


def test_years_filter_by_the_articles_date_and_leave_undated_ones_out(library, new_article):
    write(
        library,
        new_article("医院一", article_id="y21", date="2021-12-31"),
        new_article("医院二", article_id="y23", date="2023"),
        new_article("医院三", article_id="none"),
    )

    def found(**years):
        hits = library.lexical({"医院": 1.0}, top_k=9, within=Filter(**years))
        return sorted(hit.passage.article_id for hit in hits)

    assert found() == ["none", "y21", "y23"]
    assert found(since_year=2022) == ["y23"]
    assert found(until_year=2022) == ["y21"]
    assert found(since_year=2021, until_year=2023) == ["y21", "y23"]
    assert found(since_year=10**30) == []


def test_a_replaced_article_is_wholly_the_new_one(library, new_article, encoder):
    write(library, new_article(BEDS))

    write(library, new_article(DRUGS))

    assert library.article("a").text == DRUGS
    assert library.passage_count() == 2
    assert library.lexical({"床位": 1.0}, top_k=5) == []
    assert len(library.dense(encoder.embed_query("床位"), top_k=9)) == 2
    assert library.check() == []


def test_a_batch_that_fails_leaves_everything_as_it_was(library, new_article):
    write(library, new_article(BEDS))
    clash = new_article(DRUGS, article_id="b")
    taken = replace(clash.passages[0], passage=replace(clash.passages[0].passage, passage_id="a#0"))
    broken = replace(clash, passages=(taken, *clash.passages[1:]))

    with pytest.raises(sqlite3.IntegrityError):
        write(library, new_article("新的一条", article_id="c"), broken)

    assert [summary.article_id for summary in library.articles()] == ["a"]
    assert library.check() == []


def test_parts_that_do_not_fit_together_are_refused(library, new_article):
    new = new_article(BEDS)
    shifted = replace(new.passages[0], passage=replace(new.passages[0].passage, start=1))

    for wrong in (
        replace(new, vectors=new.vectors[:1]),
        replace(new, vectors=new.vectors[:, :5]),
        replace(new, vectors=np.full_like(new.vectors, np.nan)),
        replace(new, passages=(shifted, *new.passages[1:])),
        replace(new, passages=tuple(reversed(new.passages))),
        replace(new, origin=replace(new.origin, content_hash="other")),
    ):
        with pytest.raises(ValueError, match="a: "):
            write(library, wrong)

    assert library.articles() == []


@pytest.mark.parametrize("vector", [[0.0, 1.0], [float("nan")] * 48, [[0.0] * 48]])
def test_a_vector_that_cannot_be_compared_is_refused(library, vector):
    with pytest.raises(ValueError, match="finite vectors"):
        library.dense(vector, top_k=3)


def test_an_article_goes_with_the_last_file_it_stands_for(library, new_article):
    new = new_article(BEDS)
    write(library, new)
    library.add_origin(replace(new.origin, path="/articles/copy.txt"), article_id="a")

    library.forget_origin("/articles/a.txt")
    assert [summary.origins for summary in library.articles()] == [("/articles/copy.txt",)]

    library.forget_origin("/articles/copy.txt")
    assert library.articles() == []
    assert library.check() == []


def test_a_file_that_moves_to_another_article_takes_the_orphan_with_it(library, new_article):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))

    library.add_origin(replace(new_article(DRUGS).origin, path="/articles/a.txt"), article_id="b")

    assert [summary.article_id for summary in library.articles()] == ["b"]
    assert library.check() == []


def test_a_path_that_is_not_utf8_is_kept(library, new_article):
    path = os.fsdecode(b"/articles/\xff\xfe.txt")
    write(library, new_article(BEDS, path=path))

    assert [origin.file.path for origin in library.origins()] == [path]
    assert library.articles()[0].origins == (path,)
    library.forget_origin(path)
    assert library.articles() == []


def test_removing_an_article_leaves_nothing_of_it(library, new_article):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))

    library.remove_article("a")

    assert [summary.article_id for summary in library.articles()] == ["b"]
    assert library.check() == []
    with pytest.raises(ArticleNotFoundError):
        library.remove_article("a")


TEXTS = st.text(
    st.one_of(
        st.sampled_from("。！？；，、“”（）%1１Ａa\n\u3000𠮷é\0\"'*^(): 的医院改革"),
        st.characters(blacklist_categories=("Cs",)),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS.filter(lambda text: bool(text.strip())), min_size=1, max_size=4))
def test_any_text_comes_out_as_it_went_in_and_is_found_by_its_own_terms(texts, library, new_article):
    new = [new_article(text, article_id=f"t{n}", title=text[:9]) for n, text in enumerate(texts)]
    write(library, *new)

    for one in new:
        assert library.article(one.article.article_id) == one.article
        assert library.article_passages(one.article.article_id) == [
            indexed.passage for indexed in one.passages
        ]
        for indexed in one.passages:
            terms = dict.fromkeys(indexed.body_terms, 1.0)
            found = ids(library.lexical(terms, top_k=1000))
            assert not terms or indexed.passage.passage_id in found
            assert all(count > 0 for count in library.document_frequency(terms).values())


def test_sources_are_counted_by_article_the_most_frequent_first_and_none_is_left_out(library, new_article):
    assert library.source_counts() == {}
    write(
        library,
        new_article("医院一", article_id="a", source="卫生报"),
        new_article("医院二", article_id="b", source="健康报"),
        new_article("医院三", article_id="c", source="健康报"),
        new_article("医院四", article_id="d", source="Lancet"),
        new_article("医院五", article_id="e"),
    )

    assert list(library.source_counts().items()) == [("健康报", 2), ("Lancet", 1), ("卫生报", 1)]

    library.remove_article("d")
    assert list(library.source_counts()) == ["健康报", "卫生报"]


@pytest.mark.parametrize("exact_up_to", [0, 10**6])
def test_a_source_filters_by_its_exact_name_in_both_searches(open_library, new_article, encoder, exact_up_to):
    library = open_library(exact_up_to=exact_up_to)
    hostile = "x' OR '1'='1\",[]"
    names = {"a": "卫生报", "b": "健康报", "c": hostile, "d": None, "e": "衛生報"}
    write(library, *(new_article(f"医院改革{k}", article_id=k, source=name) for k, name in names.items()))
    query = encoder.embed_query("医院改革")

    def found(*sources, **more):
        within = Filter(sources=sources, **more)
        lexical = library.lexical({"医院": 1.0}, top_k=9, within=within)
        dense = library.dense(query, top_k=9, within=within)
        articles = [sorted(hit.passage.article_id for hit in hits) for hits in (lexical, dense)]
        assert articles[0] == articles[1]
        return articles[0]

    assert found() == list("abcde")
    assert found("卫生报") == ["a"]
    assert found("卫生报", "健康报") == ["a", "b"]
    assert found(hostile) == ["c"]
    for none in ("卫生", "", "%", "卫生报 ", "\x00"):
        assert found(none) == []
    assert found("卫生报", since_year=2000) == []


def test_the_spread_is_the_standard_deviation_of_a_question_s_similarities(library, new_article, encoder):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))
    vector = np.asarray(encoder.embed_query("床位"), np.float32)
    scores = [hit.score for hit in library.dense(vector, top_k=100)]

    assert len(scores) == library.passage_count()
    assert library.spread(vector) == pytest.approx(np.std(scores), rel=1e-4)


def test_the_spread_is_drawn_from_all_of_a_larger_library_gaps_included(library, new_article, encoder):
    write(library, *(new_article(f"第{n}家医院新增床位{n}张。", article_id=f"h{n}") for n in range(300)))
    for n in range(0, 300, 3):
        library.remove_article(f"h{n}")
    vector = np.asarray(encoder.embed_query("床位"), np.float32)
    scores = [hit.score for hit in library.dense(vector, top_k=300)]

    assert library.spread(vector) == pytest.approx(np.std(scores), rel=0.3)
    assert library.spread(vector) == library.spread(vector)


def test_a_library_with_too_little_to_spread_still_divides(library, new_article, encoder):
    vector = np.asarray(encoder.embed_query("床位"), np.float32)
    assert library.spread(vector) > 0

    write(library, new_article("同一句话。", article_id="a"), new_article("同一句话。", article_id="b"))
    assert library.spread(vector) > 0
