import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.gazetteer import gazetteer
from rag.normalise import fold
from rag.regions import (
    Region,
    ancestors,
    english_name,
    find_asked_regions,
    find_regions,
    full_name,
    is_within,
    region,
    resolve,
    suggest,
)
from tests.support.effort import effort_below

PIECES = [
    "安徽省", "蕪湖市", "芜湖", "南京", "鼓楼区", "无为", "城区", "大同", "Wuhu", "Suzhou", "Anhui", ", ", " City", "Xi’an", "ﷺ", "𠮷",
    "。", "、", "的", "重庆", "庆祝", "Ｗｕｈｕ", "\n", "'s ", "县", "市场", "㍿",
]  # fmt: skip


def named(text):
    return [(text[m.start : m.end], m.region.name) for m in find_regions(text)]


def names(text):
    return [m.region.name for m in find_regions(text)]


# The data


def test_every_level_is_complete():
    levels = [r.level for r in gazetteer().regions.values()]

    assert levels.count(1) == 34
    assert levels.count(2) >= 333
    assert levels.count(3) >= 2840


def test_every_region_lies_in_regions_that_exist():
    places = gazetteer().regions.values()

    assert all(len(r.code) == 6 and r.code.isdecimal() for r in places)
    assert [r.code for r in places if r.level > 1 and not ancestors(r.code)] == []
    assert [r.code for r in places if r.level == 2 and not r.code.endswith("00")] == []


def test_every_region_has_a_latin_name_in_capitals():
    assert [
        r.code for r in gazetteer().regions.values() if not (r.english[0] and r.english[0][0].isupper())
    ] == []


def test_every_full_name_resolves_to_its_region():
    odd = [r.code for r in gazetteer().regions.values() if resolve(full_name(r.code)) != r]

    assert odd == []


def test_every_province_and_prefecture_is_found_by_its_full_name_and_the_rest_behind_their_parents():
    odd = []
    for place in gazetteer().regions.values():
        text = place.name if place.level < 3 else full_name(place.code)
        if names(f"在{text}，") != [place.name]:
            odd.append(text)

    assert odd == []


def test_a_name_that_folding_changes_is_still_known():
    known = gazetteer().resolvable

    assert [r.name for r in gazetteer().regions.values() if fold(r.name) not in known] == []


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("140000", "Shanxi"), ("610000", "Shaanxi"), ("540000", "Tibet"), ("150000", "Inner Mongolia"), ("150100", "Hohhot"),
        ("650100", "Ürümqi"), ("540100", "Lhasa"), ("230100", "Harbin"), ("230200", "Qiqihar"), ("810000", "Hong Kong"),
        ("820000", "Macao"), ("710000", "Taiwan"), ("500000", "Chongqing"), ("341500", "Lu'an"), ("341600", "Bozhou"),
        ("331100", "Lishui"), ("340300", "Bengbu"), ("350200", "Xiamen"), ("610100", "Xi'an"), ("511800", "Ya'an"),
        ("370900", "Tai'an"), ("340200", "Wuhu"), ("522600", "Qiandongnan"), ("411100", "Luohe"), ("140400", "Changzhi"),
    ],
)  # fmt: skip
def test_english_names_are_the_usual_ones(code, english):
    assert english_name(code) == english


@pytest.mark.parametrize(
    ("name", "short"),
    [("芜湖市", "芜湖"), ("黔东南苗族侗族自治州", "黔东南"), ("松桃苗族自治县", "松桃"), ("内蒙古自治区", "内蒙古"), ("广西壮族自治区", "广西"),
     ("东乡族自治县", "东乡"), ("浦东新区", "浦东"), ("泾县", "泾县"), ("香港特别行政区", "香港"), ("神农架林区", "神农架")],
)  # fmt: skip
def test_short_names_drop_the_suffix(name, short):
    assert Region(code="", name=name, level=1, english=("",)).short == short


# Chinese text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("安徽省芜湖市的公立医院", [("安徽省芜湖市", "芜湖市")]),
        ("广东、深圳都去了", [("广东", "广东省"), ("深圳", "深圳市")]),
        ("芜湖怎么化债", [("芜湖", "芜湖市")]),
        ("黔东南和黔东南州", [("黔东南", "黔东南苗族侗族自治州"), ("黔东南州", "黔东南苗族侗族自治州")]),
        ("山西与陕西", [("山西", "山西省"), ("陕西", "陕西省")]),
        ("安徽无为，芜湖无为", [("安徽无为", "无为市"), ("芜湖无为", "无为市")]),
        ("大同城区", [("大同城区", "城区")]),
        ("廣東省深圳市", [("廣東省深圳市", "深圳市")]),
        ("安徽省芜湖市无为市", [("安徽省芜湖市无为市", "无为市")]),
        ("吉林省吉林市", [("吉林省吉林市", "吉林市")]),
        ("介休市、孝义市", [("介休市", "介休市"), ("孝义市", "孝义市")]),
        ("上海市浦东新区", [("上海市浦东新区", "浦东新区")]),
        ("松桃县的卫生院", [("松桃县", "松桃苗族自治县")]),
        ("北京协和医院", [("北京", "北京市")]),
        ("内蒙呼和浩特", [("内蒙呼和浩特", "呼和浩特市")]),
    ],
)
def test_chinese_names_are_found_with_their_parents(text, found):
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "实现长治久安", "办法大同小异", "三明治", "全国各地，我国，中国", "提高县级医院水平", "市和县级财政", "医保定点药店", "公益阳光",
        "市区和矿区", "城区", "推广东部经验", "隆重庆祝", "创新乡村治理", "建设新乡村", "集中卫生资源", "和平与发展", "朝阳产业",
        "白银价格", "平安建设", "公安部门", "无为而治", "管理县域", "组成县乡一体", "文山会海", "重大理论", "新城区域", "粤、皖、沪",
        "两县合作市场", "幸福安康", "出海口岸", "更新余下的",
    ],
)  # fmt: skip
def test_everyday_words_are_no_places(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("山西省长治市", ["长治市"]), ("陕西安康", ["安康市"]), ("推广东莞经验", ["东莞市"]), ("其中山西省", ["山西省"]), ("以上海为例", ["上海市"]),
     ("北京市场监管", ["北京市"]), ("辽宁朝阳", ["朝阳市"]), ("广东中山、中山市", ["中山市", "中山市"]), ("安徽和县的医院", ["和县"])],
)  # fmt: skip
def test_places_beside_everyday_words_are_found(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("中山大学附属医院", []),
        ("北京大学深圳医院", ["深圳市"]),
        ("安徽医科大学", []),
        ("Jilin University", []),
        ("Beijing Tongren Hospital", ["北京市"]),
    ],
)
def test_the_name_of_a_university_or_a_brand_is_no_place(text, found):
    assert names(text) == found


def test_an_ambiguous_county_is_told_by_the_parent_named_before():
    assert names("南京市推进医改。鼓楼区先行。") == ["南京市", "鼓楼区"]
    assert find_regions("徐州市推进医改。鼓楼区先行。")[1].region.code.startswith("3203")


def test_an_ambiguous_county_takes_the_nearest_parent():
    found = find_regions("南京市在前，徐州市在后，鼓楼区跟进。")

    assert found[-1].region == resolve("徐州市鼓楼区")


@pytest.mark.parametrize("text", ["鼓楼区先行", "广州市推进，鼓楼区先行", "南京市" + "。" * 500 + "鼓楼区"])
def test_an_ambiguous_county_without_its_parent_is_left_out(text):
    assert "鼓楼区" not in names(text)


# Latin text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("how did Wuhu reduce debt", [("Wuhu", "芜湖市")]),
        ("wuhu and WUHU", [("wuhu", "芜湖市"), ("WUHU", "芜湖市")]),
        ("Shanxi, not Shaanxi", [("Shanxi", "山西省"), ("Shaanxi", "陕西省")]),
        ("Wuhu City in Anhui Province", [("Wuhu City", "芜湖市"), ("Anhui Province", "安徽省")]),
        ("Wuhu, Anhui", [("Wuhu, Anhui", "芜湖市")]),
        ("Anhui's Wuhu", [("Anhui's Wuhu", "芜湖市")]),
        ("Hong Kong's hospitals", [("Hong Kong", "香港特别行政区")]),
        ("Xi'an, Xi’an and Xian", [("Xi'an", "西安市"), ("Xi’an", "西安市"), ("Xian", "西安市")]),
        ("Ürümqi or Urumqi", [("Ürümqi", "乌鲁木齐市"), ("Urumqi", "乌鲁木齐市")]),
        ("Inner Mongolia Autonomous Region", [("Inner Mongolia Autonomous Region", "内蒙古自治区")]),
        ("Beijing-Tianjin", [("Beijing", "北京市"), ("Tianjin", "天津市")]),
        ("Jieshou, Fuyang", [("Jieshou, Fuyang", "界首市")]),
        ("Jiexiu City", [("Jiexiu City", "介休市")]),
        ("Chaoyang District, Beijing", [("Chaoyang District, Beijing", "朝阳区")]),
        ("Ｗｕｈｕ", [("Ｗｕｈｕ", "芜湖市")]),
        ("芜湖（Wuhu）", [("芜湖", "芜湖市"), ("Wuhu", "芜湖市")]),
    ],
)  # fmt: skip
def test_latin_names_are_found(text, found):
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "He, An, Yuan, Heng, Long, Shan, Jing and Lie", "Anda met Jian", "Wuhuan", "xwuhu", "China, nationwide", "Chaoyang District",
        "www.wuhu.gov.cn", "wuhu@example.org", "Jieshou", "wuhu2",
    ],
)  # fmt: skip
def test_latin_words_that_are_no_clear_place_are_left_alone(text):
    assert [name for name in names(text) if name != "吉安市"] == []
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [("Suzhou", "苏州市", ["宿州市"]), ("Taizhou", "泰州市", ["台州市"]), ("Yichun", "宜春市", ["伊春市"]), ("Fuzhou", "福州市", ["抚州市"]),
     ("Yulin", "榆林市", ["玉林市"]), ("Jilin", "吉林省", ["吉林市"])],
)  # fmt: skip
def test_of_regions_with_one_latin_name_the_better_known_comes_first(text, first, others):
    (mention,) = find_regions(text)

    assert mention.region.name == first
    assert [r.name for r in mention.alternatives] == others


def test_a_parent_settles_which_latin_name_is_meant():
    assert [(m.region.name, m.alternatives) for m in find_regions("Suzhou, Anhui")] == [("宿州市", ())]
    assert find_regions("Anhui Province first, then Suzhou")[1].region.name == "宿州市"


def test_jinan_and_jian_are_told_apart():
    assert names("Jinan and Ji'an") == ["济南市", "吉安市"]


# Questions


def codes(mentions):
    return [[r.code for r in (m.region, *m.alternatives)] for m in mentions]


@pytest.mark.parametrize(
    ("question", "known", "found"),
    [
        ("大方怎么做", [], []),
        ("大方怎么做", ["520521"], [["520521"]]),
        ("大方的医院和大方的医生", ["520521"], [["520521"], ["520521"]]),
        ("态度大方怎么做", ["520521"], []),
        ("安全怎么做", ["520521"], []),
        ("长寿怎么做", ["500115"], [["500115"]]),
        ("What is done in Luan?", ["341500"], [["341500"]]),
        ("朝阳的医院", ["110105"], [["211300", "110105"]]),
        ("Chaoyang", ["110105"], [["211300", "110105"]]),
        ("Chaoyang", ["110000"], [["211300"]]),
        ("Tongren", ["632301"], [["520600", "632301"]]),
        ("Wang Changxing", ["330522"], [["330522"]]),
    ],
)
def test_what_the_library_speaks_of_lets_more_names_count(question, known, found):
    assert codes(find_asked_regions(question, known)) == found


def test_a_library_may_know_codes_that_are_no_divisions():
    assert codes(find_asked_regions("大方怎么做", ["999999", ""])) == []


def test_a_mining_district_does_not_take_the_name_of_its_county():
    assert resolve("井陉") == resolve("河北省石家庄市井陉县")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_question_names_at_least_the_places_that_its_words_name_in_an_article(text):
    asked = find_asked_regions(text, ["340281", "320106"])
    covered = {offset for m in asked for offset in range(m.start, m.end)}

    assert all(a.end <= b.start for a, b in itertools.pairwise(asked))
    assert all(set(range(m.start, m.end)) <= covered for m in find_regions(text))


# Looking up


@pytest.mark.parametrize(
    ("name", "code"),
    [("芜湖", "340200"), ("芜湖市", "340200"), ("蕪湖", "340200"), ("安徽省芜湖市", "340200"), ("安徽 芜湖", "340200"), ("Wuhu", "340200"),
     (" wuhu city ", "340200"), ("Wuhu, Anhui", "340200"), ("xi'an", "610100"), ("XIAN", "610100"), ("吉林", "220000"), ("吉林市", "220200"),
     ("无为", "340281"), ("Ｗｕｈｕ", "340200"), ("Hong Kong", "810000"), ("内蒙古", "150000")],
)  # fmt: skip
def test_resolve_understands_what_a_person_types(name, code):
    found = resolve(name)

    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "name",
    ["", " ", "中国", "全国", "China", "鼓楼区", "Suzhou", "火星", "芜湖 hospital", "粤", "Wuhu and Hefei"],
)
def test_resolve_gives_nothing_for_the_unknown_and_the_ambiguous(name):
    assert resolve(name) is None


def test_suggestions_for_a_misspelt_name_are_near_it():
    assert "芜湖市" in [r.name for r in suggest("芜胡市")]
    assert "青岛市" in [r.name for r in suggest("Qingdoa")]


def test_suggestions_for_an_ambiguous_name_are_what_it_could_be():
    assert {full_name(r.code) for r in suggest("鼓楼区")} >= {"江苏省南京市鼓楼区", "福建省福州市鼓楼区"}


def test_full_name_does_not_double_a_municipality():
    assert full_name("340200") == "安徽省芜湖市"
    assert full_name("110105") == "北京市朝阳区"


def test_ancestors_are_outermost_first():
    assert ancestors("340281") == ("340000", "340200")
    assert ancestors("110105") == ("110000",)
    assert ancestors("340000") == ()


def test_a_region_is_within_itself_and_its_ancestors_only():
    assert is_within("340200", "340200")
    assert is_within("340281", "340000")
    assert not is_within("340000", "340200")
    assert not is_within("350200", "340000")


def test_an_unknown_code_is_a_value_error():
    with pytest.raises(ValueError, match="999999"):
        region("999999")


# Any text


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_mentions_are_ordered_slices_of_the_text_and_do_not_overlap(text):
    mentions = find_regions(text)

    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_traditional_text_names_the_same_regions(text):
    traditional = str.maketrans("芜苏县区庆广东", "蕪蘇縣區慶廣東")

    assert [m.region for m in find_regions(text.translate(traditional))] == [
        m.region for m in find_regions(text)
    ]


@given(st.sampled_from([r for r in gazetteer().regions.values() if r.level < 3]))
def test_a_full_name_is_one_mention_that_spans_it(place):
    text = f"在{full_name(place.code)}，"

    assert [(m.region, m.start, m.end) for m in find_regions(text)] == [(place, 1, len(text) - 1)]


@pytest.mark.parametrize(
    "line",
    [
        "芜" * 200_000,
        "芜湖" * 100_000,
        "安徽省芜湖市" * 33_000,
        "鼓楼区" * 66_000,
        "wuhu " * 40_000,
        "Suzhou, " * 25_000,
        "hong " * 40_000,
        "a'" * 100_000,
        "在长兴的" * 30_000,
        "长兴、" * 60_000,
        "无为" * 60_000,
    ],
)
def test_a_hostile_line_takes_linear_time(line):
    with effort_below(6):
        find_regions(line)
        find_asked_regions(line, ["520521"])


@pytest.mark.parametrize("name", ["吉林" * 100, "芜湖" * 1000, "x" * 10_000, "市" * 5000])
def test_a_hostile_name_resolves_to_nothing_soon(name):
    with effort_below(6):
        assert resolve(name) is None
        suggest(name)
