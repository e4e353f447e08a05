"""Finding title, date, source, address and regions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean_blocks
from ingest.describe import describe, looks_like_title, make_article_id, parse_date
from ingest.markup import Markup, read_markup
from ingest.webpage import Block

BODY = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理。"


def described(source, suffix=".md"):
    markup = read_markup(source, suffix=suffix)
    return describe(markup, clean_blocks(markup.blocks, before=markup.before))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2022-06-02 09:19:15 +0800", "2022-06-02"),
        ("2022年6月2日", "2022-06-02"),
        ("２０２２．６．２", "2022-06-02"),
        ("2022/6", "2022-06"),
        ("2022年6月", "2022-06"),
        ("2022", "2022"),
        ("20220602", "2022-06-02"),
        ("2022-02-06T12:48:06+00:00", "2022-02-06"),
        ("2023-02-29", None),
        ("2022-13-01", None),
        ("202206021", None),
        ("1822-01-01", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_dates_are_read_and_those_of_no_calendar_are_not(text, date):
    assert parse_date(text) == date


@given(st.dates(min_value=__import__("datetime").date(1950, 1, 1)))
def test_every_date_of_our_time_is_read(day):
    expected = day.isoformat() if day.year < 2100 else None

    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == expected
    assert parse_date(day.isoformat()) == expected


def test_front_matter_wins_and_says_so():
    found = described(
        f"---\ntitle: 前言里的题目\ndate: 2022-06-02\nsource: 某某日报\nurl: https://example.cn/a\n---\n# 另一个题目\n\n{BODY}\n\n来源：别的报"
    )

    assert (found.title, found.date, found.source, found.url) == (
        "前言里的题目",
        "2022-06-02",
        "某某日报",
        "https://example.cn/a",
    )
    assert dict(found.facts_from)["title"] == "front matter"


@pytest.mark.parametrize(
    "header", ["date: 不详", "date: {a: b}", "url: javascript:alert(1)", "title: ''", "source: ['']"]
)
def test_values_that_cannot_be_are_not_taken(header):
    assert described(f"---\n{header}\n---\n{BODY}").facts_from == ()


def test_a_control_character_in_front_matter_does_not_reach_the_title():
    assert described(f'---\ntitle: "题\\u202e目\\ud800好了"\n---\n{BODY}').title == "题目好了"


def test_a_first_line_that_looks_like_a_title_is_one():
    found = described(f"某县医改的三本账\n{BODY}", ".txt")

    assert (found.title, dict(found.facts_from)["title"]) == ("某县医改的三本账", "first line")


def test_the_line_above_the_publish_line_is_preferred():
    assert (
        described(f"健康周刊\n某县医改的三本账\n2021-03-04 10:20\n{BODY}", ".txt").title == "某县医改的三本账"
    )


@pytest.mark.parametrize(
    "source",
    [f"{BODY}\n{BODY}", f"导语\n{BODY}", "某县医改的三本账", f"一、总体要求\n{BODY}", f"广东省：\n{BODY}"],
)
def test_where_there_is_no_title_none_is_made_up(source):
    assert described(source, ".txt").title is None


@pytest.mark.parametrize("line", ["一招先，怎样招招先？", "医改：从负债到盈余", "2024年医改十件大事"])
def test_titles_may_ask_and_explain(line):
    assert looks_like_title(line)


@pytest.mark.parametrize(
    "line", ["他说，钱花完了。", "本报讯 记者王小明", "各位代表：", "2024-01-02", "短", "1234", "长" * 61]
)
def test_other_lines_are_no_titles(line):
    assert not looks_like_title(line)


def test_a_date_in_the_text_is_not_the_publication_date():
    assert described(f"题目就在这里\n2017年10月，{BODY}", ".txt").date is None


def test_a_date_that_stands_alone_below_the_text_is():
    found = described(f"题目就在这里\n{BODY}\n某某县卫生健康局\n2021年3月4日", ".txt")

    assert (found.date, dict(found.facts_from)["date"]) == ("2021-03-04", "date line")


def test_the_date_of_a_neighbouring_article_is_not_believed():
    assert (
        described(f"{BODY}\n{BODY}\n下一篇：别的文章 2020-01-02\nhttps://example.cn/x", ".txt").date is None
    )


def test_a_source_line_below_the_text_is_the_source():
    found = described(f"{BODY}\n{BODY}\n（文章来源：某某日报）\nhttps://example.cn/x", ".txt")

    assert (found.source, found.url) == ("某某日报", "https://example.cn/x")


def test_an_attribute_left_in_a_field_is_no_source():
    assert described(f'题目\n来源： size="20" 日期：9/17/2004\n{BODY}', ".txt").source is None


@pytest.mark.parametrize(
    ("region", "codes"),
    [
        ("安徽省芜湖市", ("340200",)),
        ("[广东, 重庆]", ("440000", "500000")),
        ("山西、江苏盐城", ("140000", "320900")),
        ("全国", ()),
        ("某某国", ()),
    ],
)
def test_regions_of_front_matter_are_resolved(region, codes):
    assert described(f"---\nregion: {region}\n---\n山西的事。{BODY}").regions == codes


def test_regions_of_the_title_are_the_articles():
    assert described(f"---\ntitle: 芜湖怎样化债\n---\n山西山西山西。{BODY}").regions == ("340200",)


def test_the_region_that_rules_a_text_is_its_region():
    text = f"山西的县里先动。{BODY}山西又改了薪酬。{BODY}太原市跟上，山西全省铺开。"

    assert described(text, ".txt").regions == ("140000",)


def test_a_region_among_equals_is_not_the_articles():
    assert described(f"山西、广东、福建、山西、江苏、浙江、山西都在试。{BODY}", ".txt").regions == ()


def test_a_region_of_one_chapter_is_not_the_articles():
    chapter = "三明先改医保，三明再改薪酬，三明后改编制。"

    assert described(BODY * 30 + chapter + BODY * 2, ".txt").regions == ()
    assert described(chapter + BODY * 15 + chapter + BODY * 15 + chapter, ".txt").regions == ("350400",)


@pytest.mark.parametrize(
    ("stem", "slug"),
    [
        ("医改 (终稿)", "医改-终稿"),
        ("../../etc/passwd", "etc-passwd"),
        ("ＡＢＣ", "ABC"),
        ("\u202e\n", "article"),
        ("长" * 90, "长" * 40),
        ("", "article"),
    ],
)
def test_an_article_id_is_a_slug_and_a_piece_of_the_hash(stem, slug):
    assert make_article_id(stem, "0123456789abcdef") == f"{slug}-012345"


@given(st.text(max_size=80))
def test_an_article_id_is_never_empty_or_long(stem):
    name = make_article_id(stem, "0123456789")

    assert 8 <= len(name) <= 47
    assert not set(name) & set("/\\ \n#@>:")


def test_nothing_known_is_nothing_said():
    blocks = (Block(text=BODY), Block(text=BODY))

    assert describe(Markup(blocks=blocks), clean_blocks(blocks)).facts_from == ()
