"""The words of a briefing besides those of the articles, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.normalise import contains_han
from rag.types import Language

if TYPE_CHECKING:
    from rag.briefing.topic import Topic

_WORDS: dict[str, dict[Language, str]] = {
    "title": {"zh": "{topic}：培训简报", "en": "Briefing: {topic}"},
    "summary": {"zh": "要点", "en": "Summary"},
    "practice": {"zh": "各地做法", "en": "Practice by place"},
    "comparison": {"zh": "对照表", "en": "Comparison"},
    "changes": {"zh": "前后变化", "en": "Before and after"},
    "timeline": {"zh": "时间线", "en": "Timeline"},
    "silence": {"zh": "资料没有说的", "en": "What the articles do not say"},
    "nothing": {"zh": "（所问主题）资料中未提及。", "en": "This topic: not mentioned in the articles."},
    "figures_column": {"zh": "数据", "en": "Figures"},
    "before": {"zh": "之前", "en": "Before"},
    "after": {"zh": "之后", "en": "After"},
    "change": {"zh": "变化", "en": "Change"},
    "event": {"zh": "事件", "en": "Event"},
    "no_place": {"zh": "{title}（未写明地区）", "en": "{title} (no place named)"},
    "untitled": {"zh": "无题文章“{text}…”", "en": "Untitled article “{text}…”"},
    "resolved": {
        "zh": "“{text}”按文章日期（{date}）推算为{when}",
        "en": "“{text}” is {when}, reckoned from the article's date ({date})",
    },
    "plan_period": {"zh": "“{text}”即{when}", "en": "“{text}” is {when}"},
    "differs": {
        "zh": "资料不一致：《{title}》（{date}）作{figure}",
        "en": "the articles differ: “{title}” ({date}) has {figure}",
    },
    "planned": {"zh": "含计划或目标，不是已达到的", "en": "holds a plan or target, not what was reached"},
    "undated": {"zh": "日期不详", "en": "undated"},
    "changes_chart": {"zh": "{indicator}：前后变化", "en": "{indicator}: before and after"},
    "places_chart": {"zh": "{indicator}：各地对照", "en": "{indicator}: by place"},
    "ask_measures": {"zh": "{topic}有哪些做法？", "en": "What is done about {topic}?"},
    "ask_results": {"zh": "{topic}取得了哪些成效？", "en": "What has come of {topic}?"},
    "ask_problems": {"zh": "{topic}还有哪些问题？", "en": "What problems are left with {topic}?"},
    "ask_next": {"zh": "{topic}下一步要做什么？", "en": "What is next for {topic}?"},
    "ask_place": {"zh": "{place}在{topic}方面有哪些做法？", "en": "What did {place} do about {topic}?"},
    "ask_place_results": {
        "zh": "{place}的{topic}取得了哪些成效？",
        "en": "What came of {topic} in {place}?",
    },
    "ask_theme": {"zh": "{place}的{theme}是怎么做的？", "en": "What did {place} do about {theme}?"},
}


def word(key: str, language: Language, **values: object) -> str:
    """Return a heading, a label or a question of a briefing."""
    return _WORDS[key][language].format(**values)


def topic_in(topic: Topic, language: Language) -> str:
    """Name a topic for readers of a language: in its own words, with a translation where the glossary has one."""
    if language == "zh":
        return topic.chinese
    if not contains_han(topic.text):
        return topic.text
    names = [a.english or a.name for a in (*topic.core, *topic.setting)]
    return f"{topic.text} ({', '.join(names)})" if any(not contains_han(n) for n in names) else topic.text
