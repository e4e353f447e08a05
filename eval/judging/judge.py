"""A language model as judge beside the rules: does the evidence support the claim? Optional, and never part of a gate."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.judging.agreement import cohen_kappa
from eval.judging.cache import JudgeCache, Opinion, cache_key
from eval.judging.reply import read_reply
from eval.report import JudgeReport, Misjudged
from prompts import load_prompt
from rag.errors import GenerationError
from rag.llm.client import ModelClient, Patience
from rag.llm.fence import fence_of
from rag.llm.opening import ModelAddress, open_model
from rag.llm.tally import Turn
from rag.types import Language

_LOG = logging.getLogger(__name__)
_PROMPTS = ("judge", "judge_examples", "judge_claim", "judge_again")
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
_RETRIES = 1
_REPLY_TOKENS = 4000
"""A model that thinks aloud before its verdict may take that much."""
_NO_REPLY = ("endless", "filtered")
_PATIENCE = 3
"""Claims in a row that the model may fail on before it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledClaim:
    """A claim with what it cites, and whether the rules found it supported.

    Attributes:
        context: What belongs to the evidence without standing in it: headings, date, place.
    """

    claim: str
    evidence: str
    supported: bool
    context: str = ""


class ModelJudge:
    """Any LangChain chat model as judge. Its verdicts are kept, so that a claim is put to it once.

    Args:
        client: The model; its name stands in reports and in the cache, so no two may share one.
        language: Of the prompt, and so of the reasons.
        cache: Folder of verdicts; None keeps none.
    """

    def __init__(self, client: ModelClient, *, language: Language = "zh", cache: Path | None = None) -> None:
        self.name = client.name
        self.language = language
        self.prompt = prompt_version(language)
        self._client = client
        self._cache = JudgeCache(cache) if cache is not None else None

    def judge(self, claim: str, evidence: str, *, context: str = "") -> Opinion:
        """Give an opinion on a claim; a reply that cannot be read is asked for once more, and then is no verdict.

        Raises:
            GenerationError: The model cannot be reached, refuses, or takes too long.
        """
        key = cache_key(model=self.name, prompt=self.prompt, claim=claim, evidence=evidence, context=context)
        kept = self._cache.get(key) if self._cache is not None else None
        if kept is not None:
            return kept
        opinion = self._ask(claim_turns(claim, evidence, context=context, language=self.language))
        if self._cache is not None:
            self._cache.put(key, opinion)
        return opinion

    def _ask(self, turns: list[Turn]) -> Opinion:
        opinion = read_reply(self._reply(turns))
        if opinion is None:
            again = load_prompt("judge_again", self.language).format()
            opinion = read_reply(self._reply([*turns[:-1], ("human", f"{turns[-1][1]}\n{again}")]))
        return opinion or Opinion(reason="the model's reply could not be read as a verdict", supported=None)

    def _reply(self, turns: list[Turn]) -> str:
        """Put a conversation to the model; an empty reply stands for one that it began and could not end."""
        try:
            return self._client.complete(turns, schema=_SCHEMA)
        except GenerationError as error:
            if error.code in _NO_REPLY:
                return ""
            raise


def build_judge(
    address: ModelAddress, *, timeout_s: float = 60.0, language: Language = "zh", cache: Path | None = None
) -> ModelJudge:
    """Make a judge of a model.

    Raises:
        GenerationError: No model is named, there is no such provider, or its package is not installed.
    """
    patience = Patience(whole_s=timeout_s, silence_s=timeout_s, retries=_RETRIES, answer_tokens=_REPLY_TOKENS)
    model = open_model(address, timeout=timeout_s)
    client = ModelClient(model, name=address.name, place=address.place, patience=patience)
    return ModelJudge(client, language=language, cache=cache)


def judge_claims(
    judge: ModelJudge, claims: Sequence[RuledClaim], *, on_progress: Callable[[int], None] | None = None
) -> JudgeReport:
    """Put claims to the judge and set its verdicts beside those of the rules; one without a verdict is counted apart.

    Raises:
        GenerationError: The first claim, or several in a row, could not be put to it at all.
    """
    opinions: list[Opinion] = []
    stumbles = 0
    for done, ruled in enumerate(claims, start=1):
        try:
            opinions.append(judge.judge(ruled.claim, ruled.evidence, context=ruled.context))
            stumbles = 0
        except GenerationError as cause:
            stumbles += 1
            if done == 1 or stumbles >= _PATIENCE:
                raise
            _LOG.warning("claim %d of %d was not judged: %s", done, len(claims), cause)
            opinions.append(Opinion(reason=str(cause), supported=None))
        if on_progress is not None:
            on_progress(done)
    return _report(judge.name, claims, opinions)


def claim_turns(claim: str, evidence: str, *, context: str, language: Language) -> list[Turn]:
    """The whole conversation that puts one claim to a model: instructions, worked examples, the claim."""
    turns: list[Turn] = [("system", load_prompt("judge", language).format())]
    for example in _examples(language):
        turns.append(("human", _framed(example["claim"], example["evidence"], example["context"], language)))
        turns.append(("ai", _reply(example["reason"], example["verdict"])))
    turns.append(("human", _framed(claim, evidence, context, language)))
    return turns


def prompt_version(language: Language) -> str:
    """Names the wording of all that is said to the model, so that verdicts on another wording are not taken for its own."""
    loaded = [load_prompt(name, language) for name in _PROMPTS]
    versions = ".".join(str(prompt.version) for prompt in loaded)
    digest = hashlib.sha256("\0".join(prompt.text for prompt in loaded).encode()).hexdigest()
    return f"judge.{language}-{versions}-{digest[:8]}"


def _examples(language: Language) -> list[dict[str, str]]:
    blocks = load_prompt("judge_examples", language).text.split("\n\n")
    lines = ([line.partition(":") for line in block.splitlines()] for block in blocks)
    return [{name: text.strip() for name, _, text in block} for block in lines]


def _framed(claim: str, evidence: str, context: str, language: Language) -> str:
    texts = [text.encode("utf-8", "replace").decode() for text in (claim, evidence, context)]
    prompt = load_prompt("judge_claim", language)
    return prompt.format(fence=fence_of(texts), claim=texts[0], evidence=texts[1], context=texts[2])


def _reply(reason: str, verdict: str) -> str:
    return json.dumps({"reason": reason, "verdict": verdict}, ensure_ascii=False)


def _report(name: str, claims: Sequence[RuledClaim], opinions: Sequence[Opinion]) -> JudgeReport:
    judged = [(c, o) for c, o in zip(claims, opinions, strict=True) if o.supported is not None]
    return JudgeReport(
        name=name,
        judged=len(judged),
        supported=sum(bool(opinion.supported) for _, opinion in judged),
        failed=len(claims) - len(judged),
        agreement=cohen_kappa([o.supported for _, o in judged], [c.supported for c, _ in judged]),
        disputed=tuple(
            Misjudged(claim=claim.claim, original=claim.claim, evidence=claim.evidence, reason=opinion.reason)
            for claim, opinion in judged
            if claim.supported != opinion.supported
        ),
    )
