from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.aspects import find_aspects
from rag.normalise import fold
from rag.regions import find_regions
from rag.terms import index_terms
from rag.understand import mask, search_terms, understand
from rag.years import year_spans
from tests.support.effort import effort_below

# Words that the rules look for, between characters of every kind.
_PIECES = st.sampled_from(
    ["芜湖", "Suzhou", "编制", "化债", "staffing", "2019—2024", "2020年", "多少", "哪些", "比较", "或者", " or ", "how many"]
)  # fmt: skip
_CHARACTERS = st.text(
    alphabet=st.one_of(
        st.sampled_from("。！？；，、“”（）%０９12 \n\u3000\u202e𠮷医院"), st.characters(codec="utf-8")
    ),
    max_size=12,
)
QUESTIONS = st.lists(st.one_of(_PIECES, _CHARACTERS), max_size=8).map("".join)


def everywhere(forms):
    return 0.0


def nowhere(forms):
    return 1.0


def names(query):
    return [aspect.name for aspect in query.aspects]


def region_names(query):
    return [list(group) for group in query.regions]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("芜湖是怎么化债的?", "zh"),
        ("蕪湖是怎麼化債的?", "zh"),
        ("DRG付费是什么?", "zh"),
        ("How did Wuhu reduce debt?", "en"),
        ("How did 芜湖 reduce its hospital debt?", "en"),
        ("ｈｏｗ did it go?", "en"),
    ],
)
def test_the_language_is_that_of_the_question(query_for, question, language):
    assert query_for(question).language == language


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("比较芜湖和铜仁的编制改革", "compare"),
        ("芜湖和铜仁的编制改革有什么不同?", "compare"),
        ("Compare staffing in Wuhu and Tongren", "compare"),
        ("How does Wuhu differ from Tongren in staffing?", "compare"),
        ("哪个城市建了院前急救网络?", "place"),
        ("Which city built an emergency network?", "place"),
        ("Where was the bureau merged?", "place"),
        ("丽水为什么从急救入手?", "reason"),
        ("Why did Lishui begin with emergency care?", "reason"),
        ("六统一是哪六项?", "list"),
        ("任务分为几个方面?", "list"),
        ("What are the six unifications?", "list"),
        ("什么是医共体?", "definition"),
        ("What is a county medical consortium?", "definition"),
        ("芜湖是怎么化债的?", "way"),
        ("深圳有什么做法?", "way"),
        ("How did Wuhu reduce debt?", "way"),
        ("资产负债率是多少?", "figure"),
        ("How many hospitals has Guangdong built?", "figure"),
        ("三明的编制改革", "other"),
    ],
)
def test_the_intent_is_read_in_both_languages(query_for, question, intent):
    assert query_for(question).intent == intent


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("芜湖投入了多少亿元?", "money"),
        ("芜湖市投入了多少钱?", "money"),
        ("How much money did Wuhu invest?", "money"),
        ("资产负债率是多少?", "percent"),
        ("比上年增长百分之几?", "percent"),
        ("资产负债率下降了多少个百分点?", "percentage_point"),
        ("急救反应时间缩短了多少分钟?", "duration"),
        ("急救半径缩小到多少公里?", "length"),
        ("建成多少家医院?", "count"),
        ("How many hospitals were built?", "count"),
        ("什么时候挂牌?", "date"),
        ("When did it start?", "date"),
        ("卫生工作人员有多少?", "any"),
        ("芜湖是怎么化债的?", ""),
    ],
)
def test_the_kind_of_figure_asked_for_is_known(query_for, question, kind):
    assert query_for(question).asked.kind == kind


@pytest.mark.parametrize(
    ("question", "regions"),
    [
        ("芜湖是怎么化债的?", [["340200"]]),
        ("蕪湖是怎麼化債的?", [["340200"]]),
        ("How did Wuhu reduce debt?", [["340200"]]),
        ("ＷＵＨＵ怎么化债?", [["340200"]]),
        ("比较芜湖和铜仁的编制改革", [["340200"], ["520600"]]),
        ("芜湖的编制，再说芜湖的薪酬", [["340200"]]),
        ("编制改革怎么做?", []),
    ],
)
def test_places_are_found_by_name_and_by_pinyin(query_for, question, regions):
    assert region_names(query_for(question)) == regions


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("What did Suzhou do about staffing?", {"320500", "341300"}),
        ("How did Fuzhou pay doctors?", {"350100", "361000"}),
    ],
)
def test_a_latin_name_of_several_cities_means_any_of_them(query_for, question, codes):
    (group,) = query_for(question).regions

    assert set(group) == codes


def test_the_same_name_in_chinese_means_one_city_only(query_for):
    assert region_names(query_for("苏州的编制改革怎么样？")) == [["320500"]]


@pytest.mark.parametrize(
    "question",
    ["太原市迎泽区在山西怎么改革?", "山西的太原市迎泽区怎么改革?", "山西和太原市迎泽区怎么改革?"],
)
def test_a_district_named_beside_its_province_is_asked_about_alone(query_for, question):
    assert region_names(query_for(question)) == [["140106"]]


def test_region_codes_lists_every_code_of_every_place(query_for):
    query = query_for("Compare Suzhou and Wuhu on staffing")

    assert set(query.region_codes) == {"320500", "341300", "340200"}


@pytest.mark.parametrize(
    ("text", "rest"), [("２０１９年三明", "    年  "), ("㎏2019到２０２１年药占比", "㎏         年药占比")]
)
def test_years_and_places_are_blanked_in_either_width(text, rest):
    assert mask(text, find_regions(text)) == rest


@given(st.text(alphabet="２０1９2019年薪 至-㎡三明", max_size=20))
def test_masking_keeps_the_length_and_leaves_no_year(text):
    masked = mask(text, [])

    assert len(masked) == len(text)
    assert year_spans(masked) == []


def test_a_glossary_concept_is_covered_by_its_names_in_both_languages(query_for):
    (aspect,) = query_for("staffing quota?").aspects

    assert aspect.is_known
    assert aspect.is_subject
    assert aspect.name == "编制"
    assert {aspect.strength(fold(text)) for text in ("核增編制1209個", "人员编制不足")} == {0.9}


def test_the_name_asked_for_counts_more_than_a_synonym_and_a_synonym_more_than_a_related_term(query_for):
    (aspect,) = query_for("化债").aspects

    strengths = [aspect.strength(text) for text in ("化债资金", "化解债务", "医院的债务", "急救半径")]

    assert strengths == sorted(strengths, reverse=True)
    assert strengths[0] == 1.0
    assert strengths[-1] == 0.0
    assert len(set(strengths)) == 4


def test_the_words_of_a_term_found_apart_cover_it_in_part(query_for):
    aspect = next(a for a in query_for("卫生工作人员有多少?").aspects if "卫生工作人员" in a.name)

    assert 0 < aspect.strength("卫生系统的工作人员") < aspect.strength("卫生工作人员")


def test_an_unknown_noun_is_a_subject_that_the_glossary_does_not_know(query_for):
    (aspect,) = query_for("红烧肉").aspects

    assert (aspect.name, aspect.is_subject, aspect.is_known) == ("红烧肉", True, False)


def test_a_verb_says_how_a_question_is_put_not_what_it_is_about(query_for):
    query = query_for("资产负债率下降")

    verb = next(a for a in query.aspects if a.name == "下降")
    assert not verb.is_subject
    assert [a.name for a in query.subjects] == ["资产负债率"]


def test_a_question_of_verbs_alone_is_about_its_verbs(query_for):
    query = query_for("怎么改革?")

    assert [a.name for a in query.subjects] == ["改革"]


def test_a_person_is_known_for_one(query_for):
    aspect = next(a for a in query_for("武晋是谁?").aspects if a.name == "武晋")

    assert aspect.is_person


def test_a_foreign_word_without_a_translation_is_marked(query_for):
    aspect = next(a for a in query_for("What about the frobnicators?").aspects if a.is_foreign)

    assert aspect.name == "frobnicators"
    assert not aspect.is_known


@pytest.mark.parametrize("question", ["就诊或住院的比例", "就诊或者住院的比例", "就诊还是住院的比例", "visits or admissions"])  # fmt: skip
def test_either_of_two_concepts_covers_what_is_joined_by_or(query_for, question):
    joined = next(a for a in query_for(question).aspects if "/" in a.name)

    assert joined.strength("就诊") >= 0.9
    assert joined.strength("住院") >= 0.9


def test_two_concepts_joined_by_and_stay_two(query_for):
    assert not any("/" in name for name in names(query_for("就诊和住院的比例")))


def test_question_words_and_function_words_are_no_aspects(query_for):
    assert names(query_for("请问芜湖到底是怎么化债的呢?")) == ["化债"]


def test_a_place_is_no_aspect_and_neither_is_a_year(query_for):
    assert names(query_for("2022年芜湖市的编制")) == ["编制"]


def test_masking_keeps_every_offset():
    text = "２０22年和2022年芜湖市的编制，2019—2021"

    masked = mask(text, find_regions(text))

    assert len(masked) == len(text)
    assert masked.index("编制") == text.index("编制")
    assert "芜湖" not in masked
    assert "2022" not in masked
    assert "2021" not in masked


def test_what_is_rare_in_the_library_weighs_more():
    (common,) = find_aspects("编制", everywhere)
    (rare,) = find_aspects("编制", nowhere)

    assert rare.weight > common.weight > 0


def test_subjects_come_weightiest_first(query_for):
    weights = [a.weight for a in query_for("编制和红烧肉的价格变化").subjects]

    assert weights == sorted(weights, reverse=True)
    assert len(weights) > 1


def test_an_own_word_is_searched_with_more_weight_than_a_synonym_and_that_more_than_a_related_term(query_for):
    weights = search_terms(query_for("化债"))

    assert weights["化债"] > weights["化解"] > weights["负债"] > 0


def test_an_english_question_is_searched_by_the_chinese_names_too(query_for):
    assert "编制" in search_terms(query_for("What did Wuhu do about staffing?"))


def test_the_self_contained_form_is_what_is_understood_and_the_readers_words_are_kept():
    query = understand("那三明呢?", text="三明是怎么化债的?", rarity=nowhere)

    assert query.question == "那三明呢?"
    assert region_names(query) == [["350400"]]
    assert names(query) == ["化债"]


@given(QUESTIONS)
def test_any_text_is_understood(question):
    query = understand(question, rarity=nowhere)

    assert all(aspect.weight > 0 for aspect in query.aspects)
    assert all(aspect.exact and all(aspect.exact) for aspect in query.aspects)
    assert set(query.subjects) <= set(query.aspects)
    assert bool(query.subjects) == bool(query.aspects)
    assert list(query.years) == sorted(set(query.years))


@given(QUESTIONS)
def test_every_aspect_is_covered_in_full_by_its_own_name(question):
    for aspect in understand(question, rarity=everywhere).aspects:
        assert aspect.strength(aspect.exact[0]) == 1.0
        assert aspect.names(aspect.exact[0])
        assert aspect.strength("") == 0.0


@given(QUESTIONS)
def test_search_terms_are_index_terms_with_weights_up_to_one(question):
    for term, weight in search_terms(understand(question, rarity=everywhere)).items():
        assert 0 < weight <= 1
        assert not any(ch.isspace() for ch in term)
        assert index_terms(term) != []


@given(QUESTIONS)
def test_masking_never_moves_a_character(question):
    masked = mask(question, find_regions(question))

    assert len(masked) == len(question)
    assert all(new in (" ", old) for new, old in zip(masked, question, strict=True))


@pytest.mark.parametrize("piece", ["2019 ", "2019-", "芜湖、", "或", "编制或", "a", " ", "🙂"])
def test_a_thousand_characters_of_anything_are_understood_quickly(piece):
    with effort_below(3):
        understand((piece * 1000)[:1000], rarity=everywhere)


def test_a_bare_county_name_that_the_library_uses_of_something_else_is_a_word():
    def rarity(forms):
        return 0.5 if "江州" in forms else 1.0

    question = "江州的家庭医生签约率是多少？"

    assert understand(question, rarity=rarity, known=["340200"]).regions == ()
    assert understand(question, rarity=rarity, known=["451402"]).regions == (("451402",),)
    assert understand(question, rarity=lambda _: 1.0, known=["340200"]).regions == (("451402",),)
    assert understand("江州区的签约率是多少？", rarity=rarity, known=["340200"]).regions == (("451402",),)
