import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.normalise import fold
from rag.terms import _stop_words, content_terms, foreign_terms, index_terms, pairs
from tests.support.effort import effort_below

ALPHABET = "医改芜湖资产负债率编制的了是多少怎么醫療債務編製𠮷。！？；，、“”（）%％.,0123456789０１２，．abcXYZａｂＣé'’\"- \n\u3000ß"
texts = st.text(alphabet=st.sampled_from(ALPHABET), max_size=60)
FTS5 = "create virtual table passages using fts5(terms, tokenize=\"unicode61 categories 'L* N* P* S* Co'\")"


def test_a_chinese_word_comes_with_the_shorter_words_inside_it():
    assert set(index_terms("资产负债率")) >= {"资产", "负债率", "资产负债率"}


def test_latin_words_are_lower_case_and_split_at_hyphens():
    assert index_terms("Asset-Liability Ratio") == ["asset", "liability", "ratio"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("62.59%", ["62.59%"]),
        ("1.2", ["1.2"]),
        ("2019", ["2019"]),
        ("1,200", ["1200"]),
        ("１，２００", ["1200"]),
        ("12，200", ["12", "200"]),
        ("1,234,567.5", ["1234567.5"]),
        ("12,34", ["12", "34"]),
        ("48.8％", ["48.8%"]),
    ],
)
def test_numbers_stay_whole(text, terms):
    assert index_terms(text) == terms


def test_letters_beside_han_are_a_term_of_their_own():
    assert index_terms("DRG付费")[0] == "drg"


def test_content_terms_hold_no_question_words():
    terms = content_terms("请问某县的急救半径到底缩小了多少?怎么做到的?")

    assert {"急救", "半径", "缩小"} <= set(terms)
    assert not {"请问", "到底", "多少", "怎么", "的"} & set(terms)


def test_english_content_terms_hold_no_question_words():
    assert content_terms("How did the city reduce its debt?") == ["city", "reduce", "debt"]


def test_content_terms_come_once_and_in_order():
    assert content_terms("debt and beds, beds and debt") == ["debt", "beds"]


def test_traditional_text_has_the_terms_of_simplified_text():
    simplified = "公立医院资产负债率下降，编制周转池让乡村医生安心工作。"
    traditional = "公立醫院資產負債率下降，編制周轉池讓鄉村醫生安心工作。"

    assert index_terms(traditional) == index_terms(simplified)


def test_full_width_has_the_terms_of_half_width():
    assert index_terms("ＤＲＧ付费，２０２４年占８５．０２％") == index_terms("DRG付费,2024年占85.02%")


def test_pairs_are_those_of_neighbours_whatever_the_words_are():
    assert pairs("周转池") == ["周转", "转池"]


def test_latin_words_and_numbers_are_whole_pieces():
    assert pairs("DRG付费占62.59%") == ["drg", "付费", "费占", "62.59%"]
    assert pairs("1,200床") == ["1200", "床"]


def test_pairs_of_function_words_are_left_out():
    assert pairs("的是 the 了") == []
    assert "哪些" not in pairs("有哪些医院")


def test_a_word_cut_in_two_ways_shares_its_pairs():
    assert set(pairs("编制周转池")) <= set(pairs("县里的编制周转池制度"))


def test_traditional_full_width_text_has_the_pairs_of_simplified_half_width():
    assert pairs("ＤＲＧ付費，２０２４年") == pairs("drg付费,2024年")


def test_foreign_terms_are_words_and_numbers_only():
    assert foreign_terms("drg付费 占62.59%，drg") == ["drg", "62.59%", "drg"]


@pytest.mark.parametrize(
    "word", ["芜湖", "医院", "增加", "编制", "县", "村", "目标", "debt", "county", "reduce"]
)
def test_words_with_content_are_not_stop_words(word):
    assert word not in _stop_words()


def test_stop_words_are_in_the_form_that_terms_have():
    assert [word for word in _stop_words() if fold(word) != word] == []


@given(texts)
def test_no_stop_word_survives(text):
    assert not _stop_words() & set(index_terms(text))


@given(texts)
def test_terms_hold_no_white_space_quotes_or_capitals(text):
    assert all(re.fullmatch(r"[^\s\"'’“”]+", term) and term == term.lower() for term in index_terms(text))


@given(texts)
def test_terms_are_the_same_each_time_and_content_terms_are_those_once(text):
    assert index_terms(text) == index_terms(text)
    assert content_terms(text) == list(dict.fromkeys(index_terms(text)))


@given(texts)
def test_every_term_is_one_token_of_an_fts5_table_and_finds_itself(text):
    terms = content_terms(text)
    with sqlite3.connect(":memory:") as db:
        db.execute(FTS5)
        db.execute("create virtual table tokens using fts5vocab(passages, 'instance')")
        db.execute("insert into passages values (?)", (" ".join(terms),))
        (tokens,) = db.execute("select count(*) from tokens").fetchone()
        found = [
            db.execute("select 1 from passages where passages match ?", (f'"{t}"',)).fetchone() for t in terms
        ]
    db.close()

    assert tokens == len(terms)
    assert all(found)


@pytest.mark.parametrize(
    "line", ["1" + ",111" * 50_000 + ",", "9" * 200_000, "医" * 200_000, "a'" * 100_000, "1." * 100_000]
)
def test_a_hostile_line_takes_linear_time(line):
    with effort_below(6):
        index_terms(line)


@given(texts)
def test_every_piece_stands_in_the_matching_form_or_is_a_number_without_commas(text):
    folded = fold(text)
    assert all(piece in folded or piece in foreign_terms(folded) for piece in pairs(text))
