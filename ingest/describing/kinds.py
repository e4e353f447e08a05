"""Tells what sort of text an article is by clear signs; without one it is not told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.blocks import Block
from ingest.clean import CutBlock
from ingest.describing.documents import Signature, is_form_title
from ingest.structure import is_place_line
from rag.normalise import fold
from rag.types import ArticleKind

# What a field for the kind may hold, in its matching form; the first kind with a word in it is taken.
_WORDS: Mapping[ArticleKind, tuple[str, ...]] = {
    "interview": ("interview", "访谈", "专访", "对话", "问答", "答记者问"),
    "speech": ("speech", "讲话", "致辞", "致词", "演讲", "发言"),
    "opinion": ("opinion", "editorial", "commentary", "评论", "社论", "时评", "观点", "言论"),
    "digest": ("digest", "文摘", "摘编", "汇编", "简报", "综述", "要闻汇总"),
    "policy": (
        *(
            "policy",
            "政策",
            "公文",
            "法规",
            "规章",
            "规范性文件",
            "通知",
            "意见",
            "办法",
            "决定",
            "规定",
            "条例",
            "细则",
        ),
        *("方案", "规划", "批复", "公告", "通告", "命令", "函"),
    ),
    "news": ("news", "新闻", "消息", "资讯", "动态", "要闻", "通讯", "报道", "快讯"),
}
_MAX_KIND_CHARS = 20
_SPEECH_TITLE = re.compile(
    r".*(?:讲话|致辞|致词|演讲|发言|开幕词|闭幕词|主旨报告|政府工作报告)(?:稿|全文|摘要|实录|要点)?(?:\([^()]{1,30}\))?"
)
_ABOUT_A_SPEECH = re.compile(r"(?:学习|贯彻|落实|传达|宣传|解读|引发|收听|收看|学懂|热议)")
_ADDRESS = re.compile(r"(?:尊敬的|各位|同志们|女士们|先生们|朋友们|亲爱的)[^。!?:]{0,60}[:!]")
_OPINION_LABEL = re.compile(
    r"[【\[(]?[\u3400-\u9fff]{0,8}(?:社论|时评|短评|快评|锐评|热评|微评|来论|述评|评论员文章|评论员观察)(?:[】\])]|[|:丨/·—]| -|$)"
)
_OPINION_BYLINE = re.compile(r"[【(]?[\u3400-\u9fff]{0,10}评论员")
_DIGEST_TITLE = re.compile(
    r".*(?:(?:一周|每日|本周|月度|医改|今日|近期)(?:要闻|动态|资讯|新闻|速览|回顾|汇总)|(?:要闻|新闻|动态|信息)(?:汇总|速览|集锦|摘编|简报)"
    r"|早报|晚间播报|简报(?:第?\d+期)?|文摘)(?:[(][^()]{1,30}[)])?"
)
_QUESTION = re.compile(r"(?:问|q|记者|主持人|[\u3400-\u9fff]{2,8}(?:记者|报|网|社|台|周刊))[0-9]{0,2} ?: ?\S")
_ANSWER = re.compile(r"(?:答|a) ?: ?\S")
_TURN = re.compile(r"(?P<name>[^\s:,。;!?()“”\"《》\d]{1,10})(?:[(][^()]{1,30}[)])? ?: ?\S")
_GLUED_QUESTION = re.compile(r"(?:^|[。!?\"”」) ])(?:问|记者|主持人) ?:")
_GLUED_ANSWER = re.compile(r"(?:^|[。!?\"”」) ])答 ?:")
_DATELINE = re.compile(
    r"[^。!?]{0,40}(?:\d{1,2} ?月 ?\d{1,2} ?日|本[报网刊台])[ ]?(?:电|讯|消息|报道|获悉)|[^。!?,]{0,20}(?:讯|消息|报道)[ ]?(?:[(:【]|记者)"
    r"|【[^】]{2,20}(?:讯|消息|报道|电|综合)】|[^。!?]{0,60}(?:(?<![于在从自至到])近日|日前|昨日[,上下])[^。!?]{4,80}"
    r"|\d{1,2}月\d{1,2}日[,上下晚][^。!?]{4,80}|[^。!?]{0,20}记者[^。!?]{0,20}(?:获悉|了解到)|据[^。!?,]{2,24}(?:报道|消息|通报)"
)
# A comment opens with the report that it is about, and names it in brackets behind the first sentences.
_CITED_REPORT = re.compile(r"[。!?…”] ?[(](?:据)?\d{1,2}月\d{1,2}日 ?[^()。]{2,24}[)]")
_RULE_ARTICLE = re.compile(r"第[一二三四五六七八九十百零\d]{1,4}条[ \u3000]?\S")
_NEWS_CUTS = frozenset(("byline", "original title"))
_REPORTER = re.compile("(?:记者|通讯员)")
_HEAD_CHARS = 240
_LOOKED_AT_CHARS = 60_000
_LEAST_TURNS = 2
_LEAST_PLACES = 3
_LEAST_MARKS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What else is known of an article whose kind is to be told.

    Attributes:
        has_number: It has a document's number of its own.
        has_letterhead: A body's letterhead stands above it.
    """

    title: str = ""
    column: str = ""
    author: str = ""
    has_number: bool = False
    has_letterhead: bool = False
    signature: Signature | None = None


def kind_named(text: str) -> ArticleKind | None:
    """The kind that a field says: `政策文件`, `要闻`, `interview`."""
    word = fold(text[:_MAX_KIND_CHARS]).strip()
    if len(text.strip()) > _MAX_KIND_CHARS:
        return None
    return next((kind for kind, words in _WORDS.items() if any(known in word for known in words)), None)


def tell_kind(blocks: Sequence[Block], cut: Sequence[CutBlock], known: Known) -> ArticleKind | None:
    """The kind of an article by its form, the clearest signs first; None where there is no clear one."""
    lines = _folded(blocks)
    title = fold(known.title)
    if _is_policy(lines, title, known):
        return "policy"
    if _is_interview(lines):
        return "interview"
    if _is_speech(lines, title):
        return "speech"
    if _is_opinion(lines, cut, title, known):
        return "opinion"
    if _is_digest(blocks, title):
        return "digest"
    return "news" if _is_news(lines, cut) else None


def _folded(blocks: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    left = _LOOKED_AT_CHARS
    for block in blocks:
        if left <= 0:
            break
        lines.append(fold(block.text[:left]))
        left -= len(block.text)
    return lines


def _is_policy(lines: Sequence[str], title: str, known: Known) -> bool:
    """Two of: a number of its own, a letterhead, a document's title, a body's signature, numbered articles."""
    marks = (
        known.has_number,
        known.has_letterhead,
        is_form_title(known.title),
        known.signature is not None,
        sum(_RULE_ARTICLE.match(line) is not None for line in lines) > _LEAST_PLACES,
    )
    return sum(marks) >= _LEAST_MARKS and not _SPEECH_TITLE.fullmatch(title)


def _is_interview(lines: Sequence[str]) -> bool:
    asked = sum(_QUESTION.match(line) is not None for line in lines)
    turns = {match["name"] for line in lines if (match := _TURN.match(line[:60]))}
    if asked >= _LEAST_TURNS and len(turns) > 1:
        return True
    text = "\n".join(lines)
    return min(len(_GLUED_QUESTION.findall(text)), len(_GLUED_ANSWER.findall(text))) >= _LEAST_TURNS


def _is_speech(lines: Sequence[str], title: str) -> bool:
    if title and len(title) <= _HEAD_CHARS and _SPEECH_TITLE.fullmatch(title):
        return not _ABOUT_A_SPEECH.search(title)
    return any(_ADDRESS.match(line) for line in lines[:4])


def _is_opinion(lines: Sequence[str], cut: Iterable[CutBlock], title: str, known: Known) -> bool:
    if _OPINION_LABEL.match(title) or _OPINION_BYLINE.match(fold(known.author)):
        return True
    if kind_named(known.column) == "opinion":
        return True
    bylines = [fold(piece.text) for piece in cut if piece.reason in {"byline", "publish line", "source line"}]
    if any("评论员" in line for line in bylines) or any(_OPINION_BYLINE.match(line) for line in lines[:3]):
        return True
    return bool(lines) and _CITED_REPORT.search(lines[0][: 2 * _HEAD_CHARS]) is not None


def _is_digest(blocks: Sequence[Block], title: str) -> bool:
    """A title that says so, or sections under the names of several places."""
    if title and len(title) <= _HEAD_CHARS and _DIGEST_TITLE.fullmatch(title):
        return True
    short = [block.text for block in blocks[:400] if len(block.text) <= _MAX_KIND_CHARS]
    return len({text for text in short if is_place_line(text)}) >= _LEAST_PLACES


def _is_news(lines: Sequence[str], cut: Iterable[CutBlock]) -> bool:
    if any(_DATELINE.match(line[:_HEAD_CHARS]) for line in lines[:3]):
        return True
    return any(
        piece.reason in _NEWS_CUTS and (piece.reason != "byline" or _REPORTER.search(fold(piece.text)))
        for piece in cut
    )
