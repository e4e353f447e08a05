"""Reads what marks an official document: its number, the bodies that issued it, and the signature below it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.blocks import Block
from ingest.clean import is_body
from ingest.describing.dates import is_date_line, parse_date

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_OPEN, _CLOSE = r"[〔\[(【<〈《]", r"[〕\])】>〉》]"
_NUMBER = re.compile(
    rf"(?P<agency>[{_HAN}]{{1,12}}?) ?(?:{_OPEN}{{1,2}} ?(?P<year>(?:19|20)\d\d) ?年?{_CLOSE}{{1,2}} ?第? ?(?P<serial>\d{{1,5}})"
    rf"|字第 ?(?P<letter>\d{{3,12}})) ?(?P<mark>[号號])"
)
_ORDER = re.compile(
    rf"[{_HAN}]{{0,20}}(?:令|公告|通告) ?(?:(?:19|20)\d\d ?年?,? ?)?第 ?[\d一二三四五六七八九十百〇]{{1,4}} ?[号號]"
)
_NUMBER_LABEL = re.compile(r"(?:发文字号|發文字號|公文字号|文件编号|文\s?号|文\s?號|发文号)\s?[:：]\s?")
_BODY_END = (
    r"(?:国务院|國務院|人民政府|政府|办公厅|辦公廳|办公室|辦公室|委员会|委員會|[党黨]委|常委会|[部委厅局署院办廳辦会會]|总局|總局|中心|领导小组|領導小組|"
    r"指挥部|指揮部|联席会议|法院|检察院|总工会|医院|醫院|协会|協會|学会|學會|大学|大學|集团)"
)
_BODY = rf"[{_HAN}()（）·]{{1,28}}?{_BODY_END}"
_BODIES = re.compile(rf"(?:{_BODY})(?:[ \u3000、,，]{{1,4}}{_BODY}){{0,12}}")
_LETTERHEAD = re.compile(rf"(?P<body>[{_HAN}]{{2,30}}{_BODY_END})\s?文件")
_FORMS = (
    r"(?:指导意见|實施意見|实施意见|意见|意見|通知|办法|辦法|决定|決定|规定|規定|条例|條例|细则|細則|方案|规划|規劃|批复|批復|公告|通告|函|要点|要點|"
    r"行动计划|计划|計畫|措施|目录|规范|标准|制度|令|公报|公報)"
)
_FORM_TITLE = re.compile(
    rf"(?:.*[关關][于於].+|.*印发.+|.*印發.+|[{_HAN}]{{2,30}}){_FORMS}"
    r"(?:[(（][^()（）]{1,16}[)）])?(?:[(（][^()（）]{4,40}[)）])?"
)
_TITLE_BODY = re.compile(rf"(?P<body>{_BODIES.pattern})[ 　]?[关關][于於].+{_FORMS}(?:[(（].{{1,40}}[)）])?")
_NEWS_VERBS = re.compile(r"(?:印发|印發|发布|發布|出台|启动|召开|公布|答复|解读)")
_SIGNATURE_REACH = 14
_HEAD_BLOCKS = 12
_MAX_LINE_CHARS = 120
_MAX_BODIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed a document at its end, and when; `date` in the form of `parse_date`."""

    bodies: tuple[str, ...]
    date: str


def read_number(text: str) -> str | None:
    """The number in a short text that is one (perhaps behind its label), or ends with one in brackets.

    It comes with the brackets 〔〕 and digits of half width; its own characters stay: 国办发〔2015〕38号.
    """
    if len(text) > _MAX_LINE_CHARS:
        return None
    line = _NUMBER_LABEL.sub("", unicodedata.normalize("NFKC", text).strip())
    inner = re.search(
        r"[(（]([^()（）]{1,12}[〔\[(（【][^()（）]{4,6}[〕\])）】][^()（）]{1,8}|[^()（）]{4,40})[)）]$",
        line,
    )
    for candidate in (line, inner[1] if inner else ""):
        match = _NUMBER.fullmatch(candidate.strip())
        if match:
            return _written(match)
    return None


def accept_number(text: str) -> str | None:
    """The number that a field for it holds: one of the usual form, or of an order (国家卫生健康委员会令第8号)."""
    line = unicodedata.normalize("NFKC", text).strip()[:_MAX_LINE_CHARS]
    match = _NUMBER.search(line)
    if match:
        return _written(match)
    order = _ORDER.fullmatch(line) or re.fullmatch(r"(?:19|20)\d\d ?年?第 ?\d{1,4} ?[号號]", line)
    return line if order else None


def _written(match: re.Match[str]) -> str:
    if match["letter"]:
        return f"{match['agency']}字第{match['letter']}{match['mark']}"
    return f"{match['agency']}〔{match['year']}〕{match['serial']}{match['mark']}"


def head_number(blocks: Sequence[Block]) -> str | None:
    """The number of the document itself: a line of its own, or in brackets behind the title, above the body.

    What the text cites is never taken: a number within a sentence, or below the first paragraph.
    """
    for block in blocks[:_HEAD_BLOCKS]:
        if is_body(block.text) and not block.level:
            return None
        if number := read_number(block.text):
            return number
    return None


def head_issuer(blocks: Sequence[Block]) -> str | None:
    """The body on the letterhead (某某市人民政府文件), above the first paragraph."""
    for block in blocks[:_HEAD_BLOCKS]:
        if is_body(block.text):
            return None
        match = _LETTERHEAD.fullmatch(block.text)
        if match:
            return match["body"]
    return None


def title_issuer(title: str) -> str | None:
    """The bodies in a title such as 某某厅 某某局关于……的通知; a report about a document has none."""
    match = _TITLE_BODY.fullmatch(title) if len(title) <= _MAX_LINE_CHARS else None
    if match is None or _NEWS_VERBS.search(match["body"]):
        return None
    return "、".join(_parted(match["body"]))


def is_form_title(title: str) -> bool:
    """Whether a title ends with what a document is called: 通知, 意见, 办法 and so on."""
    return len(title) <= _MAX_LINE_CHARS and _FORM_TITLE.fullmatch(title) is not None


def find_signature(blocks: Sequence[Block]) -> Signature | None:
    """The signature at the end: names of bodies on lines of their own, and the date below or behind them."""
    last = blocks[-_SIGNATURE_REACH:]
    for index in range(len(last) - 1, -1, -1):
        text = last[index].text
        if len(text) > _MAX_LINE_CHARS:
            continue
        if is_date_line(text):
            bodies = _bodies_above(last[:index])
            if bodies:
                return Signature(bodies=bodies, date=parse_date(text) or "")
        elif signed := _signed_on_one_line(text):
            return signed
    return None


def _bodies_above(blocks: Sequence[Block]) -> tuple[str, ...]:
    bodies: list[str] = []
    for block in reversed(blocks[-_MAX_BODIES:]):
        if len(block.text) > _MAX_LINE_CHARS or not _BODIES.fullmatch(block.text):
            break
        bodies[:0] = _parted(block.text)
    return tuple(dict.fromkeys(bodies))[:_MAX_BODIES]


def _signed_on_one_line(text: str) -> Signature | None:
    head, _, tail = text.rpartition(" ") if " " in text else text.rpartition("\u3000")
    if head and is_date_line(tail) and _BODIES.fullmatch(head.strip()):
        return Signature(bodies=tuple(_parted(head)), date=parse_date(tail) or "")
    return None


def _parted(text: str) -> list[str]:
    return [part for part in re.split(r"[ \u3000、,，]+", text) if part]
