"""What a PDF says about itself; weak facts, under names of their own: programs fill them in with what they please."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

_MAX_CHARS = 300
_DATE = re.compile(r"(?:D:)?\s*((?:19|20)\d\d)-?(\d\d)-?(\d\d)")
# What programs write as a title when nobody gave one, and names of files.
_NO_TITLE = re.compile(
    r"(?:untitled|document|doc|slide|presentation|about:blank|无标题|無標題|未命名|新建|文档|文檔|幻灯片|演示文稿)"
    r"(?:[\s\d.()（）_\-]|microsoft|word|powerpoint|presentation|文档|文檔|演示文稿)*"
    r"|[A-Za-z0-9_.\-]*"
    r"|.*\.(?:docx?|wps|pdf|rtf|txt|html?|indd|pptx?|xlsx?|tmp|p65|fh\d+|cdr|qxd|s2|fbd)",
    re.IGNORECASE,
)
_DRESS = re.compile(r"^(?:microsoft (?:word|powerpoint)|wps (?:文字|writer))\s*-\s*", re.IGNORECASE)
_NO_AUTHOR = re.compile(
    r"(?:user|admin|administrator|owner|lenovo|dell|hp|asus|acer|thinkpad|pc|windows|微软用户|微软中国|用户|雨林木风|深度|番茄花园|"
    r"microsoft|office|wps|home|test|null|none|unknown|anonymous|author)[\s\w.\-]{0,20}|[\W\d]*",
    re.IGNORECASE,
)


def stated_facts(information: Mapping[str, str]) -> dict[str, str]:
    """Read title, author and the day it was made (which is not the day it was published), where they are plausible."""
    stated = {name.lower(): _one_line(text) for name, text in information.items()}
    facts = {
        "property_title": _title(stated.get("title", "")),
        "property_author": _author(stated.get("author", "")),
        "property_created": _day(stated.get("creationdate", "")),
    }
    return {name: text for name, text in facts.items() if text}


def _one_line(text: str) -> str:
    plain = "".join(ch if ch.isprintable() else " " for ch in text[: 4 * _MAX_CHARS])
    return " ".join(plain.replace("\ufffd", "").split())


def _title(text: str) -> str:
    """A title that someone wrote: none that a program makes up, and no file's name."""
    text = _DRESS.sub("", text)
    return "" if _NO_TITLE.fullmatch(text) or not 4 <= len(text) <= _MAX_CHARS else text


def _author(text: str) -> str:
    """An author that is no name of a machine or an account."""
    return "" if _NO_AUTHOR.fullmatch(text) or not 2 <= len(text) <= 60 else text


def _day(text: str) -> str:
    match = _DATE.match(text)
    if match is None:
        return ""
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""
