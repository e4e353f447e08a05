"""Finding a file's encoding."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decode import declared_charset, decode, plausibility
from rag.errors import UnreadableFileError
from tests.support.effort import effort_below

SIMPLIFIED = (
    "全市公立医院的债务去年下降了三成，县里的医生每周到乡镇卫生院坐诊。",
    "记者从会上了解到，医保基金的结余全部留在医共体内部使用！",
    "“看病难”的问题怎样解决？各地的做法不一样；有的先改薪酬，有的先改编制。",
    "到2024年底，全省共有85%的乡镇卫生院达到服务能力标准。",
)
TRADITIONAL = (
    "全市公立醫院的債務去年下降了三成，縣裡的醫生每週到鄉鎮衛生院坐診。",
    "記者從會上瞭解到，醫保基金的結餘全部留在醫共體內部使用！",
    "到2024年底，全省共有85%的鄉鎮衛生院達到服務能力標準。",
)


def paragraphs(sentences):
    return st.lists(st.sampled_from(sentences), min_size=1, max_size=8).map("\n".join)


@given(paragraphs(SIMPLIFIED + TRADITIONAL))
def test_utf8_comes_back(text):
    assert decode(text.encode()).text == text


@given(paragraphs(SIMPLIFIED))
def test_gb18030_comes_back(text):
    assert decode(text.encode("gb18030")).text == text


@given(paragraphs(TRADITIONAL))
def test_big5_comes_back(text):
    assert decode(text.encode("big5hkscs")).text == text


@given(paragraphs(SIMPLIFIED + TRADITIONAL), st.sampled_from(["utf-16-le", "utf-16-be", "utf-16", "utf-32"]))
def test_wide_encodings_come_back_with_and_without_a_mark(text, codec):
    if codec == "utf-32":
        assert decode(text.encode(codec)).text == text
    else:
        assert decode(text.encode(codec)).text == text


@given(st.text(alphabet="。！？；，、“”（）%09５\n\u3000\U00020bb7abé", min_size=1))
def test_any_utf8_text_comes_back(text):
    assert decode(text.encode()).text == text


def test_a_byte_order_mark_is_no_part_of_the_text():
    decoded = decode(b"\xef\xbb\xbf" + "医改".encode())

    assert (decoded.text, decoded.codec) == ("医改", "utf-8-sig")


def test_english_in_utf16_without_a_mark_is_read():
    assert decode("Health reform in Wuhu.".encode("utf-16-be")).text == "Health reform in Wuhu."


def test_what_a_page_declares_is_believed_when_the_bytes_agree():
    page = '<html><head><meta charset="big5"></head><body>縣</body></html>'

    assert decode(page.encode("big5")).codec == "big5hkscs"


def test_a_false_declaration_is_not_believed():
    page = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">' + SIMPLIFIED[0]

    assert decode(page.encode("gb18030")).text == page


def test_a_declaration_far_down_the_page_is_not_looked_for():
    assert declared_charset(b" " * 5000 + b'<meta charset="gbk">') is None
    assert declared_charset(b'<META content="text/html; CHARSET=gb2312">') == "gb18030"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_file_cut_inside_a_character_is_read_without_it(codec):
    text = SIMPLIFIED[0] + "完"

    decoded = decode(text.encode(codec)[:-1])

    assert decoded.text == SIMPLIFIED[0]
    assert decoded.unreadable == 1


def test_a_few_spoilt_bytes_are_shown_and_counted():
    spoilt = ("\n".join(SIMPLIFIED) * 30).encode("gb18030") + b"\xff" + "。\n".encode("gb18030")

    decoded = decode(spoilt)

    assert decoded.text.count("\ufffd") == decoded.unreadable == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4,
        b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(reversed(range(256))),
        b"\x01\x02\x03\x04" * 50,
        b"text\0text",
    ],
)
def test_what_is_no_text_is_refused_as_binary(data):
    with pytest.raises(UnreadableFileError) as caught:
        decode(data)
    assert caught.value.code == "binary"


def test_bytes_of_no_encoding_are_refused():
    noise = bytes(random.Random(7).choices(range(128, 256), k=3000))

    with pytest.raises(UnreadableFileError) as caught:
        decode(noise)
    assert caught.value.code == "encoding"


def test_a_mark_that_the_rest_does_not_honour_is_refused():
    with pytest.raises(UnreadableFileError) as caught:
        decode(b"\xff\xfea\x00\x00\xd8b\x00")
    assert caught.value.code == "encoding"


@settings(max_examples=30)
@given(paragraphs(SIMPLIFIED))
def test_the_right_codec_is_more_plausible_than_a_wrong_one(text):
    wrong = text.encode("gb18030").decode("big5hkscs", errors="replace")

    assert plausibility(text) > plausibility(wrong)


def test_plain_ascii_is_plausible():
    assert plausibility("Health reform, 2024.") == 1.0


def test_a_large_file_is_decoded_in_linear_time():
    data = (SIMPLIFIED[0] * 20_000).encode("gb18030")

    with effort_below(6):
        decode(data)
