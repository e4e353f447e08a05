from __future__ import annotations

import itertools
import shutil

import pytest

from rag.briefing.citing import lines_of
from rag.briefing.proof import check_briefing
from rag.briefing.schema import from_json, to_json
from rag.briefing.shelf import Shelf
from rag.briefing.types import Request
from rag.briefing.write import empty_briefing, write_briefing
from rag.build import build_pipeline, open_library
from rag.encoder.remembering import RememberingEncoder
from rag.errors import NothingFoundError, TopicUnclearError
from rag.figures import find_figures

TOPICS = ("公立医院化债", "编制改革", "紧密型医共体")
EVERY = list(itertools.product(TOPICS, ("zh", "en")))


@pytest.mark.parametrize(("topic", "language"), EVERY)
def test_every_line_cell_and_bar_is_proven_by_the_library(briefing_on, briefing_pipeline, topic, language):
    briefing = briefing_on(topic, language=language)

    assert check_briefing(briefing, Shelf(briefing_pipeline.library)) == ()
    assert briefing.dropped == ()


@pytest.mark.parametrize(("topic", "language"), EVERY)
def test_sources_are_exact_places_numbered_without_gaps(briefing_on, briefing_pipeline, topic, language):
    briefing = briefing_on(topic, language=language)

    assert [s.number for s in briefing.sources] == list(range(1, len(briefing.sources) + 1))
    for source in briefing.sources:
        text = briefing_pipeline.library.article(source.article_id).text
        assert text[source.start : source.end] == source.quote


@pytest.mark.parametrize(("topic", "language"), EVERY)
def test_every_figure_of_a_line_stands_in_what_it_cites_or_is_said_to_be_computed(
    briefing_on, topic, language
):
    briefing = briefing_on(topic, language=language)
    quotes = {s.number: s.quote for s in briefing.sources}

    for line in lines_of(briefing.sections):
        told = {f.value for n in line.sources for f in find_figures(quotes[n])}
        missing = {f.value for f in find_figures(line.text) if f.kind != "ordinal"} - told
        assert len(missing) <= (1 if line.is_computed else 0), line.text


@pytest.mark.parametrize("topic", TOPICS)
def test_the_same_library_and_topic_give_the_same_briefing(briefing_on, briefing_pipeline, topic):
    assert write_briefing(briefing_pipeline, Request(topic=topic)) == briefing_on(topic)


@pytest.mark.parametrize(("topic", "language"), EVERY)
def test_a_briefing_survives_its_json(briefing_on, topic, language):
    briefing = briefing_on(topic, language=language)

    assert from_json(to_json(briefing)) == briefing


def test_a_briefing_tells_of_its_topic_and_sets_out_what_changed(briefing_on):
    briefing = briefing_on("公立医院化债")
    by_kind = {s.kind: s for s in briefing.sections}

    assert [part.heading for part in by_kind["practice"].parts] == ["安徽省芜湖市"]
    (row,) = by_kind["changes"].grid.rows
    assert [cell[0].text for cell in row[1][:2]] == ["62.59%", "48.8%"]
    assert row[1][2][0].is_computed
    assert "13.79个百分点" in row[1][2][0].text


def test_places_are_compared_and_empty_cells_are_told(briefing_on):
    briefing = briefing_on("编制改革")
    by_kind = {s.kind: s for s in briefing.sections}
    grid = by_kind["comparison"].grid
    empty = sum(not cell for name, cells in grid.rows for cell in cells)

    assert {name for name, _ in grid.rows} >= {"安徽省芜湖市", "贵州省铜仁市", "重庆市"}
    assert len(by_kind["silence"].lines) == empty
    assert all("资料中未提及" in line.text for line in by_kind["silence"].lines)


def test_no_clause_is_told_twice_among_what_is_done_where(briefing_on):
    for topic in TOPICS:
        parts = next(s for s in briefing_on(topic).sections if s.kind == "practice").parts
        told = [number for part in parts for line in part.lines for number in line.sources]
        spans = [briefing_on(topic).sources[number - 1] for number in told]
        assert not any(
            a.article_id == b.article_id and a.start < b.end and b.start < a.end
            for a, b in itertools.combinations(spans, 2)
        )


def test_only_the_places_asked_for_are_told_of(briefing_on):
    briefing = briefing_on("编制改革", regions=("贵州省铜仁市", "安徽省合肥市"))
    by_kind = {s.kind: s for s in briefing.sections}

    assert [part.heading for part in by_kind["practice"].parts] == ["贵州省铜仁市"]
    assert [line.text for line in by_kind["silence"].lines] == ["（安徽省合肥市 · 编制）资料中未提及。"]


def test_a_place_in_the_topic_limits_it(briefing_on):
    briefing = briefing_on("铜仁的编制改革")

    parts = next(s for s in briefing.sections if s.kind == "practice").parts
    assert [part.heading for part in parts] == ["贵州省铜仁市"]


def test_only_articles_of_the_years_asked_for_are_read(briefing_on):
    briefing = briefing_on("编制改革", since_year=2025)

    assert briefing.sources
    assert all(source.date and source.date >= "2025" for source in briefing.sources)


def test_progress_is_told_of_every_question(briefing_pipeline):
    seen = []

    briefing = write_briefing(
        briefing_pipeline, Request(topic="公立医院化债"), on_progress=lambda *at: seen.append(at)
    )

    total = len(briefing.questions)
    assert [at[:2] for at in seen] == [(n, total) for n in range(total + 1)]


@pytest.mark.parametrize("topic", ["农村电商", "量子计算", "football"])
def test_a_topic_that_the_library_lacks_is_refused(briefing_pipeline, topic):
    with pytest.raises(NothingFoundError) as refusal:
        write_briefing(briefing_pipeline, Request(topic=topic))

    assert topic in refusal.value.localised("zh")


def test_a_refusal_names_the_places_of_which_there_is_something(briefing_pipeline):
    with pytest.raises(NothingFoundError) as refusal:
        write_briefing(briefing_pipeline, Request(topic="公立医院化债", regions=("安徽省合肥市",)))

    assert "有资料的是：安徽省芜湖市" in refusal.value.localised("zh")


@pytest.mark.parametrize("topic", ["芜湖", "？！", ""])
def test_a_topic_that_names_nothing_is_turned_away(briefing_pipeline, topic):
    with pytest.raises(TopicUnclearError):
        write_briefing(briefing_pipeline, Request(topic=topic))


def test_a_place_that_is_none_is_turned_away(briefing_pipeline):
    with pytest.raises(ValueError, match="火星"):
        write_briefing(briefing_pipeline, Request(topic="编制改革", regions=("火星",)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("regions", [(), ("安徽省合肥市",)])
@pytest.mark.parametrize("topic", ["农村电商", "<b>=1+1</b>", "rural e-commerce"])
def test_an_empty_briefing_says_only_that_the_articles_are_silent(
    briefing_pipeline, topic, regions, language
):
    briefing = empty_briefing(briefing_pipeline, Request(topic=topic, regions=regions, language=language))

    assert check_briefing(briefing, Shelf(briefing_pipeline.library)) == ()
    assert briefing.sections[0].lines


def test_relative_dates_are_reckoned_from_the_article_and_said_to_be(tiny_pipeline):
    briefing = write_briefing(tiny_pipeline, Request(topic="编制"))

    rows = dict(next(s for s in briefing.sections if s.kind == "timeline").grid.rows)
    (last_year,) = rows["2020年"][0]
    assert "去年核增编制300个" in last_year.text
    assert "2021-05-06" in last_year.note
    assert list(rows) == sorted(rows)


def test_a_changed_figure_changes_what_tells_it_and_nothing_else(
    tmp_path, sample_folder, bundled_encoder, default_settings
):
    folder = tmp_path / "articles"
    shutil.copytree(sample_folder, folder)
    encoder = RememberingEncoder(bundled_encoder)
    before = _ingested_and_briefed(folder, tmp_path / "library", encoder, default_settings)
    article = folder / "wuhu-debt.md"

    article.write_text(article.read_text(encoding="utf-8").replace("48.8%", "47.3%"), encoding="utf-8")
    after = _ingested_and_briefed(folder, tmp_path / "library", encoder, default_settings)

    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert before.keys() == after.keys()
    assert ("colophon", "library_hash") in changed
    for path in changed - {("colophon", "library_hash")}:
        assert "48.8" in str(before[path])
        told = str(before[path]).replace("48.8", "47.3").replace("13.79", "15.29")
        assert str(after[path]) == told, path
    assert len(changed) > 5


def _ingested_and_briefed(folder, place, encoder, settings):
    from ingest.run import ingest_paths

    with open_library(place, encoder, create=True) as library:
        ingest_paths([folder], library=library, encoder=encoder)
        pipeline = build_pipeline(library, encoder, settings, composer="extractive")
        return dict(_leaves(to_json(write_briefing(pipeline, Request(topic="公立医院化债")))))


def _leaves(value, path=()):
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(one, (*path, name))
    elif isinstance(value, (list, tuple)):
        for number, one in enumerate(value):
            yield from _leaves(one, (*path, number))
    else:
        yield path, value
