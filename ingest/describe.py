"""Finds what an article says about itself: title, date, source, address and regions; what is not found is None."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.clean import Cleaned, Fact, is_body, tidy
from ingest.markup import Markup
from ingest.webpage import Block

if TYPE_CHECKING:
    from rag.regions import RegionMention

_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:\s?[-/.年]\s?(\d{1,2})(?!\d)(?:\s?[-/.月]\s?(\d{1,2})(?!\d))?|(\d\d)(\d\d)(?!\d)|(?!\d))"
)
_DATE_LINE = re.compile(r"[(（\[]?\s*(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?\s*[)）\]]?")
_FRONT_MATTER_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "标题", "題目", "标题名"),
    "date": ("date", "published", "pubdate", "publish_date", "日期", "发布日期", "发布时间"),
    "source": ("source", "来源", "來源", "媒体", "publisher"),
    "author": ("author", "authors", "作者"),
    "url": ("url", "link", "source_url", "original_url", "链接", "原文链接"),
    "region": ("region", "regions", "地区", "地區", "区域"),
}
# Which cut lines are believed on which subject: a link to the next article also has a date.
_BELIEVED: Mapping[str, tuple[str, ...]] = {
    "date": ("publish line", "source line", "editor line", "byline"),
    "source": ("publish line", "source line", "editor line", "byline", "glued tail"),
    "author": ("publish line", "byline", "source line", "editor line"),
    "url": ("link",),
}
_SENTENCE_END = re.compile(r"[。；;…]|[！？!?](?!$)")
_NOT_A_TITLE = re.compile(
    r"(?:导语|導語|导读|摘要|编者按|編者按|核心提示|本报讯|本報訊|新华社|記者|记者|本报记者|通讯员|作者|来源|來源|访谈嘉宾|嘉宾|"
    r"时间|日期|地点|附件|各位|同志们|问|答|[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）])"
)
_NATIONWIDE = frozenset(("全国", "全國", "中国", "中國", "国家", "nationwide", "china", "national"))
_LIST_SEPARATORS = re.compile(r"[、,，;；/|]")
_SLUG_SEPARATORS = re.compile(r"[^\w-]+")
_MAX_TITLE_CHARS = 60
_MAX_FIELD_CHARS = 300
_MAX_REGION_TEXT_CHARS = 200_000
_MAX_REGIONS = 12
_SHORT_TEXT_CHARS = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The described fields, and for each that was found, where it came from."""

    title: str | None = None
    date: str | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None
    regions: tuple[str, ...] = ()
    facts_from: tuple[tuple[str, str], ...] = ()


def describe(markup: Markup, cleaned: Cleaned) -> Described:
    """Describe an article from its front matter, its page's metadata, the lines around it, and then its text."""
    found: dict[str, tuple[str, str]] = {}
    for field in ("title", "date", "source", "author", "url"):
        for value, origin in _offers(field, markup, cleaned):
            accepted = _accept(field, value)
            if accepted:
                found[field] = (accepted, origin)
                break
    title = found.get("title", ("", ""))[0]
    regions, regions_origin = _regions(markup, cleaned, title)
    origins = {field: origin for field, (_, origin) in found.items()}
    if regions:
        origins["regions"] = regions_origin
    return Described(
        **{field: value for field, (value, _) in found.items()},
        regions=regions,
        facts_from=tuple(origins.items()),
    )


def parse_date(text: str) -> str | None:
    """Read the first date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; one that no calendar has is None."""
    match = _DATE.search(unicodedata.normalize("NFKC", text[:200]))
    if match is None:
        return None
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join((year, *(part.zfill(2) for part in (month, day) if part)))


def make_article_id(stem: str, content_hash: str) -> str:
    """Name an article by its file's stem (word characters of any script) and six digits of its content's hash."""
    slug = _SLUG_SEPARATORS.sub("-", unicodedata.normalize("NFKC", tidy(stem))).strip("-_")[:40].strip("-_")
    return f"{slug or 'article'}-{content_hash[:6]}"


def looks_like_title(text: str) -> bool:
    """Whether a first line could be a title: short, no sentence, no label of something else."""
    if not 4 <= len(text) <= _MAX_TITLE_CHARS or text[-1] in ":：,，、" or _DATE_LINE.fullmatch(text):
        return False
    return (
        _SENTENCE_END.search(text) is None
        and _NOT_A_TITLE.match(text) is None
        and re.search(r"[^\W\d]", text) is not None
    )


def _offers(field: str, markup: Markup, cleaned: Cleaned) -> list[tuple[str, str]]:
    """Everything that says what a field is, the most trustworthy first."""
    offers = [(value, "front matter") for value in _front_matter_values(field, markup.front_matter)[:1]]
    if field in markup.page_facts:
        offers.append((markup.page_facts[field], "page metadata"))
    believed = _BELIEVED.get(field, ())
    offers += [(fact.value, fact.origin) for fact in cleaned.facts if _is_believed(fact, field, believed)]
    if field == "title":
        offers += _title_lines(cleaned)
    if field == "date":
        edges = (*cleaned.blocks[:5], *cleaned.blocks[-3:])
        offers += [(block.text, "date line") for block in edges if _DATE_LINE.fullmatch(block.text)]
    return offers


def _is_believed(fact: Fact, field: str, origins: Sequence[str]) -> bool:
    return fact.name == field and fact.origin.removesuffix(" below the text") in origins


def _front_matter_values(field: str, entries: Mapping[str, Any]) -> list[str]:
    """The value or values of a field, under any of its names; nested mappings are not values."""
    for name in _FRONT_MATTER_NAMES[field]:
        value = entries.get(name)
        values = value if isinstance(value, list) else [value]
        texts = [tidy(item).replace("\n", " ") for item in values if isinstance(item, str)]
        if any(texts):
            return [text for text in texts if text]
    return []


def _accept(field: str, value: str) -> str | None:
    """The value in its final form, or None when it cannot be one."""
    text = tidy(value).replace("\n", " ")
    if field == "date":
        return parse_date(text)
    if field == "url":
        return text if re.fullmatch(r"https?://\S{4,2000}", text) else None
    if field in {"author", "source"} and ("://" in text or "=" in text or not re.search(r"[^\W\d]", text)):
        return None
    return text if 0 < len(text) <= _MAX_FIELD_CHARS else None


def _title_lines(cleaned: Cleaned) -> list[tuple[str, str]]:
    """The line above the publish line, or the first line, where it looks like a title and a body follows."""
    blocks = cleaned.blocks
    if not any(is_body(block.text) for block in blocks[1:]):
        return []
    first = blocks[0]
    if first.level and len(first.text) <= 2 * _MAX_TITLE_CHARS:
        return [(first.text, "heading")]
    index = cleaned.title_index if cleaned.title_index is not None else 0
    lines = [blocks[i] for i in dict.fromkeys((index, 0))]
    return [(line.text, "first line") for line in lines if _is_title_line(line)]


def _is_title_line(block: Block) -> bool:
    return block.kind == "text" and looks_like_title(block.text)


def _regions(markup: Markup, cleaned: Cleaned, title: str) -> tuple[tuple[str, ...], str]:
    """The regions that the whole article is about, and where that is said."""
    from rag.regions import find_regions

    named = _front_matter_values("region", markup.front_matter)
    names = [name.strip() for value in named for name in _LIST_SEPARATORS.split(value) if name.strip()]
    if names:
        if any(name.lower() in _NATIONWIDE for name in names):
            return (), ""
        resolved = [code for name in names for code in _codes(name)]
        return tuple(dict.fromkeys(resolved))[:_MAX_REGIONS], "front matter"
    in_title = tuple(dict.fromkeys(mention.region.code for mention in find_regions(title)))
    if in_title:
        return in_title[:_MAX_REGIONS], "title"
    text = "\n".join(block.text for block in cleaned.blocks)[:_MAX_REGION_TEXT_CHARS]
    mentions = find_regions(text)
    dominant = _dominant([mention.region.code for mention in mentions])
    if dominant is None or not _is_throughout(dominant, mentions, len(text)):
        return (), ""
    return (dominant,), "text"


def _is_throughout(code: str, mentions: Sequence[RegionMention], length: int) -> bool:
    """Whether a region is named in every third of a longer text: one chapter about a place is not the article."""
    from rag.regions import is_within

    thirds = {mention.start * 3 // length for mention in mentions if is_within(mention.region.code, code)}
    return length < _SHORT_TEXT_CHARS or len(thirds) == 3


def _codes(name: str) -> list[str]:
    """The region a name stands for; of a longer name, as `省` and `市` together, those found in it."""
    from rag.regions import find_regions, resolve

    region = resolve(name)
    return [region.code] if region is not None else [mention.region.code for mention in find_regions(name)]


def _dominant(mentions: Sequence[str]) -> str | None:
    """The narrowest region with at least three mentions and three fifths of all, places inside it counted."""
    from rag.regions import is_within

    counts = Counter(mentions)
    leading = [code for code, _ in counts.most_common(50)]
    totals = {code: sum(n for inner, n in counts.items() if is_within(inner, code)) for code in leading}
    ruling = [code for code in leading if totals[code] >= 3 and totals[code] * 5 >= len(mentions) * 3]
    narrowest = [
        code for code in ruling if not any(code != other and is_within(other, code) for other in ruling)
    ]
    return narrowest[0] if len(narrowest) == 1 else None
