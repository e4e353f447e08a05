"""A chat model behind LangChain's interface: opened by name, asked for JSON, its failures turned into ours."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from rag.errors import JudgeError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable
    from pydantic import SecretStr

Turns = list[tuple[str, str]]
"""A conversation: role ("system", "human", "ai") and text."""

_SCHEMA: dict[str, Any] = {
    "title": "judgement",
    "description": "Whether the evidence supports the claim.",
    "type": "object",
    # The order counts: a model that has to give its reason first does not argue for a verdict it has made already.
    "properties": {
        "reason": {"type": "string", "description": "One sentence: what was compared."},
        "verdict": {"type": "string", "enum": ["supported", "unsupported"]},
    },
    "required": ["reason", "verdict"],
    "additionalProperties": False,
}
_NO_REPLY = {"LengthFinishReasonError", "ContentFilterFinishReasonError", "OpenAIRefusalError"}
_NOT_UNDERSTOOD = {400, 422}
_RETRIES = 1


class Endpoint:
    """Asks a chat model, in the strictest way that it understands.

    Args:
        model: Any LangChain chat model.
        place: Where it is, as errors name it; without credentials.
    """

    def __init__(self, model: BaseChatModel, *, place: str) -> None:
        self._place = place
        self._ways = _ways(model)

    def ask(self, turns: Turns) -> str:
        """Put a conversation to the model; an empty reply stands for one that it began and could not end.

        Raises:
            JudgeError: It cannot be reached, refuses, or takes too long.
        """
        for number, way in enumerate(self._ways):
            try:
                reply = _text(way.invoke(turns))
            except Exception as cause:  # noqa: BLE001 - each provider has errors of its own
                if type(cause).__name__ in _NO_REPLY:
                    return ""
                if _status(cause) in _NOT_UNDERSTOOD and number + 1 < len(self._ways):
                    continue
                _fail(cause, self._place)
            self._ways = self._ways[number:]
            return reply
        raise AssertionError("the last way returns or raises")  # pragma: no cover


def open_model(
    model: str, *, base_url: str | None, api_key: SecretStr | None, timeout_s: float
) -> tuple[BaseChatModel, str]:
    """Open a model; it is not asked yet. Returns it with the place to name in errors.

    Raises:
        JudgeError: No model is named, there is no such provider, or its package is not installed.
    """
    if not model:
        raise JudgeError(
            detail_en="No model is set to judge with. Set YIGAI_LLM_BASE_URL and YIGAI_LLM_MODEL to an "
            "OpenAI-compatible server and its model, or YIGAI_LLM_MODEL alone to provider:model.",
            detail_zh="还没有设置用来评审的模型。请把 YIGAI_LLM_BASE_URL 和 YIGAI_LLM_MODEL 设为兼容 OpenAI "
            "接口的服务及其模型，或只把 YIGAI_LLM_MODEL 设为 provider:model。",
        )
    options: dict[str, Any] = {"temperature": 0, "timeout": timeout_s, "max_retries": _RETRIES}
    if base_url:
        return _open_compatible(model, base_url, api_key, options), public_part(base_url)
    return _open_named(model, api_key, options), model


def public_part(url: str) -> str:
    """A URL without user name, password and query, any of which may be a secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    return f"{parts.scheme}://{parts.hostname or '?'}{port}{parts.path}"


def _open_compatible(
    model: str, base_url: str, api_key: SecretStr | None, options: dict[str, Any]
) -> BaseChatModel:
    try:
        from langchain_openai import ChatOpenAI
    except ImportError as cause:
        _fail_import("langchain-openai", 'pip install "yigai[llm]"', cause)
    from pydantic import SecretStr

    # Without a key of ours the client would send OPENAI_API_KEY to whatever server this is.
    return ChatOpenAI(model=model, base_url=base_url, api_key=api_key or SecretStr("none"), **options)


def _open_named(model: str, api_key: SecretStr | None, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    provider = model.partition(":")[0]
    if api_key is not None:
        options = {**options, "api_key": api_key}
    try:
        opened: BaseChatModel = init_chat_model(model, **options)
    except ImportError as cause:
        package = f"langchain-{provider.replace('_', '-')}"
        install = 'pip install "yigai[llm]"' if provider == "openai" else f"pip install {package}"
        _fail_import(package, install, cause)
    except Exception:  # noqa: BLE001 - each provider checks its arguments in its own way, and may quote the key
        raise JudgeError(
            detail_en=f"Model {model!r} cannot be opened. Write it as provider:model (openai:NAME, "
            "anthropic:NAME …), and set YIGAI_LLM_API_KEY if the provider wants a key.",
            detail_zh=f"模型 {model!r} 打不开。请写成 provider:model（如 openai:名称、anthropic:名称）；"
            "若服务需要密钥，请设置 YIGAI_LLM_API_KEY。",
        ) from None
    return opened


def _ways(model: BaseChatModel) -> list[Runnable[Any, Any]]:
    """Structured output where there is any; plain text; and that at the model's own temperature, as some insist on."""
    ways: list[Runnable[Any, Any]] = [model]
    # LangChain says in these two ways that a model has no structured output: plain text then comes first.
    with contextlib.suppress(NotImplementedError, ValueError):
        ways.insert(0, model.with_structured_output(_SCHEMA, include_raw=True))
    if getattr(model, "temperature", None) is not None:
        ways.append(model.model_copy(update={"temperature": None}))
    return ways


def _text(reply: Any) -> str:  # noqa: ANN401 - a message, or a dict that holds one
    if not isinstance(reply, dict):
        return str(reply.text)
    # Models that answer through a tool call leave the text empty.
    return str(reply["raw"].text) or json.dumps(reply["parsed"], ensure_ascii=False)


def _status(cause: Exception) -> int | None:
    status = getattr(cause, "status_code", None)
    return (
        status if isinstance(status, int) else getattr(getattr(cause, "response", None), "status_code", None)
    )


def _fail(cause: Exception, place: str) -> NoReturn:
    """Raise what happened in our own words: a provider's message may quote the key, so it is not passed on."""
    status = _status(cause)
    kinds = " ".join(kind.__name__ for kind in type(cause).__mro__)
    what = f"HTTP {status}" if status else type(cause).__name__
    if status in {401, 403}:
        says = ("refuses the key", "拒绝了密钥", "Set YIGAI_LLM_API_KEY.", "请设置 YIGAI_LLM_API_KEY。")
    elif status == 404:
        says = (
            "knows no such model or path",
            "没有这个模型或路径",
            "Check YIGAI_LLM_MODEL, and that YIGAI_LLM_BASE_URL ends as the server wants it (often /v1).",
            "请检查 YIGAI_LLM_MODEL，以及 YIGAI_LLM_BASE_URL 的结尾（多为 /v1）。",
        )
    elif "Timeout" in kinds or status in {408, 504}:
        says = (
            "did not answer in time",
            "没有及时回答",
            "Allow more time, or choose a smaller model.",
            "请放宽时限，或换小一些的模型。",
        )
    elif "Connect" in kinds:
        says = (
            "cannot be reached",
            "连接不上",
            "Start the server, or mend YIGAI_LLM_BASE_URL.",
            "请启动服务，或修改 YIGAI_LLM_BASE_URL。",
        )
    else:
        says = (
            "failed",
            "出错",
            "Look into the server's own log, and try again.",
            "请查看服务自己的日志后再试。",
        )
    raise JudgeError(
        detail_en=f"The model at {place} {says[0]} ({what}). {says[2]}",
        detail_zh=f"{place} 的模型{says[1]}（{what}）。{says[3]}",
    ) from None


def _fail_import(package: str, install: str, cause: ImportError) -> NoReturn:
    raise JudgeError(
        detail_en=f"This model needs the package {package}, which is not installed. Install it: {install}",
        detail_zh=f"使用这个模型需要组件 {package}，尚未安装。请安装：{install}",
    ) from cause
