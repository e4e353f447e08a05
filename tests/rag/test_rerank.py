from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from rag.evidence import gather_candidates
from rag.rerank import MOST_SENTENCES, embed_sentences, mark_standouts
from rag.types import Article, Hit, Passage

TEXT = """# 三座城市

南昌市的医院食堂换了新的桌椅，菜价没有变化。

赣州市把救护车的平均到达时间缩短了十三分钟。

九江市的图书馆延长了周末的开放时间。
"""


def vector_of(question, encoder):
    return np.asarray(encoder.embed_query(question), dtype=np.float32)


def test_the_sentence_nearest_in_meaning_stands_out_most(candidates_in, bundled_encoder):
    candidates = candidates_in(TEXT)

    marked = mark_standouts(
        candidates, vector_of("急救车多久能到?", bundled_encoder), encoder=bundled_encoder
    )

    assert "救护车" in max(marked, key=lambda c: c.standout).text


def test_an_english_question_finds_its_chinese_sentence(candidates_in, bundled_encoder):
    question = "How long until the ambulance arrives?"

    marked = mark_standouts(
        candidates_in(TEXT), vector_of(question, bundled_encoder), encoder=bundled_encoder
    )

    assert "救护车" in max(marked, key=lambda c: c.standout).text


def test_standouts_lie_between_nothing_and_a_clear_lead(candidates_in, bundled_encoder):
    marked = mark_standouts(
        candidates_in(TEXT), vector_of("食堂的菜价", bundled_encoder), encoder=bundled_encoder
    )

    standouts = [c.standout for c in marked]
    assert all(0 <= s <= 1 for s in standouts)
    assert min(standouts) == 0
    assert max(standouts) > 0


def test_only_the_mark_is_new_and_the_order_is_kept(candidates_in, bundled_encoder):
    candidates = candidates_in(TEXT)

    marked = mark_standouts(candidates, vector_of("桌椅", bundled_encoder), encoder=bundled_encoder)

    assert [(c.start, c.end, c.rank) for c in marked] == [(c.start, c.end, c.rank) for c in candidates]


def test_sentences_of_low_rank_are_not_read(candidates_in, bundled_encoder):
    lines = "\n\n".join(f"南昌市第{n}号窗口负责办理居民的各项登记。" for n in range(MOST_SENTENCES + 4))
    candidates = candidates_in(f"# 窗口\n\n{lines}")

    marked = mark_standouts(candidates, vector_of("第27号窗口", bundled_encoder), encoder=bundled_encoder)

    assert len(marked) == len(candidates) > MOST_SENTENCES
    assert [c.standout for c in marked[MOST_SENTENCES:]] == [0.0] * (len(candidates) - MOST_SENTENCES)


def test_one_sentence_alone_stands_out_from_nothing(candidates_in, bundled_encoder):
    (marked,) = mark_standouts(
        candidates_in("# 食堂\n\n南昌市的医院食堂换了新的桌椅，菜价没有变化。"),
        vector_of("南昌市的医院食堂", bundled_encoder),
        encoder=bundled_encoder,
    )

    assert marked.standout == pytest.approx(0, abs=1e-3)


def test_no_sentences_need_no_encoder(bundled_encoder):
    assert mark_standouts([], vector_of("食堂", bundled_encoder), encoder=bundled_encoder) == []


@pytest.fixture
def gathered(tiny_library):
    """Every sentence of the library, with the passages that they stand in."""
    passages = [p for one in tiny_library.articles() for p in tiny_library.article_passages(one.article_id)]
    hits = [Hit(passage=p, score=1.0, rank=n, origin="fused") for n, p in enumerate(passages, start=1)]
    return gather_candidates(hits, library=tiny_library), tiny_library.sentence_vectors(passages)


class NoEncoder:
    """Asked to embed anything, it fails."""


@pytest.mark.parametrize("question", ["合肥市核增了多少编制?", "How fast do ambulances come?"])
def test_an_ingest_leaves_a_question_nothing_to_encode_and_leads_are_the_same(
    gathered, bundled_encoder, question
):
    candidates, known = gathered
    vector = vector_of(question, bundled_encoder)

    marked = mark_standouts(candidates, vector, encoder=NoEncoder(), known=known)

    encoded = mark_standouts(candidates, vector, encoder=bundled_encoder)
    assert [c.lead for c in marked] == pytest.approx([c.lead for c in encoded], abs=1.5e-4)
    assert len({c.lead for c in marked}) > 3


def test_a_sentence_cut_in_another_way_is_encoded(gathered, bundled_encoder):
    candidates, known = gathered
    vector = vector_of("合肥市核增了多少编制?", bundled_encoder)
    longer = [dataclasses.replace(c, end=c.end - 1) for c in candidates]

    marked = mark_standouts([candidates[0], *longer[1:]], vector, encoder=bundled_encoder, known=known)

    encoded = mark_standouts([candidates[0], *longer[1:]], vector, encoder=bundled_encoder)
    assert [c.lead for c in marked] == pytest.approx([c.lead for c in encoded], abs=1.5e-4)
    with pytest.raises(AttributeError):
        mark_standouts(longer, vector, encoder=NoEncoder(), known=known)


def test_sentences_that_two_passages_share_and_those_that_ask_are_embedded_once_or_not(bundled_encoder):
    text = "全市的医院去年还清债务了吗？市财政拨了钱，县里也出了。钱从市财政来，分三年拨付到位。"
    article = Article(article_id="a", title=None, text=text)
    passages = [
        Passage(passage_id=str(n), article_id="a", ordinal=n, start=a, end=b, text=text[a:b])
        for n, (a, b) in enumerate([(0, 30), (30, len(text))])
    ]
    counted = []

    class Counting:
        def embed_passages(self, texts):
            counted.extend(texts)
            return bundled_encoder.embed_passages(texts)

    ((first, second),) = embed_sentences([(article, passages)], Counting())

    assert counted == ["市财政拨了钱，县里也出了。", "钱从市财政来，分三年拨付到位。"]
    assert first.spans[-1] == second.spans[0]
    assert np.array_equal(first.vectors[-1], second.vectors[0])
