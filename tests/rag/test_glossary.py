import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.glossary import concept, concepts, find_concepts, gloss
from rag.normalise import fold
from tests.support.effort import effort_below

PIECES = [
    "化债资金",
    "編制周轉池",
    "医共体",
    "ＤＲＧ",
    "debt",
    "asset-liability ratio",
    "staffing",
    "。",
    "，",
    " ",
    "\n",
    "县",
    "𠮷",
    "ﷺ",
    "x",
]


def named(text):
    return [(text[m.start : m.end], m.concept.id) for m in find_concepts(text)]


def test_there_are_at_least_220_concepts_of_all_kinds():
    kinds = [c.kind for c in concepts().values()]

    assert len(kinds) >= 220
    assert set(kinds) == {"term", "verb", "general"}


def test_every_concept_has_terms_in_both_languages():
    assert [c.id for c in concepts().values() if not all((*c.zh, *c.en, c.zh, c.en))] == []


def test_no_chinese_term_belongs_to_two_concepts():
    terms = [term for c in concepts().values() for term in c.zh]

    assert len(terms) == len(set(terms))


def test_no_english_term_belongs_to_two_concepts():
    terms = [term.lower() for c in concepts().values() for term in c.en]

    assert len(terms) == len(set(terms))


def test_related_concepts_exist_and_are_others():
    wrong = [(c.id, r) for c in concepts().values() for r in c.related if r not in concepts() or r == c.id]

    assert wrong == []


def test_chinese_terms_are_in_folded_form():
    assert [term for c in concepts().values() for term in c.zh if fold(term) != term] == []


def test_every_term_alone_finds_its_own_concept():
    terms = [(term, c.id) for c in concepts().values() for term in (*c.zh, *c.en)]

    assert [
        (term, owner) for term, owner in terms if named(term)[:1] != [(term, owner)] and "," not in term
    ] == []


@pytest.mark.parametrize(
    ("text", "concept_ids"),
    [
        ("建了编制周转池", ["build", "quota_pool"]),
        ("化债资金和资产负债率", ["debt_fund", "liability_ratio"]),
        ("紧密型县域医共体的总额付费", ["county_consortium", "capitation"]),
        ("六统一管理怎么落实", ["six_unified", "implement"]),
        ("急救反应时间缩短", ["response_time", "decrease"]),
        ("公立医院改革与高质量发展示范项目", ["demonstration_project"]),
    ],
)
def test_the_longest_chinese_term_wins(text, concept_ids):
    assert [m.concept.id for m in find_concepts(text)] == concept_ids


def test_traditional_and_full_width_text_is_found_at_its_own_offsets():
    assert named("建立編制周轉池，推行ＤＲＧ付費") == [
        ("建立", "set_up"),
        ("編制周轉池", "quota_pool"),
        ("推行", "implement"),
        ("ＤＲＧ付費", "drg"),
    ]


@pytest.mark.parametrize("form", ["reduce", "reduces", "reduced", "reducing", "Reduced", "REDUCE"])
def test_an_english_verb_is_found_in_its_regular_forms(form):
    assert [m.concept.id for m in find_concepts(f"It {form} fees")] == ["decrease", "charge"]


@pytest.mark.parametrize(
    "form",
    ["asset-liability ratio", "asset liability ratios", "Asset–Liability Ratio", "asset - liability ratio"],
)
def test_hyphens_spaces_and_plurals_make_no_difference(form):
    assert [m.concept.id for m in find_concepts(f"the {form}?")] == ["liability_ratio"]


@pytest.mark.parametrize("text", ["indebted", "bedrock", "aid", "countryman", "it said so"])
def test_an_english_term_inside_another_word_is_not_found(text):
    assert not {"debt", "bed", "ai", "county"} & {m.concept.id for m in find_concepts(text)}


def test_a_noun_in_ing_is_not_found_by_its_verb():
    assert [m.concept.id for m in find_concepts("staff")] == ["staff"]
    assert [m.concept.id for m in find_concepts("staffing")] == ["staffing_quota"]
    assert find_concepts("meet") == []


def test_question_words_are_no_concepts():
    assert find_concepts("到底是多少?怎么会这样?为什么?how many, what and why") == []


def test_ratio_and_debt_are_related_but_different():
    assert gloss("资产负债率") != gloss("债务")
    assert "debt" in concept("liability_ratio").related


@pytest.mark.parametrize("term", ["编制周转池", "編制周轉池", "周转池"])
def test_gloss_knows_synonyms_and_both_scripts(term):
    assert gloss(term) == "staffing-quota pool"


def test_gloss_of_an_unknown_term_is_none():
    assert gloss("红烧茄子") is None


def test_an_unknown_concept_is_a_value_error():
    with pytest.raises(ValueError, match="'no_such'"):
        concept("no_such")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_mentions_are_ordered_slices_of_the_text_and_do_not_overlap(text):
    mentions = find_concepts(text)

    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))
    for m in mentions:
        assert [n.concept.id for n in find_concepts(text[m.start : m.end])][:1] == [m.concept.id]


@pytest.mark.parametrize(
    "line",
    ["编" * 200_000, "debt " * 40_000, "a-" * 100_000, "化解公立医院" * 33_000, "debt" + " " * 200_000],
)
def test_a_hostile_line_takes_linear_time(line):
    with effort_below(6):
        find_concepts(line)
