from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from xml.etree import ElementTree

import numpy as np
import pytest
from fakes import HashingEncoder
from hypothesis import given
from hypothesis import strategies as st

from eval.bench_scale_asking import Measured, Spread, measure, questions_to_ask, spread_of
from eval.bench_scale_library import encode_vectors, grow_library
from eval.bench_scale_sentences import add_sentences
from eval.bench_scale_texts import PASSAGES_PER_ARTICLE, Maker, cut_into_pieces
from eval.bench_scale_views import line_plot, table_of, write_views
from rag.evidence import gather_candidates
from rag.library import Library
from rag.terms import index_terms
from rag.types import Hit

TEXTS = [
    "芜湖市2023年拿出10亿元化解债务，资产负债率降到48.8%。全市12家医院都已参加这项改革，进展顺利。",
    "合肥市今年为1,200名医生提高了待遇，群众看病更方便。医院门诊量比上年增长5.2%，住院天数有所下降。",
]


@pytest.fixture(scope="module")
def maker():
    return Maker(TEXTS)


@given(st.text(alphabet="芜湖市合肥年今2023,.％%一 医院第", max_size=40))
def test_the_pieces_of_a_sentence_are_the_sentence(sentence):
    assert "".join(piece.text for piece in cut_into_pieces(sentence)) == sentence


def test_places_years_and_figures_become_holes():
    holes = [(piece.text, piece.hole) for piece in cut_into_pieces(TEXTS[0][:34]) if piece.hole]

    assert holes == [("芜湖市", "place"), ("2023", "year"), ("10", "figure"), ("48.8%", "figure")]


def test_articles_are_the_same_in_every_run_and_differ_from_each_other(maker):
    made = list(maker.articles(0, 20))

    assert list(Maker(TEXTS).articles(5, 9)) == made[5:9]
    assert (
        len({passage.text for article in made for passage in article.passages}) == 20 * PASSAGES_PER_ARTICLE
    )


def test_the_terms_of_a_passage_are_those_of_its_text(maker):
    passages = [passage for article in maker.articles(0, 20) for passage in article.passages]

    shared = sum(len(set(p.terms) & set(index_terms(p.text))) for p in passages)
    assert shared > 0.9 * sum(len(set(index_terms(p.text))) for p in passages)


def test_texts_without_a_sentence_are_refused():
    with pytest.raises(ValueError, match="no sentence"):
        Maker(["短。"])


@pytest.fixture(scope="module")
def grown(maker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale") / "library"
    encoder = HashingEncoder()
    vectors = encode_vectors(maker, encoder, real=20)
    for passages in (40, 73):
        held = grow_library(folder, maker, vectors, encoder_name=encoder.name, passages=passages)
    return folder, vectors, held


def test_a_grown_library_is_sound_and_is_searched(grown):
    folder, _, held = grown
    with Library.open(folder, exact_up_to=0) as library:
        assert library.check() == []
        assert library.passage_count() == held == 75
        assert len(library.lexical({"医院": 1.0}, top_k=5)) == 5
        hits = library.dense(np.ones(HashingEncoder.dimension, np.float32), top_k=5)
        assert len(hits) == 5


def test_the_first_passages_have_the_encoders_vectors_and_others_lie_near_their_sentences(grown, maker):
    _, vectors, _ = grown
    passages = [passage for article in maker.articles(0, 15) for passage in article.passages]

    made = vectors.of(passages, first=0)

    assert made[:20] == pytest.approx(vectors.real)
    assert np.linalg.norm(made, axis=1) == pytest.approx(np.ones(len(made)), abs=1e-5)
    own = [
        vectors.sentences[list(p.sentences)].mean(axis=0) @ row for p, row in zip(passages, made, strict=True)
    ]
    others = [vectors.sentences.mean(axis=0) @ row for row in made]
    assert np.mean(own) > np.mean(others)


def kept_sentences(folder):
    with Library.open(folder) as library:
        passages = [p for one in library.articles() for p in library.article_passages(one.article_id)]
        hits = [Hit(passage=p, score=1.0, rank=n, origin="fused") for n, p in enumerate(passages, start=1)]
        candidates = gather_candidates(hits, library=library)
        return candidates, library.sentence_vectors(passages)


def test_every_sentence_that_a_question_looks_at_has_a_vector_near_its_own(grown):
    candidates, known = kept_sentences(grown[0])

    assert {(c.article.article_id, c.start, c.end) for c in candidates} == known.keys()
    own = HashingEncoder().embed_passages([c.text for c in candidates])
    found = np.stack([known[c.article.article_id, c.start, c.end] for c in candidates])
    assert (own * found).sum(axis=1).mean() > (own[::-1] * found).sum(axis=1).mean() + 0.1


def test_a_library_built_without_sentences_is_given_the_same_ones(grown, maker, tmp_path):
    folder, vectors, held = grown
    shutil.copytree(folder, tmp_path / "without")
    with closing(sqlite3.connect(tmp_path / "without" / "library.db")) as connection:
        connection.execute("DROP TABLE sentences")
        connection.commit()
    assert kept_sentences(tmp_path / "without")[1] == {}

    assert add_sentences(tmp_path / "without", maker, vectors.sentences) == held

    _, before = kept_sentences(folder)
    _, after = kept_sentences(tmp_path / "without")
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[place], after[place]) for place in before)


def test_sentences_of_other_news_are_refused(grown):
    folder, vectors, _ = grown
    with pytest.raises(ValueError, match="not the article"):
        add_sentences(folder, Maker(TEXTS[:1]), vectors.sentences)


def test_questions_are_the_same_ones_each_time():
    assert questions_to_ask(30) == questions_to_ask(30)
    assert len(set(questions_to_ask(30))) == 30


@pytest.mark.parametrize(
    ("values", "p50", "p95"), [([5.0], 5, 5), (list(range(1, 101)), 50.5, 95), ([3, 1, 2], 2, 3)]
)
def test_a_spread_is_the_median_and_the_95th_of_a_hundred(values, p50, p95):
    assert spread_of(values) == Spread(p50=p50, p95=p95)


def test_a_library_is_measured_step_by_step(sample_library):
    measured = measure(sample_library, count=4, warming=2)

    assert measured.questions == 4
    assert 0 <= measured.answered <= 4
    assert {"understand", "encode", "lexical", "dense", "fuse", "rerank"} <= measured.steps.keys()
    assert measured.total.p95 >= measured.total.p50 > 0
    assert min(measured.peak_mb, measured.record_mb, measured.first_s) > 0


def measured_at(passages):
    one = Spread(p50=passages / 1000, p95=passages / 500)
    return Measured(
        passages=passages,
        questions=9,
        answered=5,
        total=one,
        processor=one,
        steps={"understand": one, "lexical": one, "retrieve": one},
        first_s=1.0,
        peak_mb=300.0,
        record_mb=20.0,
        vectors_mb=10.0,
        load=1.0,
    )


def test_what_was_measured_is_written_as_json_table_and_plots(tmp_path):
    table = write_views([measured_at(10_000), measured_at(100_000)], tmp_path)

    assert "| … lexical | 10 / 20 | 100 / 200 |" in table
    assert "retrieve" not in table
    assert json.loads((tmp_path / "scale.json").read_text("utf-8"))[1]["passages"] == 100_000
    for name in ("p50", "p95", "held"):
        drawn = ElementTree.parse(tmp_path / f"scale-{name}.svg").getroot()
        assert len(drawn.findall("{*}polyline")) == 3
        assert len(drawn.findall("{*}circle")) == 6


def test_one_library_alone_can_be_shown():
    assert table_of([measured_at(10_000)]).count("\n") > 5
    ElementTree.fromstring(line_plot("<&>", "ms", {"a": [(10.0, 0.0)]}))
