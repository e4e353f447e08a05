"""Finding title, date, source, address and regions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block, Markup
from ingest.clean import clean_blocks
from ingest.describe import describe, looks_like_title, make_article_id, parse_date
from ingest.markup import read_markup

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


POLICY = f"""某某市人民政府办公室文件
某政办〔2021〕3号
某某市人民政府办公室关于推进医联体建设的实施意见
各县（市、区）人民政府：
根据国办发〔2017〕32号文件精神，{BODY}
{BODY}
某某市人民政府办公室
二〇二一年三月四日
"""


def test_a_document_has_number_issuer_kind_and_the_date_of_its_signature():
    found = described(POLICY, ".txt")
    origins = dict(found.facts_from)

    assert (found.doc_number, origins["doc_number"]) == ("某政办〔2021〕3号", "number line")
    assert (found.issuer, origins["issuer"]) == ("某某市人民政府办公室", "letterhead")
    assert (found.kind, origins["kind"]) == ("policy", "form")
    assert found.date == "2021-03-04"


def test_a_document_in_traditional_characters_is_described_alike():
    found = described(
        f"某某市醫療保障局關於調整支付標準的通知\n某醫保發（２０２１）３號\n{BODY}\n{BODY}\n某某市醫療保障局\n中華民國110年3月4日",
        ".txt",
    )

    assert (found.title, found.doc_number) == (
        "某某市醫療保障局關於調整支付標準的通知",
        "某醫保發〔2021〕3號",
    )
    assert (found.issuer, found.kind, found.date) == ("某某市醫療保障局", "policy", "2021-03-04")


def test_a_better_date_outweighs_the_signatures():
    found = described(f"题目就在这里\n发布时间：2021-03-09\n{BODY}\n某某县卫生健康局\n2021年3月4日", ".txt")

    assert (found.date, dict(found.facts_from)["date"]) == ("2021-03-09", "publish line")


def test_a_number_that_the_text_cites_is_not_its_own():
    found = described(
        f"某县怎样落实文件\n按照国办发〔2015〕38号文件，{BODY}\n{BODY}（国办发〔2015〕38号）", ".txt"
    )

    assert (found.doc_number, found.issuer, found.kind) == (None, None, None)


def test_front_matter_gives_column_issuer_number_and_kind():
    found = described(
        f"---\n栏目: 政策解读\n发文机关: 某某省财政厅\n发文字号: 某财社〔2021〕3号\n体裁: 评论\n---\n{BODY}"
    )

    assert (found.column, found.issuer, found.doc_number, found.kind) == (
        "政策解读",
        "某某省财政厅",
        "某财社〔2021〕3号",
        "opinion",
    )
    assert set(dict(found.facts_from).values()) == {"front matter"}


def test_a_pages_record_gives_column_issuer_number_and_kind():
    facts = {
        "column": "通知公告",
        "issuer": "某某省财政厅",
        "doc_number": "某财社﹝2021﹞3号",
        "kind": "通知",
        "date": "2021年3月4日",
    }
    blocks = (Block(text="题目就在这里"), Block(text=BODY))

    found = describe(Markup(blocks=blocks, page_facts=facts), clean_blocks(blocks))

    assert (found.column, found.issuer, found.doc_number, found.kind, found.date) == (
        "通知公告",
        "某某省财政厅",
        "某财社〔2021〕3号",
        "policy",
        "2021-03-04",
    )
    assert set(dict(found.facts_from).values()) == {"page metadata", "first line"}


def test_a_trail_above_the_title_gives_the_column():
    found = described(f"当前位置：首页 > 新闻中心 > 县区动态 > 正文\n某县医改的三本账\n{BODY}", ".txt")

    assert (found.column, dict(found.facts_from)["column"]) == ("县区动态", "breadcrumb")


def test_a_publish_line_gives_issuer_and_number():
    found = described(f"某县医改的三本账\n文号：某政办〔2021〕3号 发布机构：某某县卫生健康局\n{BODY}", ".txt")

    assert (found.doc_number, found.issuer) == ("某政办〔2021〕3号", "某某县卫生健康局")


def test_a_dateline_gives_source_author_and_date_where_nothing_better_does():
    line = f"某某新闻网2021年3月4日讯（记者 王小明）{BODY}"

    plain = described(f"某县医改的三本账\n{line}", ".txt")
    labelled = described(f"某县医改的三本账\n来源：某某日报 作者：李红 2021-03-05\n{line}", ".txt")

    assert (plain.source, plain.author, plain.date, plain.kind) == (
        "某某新闻网",
        "王小明",
        "2021-03-04",
        "news",
    )
    assert (labelled.source, labelled.author, labelled.date) == ("某某日报", "李红", "2021-03-05")


def test_an_original_title_is_the_title_where_no_heading_is():
    glued = described(f"原标题：某县医改：三本账怎么算！近日，{BODY}来源：某某日报", ".txt")
    headed = described(f"# 另一个题目在这里\n\n原标题：某县医改：三本账怎么算！\n\n{BODY}")

    assert (glued.title, dict(glued.facts_from)["title"]) == ("某县医改：三本账怎么算！", "original title")
    assert (headed.title, dict(headed.facts_from)["title"]) == ("另一个题目在这里", "heading")


def test_the_address_of_a_reprint_notice_is_the_articles():
    found = described(
        f"某县医改的三本账\n{BODY}本文属于原创文章，如若转载，请注明来源：某县的账https://example.cn/a.html",
        ".txt",
    )

    assert (found.url, found.source) == ("https://example.cn/a.html", None)


def test_the_issuers_region_is_its_documents():
    found = described(f"关于推进医联体建设的实施意见\n芜湖市人民政府文件\n{BODY}", ".txt")

    assert (found.regions, dict(found.facts_from)["regions"]) == (("340200",), "issuer")


def test_a_number_line_and_a_date_line_are_no_titles():
    assert not looks_like_title("国办发〔2015〕38号")
    assert not looks_like_title("二〇二一年三月四日")


@settings(deadline=None)
@given(
    st.text(
        alphabet="国办发〔2015〕38号关于通知的意见 \n：:|（）()来源原标题近日讯电记者县局院年月日二〇问答。，",
        max_size=300,
    )
)
def test_any_text_is_described_without_an_error(text):
    found = described(text, ".txt")

    assert all(getattr(found, name) for name, _ in found.facts_from)
    assert found.title is None or 0 < len(found.title) <= 300


@pytest.mark.parametrize(
    ("facts", "title", "author"),
    [
        ({"property_title": "村医补助办法", "property_author": "李四"}, "村医补助办法", "李四"),
        ({"property_title": "Microsoft Word - 文档1", "property_author": "微软用户"}, None, None),
        ({"property_title": "补助.docx", "property_author": "lenovo"}, None, None),
    ],
)
def test_properties_of_a_document_are_believed_last_and_only_where_a_person_wrote_them(facts, title, author):
    body = Block(text="各县的村医从三月起按月领取补助，由县财政支付，不得拖欠，也不得用其他经费抵扣。")
    markup = Markup(blocks=(body,), page_facts=facts)

    described = describe(markup, clean_blocks(markup.blocks))

    assert (described.title, described.author) == (title, author)
    assert all(origin == "document properties" for _, origin in described.facts_from)


def test_the_title_is_the_first_heading_below_a_letterhead():
    blocks = (
        Block(text="某某市人民政府办公室文件"),
        Block(text="某政办发〔2021〕9号"),
        Block(text="关于做好村医补助发放工作的通知", level=1),
        Block(text=BODY),
    )

    title = describe(Markup(blocks=blocks), clean_blocks(blocks)).title

    assert title == "关于做好村医补助发放工作的通知"


def test_a_heading_below_the_text_is_no_title():
    blocks = (Block(text=BODY), Block(text="附件", level=1), Block(text=BODY))

    assert describe(Markup(blocks=blocks), clean_blocks(blocks)).title is None
