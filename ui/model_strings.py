"""What readers are told of the language model, in Chinese and English; part of `ui.strings`."""

from __future__ import annotations

from rag.types import UNSUPPORTED_MARK, FallbackReason, Language

# What happened. What the answer therefore is follows: it stands above or below, so that is not said here.
_CAUSES: dict[FallbackReason, dict[Language, str]] = {
    "unreachable": {"zh": "语言模型连接不上", "en": "The language model could not be reached"},
    "slow": {"zh": "语言模型没有在限定时间内回复", "en": "The language model did not reply in time"},
    "over_quota": {"zh": "语言模型的用量已到上限", "en": "The language model's quota is used up for now"},
    "rejected": {
        "zh": "语言模型的服务不接受所设的地址、密钥或模型名称",
        "en": "The language model's service refused the address, key or model name that is set",
    },
    "broken": {"zh": "语言模型的服务出错", "en": "The language model's service failed"},
    "resting": {
        "zh": "语言模型刚才接连出错，暂时没有请它回答",
        "en": "The language model failed several times just now and is not asked for a while",
    },
    "interrupted": {"zh": "语言模型写到一半时中断", "en": "The language model broke off in mid-answer"},
    "too_long": {
        "zh": "要读的内容超出语言模型的长度限制",
        "en": "There is more to read than the language model can take",
    },
    "empty": {"zh": "语言模型没有写出内容", "en": "The language model wrote nothing"},
    "endless": {
        "zh": "语言模型写个不停，已经叫停",
        "en": "The language model did not come to an end and was stopped",
    },
    "wrong_form": {
        "zh": "语言模型没有按要求的格式回答",
        "en": "The language model did not keep to the form asked for",
    },
    "wrong_language": {
        "zh": "语言模型没有用提问的语言回答",
        "en": "The language model answered in another language than the question's",
    },
    "unsupported": {
        "zh": "语言模型写的内容在文章里找不到依据",
        "en": "What the language model wrote is not proven by the articles",
    },
    "incomplete": {
        "zh": "语言模型写的内容里，有依据的部分没有答全问题",
        "en": "What is proven of the language model's answer leaves part of the question open",
    },
    "declined": {
        "zh": "语言模型没有找到答案，而文章里有",
        "en": "The language model found no answer where the articles have one",
    },
    "filtered": {
        "zh": "语言模型的服务以内容审核为由中止了回答",
        "en": "The language model's service stopped the answer by its content filter",
    },
    "withheld": {
        "zh": "相关段落里有对语言模型发号施令的文字，没有交给它",
        "en": "The passages hold orders to a language model and were not shown to it",
    },
}
# The same where some of what the model wrote is part of the answer.
_CAUSES_OF_PART: dict[FallbackReason, dict[Language, str]] = {
    **_CAUSES,
    "unsupported": {
        "zh": "语言模型写的内容有不少在文章里找不到依据",
        "en": "Much of what the language model wrote is not proven by the articles",
    },
    "incomplete": {
        "zh": "语言模型只答出问题的一部分",
        "en": "The language model answered only part of the question",
    },
}

MODEL_STRINGS: dict[str, dict[Language, str]] = {
    **{
        f"fallback_{code}": {
            "zh": f"{cause['zh']}，这个回答摘录自文章原文。",
            "en": f"{cause['en']}; these are the articles' own sentences.",
        }
        for code, cause in _CAUSES.items()
    },
    **{
        f"fallback_{code}_mixed": {
            "zh": f"{cause['zh']}：前面是它写的、核对过的句子，后面以文章原文的摘录补全。",
            "en": f"{cause['en']}: its checked sentences come first, the articles' own sentences complete them.",
        }
        for code, cause in _CAUSES_OF_PART.items()
    },
    "unsupported_mark": UNSUPPORTED_MARK,
    "by_model": {
        "zh": "由语言模型 {model} 组织文字，每句均已核对。",
        "en": "Worded by the language model {model}; every sentence is checked.",
    },
    "left_out": {
        "zh": "（另有 {count} 句依据超出模型能读的长度，没有给它看。）",
        "en": "({count} sentences of the evidence did not fit into what the model can read, and were not shown to it.)",
    },
    "by_model_marked": {
        "zh": "由语言模型 {model} 组织文字；标有“〔未经证实〕”的句子没有通过核对，其余每句均已核对。",
        "en": "Worded by the language model {model}; sentences marked “[unverified]” did not pass the check, "
        "every other one is checked.",
    },
    # While a question is being answered
    "step_retrieve": {"zh": "正在检索……", "en": "Searching …"},
    "step_assess": {"zh": "正在判断证据……", "en": "Weighing the evidence …"},
    "step_compose": {"zh": "正在组织回答……", "en": "Composing …"},
    "step_compose_model": {
        "zh": "语言模型正在组织回答，每句核对后显示……",
        "en": "The language model is writing; every sentence is checked before it is shown …",
    },
    "step_verify": {"zh": "正在逐句核对……", "en": "Checking every sentence …"},
    # `yigai doctor`
    "no_model": {
        "zh": "未设置；回答摘录自文章原文",
        "en": "none set; answers are the articles' own sentences",
    },
    "model_set": {"zh": "{name}（{place}）", "en": "{name} at {place}"},
    "model_replied": {"zh": "能用，{ms} 毫秒答复", "en": "it works, replied within {ms} ms"},
    "model_failed": {"zh": "不能用", "en": "it does not work"},
    "model_not_set": {
        "zh": "没有设置语言模型，无从检查。请设置 YIGAI_LLM_BASE_URL 和 YIGAI_LLM_MODEL。",
        "en": "There is no language model to ask. Set YIGAI_LLM_BASE_URL and YIGAI_LLM_MODEL.",
    },
}
