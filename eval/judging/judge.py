"""A language model as judge beside the rules: does the evidence support the claim? Optional, and never part of a gate."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.judging.agreement import cohen_kappa
from eval.judging.cache import JudgeCache, Opinion, cache_key
from eval.judging.endpoint import Endpoint, Turns, open_model
from eval.judging.reply import read_reply
from eval.report import JudgeReport, Misjudged
from prompts import load_prompt
from rag.errors import JudgeError
from rag.types import Language

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import SecretStr

_LOG = logging.getLogger(__name__)
_PROMPTS = ("judge", "judge_examples", "judge_claim", "judge_again")
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
        model: The model.
        name: Names the model in reports and in the cache: two models must not share one.
        language: Of the prompt, and so of the reasons.
        cache: Folder of verdicts; None keeps none.
        place: Where the model is, as errors name it; its name if not given.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        name: str,
        language: Language = "zh",
        cache: Path | None = None,
        place: str = "",
    ) -> None:
        self.name = name
        self.language = language
        self.prompt = prompt_version(language)
        self._endpoint = Endpoint(model, place=place or name)
        self._cache = JudgeCache(cache) if cache is not None else None

    def judge(self, claim: str, evidence: str, *, context: str = "") -> Opinion:
        """Give an opinion on a claim; a reply that cannot be read is asked for once more, and then is no verdict.

        Raises:
            JudgeError: The model cannot be reached, refuses, or takes too long.
        """
        key = cache_key(model=self.name, prompt=self.prompt, claim=claim, evidence=evidence, context=context)
        kept = self._cache.get(key) if self._cache is not None else None
        if kept is not None:
            return kept
        opinion = self._ask(claim_turns(claim, evidence, context=context, language=self.language))
        if self._cache is not None:
            self._cache.put(key, opinion)
        return opinion

    def _ask(self, turns: Turns) -> Opinion:
        opinion = read_reply(self._endpoint.ask(turns))
        if opinion is None:
            again = load_prompt("judge_again", self.language).format()
            opinion = read_reply(self._endpoint.ask([*turns[:-1], ("human", f"{turns[-1][1]}\n{again}")]))
        return opinion or Opinion(reason="the model's reply could not be read as a verdict", supported=None)


def build_judge(
    *,
    base_url: str | None,
    model: str,
    api_key: SecretStr | None = None,
    timeout_s: float = 60.0,
    language: Language = "zh",
    cache: Path | None = None,
) -> ModelJudge:
    """Make a judge of a model on an OpenAI-compatible server, or of any "provider:model" that LangChain knows.

    Raises:
        JudgeError: No model is named, there is no such provider, or its package is not installed.
    """
    opened, place = open_model(model, base_url=base_url, api_key=api_key, timeout_s=timeout_s)
    name = f"{model}@{place}" if base_url else model
    return ModelJudge(opened, name=name, language=language, cache=cache, place=place)


def judge_claims(
    judge: ModelJudge, claims: Sequence[RuledClaim], *, on_progress: Callable[[int], None] | None = None
) -> JudgeReport:
    """Put claims to the judge and set its verdicts beside those of the rules; one without a verdict is counted apart.

    Raises:
        JudgeError: The first claim, or several in a row, could not be put to it at all.
    """
    opinions: list[Opinion] = []
    stumbles = 0
    for done, ruled in enumerate(claims, start=1):
        try:
            opinions.append(judge.judge(ruled.claim, ruled.evidence, context=ruled.context))
            stumbles = 0
        except JudgeError as cause:
            stumbles += 1
            if done == 1 or stumbles >= _PATIENCE:
                raise
            _LOG.warning("claim %d of %d was not judged: %s", done, len(claims), cause)
            opinions.append(Opinion(reason=str(cause), supported=None))
        if on_progress is not None:
            on_progress(done)
    return _report(judge.name, claims, opinions)


def claim_turns(claim: str, evidence: str, *, context: str, language: Language) -> Turns:
    """The whole conversation that puts one claim to a model: instructions, worked examples, the claim."""
    turns: Turns = [("system", load_prompt("judge", language).format())]
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
    return prompt.format(fence=_fence(texts), claim=texts[0], evidence=texts[1], context=texts[2])


def _fence(texts: Sequence[str]) -> str:
    """A number that none of the texts holds, the same for the same texts: no text can close its own tag."""
    whole = "\0".join(texts)
    fence = whole
    while fence in whole:
        fence = hashlib.sha256(f"{fence}\0{whole}".encode()).hexdigest()[:8]
    return fence


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
