"""Tells what the columns of a table hold: by the person's word, or else by their names in Chinese and English."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from rag.errors import UnreadableFileError

# The first name that a row has a value under is taken. What a summary is called is left out on purpose: a summary is
# not the article.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "content", "body", "fulltext", "articlebody", "articletext", "maintext", "contenttext"),
        *(
            "正文",
            "内容",
            "全文",
            "正文内容",
            "文章内容",
            "新闻内容",
            "新闻正文",
            "文章正文",
            "文本",
            "全文内容",
        ),
        *("內容", "正文內容", "文章內容", "新聞內容", "全文內容", "paragraphs", "contenthtml", "html"),
    ),
    "id": ("id", "articleid", "docid", "newsid", "uuid", "guid", "编号", "文章编号", "編號", "文章編號"),
    "title": (
        "title",
        "headline",
        "标题",
        "文章标题",
        "新闻标题",
        "题目",
        "題目",
        "標題",
        "文章標題",
        "新聞標題",
    ),
    "date": (
        *(
            "date",
            "published",
            "publishdate",
            "pubdate",
            "publishedat",
            "publishtime",
            "pubtime",
            "datepublished",
        ),
        *(
            "发布日期",
            "发布时间",
            "发表时间",
            "发表日期",
            "发文日期",
            "成文日期",
            "日期",
            "时间",
            "time",
            "datetime",
        ),
        *("發佈日期", "發布日期", "發佈時間", "發布時間", "發表日期", "時間"),
    ),
    "source": (
        "source",
        "publisher",
        "media",
        "来源",
        "文章来源",
        "信息来源",
        "媒体",
        "來源",
        "文章來源",
        "媒體",
    ),
    "author": ("author", "authors", "byline", "作者", "记者", "記者"),
    "url": (
        "url",
        "link",
        "sourceurl",
        "originalurl",
        "链接",
        "网址",
        "原文链接",
        "连结",
        "鏈接",
        "連結",
        "網址",
        "原文鏈接",
    ),
    "region": ("region", "regions", "地区", "区域", "省份", "地域", "地區", "區域"),
    "column": ("column", "category", "section", "channel", "栏目", "频道", "分类", "欄目", "頻道", "分類"),
    "issuer": (
        "issuer",
        "issuingbody",
        "agency",
        "发文机关",
        "发布机构",
        "发文单位",
        "發文機關",
        "發布機構",
        "發文單位",
    ),
    "doc_number": ("docnumber", "documentnumber", "发文字号", "文号", "發文字號", "文號"),
    "kind": ("kind", "type", "doctype", "类型", "文种", "体裁", "類型", "文種", "體裁"),
}
FIELDS = tuple(name for name in _NAMES if name not in {"text", "id"})
"""What a row can say about its article, under the names that front matter has."""

_NOT_IN_A_NAME = re.compile(r"[\W_]+")
_CHINA = datetime.timezone(datetime.timedelta(hours=8))
_EPOCH_DIGITS = {10: 1, 13: 1000}
_MAX_COLUMNS_NAMED = 20
_MAX_DEPTH = 8


def parse_columns(pairs: Iterable[str]) -> dict[str, str]:
    """Read what the command line says of columns, each as `text=正文`.

    Raises:
        UnreadableFileError: `columns` when one is not of that form, or names nothing that a row can say.
    """
    columns: dict[str, str] = {}
    for pair in pairs:
        field, separator, column = pair.partition("=")
        if not separator or field.strip() not in _NAMES or not column.strip():
            names = " ".join(_NAMES)
            raise UnreadableFileError(
                code="columns",
                detail_en=f"--column {pair!r} is not of the form FIELD=COLUMN, with one of the fields: {names}",
                detail_zh=f"--column {pair!r} 应写成“字段=列名”，字段是其中之一：{names}",
            )
        columns[field.strip()] = column.strip()
    return columns


def has_text(columns: Iterable[str], named: Mapping[str, str]) -> bool:
    """Whether one of the columns is the text: the one that the person named, or else one with such a name."""
    keys = {column_key(column) for column in columns}
    if "text" in named:
        return column_key(named["text"]) in keys
    return not keys.isdisjoint(_NAMES["text"])


def known_columns(columns: Iterable[str], named: Mapping[str, str]) -> int:
    """Count the columns whose names say what they hold."""
    known = {name for names in _NAMES.values() for name in names} | {
        column_key(name) for name in named.values()
    }
    return sum(column_key(column) in known for column in columns)


def pick(row: Mapping[str, object], field: str, named: Mapping[str, str]) -> object:
    """Find a field's value in a row keyed by `column_key`; None where it has none."""
    if field in named and (field == "text" or column_key(named[field]) in row):
        return row.get(column_key(named[field]))
    for name in _NAMES[field]:
        value = row.get(name)
        if value is not None and value not in ("", [], {}):
            return value
    return None


def column_key(column: str) -> str:
    """Reduce a column's name to what tells it: no case, width, spaces or signs; all of it where it has nothing else."""
    folded = unicodedata.normalize("NFKC", column).casefold().strip()
    return _NOT_IN_A_NAME.sub("", folded) or folded


def text_of(value: object, *, depth: int = _MAX_DEPTH) -> str | None:
    """The article's text: as it is, or paragraphs joined; None where there is no text in it."""
    if isinstance(value, dict):
        value = pick({column_key(str(key)): inner for key, inner in value.items()}, "text", {})
    if isinstance(value, list):
        items = value if depth else []
        parts = [part for item in items if (part := text_of(item, depth=depth - 1)) is not None]
        return "\n".join(parts) if parts else None
    text = _plain(value)
    return text if text and text.strip() else None


def field_of(value: object, field: str, *, depth: int = _MAX_DEPTH) -> str | None:
    """A field's value on one line: lists joined, seconds since 1970 as a date in China."""
    if not depth:
        return None
    if isinstance(value, list):
        return "、".join(part for item in value if (part := field_of(item, field, depth=depth - 1))) or None
    if isinstance(value, dict):
        named = value.get("name") or value.get("title") or value.get("名称")
        return field_of(named, field, depth=depth - 1)
    text = " ".join((_plain(value) or "").split())
    return (_date_of_epoch(text) if field == "date" else None) or text or None


def missing_text(columns: Sequence[str], named: Mapping[str, str]) -> UnreadableFileError:
    """Say that no column can be told to be the text: which there are, and how to name one."""
    shown = "、".join(repr(column[:40]) for column in columns[:_MAX_COLUMNS_NAMED])
    more = "…" if len(columns) > _MAX_COLUMNS_NAMED else ""
    example = next((column for column in columns if column.strip()), "正文")[:40]
    wanted_en = (
        f"there is no column {named['text']!r}" if "text" in named else "no column is known to hold the text"
    )
    wanted_zh = f"没有名为 {named['text']!r} 的列" if "text" in named else "看不出哪一列是正文"
    return UnreadableFileError(
        code="columns",
        detail_en=f"{wanted_en}; name one, as: --column text={example} (columns: {shown}{more})",
        detail_zh=f"{wanted_zh}，请指明，例如：--column text={example}（现有的列：{shown}{more}）",
    )


def _plain(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _date_of_epoch(text: str) -> str | None:
    divisor = _EPOCH_DIGITS.get(len(text)) if text.isascii() and text.isdecimal() else None
    if divisor is None:
        return None
    return datetime.datetime.fromtimestamp(int(text) / divisor, tz=_CHINA).date().isoformat()
