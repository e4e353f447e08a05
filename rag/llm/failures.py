"""What went wrong with a language model, in our own words: a provider's message may quote the key, so none is passed on."""

from __future__ import annotations

from rag.errors import GenerationError
from rag.types import FallbackReason

_TOO_LONG = (
    "exceed_context_size",
    "context_length",
    "context length",
    "context window",
    "context size",
    "too many tokens",
    "maximum number of tokens",
    "is too long",
    "input length",
)
_LOST = {"RemoteProtocolError", "ReadError", "ConnectionError", "APIConnectionError", "ConnectError"}

# What happened and what to do, in English and in Chinese.
_WORDS: dict[str, tuple[str, str, str, str]] = {
    "key": ("refuses the key", "拒绝了密钥", "Set YIGAI_LLM_API_KEY.", "请设置 YIGAI_LLM_API_KEY。"),
    "name": (
        "knows no such model or path",
        "没有这个模型或路径",
        "Check YIGAI_LLM_MODEL, and that YIGAI_LLM_BASE_URL ends as the server wants it (often /v1).",
        "请检查 YIGAI_LLM_MODEL，以及 YIGAI_LLM_BASE_URL 的结尾（多为 /v1）。",
    ),
    "slow": (
        "did not answer in time",
        "没有及时回答",
        "Allow more time, or choose a smaller model.",
        "请放宽时限，或换小一些的模型。",
    ),
    "unreachable": (
        "cannot be reached",
        "连接不上",
        "Start the server, or mend YIGAI_LLM_BASE_URL.",
        "请启动服务，或修改 YIGAI_LLM_BASE_URL。",
    ),
    "over_quota": (
        "has no capacity or credit left for us",
        "暂无余量或额度",
        "Wait a little, or look at the account.",
        "请稍候再试，或查看账户。",
    ),
    "too_long": (
        "cannot read that much at once",
        "一次读不下这么多",
        "Set YIGAI_LLM_CONTEXT_TOKENS to what it can read.",
        "请把 YIGAI_LLM_CONTEXT_TOKENS 设为它能读的长度。",
    ),
    "interrupted": (
        "broke off",
        "中途断开",
        "Look into the server's own log, and try again.",
        "请查看服务自己的日志后再试。",
    ),
    "broken": (
        "failed",
        "出错",
        "Look into the server's own log, and try again.",
        "请查看服务自己的日志后再试。",
    ),
    "resting": (
        "failed several times just now, and is not asked for a while",
        "刚才连续出错，暂停使用",
        "Try again in a minute.",
        "请一分钟后再试。",
    ),
    "empty": (
        "answered nothing",
        "没有回答任何内容",
        "Look into the server's own log, and try again.",
        "请查看服务自己的日志后再试。",
    ),
    "filtered": (
        "stopped the answer by its content filter",
        "以内容审核为由中止了回答",
        "Ask in other words, or choose another model.",
        "请换个问法，或换一个模型。",
    ),
    "withheld": (
        "was shown nothing: what answers gives orders to a model",
        "没有收到内容：相关段落里有对模型的指令",
        "Look at the article.",
        "请查看这篇文章。",
    ),
    "endless": (
        "did not come to an end",
        "没完没了",
        "Allow longer answers with YIGAI_LLM_ANSWER_TOKENS, or choose another model.",
        "请用 YIGAI_LLM_ANSWER_TOKENS 放宽篇幅，或换一个模型。",
    ),
    "wrong_form": (
        "does not keep to the form it is asked for",
        "不按要求的格式回答",
        "Unset YIGAI_LLM_STRUCTURED, or choose another model.",
        "请取消 YIGAI_LLM_STRUCTURED，或换一个模型。",
    ),
}


def failure(cause: Exception, place: str, *, has_begun: bool = False) -> GenerationError:
    """Return the error that stands for a provider's.

    Args:
        cause: What was raised.
        place: Where the model is; without credentials.
        has_begun: Whether part of the reply had come.
    """
    if isinstance(cause, GenerationError):
        return cause
    status = status_of(cause)
    what = f"HTTP {status}" if status else type(cause).__name__
    words, code = _kind(cause, status)
    if has_begun and code in ("unreachable", "slow", "broken"):
        words = code = "interrupted"
    return trouble(code, place, what=what, words=words)


def trouble(code: FallbackReason, place: str, *, what: str = "", words: str = "") -> GenerationError:
    """Make the error of a code; `what` is put in brackets, `words` names the wording where it is not the code's own."""
    english, chinese, next_en, next_zh = _WORDS[words or code]
    bracket = (f" ({what})", f"（{what}）") if what else ("", "")
    return GenerationError(
        code=code,
        detail_en=f"The model at {place} {english}{bracket[0]}. {next_en}",
        detail_zh=f"{place} 的模型{chinese}{bracket[1]}。{next_zh}",
    )


def status_of(cause: Exception) -> int | None:
    """Return the HTTP status that an error stands for, if any."""
    status = getattr(cause, "status_code", None)
    if not isinstance(status, int):
        status = getattr(getattr(cause, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def words_of(cause: Exception) -> str:
    """What a provider says, in lower case: some say it in the message, some in a field beside it. Never to be shown."""
    return f"{cause} {getattr(cause, 'body', '')}".lower()


def is_passing(cause: Exception) -> bool:
    """Whether the same request may well succeed a moment later."""
    status = status_of(cause)
    if status is not None:
        return status == 429 or status >= 500
    return _kind(cause, None)[1] == "unreachable"


def _kind(cause: Exception, status: int | None) -> tuple[str, FallbackReason]:
    """Which words, and which reason."""
    if status in {401, 403}:
        return "key", "rejected"
    if status == 404:
        return "name", "rejected"
    if status in {402, 429}:
        return "over_quota", "over_quota"
    if status in {400, 413, 422}:
        return _kind_of_bad_request(cause)
    kinds = {kind.__name__ for kind in type(cause).__mro__}
    if "LengthFinishReasonError" in kinds:  # how OpenAI's client tells it of an answer in JSON
        return "endless", "endless"
    if "ContentFilterFinishReasonError" in kinds:
        return "filtered", "filtered"
    if status in {408, 504} or any("Timeout" in kind for kind in kinds):
        return "slow", "slow"
    return ("unreachable", "unreachable") if status is None and kinds & _LOST else ("broken", "broken")


def _kind_of_bad_request(cause: Exception) -> tuple[str, FallbackReason]:
    if status_of(cause) == 413 or any(sign in words_of(cause) for sign in _TOO_LONG):
        return "too_long", "too_long"
    return "broken", "rejected"
