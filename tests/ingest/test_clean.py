"""Cutting a site's chrome."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import Block, clean_blocks, tidy
from rag.normalise import simplify
from tests.support.effort import effort_below

FIRST = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理。"
LAST = "一年下来，留在县里看病的人从七成升到了八成半，医保基金第一次有了结余。"


def clean(*lines, before=()):
    return clean_blocks([Block(text=line) for line in lines], before=[Block(text=line) for line in before])


def kept(*lines):
    return [block.text for block in clean(*lines).blocks]


def facts(*lines, before=()):
    return {fact.name: fact.value for fact in reversed(clean(*lines, before=before).facts)}


@pytest.mark.parametrize(
    "line",
    [
        "当前位置：首页 > 新闻中心 > 正文",
        "您现在的位置: 首页 >> 医改动态",
        "首页 > 政策 > 解读",
        "发布时间：2021-03-04 10:20 浏览次数：88",
        "2021年3月4日 10:20",
        "来源：某某日报 作者：王小明 字号：大 中 小",
        "http://www.example.cn 2021年03月04日 10:20 某某晚报",
        "本报记者 王小明 李红",
        "作者：王小明",
        "【大 中 小】 打印 关闭",
        "首页 | 新闻 | 政策 | 专题 | 互动 | 关于",
        "导语",
    ],
)
def test_a_line_of_the_site_above_the_body_is_cut(line):
    assert kept("题目在这里", line, FIRST, LAST) == ["题目在这里", FIRST, LAST]


@pytest.mark.parametrize(
    "line",
    [
        "点赞(12)",
        "点讚 收藏 評論",
        "评论列表 共有 3 条评论",
        "暂无评论",
        "微信扫一扫关注我们",
        "扫描下方二维码，下载客户端",
        "某某卫生公众号",
        "上一篇：没有了",
        "下一篇: 某县医改的三本账",
        "返回首页",
        "返回顶部",
        "相关阅读",
        "标签：医改 医保",
        "分享到：微信 微博",
        "责任编辑：王小明",
        "（責任編輯：王小明）",
        "来源：某某日报",
        "（文章来源：某某日报）",
        "来 源 / 某某网综合整理",
        "特别声明：以上内容为平台用户上传，平台不对其观点负责。",
        "免责声明：本文转载自网络，如有侵权请联系删除。",
        "Notice: The content above is uploaded by a user of the platform.",
        "https://example.cn/share?id=1",
        "版权所有 某某网 京ICP备000000号",
        "*此处为课程推广广告",
    ],
)
def test_a_line_of_the_site_below_the_body_is_cut(line):
    line = line.replace("某某卫生公众号", "公众号：某某卫生")

    assert kept(FIRST, LAST, line) == [FIRST, LAST]


@pytest.mark.parametrize("line", ["图片", "图源：某某杂志", "（资料图）", "【广告】"])
def test_a_lone_marker_is_cut_wherever_it_stands(line):
    assert kept(FIRST, line, LAST) == [FIRST, LAST]


@pytest.mark.parametrize(
    "line",
    [
        "医院在微信公众号上开了预约，患者扫码就能挂号，点赞的人不少，评论里也有人说老人不会用。",
        "来源单一是县医院负债的主因：财政只给工资的两成，其余全靠看病挣。",
        "特别声明一点，这项改革没有先例，平台怎么搭、版权归谁，都要一步一步试。",
        "下一篇文章怎么写，局长心里还没有数，他只说先把这笔债还清。",
        "打开手机，点击报名，家庭医生当天就会打来电话，这在三年前想都不敢想。",
    ],
)
def test_a_paragraph_that_speaks_of_such_things_stays_whole(line):
    assert kept(FIRST, line, LAST) == [FIRST, line, LAST]
    assert kept(line, FIRST) == [line, FIRST]
    assert kept(FIRST, line) == [FIRST, line]


def test_short_lines_among_site_lines_go_with_them():
    assert kept(FIRST, LAST, "点赞(0)", "发表", "评论", "顶部") == [FIRST, LAST]


def test_short_lines_at_the_end_stay_when_no_site_line_comes_before_them():
    closing = ["某某县卫生健康局", "2021年3月4日"]

    assert kept(FIRST, LAST, *closing) == [FIRST, LAST, *closing]
    assert kept(FIRST, LAST, *closing, "返回首页") == [FIRST, LAST, *closing]


def test_a_short_last_sentence_stays():
    assert kept(FIRST, LAST, "谢谢大家。", "下一篇：无") == [FIRST, LAST, "谢谢大家。"]


def test_an_attachment_stays_below_an_editor_line():
    assert kept(FIRST, LAST, "责任编辑：王小明", "附件：任务分工表") == [FIRST, LAST, "附件：任务分工表"]


def test_an_advert_is_cut_only_below_a_line_of_the_site():
    advert = "备考季来了！某某题库每日更新、免费刷题，点击卡片，马上开始。"

    assert kept(FIRST, LAST, "来源：某某网", advert) == [FIRST, LAST]
    assert kept(FIRST, LAST, advert) == [FIRST, LAST, advert]


def test_a_credit_glued_to_the_last_sentence_is_cut_off():
    cleaned = clean(FIRST, LAST + "来源：某某日报编辑：王小明")

    assert cleaned.blocks[-1].text == LAST
    assert {fact.name: fact.value for fact in cleaned.facts}["source"] == "某某日报"


def test_a_last_sentence_about_an_editor_stays():
    line = "他当过十年记者，后来又做编辑，最后写信给县长，请求到医改办去工作。编辑写信"

    assert kept(FIRST, line) == [FIRST, line]


@pytest.mark.parametrize(
    "line",
    [
        "原标题：某县医改的三本账怎样算",
        "（原標題：某縣醫改的三本賬怎樣算）",
        "【原标题】某县医改的三本账怎样算",
    ],
)
def test_an_original_title_goes_into_its_field(line):
    for lines in (("题目在这里", line, FIRST, LAST), ("题目在这里", FIRST, LAST, line)):
        cleaned = clean(*lines)

        assert [block.text for block in cleaned.blocks] == [text for text in lines if text != line]
        assert cleaned.facts[0].name == "title"
        assert simplify(cleaned.facts[0].value) == "某县医改的三本账怎样算"


@pytest.mark.parametrize("blanks", [" " * 12, "\u3000" * 6, "\t" * 8])
def test_a_run_of_blanks_in_a_long_line_was_a_line_break(blanks):
    line = f"原标题：某县医改的三本账怎样算{blanks}{FIRST}{LAST}{FIRST}{blanks}责任编辑：王小明"

    assert kept(line) == [f"{FIRST}{LAST}{FIRST}"]


def test_a_short_line_with_blanks_in_it_stays_one_line():
    assert kept("甲        乙", FIRST, LAST) == ["甲 乙", FIRST, LAST]


def test_a_footer_is_not_taken_for_a_sentence_that_begins_like_one():
    line = "承办此案的法官提醒大家，看病时要留好收据，结算单也要留好，免得日后说不清楚。"

    assert kept(FIRST, LAST, line) == [FIRST, LAST, line]
    assert kept(FIRST, LAST, "承办：某某信息中心") == [FIRST, LAST]


def test_a_body_glued_to_its_publish_line_is_not_cut_with_it():
    line = f"来源：某某网 时间：2021-03-04 10:20 {FIRST}"

    assert FIRST in "".join(kept("题目在这里", line, LAST))


def test_facts_of_cut_lines_are_kept_in_their_own_characters():
    found = facts("题目", "發布時間：2021-03-04 10:20 來源：某某衛生雜誌 作者：王小明", FIRST)

    assert found == {"date": "2021-03-04", "source": "某某衛生雜誌", "author": "王小明"}


def test_facts_are_read_from_lines_above_the_article_that_state_them():
    assert (
        facts(FIRST, before=["今天是2030年1月1日 星期二", "2021-03-04 10:20 来源：某某网"])["date"]
        == "2021-03-04"
    )
    assert facts(FIRST, before=["今天是2030年1月1日 星期二"]) == {}


def test_the_line_above_the_publish_line_is_known():
    assert clean("某某日报", "题目", "2021-03-04 10:20", FIRST).title_index == 1
    assert clean("题目", FIRST).title_index is None


def test_nothing_but_chrome_leaves_nothing():
    assert clean("图片", "【广告】").blocks == ()
    assert clean().blocks == ()


def test_every_cut_block_says_why():
    assert [(cut.text, cut.reason) for cut in clean(FIRST, LAST, "点赞(0)").cut] == [
        ("点赞(0)", "likes and comments")
    ]


def test_tidy_folds_blanks_and_drops_what_cannot_be_seen():
    assert tidy("\u3000\u3000医\u200b改\xa0 \xa0增\u202e长\ufeff \n\n\x00 ") == "医改 增长"
    assert tidy("张三\u3000李四,完。") == "张三\u3000李四,完。"
    assert tidy("e\u0301 葛\U000e0100") == "e\u0301 葛\U000e0100"


@given(st.text(max_size=200))
def test_tidy_text_is_tidy_and_loses_no_visible_character(text):
    tidied = tidy(text)

    assert tidy(tidied) == tidied
    assert not any(unicodedata.category(ch) in {"Cc", "Cf", "Cs"} for ch in tidied if ch != "\n")
    visible = [ch for ch in text if unicodedata.category(ch)[0] in "LNPS"]
    assert [ch for ch in tidied if unicodedata.category(ch)[0] in "LNPS"] == visible


LINES = st.one_of(
    st.sampled_from([FIRST, LAST, "点赞(0)", "返回", "来源：某报", "2021-03-04", "题目", "图片", "附件：表"]),
    st.text(alphabet="。！？；，、“”（）%09５ \u3000\U00020bb7aB医改来源:点赞", min_size=1, max_size=60),
)
GLUED = st.lists(
    st.sampled_from(
        [
            FIRST,
            LAST,
            "（资料图）",
            "王小明 摄",
            "广告 买一送一，今天下单 ×",
            "来源：某报",
            "责任编辑：王小明",
            "（完）",
            "原标题：",
            "近日，",
        ]
    ),
    max_size=6,
).map("".join)


def squeezed(text):
    return "".join(text.split())


@settings(deadline=None)
@given(st.lists(LINES, max_size=15))
def test_cutting_never_changes_what_is_kept(lines):
    cleaned = clean(*lines)

    # Every kept block stands in the source behind the one before it, and with what was cut it is all of the source.
    source = "\n".join(tidy(line) for line in lines)
    position = 0
    for block in cleaned.blocks:
        position = source.find(block.text, position)
        assert position >= 0
        position += len(block.text)
    pieces = [block.text for block in cleaned.blocks] + [block.text for block in cleaned.cut]
    assert Counter(squeezed("".join(pieces))) == Counter(squeezed(source))


@settings(deadline=None)
@given(st.lists(st.one_of(LINES, GLUED), max_size=6))
def test_what_is_cut_out_of_the_middle_leaves_the_rest_in_its_order(lines):
    cleaned = clean(*lines)

    kept = squeezed("".join(block.text for block in cleaned.blocks))
    rest = iter(squeezed("".join(tidy(line) for line in lines)))
    assert all(ch in rest for ch in kept)


@given(st.lists(LINES, max_size=15))
def test_body_paragraphs_survive(lines):
    cleaned = clean(*lines, FIRST, LAST)

    assert [block.text for block in cleaned.blocks][-2:] == [FIRST, LAST]


@pytest.mark.parametrize(
    "unit",
    [
        "大 ",
        "首页-",
        "-",
        ">",
        "记者 ",
        "张",
        "点赞 ",
        "来源:",
        "2020-01-01 ",
        "《",
        "[大] ",
        "点击卡片",
        "http://",
        "责任编辑:",
        "王小明 ",
        "（记者 ",
        "近日",
        "摄",
        "。",
        "原标题：",
        "广告 ",
        "据",
        "新华社",
        "【",
    ],
)
def test_hostile_lines_are_judged_quickly(unit):
    lines = [
        (unit * 400)[:length] + end for length in (38, 58, 78, 98, 118, 158, 298) for end in ("", "X。", "|")
    ]

    with effort_below(3):
        clean(*lines, FIRST, *lines)
