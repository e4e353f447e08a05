"""A pipeline whose language model is at an endpoint of a test's own, and what must hold of all that it answers."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from unruly_endpoint import UnrulyEndpoint

from rag.absence import place_of_absence
from rag.build import build_pipeline
from rag.encoder import Encoder
from rag.library import Library
from rag.numbering import verify_cited
from rag.pipeline import Pipeline
from rag.schema import answer_document
from rag.settings import load_settings
from rag.types import Answer, Said
from rag.verify import Meaning

LITTLE = {"llm_timeout_s": 8.0, "llm_first_token_s": 2.5, "llm_retries": 1, "llm_answer_tokens": 100}
"""Patience, for endpoints that fall silent."""
MUCH = {"llm_timeout_s": 30.0, "llm_first_token_s": 30.0}
"""Patience, where only words are looked at: OpenAI's client takes a second to prepare for its first schema."""
IN_TIME_S = 25.0
"""What all of it comes to, and as much again for a machine that is busy."""


@dataclass(frozen=True, kw_only=True)
class Modelled:
    """Pipelines over one library, built as the program builds them."""

    library: Library
    encoder: Encoder

    def at(self, server: UnrulyEndpoint, **settings: object) -> Pipeline:
        """Build a pipeline whose model is at an endpoint."""
        named = {"llm_base_url": server.url, "llm_model": "m"}
        return build_pipeline(self.library, self.encoder, load_settings(**LITTLE | named | settings))

    def ask(self, server: UnrulyEndpoint, question: str, **settings: object) -> Answer:
        """Ask; whatever comes is in time, about what was asked, all that was said, and proven."""
        pipeline, begun = self.at(server, **settings), time.monotonic()
        *before, answer = list(pipeline.stream(question))
        assert time.monotonic() - begun < IN_TIME_S
        assert isinstance(answer, Answer)
        assert answer.question == question
        assert tuple(one.sentence for one in before if isinstance(one, Said)) == answer.sentences
        assert_proven(answer, self.library, pipeline.meaning)
        return answer


def assert_proven(answer: Answer, library: Library, meaning: Meaning | None) -> None:
    """Every quote is the article's text at its offsets, and proves the sentences that cite it."""
    assert answer.answered == bool(answer.citations) == bool(answer.sentences)
    for citation in answer.citations:
        assert library.article(citation.article_id).text[citation.start : citation.end] == citation.quote
    for sentence in answer.sentences:
        cited = [c for c in answer.citations if c.number in sentence.citations]
        if not cited:
            assert not sentence.supported or place_of_absence(sentence.text, answer.language) is not None
        elif sentence.supported:
            verdict = verify_cited(sentence.text, cited, language=answer.language, meaning=meaning)
            assert verdict.supported, (sentence, verdict)
    assert json.loads(json.dumps(answer_document(answer)))["composer"] == answer.composer
