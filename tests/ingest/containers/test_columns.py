"""What a column holds is told by its name, in Chinese and in English."""

from __future__ import annotations

import pytest

from ingest.containers import FIELDS, parse_columns
from ingest.containers.columns import column_key, has_text, pick
from rag.errors import UnreadableFileError


@pytest.mark.parametrize(
    ("field", "names"),
    [
        (
            "text",
            [
                "正文",
                "内容",
                "內容",
                "全文",
                "文章内容",
                "Text",
                "CONTENT",
                "article_body",
                "正 文",
                "［正文］",
            ],
        ),
        ("title", ["标题", "標題", "Title", "headline", "新闻标题", "题目"]),
        (
            "date",
            [
                "发布日期",
                "发布时间",
                "發布日期",
                "pub_date",
                "publish-time",
                "datePublished",
                "日期",
                "Ｄａｔｅ",
            ],
        ),
        ("source", ["来源", "來源", "source", "媒体", "publisher"]),
        ("author", ["作者", "记者", "byline", "Author(s)"]),
        ("url", ["url", "URL", "链接", "原文链接", "網址", "source_url"]),
        ("region", ["地区", "省份", "region"]),
        ("column", ["栏目", "频道", "category"]),
        ("issuer", ["发文机关", "发布机构", "issuing body"]),
        ("doc_number", ["文号", "发文字号", "doc_number"]),
        ("kind", ["类型", "文种", "体裁", "type"]),
    ],
)
def test_names_are_recognised_whatever_their_width_case_and_signs(field, names):
    for name in names:
        assert pick({column_key(name): "值"}, field, {}) == "值", name


def test_every_field_can_be_named_by_its_own_name():
    for field in FIELDS:
        assert pick({column_key(field): "值"}, field, {}) == "值", field


def test_a_summary_is_not_the_text():
    assert not has_text(["摘要", "summary", "abstract", "简介"], {})


def test_of_two_columns_that_could_be_the_text_the_first_with_a_value_is():
    assert pick({"text": "", "content": "二", "正文": "三"}, "text", {}) == "二"


def test_columns_are_read_from_the_command_line():
    assert parse_columns(["text=稿件", " title = 题=名 "]) == {"text": "稿件", "title": "题=名"}


@pytest.mark.parametrize("pair", ["text", "=x", "text=", "wrong=x", ""])
def test_what_is_no_such_pair_is_refused_with_the_fields_there_are(pair):
    with pytest.raises(UnreadableFileError, match="doc_number") as caught:
        parse_columns([pair])
    assert caught.value.code == "columns"
