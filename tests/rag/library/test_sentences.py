from __future__ import annotations

import dataclasses
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from beds import BEDS, DRUGS, write
from fakes import DIMENSION, HashingEncoder
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rag.library import Library, SentenceVectors
from rag.library.sentences import pack, unpack
from rag.rerank import embed_sentences

FORMAT_1 = Path(__file__).parent / "format1" / "library.db"
TWO = "市中医院今年新增床位二百多张。县医院关停旧病区三个，没有新的！\n乡镇卫生院配齐全科医生。"


@pytest.fixture
def with_sentences(new_article, encoder):
    """Makes an article with the vectors of its sentences, as an ingest does."""

    def make(text: str, **fields):
        new = new_article(text, **fields)
        passages = [indexed.passage for indexed in new.passages]
        (found,) = embed_sentences([(new.article, passages)], encoder)
        return dataclasses.replace(new, sentences=tuple(found))

    return make


def change(folder, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def kept(library: Library) -> dict:
    passages = [p for one in library.articles() for p in library.article_passages(one.article_id)]
    return library.sentence_vectors(passages)


def texts(library: Library) -> list[str]:
    return sorted(library.article(article_id).text[a:b] for article_id, a, b in kept(library))


def assert_encoders_own(library: Library, encoder: HashingEncoder) -> None:
    for (article_id, start, end), vector in kept(library).items():
        (own,) = encoder.embed_passages([library.article(article_id).text[start:end]])
        assert vector @ own > 0.999


vectors_of_any_length = st.integers(0, 6).flatmap(
    lambda count: arrays.arrays(
        np.float32,
        (count, DIMENSION),
        elements=st.floats(-1, 1, width=32, allow_subnormal=False),
    )
)


@given(vectors_of_any_length, st.data())
def test_spans_come_back_as_they_were_and_vectors_in_their_direction(matrix, data):
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    units = matrix / np.where(lengths > 1e-3, lengths, np.inf)
    span = st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
    spans = tuple(data.draw(st.lists(span, min_size=len(units), max_size=len(units))))

    read = unpack(pack(SentenceVectors(spans=spans, vectors=units)), dimension=DIMENSION)

    assert read is not None
    assert read.spans == spans
    for found, unit in zip(read.vectors, units, strict=True):
        assert found @ unit == pytest.approx(1 if unit.any() else 0, abs=1e-4)
        assert np.linalg.norm(found) == pytest.approx(1 if unit.any() else 0, abs=1e-5)


@given(st.integers(0), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_noticed(at, change):
    packed = pack(SentenceVectors(spans=((0, 3),), vectors=np.ones((1, DIMENSION), np.float32)))
    at %= len(packed)
    damaged = packed[:at] + bytes([packed[at] ^ change]) + packed[at + 1 :]

    assert unpack(damaged, dimension=DIMENSION) is None


@pytest.mark.parametrize("stored", [b"", b"short", "text", None, 7, bytes(500)])
def test_what_was_never_packed_is_no_sentence(stored):
    assert unpack(stored, dimension=DIMENSION) is None


def test_vectors_of_another_length_are_of_no_use():
    packed = pack(SentenceVectors(spans=((0, 3),), vectors=np.ones((1, DIMENSION), np.float32)))

    assert unpack(packed, dimension=DIMENSION + 1) is None


def test_every_sentence_of_an_article_is_kept_with_its_own_vector(library, with_sentences, encoder):
    write(library, with_sentences(TWO))

    assert texts(library) == sorted(
        ["市中医院今年新增床位二百多张。", "县医院关停旧病区三个，没有新的！", "乡镇卫生院配齐全科医生。"]
    )
    assert_encoders_own(library, encoder)
    assert library.check() == []


def test_an_article_that_came_without_is_sound_and_has_none(library, new_article):
    write(library, new_article(BEDS))

    assert kept(library) == {}
    assert library.check() == []


def test_sentences_go_with_their_article_and_change_with_it(library, with_sentences, new_article, encoder):
    write(library, with_sentences(TWO), with_sentences(DRUGS, article_id="b"))
    write(library, with_sentences(TWO + "\n后来又增加了一行。"))
    assert "后来又增加了一行。" in texts(library)
    assert_encoders_own(library, encoder)

    write(library, new_article(TWO))
    assert {article_id for article_id, *_ in kept(library)} == {"b"}

    library.remove_article("b")
    assert kept(library) == {}
    assert library.check() == []


@pytest.mark.parametrize(
    "wrong",
    [
        lambda one: (one.sentences[0],),
        lambda one: tuple(dataclasses.replace(s, vectors=s.vectors[:, :3]) for s in one.sentences),
        lambda one: tuple(dataclasses.replace(s, vectors=s.vectors * np.nan) for s in one.sentences),
        lambda one: tuple(dataclasses.replace(s, spans=((0, 9999),) * len(s.spans)) for s in one.sentences),
    ],
)
def test_sentences_that_do_not_fit_their_article_are_refused(library, with_sentences, wrong):
    new = with_sentences(TWO)

    with pytest.raises(ValueError, match="sentence"):
        write(library, dataclasses.replace(new, sentences=wrong(new)))
    assert library.is_empty


def test_repair_makes_what_is_missing_and_what_is_damaged(
    library, with_sentences, new_article, folder, encoder
):
    write(library, with_sentences(TWO), new_article(DRUGS, article_id="b"))
    library.close()
    change(folder, "UPDATE sentences SET vectors = CAST(vectors || x'00' AS BLOB) WHERE passage = 1")
    assert [problem.code for problem in Library.check_at(folder)] == ["sentences"]

    Library.repair(folder, encoder)

    assert Library.check_at(folder) == []
    with Library.open(folder) as repaired:
        assert len(kept(repaired)) == 5
        assert_encoders_own(repaired, encoder)


def test_repair_for_another_encoder_makes_them_all_anew(library, with_sentences, folder, encoder):
    write(library, with_sentences(TWO))
    library.close()
    encoder.name, encoder.dimension = "wider", 64

    Library.repair(folder, encoder)

    with Library.open(folder, encoder_name="wider", dimension=64) as repaired:
        assert len(kept(repaired)) == 3
        assert_encoders_own(repaired, encoder)
        assert repaired.check() == []


def test_a_repair_that_is_stopped_before_the_sentences_leaves_a_sound_library(
    library, with_sentences, folder, encoder, monkeypatch
):
    write(library, with_sentences(TWO))
    library.close()
    encoder.name = "other"

    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("rag.rerank.embed_sentences", stopped)
        with pytest.raises(KeyboardInterrupt):
            Library.repair(folder, encoder)

    with Library.open(folder, encoder_name="other", dimension=DIMENSION) as found:
        assert kept(found) == {}
        assert found.check() == []


def test_what_a_salvage_saves_keeps_its_sentences_and_no_passage_gets_anothers(
    library, with_sentences, folder, encoder
):
    write(library, with_sentences(TWO), with_sentences(DRUGS, article_id="b"))
    library.close()
    # The last passages are lost, and those cut anew take their numbers.
    change(folder, "DELETE FROM passages WHERE article_id = 'b'")

    report = Library.repair(folder, encoder)

    assert report.salvaged is not None
    assert report.salvaged.resplit == ("b",)
    with Library.open(folder) as repaired:
        assert {article_id for article_id, *_ in kept(repaired)} == {"a", "b"}
        assert_encoders_own(repaired, encoder)
        for passage in repaired.article_passages("b"):
            (hit,) = repaired.dense(encoder.embed_query(passage.embedded), top_k=1)
            assert hit.passage == passage
            assert hit.score > 0.999


def test_a_library_of_the_first_format_is_read_without_and_filled_by_a_repair(tmp_path, bundled_encoder):
    shutil.copy(FORMAT_1, tmp_path / "library.db")
    with Library.open(tmp_path) as library:
        assert kept(library) == {}

    Library.repair(tmp_path, bundled_encoder)

    with Library.open(
        tmp_path, encoder_name=bundled_encoder.name, dimension=bundled_encoder.dimension
    ) as library:
        assert library.check() == []
        assert len(kept(library)) >= library.passage_count()
