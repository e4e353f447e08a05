"""Whether a question says what it wants to know, or names nothing but the whole field."""

from __future__ import annotations

from rag.aspects import Aspect
from rag.kinds import asked_kinds
from rag.understand import Query

FIELD = frozenset(("health_reform", "reform"))
"""Concepts that everything in the library has to do with."""

_PUTTING = frozenset(("measure", "experience", "result", "feature", "area", "problem", "step"))
"""Concepts that say how a thing is to be told, and not which."""

_EMPTY_WORDS = frozenset(
    [
        "情况",
        "情形",
        "状况",
        "现状",
        "近况",
        "动态",
        "消息",
        "信息",
        "事情",
        "东西",
        "工作",
        "了解",
        "知道",
        "告诉",
        "讲讲",
        "说说",
        "谈谈",
        "聊聊",
        "看看",
        "讲述",
        "概述",
        "概况",
        "简介",
        "situation",
        "situations",
        "going",
        "doing",
        "done",
        "happening",
        "happened",
        "happen",
        "news",
        "update",
        "updates",
        "overview",
        "status",
        "tell",
        "know",
        "something",
        "anything",
        "everything",
        "thing",
        "things",
    ]
)
_OPEN_KINDS = (None, "manner", "list")
"""Who asks when, who or how many says by that what is wanted."""


def is_too_vague(query: Query) -> bool:
    """Whether places are set side by side in nothing (「比较芜湖和铜仁的做法」), or only the field is named (「医改怎么样？」).

    One place by itself is enough to tell what is there.
    """
    if query.asked.kind or query.years or query.items or len(query.regions) == 1:
        return False
    if asked_kinds(query.text).kind not in _OPEN_KINDS:
        return False
    empty = FIELD | _PUTTING if query.regions or query.intent == "compare" else FIELD
    return all(_says_nothing(aspect, empty) for aspect in query.aspects)


def _says_nothing(aspect: Aspect, empty: frozenset[str]) -> bool:
    return aspect.concept_id in empty if aspect.concept_id else aspect.name in _EMPTY_WORDS
