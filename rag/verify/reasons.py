"""Why a claim is not supported: one sentence per reason, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of a claim, `claim[start:end]`, that its evidence does not support.

    Attributes:
        reason: Key of the reason: "figure", "place", "direction" …; see `FIGURE_REASONS` for those about figures.
        message: The reason in words a person can read.
    """

    reason: str
    start: int
    end: int
    message: str


FIGURE_REASONS = frozenset(
    {
        "computation",
        "figure",
        "qualifier",
        "order",
        "subject",
        "head",
        "manner_by",
        "manner_level",
        "figure_year",
        "figure_place",
        "date",
    }
)
_REASONS: dict[str, tuple[str, str]] = {
    "nothing": ("没有可以核对的内容", "nothing checkable"),
    "uncited": ("“{0}”没有注明出处", "“{0}” cites nothing"),
    "agree": ("原文看不出“{0}”", "the evidence does not bear out that “{0}”"),
    "foreign": ("“{0}”不是用提问的语言写的", "“{0}” is not in the language of the question"),
    "hostile": (
        "“{0}”含有网址、代码或对模型的指令",
        "“{0}” holds an address, markup or orders to a model",
    ),
    "bare": ("“{0}”只有数字，没有说是什么", "“{0}” is a figure without what it is the figure of"),
    "several": ("“{0}”说的是几个地方，原文只说了一个", "“{0}” is of several places, the evidence of one"),
    "beside": ("“{0}”与问题无关", "“{0}” is beside the question"),
    "again": ("“{0}”已经说过", "“{0}” has been said already"),
    "long": (
        "内容太长，不是一句话，请分句核对",
        "too long to be one sentence: check it sentence by sentence",
    ),
    "computation": ("计算式“{0}”无法由原文数据复核", "the computation “{0}” does not follow"),
    "figure": ("原文没有“{0}”这个数据", "the evidence does not have the figure “{0}”"),
    "qualifier": (
        "“{0}”与原文的限定不同，原文为“{1}”",
        "“{0}” is qualified otherwise in the evidence: “{1}”",
    ),
    "order": (
        "“{0}”前后颠倒：原文中它是另一头的数据",
        "“{0}” stands at the other end of the change in the evidence",
    ),
    "subject": ("“{0}”在原文中说的不是同一件事", "“{0}” is about something else in the evidence"),
    "head": (
        "原文没有提到“{0}”，不能与“{1}”相连",
        "the evidence does not speak of “{0}”, to which the claim ties “{1}”",
    ),
    "manner_by": (
        "“{0}”在原文中是变化前后的数值，不是变化的多少",
        "“{0}” is a value before or after the change in the evidence, not what it changed by",
    ),
    "manner_level": (
        "“{0}”在原文中是变化的多少，不是变化前后的数值",
        "“{0}” is what something changed by in the evidence, not a value before or after",
    ),
    "figure_year": ("“{0}”在原文中不是{1}年的数据", "“{0}” is not of {1} in the evidence"),
    "figure_place": ("“{0}”在原文中不是{1}的数据", "“{0}” does not belong to {1} in the evidence"),
    "date": ("原文没有“{0}”这个时间", "the evidence does not have the date “{0}”"),
    "place": ("原文没有提到“{0}”", "the evidence does not mention the place “{0}”"),
    "title": ("原文没有提到《{0}》", "the evidence does not mention 《{0}》"),
    "quote": ("“{0}”不是原文的原话", "“{0}” is not in the words of the evidence"),
    "body": ("原文没有提到“{0}”", "the evidence does not mention the body “{0}”"),
    "direction": (
        "方向不符：“{0}”与原文相反或原文未提",
        "the direction of “{0}” is opposite to the evidence, or not in it",
    ),
    "negation": (
        "“{0}”的肯定或否定与原文相反",
        "“{0}” is affirmed where the evidence denies it, or the reverse",
    ),
    "token": ("原文没有说“{0}”", "the evidence does not say “{0}”"),
    "strength": (
        "原文没有说“{0}”，说法比原文更绝对",
        "the evidence does not say “{0}”: the claim is stronger than it",
    ),
    "modality": (
        "“{0}”：计划与已完成的说法和原文不符",
        "“{0}”: what is planned and what is done differ from the evidence",
    ),
    "wording": ("“{0}”在原文中找不到依据", "the evidence gives no support for “{0}”"),
    "gloss": ("“{0}”不能译成“{1}”", "“{0}” does not mean “{1}”"),
    "concept": ("原文没有提到“{0}”", "the evidence does not speak of “{0}”"),
}


def message(reason: str, parts: Sequence[object], language: Language) -> str:
    """Say a reason of the table, its gaps filled with `parts` cut to a readable length."""
    template = _REASONS[reason][0 if language == "zh" else 1]
    return template.format(*(_short(str(part)) for part in parts))


def _short(text: str, limit: int = 60) -> str:
    text = text.strip(" ，,。；;、")
    return text if len(text) <= limit else text[: limit - 1] + "…"
