"""The one place that picks concrete classes: settings in, working parts out. Importing it loads nothing heavy."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import GenerationError, SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.library import Library
    from rag.llm.client import ModelClient, UnopenedModel
    from rag.pipeline import Pipeline
    from rag.verify import Meaning

COMPOSERS = ("extractive", "llm")
"""Ways to word an answer, the default first."""

_SENTENCE_TRANSFORMERS = "sentence-transformers:"


def build_encoder(settings: Settings, *, on_prepare: Callable[[str], None] | None = None) -> Encoder:
    """Pick the encoder that the settings name; nothing is loaded before its first use.

    Raises:
        SettingsError: There is no such encoder.
    """
    if settings.encoder == "bundled":
        from rag.encoder.bundled import BundledEncoder

        return BundledEncoder(
            settings.cache, weights=settings.encoder_weights, threads=settings.threads, on_prepare=on_prepare
        )
    if settings.encoder.startswith(_SENTENCE_TRANSFORMERS):
        from rag.encoder.sentence_transformers import SentenceTransformersEncoder

        return SentenceTransformersEncoder(settings.encoder.removeprefix(_SENTENCE_TRANSFORMERS))
    raise SettingsError(
        name="encoder",
        value=settings.encoder,
        expected=f"it must be 'bundled' or '{_SENTENCE_TRANSFORMERS}NAME'",
    )


def open_library(directory: Path, encoder: Encoder, *, create: bool = False) -> Library:
    """Open the library for the encoder; see `Library.open` for its errors."""
    from rag.library import Library

    return Library.open(directory, encoder_name=encoder.name, dimension=encoder.dimension, create=create)


def build_pipeline(
    library: Library,
    encoder: Encoder,
    settings: Settings,
    *,
    composer: str | None = None,
    is_lasting: bool = False,
) -> Pipeline:
    """Put a pipeline together.

    Args:
        library: Opened for the encoder.
        encoder: Reads questions and sentences.
        settings: How many passages are read, and which language model there is.
        composer: How answers are worded: one of `COMPOSERS`, "auto": by the language model where one is set; None:
            as the settings say.
        is_lasting: Many questions will come: what was encoded is remembered.

    Raises:
        SettingsError: There is no such composer, or no language model for it.
        GenerationError: The language model cannot even be opened, and no other composer will do.
    """
    from rag.compose.extractive import ExtractiveComposer
    from rag.encoder.remembering import RememberingEncoder
    from rag.pipeline import Pipeline

    pipeline = Pipeline(
        library=library,
        encoder=RememberingEncoder(encoder) if is_lasting else encoder,
        composer=ExtractiveComposer(),
        top_k=settings.top_k,
        meaning=build_meaning(encoder),
    )
    if chosen_composer(settings, composer) == "extractive":
        return pipeline
    return _with_model(pipeline, settings, is_wanted="llm" in (composer, settings.composer))


def chosen_composer(settings: Settings, composer: str | None = None) -> str:
    """Return which of `COMPOSERS` is meant; see `build_pipeline`."""
    wanted = composer or settings.composer
    if wanted == "auto":
        return "llm" if settings.llm_model else "extractive"
    if wanted not in COMPOSERS:
        raise SettingsError(name="composer", value=wanted, expected=f"there is auto, {', '.join(COMPOSERS)}")
    if wanted == "llm" and not settings.llm_model:
        raise SettingsError(
            name="llm_model", value="", expected="the composer llm needs a language model (YIGAI_LLM_MODEL)"
        )
    return wanted


def build_client(settings: Settings) -> ModelClient:
    """Make the client of the language model that the settings name; it is not asked yet.

    Raises:
        GenerationError: It cannot be opened.
    """
    from rag.llm.client import ModelClient, Patience
    from rag.llm.opening import address_of, open_model
    from rag.llm.tracing import tracing_of

    address = address_of(settings)
    model = open_model(address, timeout=settings.llm_timeout_s, max_tokens=settings.llm_answer_tokens)
    return ModelClient(
        model,
        name=address.model,
        place=address.place,
        patience=Patience(
            whole_s=settings.llm_timeout_s,
            silence_s=settings.llm_first_token_s,
            retries=settings.llm_retries,
            answer_tokens=settings.llm_answer_tokens,
        ),
        tracing=tracing_of(settings.tracing),
    )


def _with_model(pipeline: Pipeline, settings: Settings, *, is_wanted: bool) -> Pipeline:
    """Let the model word the answers; one that cannot be opened leaves them to the articles, as one that is down does."""
    from rag.compose.llm import LlmComposer, Window
    from rag.llm.client import UnopenedModel
    from rag.llm.opening import address_of
    from rag.rephrase import ModelRephraser

    client: ModelClient | UnopenedModel
    try:
        client = build_client(settings)
    except GenerationError as error:
        if is_wanted:
            raise
        address = address_of(settings)
        client = UnopenedModel(error, name=address.model, place=address.place)
    composer = LlmComposer(
        client,
        window=Window(whole_tokens=settings.llm_context_tokens, answer_tokens=settings.llm_answer_tokens),
        meaning=pipeline.meaning,
        keeps_unsupported=settings.llm_unsupported == "mark",
        is_structured=settings.llm_structured,
    )
    return dataclasses.replace(pipeline, composer=composer, rephraser=ModelRephraser(client))


def build_meaning(encoder: Encoder) -> Meaning | None:
    """The measure of nearness in meaning that the checker may use: none for encoders it is not calibrated for."""
    from rag.encoder.bundled import BundledEncoder
    from rag.verify import EncoderMeaning

    return EncoderMeaning(encoder) if isinstance(encoder, BundledEncoder) else None
