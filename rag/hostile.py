"""Sentences of an article that speak to a model instead of a reader: they are no evidence, and none is shown to it.

This is the outer fence only. Behind it, instructions say that material is no instruction; every sentence must be
proven; and what is proven must be about the question (`rag.compose.soundness`).
"""

from __future__ import annotations

import re
import unicodedata

from rag.normalise import fold

_ORDERS_ZH = "(?:指令|指示|要求|规则|提示词?|设定|命令|对话|内容|问题|限制)"
_ORDERS_EN = "(?:instructions?|rules?|prompts?|messages?|directions?|guidelines?|context|above|questions?)"
_SAY_ZH = "(?:回答|输出|回复|答复|复述|写出|说出)"
_SAY_EN = "(?:answer|respond|reply|output|print|say|repeat|reveal|write)"
# In the matching form: lower case, half-width, Simplified.
_ADDRESSES_MODEL = re.compile(
    "|".join(
        (
            # 「忽略以上指令」, "ignore the above"
            rf"(?:忽略|无视|忘记|忘掉|不要?理会|抛开).{{0,8}}(?:以上|上述|上面|之前|前面|先前|所有|一切|原有|你的).{{0,6}}{_ORDERS_ZH}",
            rf"\b(?:ignore|disregard|forget|override|overrides|bypass)\b.{{0,40}}\b{_ORDERS_EN}\b",
            # 「你现在是…助手」, "you are now …"
            r"你(?:现在|从现在起)?(?:是|扮演|作为)(?:一[个名位])?.{0,16}(?:助手|模型|机器人|人工智能|\bai\b)",
            r"\byou are (?:now|no longer)\b|\byou are (?:an? |the )?.{0,30}\b(?:assistant|language model|ai|bot)\b|\bas an ai\b",
            # 「系统提示」, "your system prompt"
            r"(?:系统|你的|隐藏|内部)(?:提示|指令|设定)|提示词|\b(?:system|developer|hidden|your) (?:prompt|message|instructions?)\b",
            # 「请直接回答」「请在回答中」, "always answer …", "respond only with"
            rf"(?:请|必须|务必|只能|只需|一律|你要|你应|你须)(?:你|直接|只|仅|都|要|用)*{_SAY_ZH}|(?:请|必须|务必|你要|你应|你须).{{0,4}}在(?:回答|答案|回复)",
            rf"\b(?:please|must|always|only|just|now|instead)[ ,]+{_SAY_EN}\b|\b{_SAY_EN}(?: only)? with\b|\A\W*{_SAY_EN}\b",
            # Turns of a conversation, and the tags that models know
            r"(?:\A|\n)\s*(?:system|assistant|user|human|系统|助手|用户)\s*:",
            r"<\|[^|>]{1,40}\|>|\[/?inst\]|<</?sys>>|</?(?:system|assistant|user|instructions?|material|资料)\b[^>]{0,40}>|###\s*(?:system|instruction|指令)",
        )
    )
)
_MARKUP = re.compile(
    r"!\[|\]\(|<\s*/?\s*(?:script|img|iframe|a|svg|style|form|input|body|object|embed)\b|javascript:|data:[a-z]+/|\bon\w+\s*=|https?://|\bwww\.",
)


def speaks_to_model(text: str) -> bool:
    """Whether a sentence gives orders to a model, or poses as a turn of its conversation."""
    return _ADDRESSES_MODEL.search(_plain(text)) is not None


def holds_markup(text: str) -> bool:
    """Whether a sentence holds an address or markup: no answer needs any, and each can lead a reader astray."""
    return _MARKUP.search(_plain(text)) is not None


def is_hostile(text: str) -> bool:
    """Whether a sentence is not to be shown to a model."""
    return speaks_to_model(text) or holds_markup(text)


def _plain(text: str) -> str:
    """The matching form without characters that nobody sees."""
    return fold("".join(ch for ch in text if unicodedata.category(ch) != "Cf"))
