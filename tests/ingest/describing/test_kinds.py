"""Telling what sort of text an article is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.clean import CutBlock
from ingest.describing.documents import Signature
from ingest.describing.kinds import Known, kind_named, tell_kind
from tests.support.effort import effort_below

BODY = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理。"
SIGNED = Signature(bodies=("某某省卫生健康委员会",), date="2021-03-04")


def kind(*lines, cut=(), **known):
    pieces = [CutBlock(text=text, reason=reason) for text, reason in cut]
    return tell_kind([Block(text=line) for line in lines], pieces, Known(**known))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("政策文件", "policy"),
        ("通知", "policy"),
        ("法規", "policy"),
        ("要闻", "news"),
        ("新聞", "news"),
        ("Interview", "interview"),
        ("专家访谈", "interview"),
        ("领导讲话", "speech"),
        ("時評", "opinion"),
        ("文摘", "digest"),
        ("其他", None),
        ("", None),
        ("这一栏里说的是通知怎样写成、怎样发出以及怎样落实的全过程", None),
    ],
)
def test_a_field_names_a_kind_by_its_words(text, expected):
    assert kind_named(text) == expected


def test_two_signs_make_a_policy_and_one_does_not():
    assert kind(BODY, title="关于推进医联体建设的意见", has_number=True) == "policy"
    assert kind(BODY, title="關於推進醫聯體建設的意見", signature=SIGNED) == "policy"
    assert kind(BODY, has_letterhead=True, has_number=True) == "policy"
    assert (
        kind(BODY, *[f"第{n}条 医院应当公开价格。" for n in "一二三四"], title="某某市医共体管理办法")
        == "policy"
    )
    assert kind(BODY, title="关于推进医联体建设的意见") is None
    assert kind(BODY, has_number=True) is None
    assert kind(BODY, signature=SIGNED) is None


@pytest.mark.parametrize(
    "lines",
    [
        ("问：钱从哪里来？", "答：财政和医保一起出。", "问：人从哪里来？", "答：从县医院派。"),
        ("記者：錢從哪裡來？", "王局長：財政出。", "記者：人呢？", "王局長：縣裡派。"),
        ("某某日报：先改哪里？", "李院长：先改药价。", "某某日报：然后呢？", "李院长：改薪酬。"),
        ("局里答复了来信。问：钱从哪里来？答：财政出。问：人从哪里来？答：县里派。",),
    ],
)
def test_turns_of_asking_and_answering_make_an_interview(lines):
    assert kind(*lines) == "interview"


def test_one_question_is_no_interview():
    assert kind("问：钱从哪里来？", BODY) is None
    assert kind("联系人：王小明", "电话：010-1", "地址：某某路", BODY) is None


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ((BODY,), "在全市卫生健康工作会议上的讲话"),
        ((BODY,), "在全市衛生健康工作會議上的講話（摘要）"),
        (("同志们：", BODY), ""),
        (("尊敬的各位代表：", BODY), ""),
    ],
)
def test_a_title_or_an_address_makes_a_speech(lines, title):
    assert kind(*lines, title=title) == "speech"


@pytest.mark.parametrize("title", ["学习贯彻全会讲话", "局长讲话之后医院变了样"])
def test_a_report_of_a_speech_is_none(title):
    assert kind(BODY, title=title) != "speech"


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        ((BODY,), {"title": "社论：医改要啃硬骨头"}),
        ((BODY,), {"title": "【锐评】药价为什么降得下来"}),
        ((BODY,), {"author": "本報評論員"}),
        ((BODY,), {"column": "时评"}),
        (("本报评论员 王小明", BODY), {}),
        (("某医院把检查费公开了，患者叫好。（3月4日《某某日报》）价格公开只是第一步。",), {}),
    ],
)
def test_a_label_a_commentator_and_a_cited_report_make_an_opinion(lines, known):
    assert kind(*lines, **known) == "opinion"


def test_sections_under_places_make_a_digest_and_so_does_a_title_that_says_so():
    assert kind("安徽芜湖", BODY, "福建三明", BODY, "江苏盐城", BODY) == "digest"
    assert kind(BODY, title="医改要闻汇总（三月）") == "digest"
    assert kind("安徽芜湖", BODY, "福建三明", BODY) is None


@pytest.mark.parametrize(
    "line",
    [
        "某某社合肥3月4日电 省里公布了新的药价。",
        "本报讯（记者 王小明）省里公布了新的药价。",
        "某某日报讯 记者王小明报道 省里公布了新的药价。",
        "【某某网消息】省里公布了新的药价。",
        "近日，省里公布了新的药价，二十种药降了三成。",
        "3月4日，省里公布了新的药价，二十种药降了三成。",
        "據某某日報報道，省裡公布了新的藥價。",
    ],
)
def test_words_with_which_reports_begin_make_news(line):
    assert kind(line, BODY) == "news"


def test_a_reporters_byline_makes_news():
    assert kind(BODY, cut=[("（记者 王小明）", "byline")]) == "news"
    assert kind(BODY, cut=[("（王小明）", "byline")]) is None


def test_without_a_clear_sign_the_kind_is_not_told():
    assert kind(BODY, BODY, title="某某县医改的三本账") is None
    assert kind() is None


@settings(deadline=None)
@given(
    st.lists(
        st.text(alphabet="问答记者：:？。，近日第一条讯（）()【】同志们月日3 \n", max_size=80), max_size=8
    ),
    st.text(alphabet="讲话社论通知关于的：汇总", max_size=30),
)
def test_any_text_has_a_kind_or_none(lines, title):
    lines = [line for line in lines if line]

    assert kind(*lines, title=title) in {None, "policy", "news", "interview", "speech", "opinion", "digest"}


@pytest.mark.parametrize("unit", ["问:", "记者", "关于", "近日", "【", "(", "3月4日", "讯", "社论"])
def test_hostile_texts_are_judged_quickly(unit):
    text = unit * 20_000

    with effort_below(3):
        kind(text, text, title=(unit * 60)[:119])
