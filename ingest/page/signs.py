"""Signs that one piece or one element bears by itself: running text, a site's own lines, telling names."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from ingest.page.tree import Piece, tag_of

_PROSE = re.compile(r"[。！？；]|[.!?](?:\s|$)|，")
_SENTENCE_END = re.compile(r"[。！？；：…”」』）)!?.;:]$")
_PUNCTUATION = re.compile(r"[，。；！？、：“”《》「」]")
_DATE = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}(?:\s?[-/.月]\s?\d{1,2})?|\d{1,2}:\d\d|\d{2}-\d{2}")
# Words in a class or an id that many systems use for the same thing.
_CHROME_NAME = re.compile(
    r"nav|menu|foot|header|sidebar|aside|breadcrumb|crumb|banner|advert|(?:^|[-_ ])ads?(?:$|[-_ \d])|share|related|recommend|"
    r"copyright|toolbar|login|search|tags?(?:$|[-_ ])|rank|hot(?:$|[-_ ])|qrcode|popup|dialog|modal|toast|disclaimer|statement|"
    r"author|editor|xgyd|xiangguan|tuijian|dibu|daohang",
    re.IGNORECASE,
)
_COMMENT_NAME = re.compile(r"comment|reply|replies|discuss|pinglun|guestbook|cmt", re.IGNORECASE)
_MAIN_NAME = re.compile(
    r"article|content|main|detail|zoom|text|body|story|post|entry|zhengwen|neirong", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# A line that belongs to a site and not to an article, however it goes on.
_CHROME_TEXT = re.compile(
    r"^[\s\[【(（〖◎■◆●·>»①-⑩※*]*(?:(?:版权|免责|特别|郑\s?重|知识产权)\s?(?:声\s?明|公告|说明|所有)|copyright|©|版权所有|凡本[网站]|"
    r"责任?编辑|编辑[:： ]|责编|校对|来源[:： ]|上一[篇页条]|下一[篇页条]|相关(?:文章|新闻|链接|阅读|报道|推荐|专题|内容|信息)|推荐(?:阅读|文章)|"
    r"热门|最新(?:文章|评论|新闻|资讯)|为您?推荐|猜你喜欢|精彩推荐|更多|分享(?:到|至)?|扫[一码描]|微信|微博|打印|关闭|返回|收藏|点赞|举报|评论|"
    r"(?:我要|发表|查看|网友|全部|最热)(?:评论|纠错|反馈)|跟帖|我来说两句|关键[词字]|标签|字[体号]|浏览|阅读(?:量|次数|全文)?[:：\d]|发布(?:时间|日期|人)|"
    r"时间[:：]|您?的?(?:当前|现在)?(?:所在)?位置|首页|设为首页|关于我们|联系我们|友情链接|网站地图|主办|承办|备案|[\u4e00-\u9fff]?icp|技术支持|"
    r"登[录陆]|注册|广告|导航|本文(?:来源|标签|网址|链接)|原标题|文章来源|信息来源|转载|声明[:：])",
    re.IGNORECASE,
)
# A short line below which the page goes on to something else than the article.
_END_MARK = re.compile(
    r"[\s\[【(（〖◎■◆●·>»]*(?:(?:全部|最新|最热|热门|网友|用户|精彩)?(?:评论|跟[贴帖]|留言)(?:列表|区|\s?[(（]?\d*\s?条?[)）]?)?|"
    r"(?:我要|发表|查看|写)(?:评论|留言)|.{0,30}已?有\s?\d+\s?[条件个](?:评论|跟帖|留言|回复)|"
    r"(?:相关|推荐|热门|延伸|最新|精彩|往期|其他|更多|猜你|为你|为您|您可能)(?:\s?[·•]\s?)?(?:文章|阅读|新闻|链接|推荐|资讯|信息|内容|报道|回顾|话题|专题|喜欢|感兴趣的文章){1,2}|"
    r"作者(?:最新文章|其他文章|简介)?|友情链接|(?:版权|免责|特别|郑\s?重|侵权)(?:与免责)?\s?(?:声\s?明|公告)|阅读下一篇|责任?编辑.{0,24}|"
    r"上一[篇页条].{0,60}|下一[篇页条].{0,60}|分享(?:到|至)?)[\]】)）〗:：>»\s]*",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSigns:
    """What an element, or anything around it, is named by its tag, class, id or style."""

    is_chrome: bool = False
    is_comment: bool = False
    is_main: bool = False
    is_hidden: bool = False


def is_prose(piece: Piece) -> bool:
    """Whether a piece reads like running text: long enough, punctuated, and no link."""
    text = piece.block.text
    if piece.is_table or len(text) < 30 or piece.link_chars * 2 >= len(text):
        return False
    return _PROSE.search(text) is not None


def says_chrome(text: str) -> bool:
    """Whether a line begins like one of a site's own."""
    return _CHROME_TEXT.match(text) is not None


def is_end_mark(piece: Piece) -> bool:
    """Whether a short line says that what follows is no longer the article."""
    return len(piece.block.text) <= 60 and _END_MARK.fullmatch(piece.block.text) is not None


def name_signs(node: HtmlElement, above: NameSigns) -> NameSigns:
    """What an element is named, and what is known of everything around it."""
    tag = tag_of(node)
    names = "" if tag in {"body", "html"} else f"{node.get('class') or ''} {node.get('id') or ''}"[:200]
    is_main = tag in {"article", "main"} or _MAIN_NAME.search(names) is not None
    is_chrome = tag in {"nav", "footer", "aside"} or (not is_main and _CHROME_NAME.search(names) is not None)
    return NameSigns(
        is_chrome=above.is_chrome or is_chrome,
        is_comment=above.is_comment or _COMMENT_NAME.search(names) is not None,
        is_main=above.is_main or is_main,
        is_hidden=above.is_hidden or _HIDDEN.search((node.get("style") or "")[:500]) is not None,
    )


def own_signs(piece: Piece, prose: bool) -> dict[str, float]:
    """What a piece shows by itself."""
    text, block = piece.block.text, piece.block
    is_short = len(text) < 30
    return {
        "bias": 1.0,
        "log_chars": math.log1p(len(text)) / 5,
        "is_prose": float(prose),
        "ends_sentence": float(_SENTENCE_END.search(text) is not None),
        "punctuation": min(1.0, 10 * len(_PUNCTUATION.findall(text)) / (len(text) + 10)),
        "link_share": min(1.0, piece.link_chars / len(text)),
        "is_heading": float(block.level > 0),
        "is_item": float(block.kind == "item"),
        "is_row": float(block.kind == "row" and not piece.is_table),
        "is_table": float(piece.is_table),
        "says_chrome": float(says_chrome(text)),
        "has_date": float(is_short and _DATE.search(text) is not None),
        "is_short": float(is_short),
    }
