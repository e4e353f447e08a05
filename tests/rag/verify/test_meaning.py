from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.build import build_encoder, build_meaning
from rag.settings import Settings
from rag.verify import verify
from rag.verify.meaning import EncoderMeaning, character_share, says_the_same

EVIDENCE = "丽水市把县、乡两级的医疗资源整合起来，建起一张院前医疗急救网络。"
REWORDED = "丽水整合县乡医疗资源，搭建院前急救的网络。"


class Fixed:
    def __init__(self, cosine):
        self.value = cosine
        self.asked = 0

    def cosine(self, *_texts):
        self.asked += 1
        return self.value


@pytest.fixture(scope="module")
def meaning():
    return build_meaning(build_encoder(Settings()))


def test_what_is_said_in_other_words_is_supported_by_its_meaning(meaning):
    assert verify(REWORDED, EVIDENCE, meaning=meaning).supported


@pytest.mark.parametrize(
    "claim",
    [
        "丽水市建成了三所新的中医医院。",
        "丽水把急救费用纳入医保报销范围。",
        "丽水整合县乡医疗资源，又给乡镇医生发了安家补贴。",
        "丽水没有整合县乡医疗资源。",
        "芜湖整合县乡医疗资源，搭建院前急救的网络。",
        "丽水整合县乡医疗资源，搭建5张院前急救的网络。",
    ],
)
def test_nearness_in_meaning_never_outweighs_what_is_invented_or_wrong(claim, meaning):
    assert not verify(claim, EVIDENCE, meaning=meaning).supported


def test_the_encoder_is_asked_only_where_characters_leave_it_open():
    sure, open_case = Fixed(1.0), Fixed(0.99)

    assert not says_the_same("完全不同的话题", "完全不同的话题", "另外一句内容", sure)
    assert sure.asked == 0
    assert says_the_same("甲乙丙丁", "甲乙丙丁", "甲乙丙与", open_case)
    assert open_case.asked == 1
    assert not says_the_same("甲乙丙丁", "甲乙丙丁", "甲乙丙与", Fixed(0.8))


def test_each_text_is_encoded_once(meaning):
    calls = []

    class Counting:
        def embed_passages(self, texts):
            calls.extend(texts)
            return [[1.0, 0.0]] * len(texts)

    counted = EncoderMeaning(Counting())

    assert counted.cosine("甲", "乙") == counted.cosine("乙", "甲") == 1.0
    assert sorted(calls) == ["乙", "甲"]


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_share_of_characters_is_a_share(words, text):
    assert 0 <= character_share(words, text) <= 1
    assert character_share(words, words) == 1
