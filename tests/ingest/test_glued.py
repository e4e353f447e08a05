"""Taking apart what text extraction has glued together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.glued import cut_inside, peel_end, peel_start, split_at_gaps, title_end
from tests.support.effort import effort_below

LAST = "一年下来，留在县里看病的人从七成升到了八成半，医保基金第一次有了结余。"
REPORT = "某县三家医院合成了一个集团，人员、资金和药品由集团统一管理。"


def peeled(text, *, is_reached=False):
    pieces = peel_end(text, is_reached=is_reached)
    return [piece.text for piece in pieces if piece.reason is None], [
        piece.reason for piece in pieces if piece.reason
    ]


@pytest.mark.parametrize(
    ("tail", "reasons"),
    [
        ("责任编辑：王小明", ["editor line"]),
        ("（責任編輯：王小明）", ["editor line"]),
        ("【编辑:王小明】", ["editor line"]),
        ("编辑 王小明 校对 李红", ["editor line"]),
        ("王小明 李红编辑 张三二审 李四三审 王五", ["editor line"]),
        ("来源：某某日报", ["source line"]),
        ("来源｜某某日报", ["source line"]),
        ("（文章来源：某某日报）", ["source line"]),
        ("（转自：某某发布）", ["source line"]),
        ("資料來源：某某晚報、某某網", ["source line"]),
        ("（某某日报）", ["source line"]),
        ("《某某日报》（2021年3月4日 5版）", ["source line"]),
        ("（记者 王小明）", ["byline"]),
        ("（某某日报记者王小明、李红）", ["byline"]),
        ("（王小明 李红）", ["byline"]),
        ("（某某县医保中心 王小明）", ["byline"]),
        ("某某新闻记者 王小明 实习生 李红", ["byline"]),
        ("（图片由通讯员提供）", ["image credit"]),
        ("（完）", ["end mark"]),
        ("-END-", ["end mark"]),
        ("分享让更多人看到", ["page tools"]),
        ("返回某某，查看更多责任编辑：", ["page tools"]),
        ("更多精彩内容请进入健康频道", ["page tools"]),
        ("本文属于原创文章，如若转载，请注明来源：某县的账https://example.cn/a.html", ["reprint notice"]),
        ("声明：此文版权归原作者所有，如有侵权请与我们联系。", ["platform notice"]),
        ("以上内容由某某网根据公开信息整理，与本站立场无关。", ["platform notice"]),
        ("本文不构成投资建议，市场有风险，投资需谨慎。", ["platform notice"]),
        ("未经授权，不得转载。", ["platform notice"]),
        ("新闻线索报料通道：应用市场下载客户端，全城记者等你来报料！", ["advert"]),
        ("更多健康资讯，请下载某某客户端。", ["advert"]),
        ("别忘了点赞和在看", ["likes and comments"]),
        ("（原标题：某县医改的三本账）", ["original title"]),
        (
            "（记者 王小明）来源：某某日报编辑：李红返回某某，查看更多",
            ["byline", "source line", "page tools"],
        ),
        ("作者 | 王小明编辑 | 李红审校 | 张三", ["source line"]),
    ],
)
def test_chrome_at_the_end_of_a_paragraph_is_peeled_off(tail, reasons):
    assert peeled(LAST + tail) == ([LAST], reasons)


@pytest.mark.parametrize(
    "text",
    [
        "他当过十年记者，后来又做编辑，最后到医改办去工作。编辑写信",
        "这笔钱的来源：财政出四成，医保出三成，其余由医院自己筹。",
        "医院说明了三点。说明：药价不变，检查费下降，诊费略升。",
        "省里要求各地公开价格（见附件）",
        "各地参照执行。（试行）",
        "药价降了三成（患者自付部分）",
        "他说：“钱要花在刀刃上。”（鼓掌）",
        "药价降了三成。（某某县医保中心 统计）",
        "医院把二维码贴在墙上，患者扫码就能下载客户端。",
        "审核通过后，医院在网上公开，未经公开的不得收费。",
        "记者问他为什么，他说，人要留得住。",
    ],
)
def test_a_body_that_ends_on_such_words_stays_whole(text):
    assert peeled(text) == ([text], [])


def test_what_is_too_weak_alone_is_chrome_above_chrome():
    text = "孩子们把这一天记在了本子上来源：某某发布"

    assert peeled(text) == ([text], [])
    assert peeled(text, is_reached=True) == (["孩子们把这一天记在了本子上"], ["source line"])


def test_chrome_at_the_beginning_of_the_looked_at_window_is_no_beginning_of_a_line():
    text = "字" * 700

    assert peeled(text + "来源某某日报") == ([text + "来源某某日报"], [])


@pytest.mark.parametrize(
    ("chrome", "reason"),
    [
        ("（资料图）", "image credit"),
        ("（王小明 摄）", "image credit"),
        ("（某某医院供图）", "image credit"),
        ("（圖源：某某新聞）", "image credit"),
        ("某某社记者 王小明 摄 ", "image credit"),
        ("广告 今天下单，买一送一，快来看看 ×", "advert"),
        ("（原标题：某县医改的三本账）", "original title"),
        ("（扫码查看全文）", "follow or scan"),
    ],
)
def test_credits_and_adverts_between_sentences_are_cut(chrome, reason):
    pieces = cut_inside(LAST + chrome + REPORT)

    assert "".join(piece.text.strip() for piece in pieces if piece.reason is None) == LAST + REPORT
    assert [piece.reason for piece in pieces if piece.reason] == [reason]


@pytest.mark.parametrize(
    "text",
    [
        "这是一则广告 × 三家医院都登了。",
        "图（1）和图（2）是两年的账。",
        "他拍摄了一部片子，供图书馆收藏。",
        "名单见下（图 1）。",
        "医院为媒体供图，一年三百张。",
    ],
)
def test_sentences_that_speak_of_pictures_and_adverts_stay(text):
    assert [piece.text for piece in cut_inside(text)] == [text]


@pytest.mark.parametrize(
    "opening",
    [
        "近日，",
        "3月4日上午，",
        "据某某日报3月4日报道，",
        "本报讯（记者 王小明）",
        "新华社合肥3月4日电 ",
        "为进一步方便群众看病，",
        "【某某网讯】",
        "記者從省裡獲悉，",
    ],
)
def test_a_title_behind_its_label_ends_where_a_report_begins(opening):
    pieces, facts = peel_start(f"原标题：某县医改的三本账怎样算{opening}{REPORT}")

    assert [(piece.text, piece.reason) for piece in pieces[:2]] == [
        ("原标题：", "original title"),
        ("某县医改的三本账怎样算", None),
    ]
    assert "".join(piece.text for piece in pieces[2:]) == (opening + REPORT).strip()
    assert [fact.value for fact in facts if fact.name == "title"] == ["某县医改的三本账怎样算"]


def test_a_title_that_comes_again_is_kept_once():
    title = "某县医改的三本账怎样算 全县都在看"

    pieces, _ = peel_start(f"原标题：{title}{title} {REPORT}")

    assert [(piece.text, piece.reason) for piece in pieces] == [
        ("原标题：", "original title"),
        (title, None),
        (title, "title again"),
        (REPORT, None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"某县医改的三本账{REPORT}",
        f"医院合并了。近日，{REPORT}",
        f"竟然是因为……原来如此近日，{REPORT}",
        f"公司于近日公布了{REPORT}",
        "",
    ],
)
def test_a_title_whose_end_is_not_certain_is_not_parted(text):
    assert title_end(text) is None


def test_a_byline_is_cut_off_the_start_where_its_end_is_certain():
    pieces, facts = peel_start(f"某某报记者 王小明 通讯员 李红 合肥报道3月4日，{REPORT}")

    assert [piece.reason for piece in pieces] == ["byline", None]
    assert pieces[1].text == f"3月4日，{REPORT}"
    assert {fact.name: fact.value for fact in facts}["author"] == "王小明"


def test_a_byline_in_brackets_is_cut_off_the_start():
    pieces, facts = peel_start(f"（某某日报客户端 王小明 李红）3月4日，{REPORT}")

    assert [(piece.text, piece.reason) for piece in pieces] == [
        ("（某某日报客户端 王小明 李红）", "byline"),
        (f"3月4日，{REPORT}", None),
    ]
    assert {fact.name: fact.value for fact in facts} == {"source": "某某日报客户端", "author": "王小明 李红"}


def test_a_byline_whose_end_is_not_certain_stays():
    text = f"记者王小明走进{REPORT}"

    assert [piece.text for piece in peel_start(text)[0]] == [text]


def test_a_heading_a_row_and_a_short_line_are_not_parted_at_blanks():
    text = LAST * 3 + " " * 10 + REPORT * 3

    assert len(split_at_gaps(Block(text=text))) == 2
    assert len(split_at_gaps(Block(text=text, level=2))) == 1
    assert len(split_at_gaps(Block(text=text, kind="row"))) == 1
    assert len(split_at_gaps(Block(text="甲" + " " * 10 + "乙"))) == 1


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                LAST,
                REPORT,
                "来源：某报",
                "编辑：王小明",
                "（完）",
                "（资料图）",
                "王小明 摄",
                "近日，",
                "原标题：",
                "返回某某，查看更多",
            ]
        ),
        st.text(alphabet="。！“”（）【】：|/ \u3000\U00020bb7a0月日记者来源编辑摄图近据", max_size=20),
    ),
    max_size=8,
).map("".join)


@settings(deadline=None)
@given(PIECES, st.booleans())
def test_peeling_parts_a_text_and_changes_nothing_else(text, is_reached):
    squeezed = "".join(text.split())
    for pieces in (peel_end(text, is_reached=is_reached), peel_start(text)[0], cut_inside(text)):
        assert "".join("".join(piece.text for piece in pieces).split()) == squeezed


@pytest.mark.parametrize(
    "unit",
    [
        "。",
        "来源：",
        "编辑：",
        "（",
        "（记者 ",
        "王小明 ",
        "摄",
        "新华社",
        "近日",
        "据",
        "【",
        "广告 ",
        "原标题：",
        "转载",
        "本文",
        "、",
        "a",
        " ",
    ],
)
def test_long_hostile_paragraphs_are_taken_apart_in_time_that_grows_with_their_length(unit):
    text = (unit * 50_000)[:50_000]

    with effort_below(3):
        peel_end(text + "。", is_reached=True)
        cut_inside(text)
        peel_start(text)
