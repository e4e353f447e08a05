"""The one place that picks concrete classes: settings in, working parts out. Importing it loads nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.library import Library
    from rag.pipeline import Pipeline
    from rag.verify import Meaning

COMPOSERS = ("extractive",)
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
    composer: str = COMPOSERS[0],
    is_lasting: bool = False,
) -> Pipeline:
    """Put a pipeline together.

    Args:
        library: Opened for the encoder.
        encoder: Reads questions and sentences.
        settings: How many passages are read.
        composer: How answers are worded.
        is_lasting: Many questions will come: what was encoded is remembered.

    Raises:
        SettingsError: There is no such composer.
    """
    if composer not in COMPOSERS:
        raise SettingsError(name="composer", value=composer, expected=f"there is {', '.join(COMPOSERS)}")
    from rag.compose.extractive import ExtractiveComposer
    from rag.encoder.remembering import RememberingEncoder
    from rag.pipeline import Pipeline

    return Pipeline(
        library=library,
        encoder=RememberingEncoder(encoder) if is_lasting else encoder,
        composer=ExtractiveComposer(),
        top_k=settings.top_k,
        meaning=build_meaning(encoder),
    )


def build_meaning(encoder: Encoder) -> Meaning | None:
    """The measure of nearness in meaning that the checker may use: none for encoders it is not calibrated for."""
    from rag.encoder.bundled import BundledEncoder
    from rag.verify import EncoderMeaning

    return EncoderMeaning(encoder) if isinstance(encoder, BundledEncoder) else None
