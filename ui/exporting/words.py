"""Every word of an exported briefing that neither an article nor the briefing itself wrote, in Chinese and English."""

from __future__ import annotations

from rag.briefing.types import Briefing, Colophon, Request, SectionKind, Source
from rag.types import Language

WORDS: dict[str, dict[Language, str]] = {
    "silent": {"zh": "资料中未提及", "en": "not mentioned in the articles"},
    "none": {"zh": "（无）", "en": "(none)"},
    "contents": {"zh": "目录", "en": "Contents"},
    "sources": {"zh": "来源", "en": "Sources"},
    "questions": {"zh": "所问问题", "en": "Questions asked"},
    "colophon": {"zh": "成稿信息", "en": "How this was made"},
    "computed": {"zh": "据所引数字计算", "en": "computed from the figures cited"},
    "untitled": {"zh": "（无标题）", "en": "(untitled)"},
    "undated": {"zh": "日期不详", "en": "undated"},
    "no_source": {"zh": "来源不详", "en": "source unknown"},
    "title": {"zh": "《{title}》", "en": "“{title}”"},
    "citation": {"zh": "{title}，{source}，{date}", "en": "{title}, {source}, {date}"},
    "quoted": {"zh": "{citation}：「{quote}」", "en": "{citation}: 「{quote}」"},
    "same_as_note": {"zh": "{citation}；引文见注 ", "en": "{citation}; quoted in note "},
    "cited_in": {"zh": "，见注 ", "en": "; see note "},
    "aside": {"zh": "（{text}）", "en": " ({text})"},
    "between": {"zh": "；", "en": "; "},
    "list": {"zh": "、", "en": ", "},
    "topic": {"zh": "主题", "en": "Topic"},
    "places": {"zh": "地区", "en": "Places"},
    "years": {"zh": "年份", "en": "Years"},
    "left_out": {"zh": "文库也谈到、本稿未收的地区", "en": "Places the library speaks of that are left out"},
    "dropped": {"zh": "出处证明不了而删去的句数", "en": "Lines dropped as their sources do not prove them"},
    "all_places": {"zh": "不限", "en": "all"},
    "since": {"zh": "{since} 年以来", "en": "since {since}"},
    "until": {"zh": "截至 {until} 年", "en": "until {until}"},
    "from_to": {"zh": "{since}—{until} 年", "en": "{since}–{until}"},
    "library": {"zh": "文库", "en": "Library"},
    "library_is": {
        "zh": "{articles} 篇文章，截至 {date}，校验码 {hash}",
        "en": "{articles} articles as of {date}, hash {hash}",
    },
    "version": {"zh": "程序版本", "en": "Version"},
    "place": {"zh": "地区", "en": "Place"},
    "indicator": {"zh": "指标", "en": "Indicator"},
    "item": {"zh": "项目", "en": "Item"},
    "chart": {"zh": "图", "en": "Chart"},
    "unit": {"zh": "单位：{unit}", "en": "Unit: {unit}"},
    "value": {"zh": "数值", "en": "Value"},
    "bar_sources": {"zh": "各项出处", "en": "Source of each bar"},
    "part_of": {"zh": "{heading}（{part}/{parts}）", "en": "{heading} ({part}/{parts})"},
    "in_full": {"zh": "全文与出处", "en": "In full, with sources"},
    "back": {"zh": "回到正文", "en": "Back to the text"},
    "source_number": {"zh": "来源 {number}", "en": "source {number}"},
    "colon": {"zh": "：", "en": ": "},
    "page": {"zh": "第 ", "en": "Page "},
}
_CORNER: dict[SectionKind, str] = {"comparison": "place", "practice": "place", "changes": "indicator"}


def word(key: str, language: Language, **values: object) -> str:
    """Return a word in `language`, with values filled in."""
    return WORDS[key][language].format(**values)


def corner(kind: SectionKind, language: Language) -> str:
    """Return the heading of the first column of a section's table, which the briefing does not name."""
    return word(_CORNER.get(kind, "item"), language)


def cite(source: Source, language: Language) -> str:
    """Name a source: title, outlet and date, each said to be unknown where it is."""
    title = word("title", language, title=source.title) if source.title else word("untitled", language)
    return word(
        "citation",
        language,
        title=title,
        source=source.source or word("no_source", language),
        date=source.date or word("undated", language),
    )


def quote(source: Source, language: Language) -> str:
    """Name a source and give its clause."""
    return word("quoted", language, citation=cite(source, language), quote=source.quote)


def describe(briefing: Briefing) -> list[tuple[str, str]]:
    """Say what was asked and of which library, as names with values, and what is not in it: places beyond the most, lines unproven."""
    request, colophon, language = briefing.request, briefing.colophon, briefing.request.language
    places = word("list", language).join(request.regions) or word("all_places", language)
    told = [("topic", request.topic), ("places", places), ("years", _years(request))]
    told += [("left_out", word("list", language).join(briefing.left_out))]
    told += [("dropped", str(len(briefing.dropped) or ""))]
    told += [("library", _library(colophon, language)), ("version", colophon.version)]
    return [(word(name, language), text) for name, text in told if text]


def _years(request: Request) -> str:
    since, until = request.since_year, request.until_year
    if since is None and until is None:
        return ""
    key = "until" if since is None else "since" if until is None else "from_to"
    return word(key, request.language, since=since, until=until)


def _library(colophon: Colophon, language: Language) -> str:
    return word(
        "library_is",
        language,
        articles=colophon.articles,
        date=colophon.library_date,
        hash=colophon.library_hash,
    )
