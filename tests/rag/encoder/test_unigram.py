from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from rag.encoder.unigram import UnigramTokenizer, save_vocabulary
from rag.encoder.weights import MULTILINGUAL_E5_SMALL, Vocabulary, read_weights
from tests.support.effort import effort_below

ALPHABET = "医改院，。ab1 \n\u3000Ａ𠮷😀"
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]


def vocabulary_of(pieces, *, seed=1):
    scores = random.Random(seed)
    return Vocabulary(
        pieces=(*SPECIAL, *pieces, "<mask>"),
        scores=(0.0,) * 4 + tuple(scores.uniform(-12, -1) for _ in pieces) + (0.0,),
        bos=0,
        eos=2,
        pad=1,
        unknown=3,
        special=frozenset({0, 1, 2, 3, 4 + len(pieces)}),
        normalisation={ord("Ａ"): "A", ord("\n"): " ", 0x3000: " ", 0x07: ""},
    )


def tokenizer_of(vocabulary):
    with tempfile.TemporaryDirectory() as folder:
        save_vocabulary(vocabulary, Path(folder))
        return UnigramTokenizer(Path(folder))


def oracle_of(vocabulary):
    oracle = Tokenizer(models.Unigram(list(zip(vocabulary.pieces, vocabulary.scores, strict=True)), unk_id=3))
    oracle.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return oracle


@pytest.fixture
def tokenizer():
    return tokenizer_of(vocabulary_of(["▁", "医", "改", "医改", "a", "ab", "abab"]))


@given(
    pieces=st.lists(st.text("医改院ab▁", min_size=1, max_size=4), unique=True, max_size=12),
    text=st.text(ALPHABET, max_size=60),
    seed=st.integers(0, 999),
)
def test_texts_are_cut_as_the_tokenizers_library_cuts_them(pieces, text, seed):
    # As SentencePiece makes them: the mark of a word's start is nowhere but at the start.
    pieces = list(dict.fromkeys(piece[:1] + piece[1:].replace("▁", "a") for piece in pieces))
    vocabulary = vocabulary_of(pieces, seed=seed)
    tokenizer = tokenizer_of(vocabulary)

    ids = tokenizer.encode(text)

    assert ids == [
        0,
        *oracle_of(vocabulary).encode(tokenizer.normalise(text), add_special_tokens=False).ids,
        2,
    ]


def test_the_real_vocabulary_cuts_mixed_text_as_the_tokenizers_library_does(encoder, tmp_path):
    vocabulary = read_weights(MULTILINGUAL_E5_SMALL).vocabulary
    save_vocabulary(vocabulary, tmp_path)
    tokenizer = UnigramTokenizer(tmp_path)
    oracle = oracle_of(vocabulary)
    text = (
        "passage: 該縣醫共體的醫保基金由牽頭醫院統一管理，2023年結餘1,280萬元（同比增長6.5%）。"
        "这家医院的 DRG 付费占比为 72%～75%，CMI＝1.08；naïve café Ⅲ级公立医院！！！𠮷野 😀"
    )

    assert tokenizer.encode(text) == [
        0,
        *oracle.encode(tokenizer.normalise(text), add_special_tokens=False).ids,
        2,
    ]


def test_special_tokens_in_a_text_are_text(tokenizer):
    ids = tokenizer.encode("</s><s><unk>")

    assert ids == [0, 4, 3, 2]  # a word that begins, and one run of unknown characters


def test_neighbouring_unknown_characters_are_one_token(tokenizer):
    assert tokenizer.encode("院院院医") == [0, 4, 3, 5, 2]


def test_the_same_words_are_the_same_tokens_however_they_are_spaced(tokenizer):
    assert tokenizer.encode("  医改\n\n\tab\u3000 ") == tokenizer.encode("医改 ab")


def test_the_models_own_map_is_applied(tokenizer):
    assert tokenizer.normalise("Ａ\x07 e\u0301") == "A é"


@pytest.mark.parametrize("text", ["", "   \n", "\x00", "\x07"])
def test_a_text_without_words_is_only_the_special_tokens(tokenizer, text):
    assert tokenizer.encode(text) == [0, 2]


@given(text=st.text(st.characters(), max_size=80), size=st.integers(2, 20))
def test_a_cut_text_is_the_beginning_of_the_whole_one(text, size):
    tokenizer = tokenizer_of(vocabulary_of(["▁", "医", "改", "医改", "a", "ab"]))

    whole, cut = tokenizer.encode(text), tokenizer.encode(text, max_tokens=size)

    assert cut == (whole if len(whole) <= size else [*whole[: size - 1], 2])


@given(st.lists(st.sampled_from(["\ud800", "\udfff", "医", "a", " "])).map("".join))
def test_lone_surrogates_are_spaces(text):
    tokenizer = tokenizer_of(vocabulary_of(["▁", "医", "a"]))

    assert tokenizer.encode(text) == tokenizer.encode(text.replace("\ud800", " ").replace("\udfff", " "))


@pytest.mark.parametrize("unit", ["a", "院", "ﷺ", "医 ", "\u0300\u0316"])
def test_a_long_hostile_line_takes_time_in_proportion(tokenizer, unit):
    text = unit * (200_000 // len(unit))

    with effort_below(3):
        tokenizer.encode(text)


def test_what_was_looked_up_is_forgotten_before_it_fills_the_memory(tokenizer, monkeypatch):
    text = "医改改医ab院abab"
    ids = tokenizer.encode(text)
    monkeypatch.setattr("rag.encoder.unigram._MEMORY_LIMIT", 3)

    assert tokenizer.encode(text + "ba") == [*ids[:-1], *tokenizer.encode("医ba")[-3:]]
    assert len(tokenizer._known) <= 3


def test_a_shortened_file_is_noticed(tmp_path):
    save_vocabulary(vocabulary_of(["▁", "医"]), tmp_path)
    pieces = tmp_path / "pieces.bin"
    pieces.write_bytes(pieces.read_bytes()[:-1])

    with pytest.raises(ValueError, match=r"pieces\.bin"):
        UnigramTokenizer(tmp_path)
