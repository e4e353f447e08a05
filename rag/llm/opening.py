"""Open a chat model by name: on an OpenAI-compatible server, or with any provider that LangChain knows."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from pydantic import SecretStr

from rag.errors import GenerationError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from rag.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAddress:
    """Which model, and where: with a `base_url` the name of a model there, without one "provider:model"."""

    model: str
    base_url: str = ""
    api_key: SecretStr = field(default_factory=lambda: SecretStr(""))

    @property
    def place(self) -> str:
        """Where it is, as errors and reports may name it: no user name, no password, no query."""
        return public_part(self.base_url) if self.base_url else self.model

    @property
    def name(self) -> str:
        """What tells it from every other model, in reports and in caches."""
        return f"{self.model}@{self.place}" if self.base_url else self.model


def address_of(settings: Settings) -> ModelAddress:
    """Return the address that the settings name; its model is empty where none is set."""
    return ModelAddress(
        model=settings.llm_model, base_url=settings.llm_base_url.strip(), api_key=settings.llm_api_key
    )


def open_model(address: ModelAddress, **options: Any) -> BaseChatModel:  # noqa: ANN401  # as LangChain takes them
    """Open a model; it is not asked yet.

    Args:
        address: Which one.
        options: Further options that every chat model of LangChain takes: `timeout`, `max_tokens`.

    Raises:
        GenerationError: No model is named, there is no such provider, or its package is not installed.
    """
    if not address.model:
        raise GenerationError(
            code="rejected",
            detail_en="No model is set. Set YIGAI_LLM_BASE_URL and YIGAI_LLM_MODEL to an OpenAI-compatible "
            "server and its model, or YIGAI_LLM_MODEL alone to provider:model.",
            detail_zh="还没有设置语言模型。请把 YIGAI_LLM_BASE_URL 和 YIGAI_LLM_MODEL 设为兼容 OpenAI "
            "接口的服务及其模型，或只把 YIGAI_LLM_MODEL 设为 provider:model。",
        )
    options = {"temperature": 0, "max_retries": 0, **options}  # whoever asks retries, within a time
    return _open_compatible(address, options) if address.base_url else _open_named(address, options)


def public_part(url: str) -> str:
    """A URL without user name, password and query, any of which may be a secret; "?" for what is none of the web."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
        return "?"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"


def is_here(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _open_compatible(address: ModelAddress, options: dict[str, Any]) -> BaseChatModel:
    try:
        from langchain_openai import ChatOpenAI
    except ImportError as cause:
        _fail_import("langchain-openai", cause)
    from rag.llm.connections import connection

    if address.place == "?":
        raise GenerationError(
            code="rejected",
            detail_en="YIGAI_LLM_BASE_URL is no address of a server. Write it whole: http://HOST:PORT/v1",
            detail_zh="YIGAI_LLM_BASE_URL 不是服务地址。请写完整，如 http://主机:端口/v1",
        )
    # The client calls it `max_completion_tokens`, as OpenAI itself does now; not every other server knows that.
    if "max_tokens" in options and urlsplit(address.base_url).hostname != "api.openai.com":
        others = {name: value for name, value in options.items() if name != "max_tokens"}
        options = {**others, "extra_body": {"max_tokens": options["max_tokens"]}}
    # Without a key of ours the client would send OPENAI_API_KEY to whatever server this is.
    return ChatOpenAI(
        model=address.model,
        api_key=address.api_key if address.api_key.get_secret_value() else SecretStr("none"),
        **connection(address.base_url, timeout_s=options.get("timeout")),
        **options,
    )


def _open_named(address: ModelAddress, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    provider = address.model.partition(":")[0]
    if address.api_key.get_secret_value():
        options = {**options, "api_key": address.api_key}
    try:
        opened: BaseChatModel = init_chat_model(address.model, **options)
    except ImportError as cause:
        _fail_import(f"langchain-{provider.replace('_', '-')}", cause)
    except Exception:  # noqa: BLE001 - each provider checks its arguments in its own way, and may quote the key
        raise GenerationError(
            code="rejected",
            detail_en=f"Model {address.model!r} cannot be opened. Write it as provider:model (openai:NAME, "
            "anthropic:NAME …), and set YIGAI_LLM_API_KEY if the provider wants a key.",
            detail_zh=f"模型 {address.model!r} 打不开。请写成 provider:model（如 openai:名称、anthropic:名称）；"
            "若服务需要密钥，请设置 YIGAI_LLM_API_KEY。",
        ) from None
    return opened


def _fail_import(package: str, cause: ImportError) -> NoReturn:
    raise GenerationError(
        code="rejected",
        detail_en=f"This model needs the package {package}, which is not installed. Install it: pip install {package}",
        detail_zh=f"使用这个模型需要组件 {package}，尚未安装。请安装：pip install {package}",
    ) from cause
