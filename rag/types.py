"""The nouns of the project: frozen values that pass between modules; no behaviour beyond small views.

Offsets are code points into `Article.text`, half-open. They come from cutting the text, never from searching it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rag.table import Table

from rag.contradiction import Conflict

Language = Literal["zh", "en"]
HeadingKind = Literal["heading", "question"]
ArticleKind = Literal["policy", "news", "interview", "speech", "opinion", "digest"]
RepostRelation = Literal["repost", "correction"]
Origin = Literal["dense", "lexical", "fused", "neighbour"]
RefusalCode = Literal[
    "empty_question",
    "empty_library",
    "off_topic",
    "too_vague",
    "not_found",
    "region_not_in_library",
    "region_without_subject",
    "year_without_subject",
    "figure_not_found",
    "detail_not_found",
    "outside_filter",
    "model_declined",
]
FallbackReason = Literal[
    "unreachable",
    "slow",
    "over_quota",
    "rejected",
    "broken",
    "resting",
    "interrupted",
    "too_long",
    "empty",
    "endless",
    "wrong_form",
    "wrong_language",
    "unsupported",
    "incomplete",
    "declined",
    "filtered",
    "withheld",
]
"""Why the articles' own sentences stand where a language model's were asked for; worded in `ui.strings`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line of structure inside an article.

    Attributes:
        start: First code point of the line.
        end: One past its last code point.
        level: 1 is the outermost; a heading holds until the next one of the same or a smaller level.
        kind: "heading" lines are context only; a "question" (an interviewer's turn) is body as well.
    """

    start: int
    end: int
    level: int
    kind: HeadingKind = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repost:
    """Another printing of an article: the same text elsewhere, or an earlier one that was corrected since.

    Attributes:
        relation: "repost", or "correction" where one of the two corrects the other.
    """

    article_id: str
    title: str | None
    source: str | None
    date: str | None
    url: str | None
    relation: RepostRelation = "repost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One whole cleaned article. What could not be found is None or empty, never guessed.

    Attributes:
        article_id: Stable across re-ingests of the same file.
        text: Cleaned text in the article's own script; paragraphs are separated by one newline.
        date: Publication date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
        regions: Division codes (see `rag.regions`) that the article as a whole is about.
        headings: In order of `start`, not overlapping.
        content_hash: SHA-256 of the raw bytes, hex.
        facts_from: For each described field, where it came from ("front matter", "date line", ...).
        author: Who wrote it, as the article names them.
        column: The column or section of the outlet (栏目).
        issuer: The body or bodies that issued it.
        doc_number: A document's number as in 国办发〔2015〕38号.
        kind: What sort of text it is.
        reposts: Its other printings in the library, oldest first; filled by the library, never by ingest.
    """

    article_id: str
    title: str | None
    text: str
    source: str | None = None
    date: str | None = None
    url: str | None = None
    author: str | None = None
    column: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    kind: ArticleKind | None = None
    regions: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    content_hash: str = ""
    facts_from: tuple[tuple[str, str], ...] = ()
    reposts: tuple[Repost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A contiguous slice of one article: `article.text[start:end] == text`, always.

    Attributes:
        heading_path: Title (where there is one), then the headings above the passage, outermost first.
        regions: Division codes the passage is about, from its own words, else its headings, else its article.
    """

    passage_id: str
    article_id: str
    ordinal: int
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def context(self) -> str:
        """What is embedded and indexed in front of the text, and never cited."""
        return " > ".join(self.heading_path)

    @property
    def embedded(self) -> str:
        """What is embedded: the context, then the text."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the reader restricts the search to.

    Attributes:
        regions: Division codes; a region covers what lies in it.
        since_year: First year of publication; articles without a date do not pass.
        until_year: Last year of publication.
        sources: Outlets, exactly as the articles name them.
    """

    regions: tuple[str, ...] = ()
    since_year: int | None = None
    until_year: int | None = None
    sources: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing is restricted."""
        return self == Filter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found for a query. A higher score is better; scores of two retrievers are not comparable."""

    passage: Passage
    score: float
    rank: int
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A marker of the answer, and the exact clause it points at: `article.text[start:end] == quote`."""

    number: int
    article_id: str
    title: str | None
    source: str | None
    date: str | None
    url: str | None
    regions: tuple[str, ...]
    heading_path: tuple[str, ...]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether evidence supports a claim, and the reason in words a person can read (empty when supported)."""

    supported: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an answer and the numbers of the citations that prove it, in ascending order.

    Attributes:
        supported: False for what a model wrote and nothing proves, where the settings have that kept and marked.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence as it is let through, with the citations that it is the first to use.

    Attributes:
        sides: Of a comparison, the sides that it was written for; empty where it was written for none.
    """

    sentence: Sentence
    citations: tuple[Citation, ...]
    sides: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no answer: a code for machines, a message for people that says what is missing and what is there."""

    code: RefusalCode
    message: str


UNSUPPORTED_MARK: dict[Language, str] = {"zh": "〔未经证实〕", "en": "[unverified]"}
"""Stands behind a sentence that nothing proves, wherever it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a language model read and wrote for an answer, in tokens.

    Attributes:
        estimated: Whether they are our count, as the model gave none.
        left_out: Sentences of the evidence that it was not shown, as they did not fit into what it can read.
    """

    model: str
    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the pipeline returns: cited sentences, or a refusal; never both, never neither.

    Attributes:
        retrieved: The passages that were read for it, best first; empty where nothing was searched.
        dropped: Why sentences that the composer wrote are not shown: their evidence did not support them.
        composer: "extractive", "llm", or "llm+extractive" where the articles' own sentences complete a model's.
        understood: The question as it was read, self-contained; empty where that is the question itself.
        fallback_reason: Why a language model that was asked did not give the (whole) answer.
        usage: What was asked of the language model; None where none was, or nothing came back.
        conflicts: Where articles differ in a figure, and the answer says so.
        table: The sentences of a comparison as a table; None where nothing is compared.
    """

    question: str
    language: Language
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    refusal: Refusal | None
    composer: str
    retrieved: tuple[Hit, ...] = ()
    dropped: tuple[Verdict, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    understood: str = ""
    fallback_reason: FallbackReason | None = None
    usage: Usage | None = None
    conflicts: tuple[Conflict, ...] = ()
    table: Table | None = None

    @property
    def unused(self) -> tuple[Hit, ...]:
        """The passages that were read, and no citation is from."""
        cited = [(c.article_id, c.start) for c in self.citations]
        return tuple(
            hit
            for hit in self.retrieved
            if not any(
                article_id == hit.passage.article_id and hit.passage.start <= start < hit.passage.end
                for article_id, start in cited
            )
        )

    @property
    def answered(self) -> bool:
        """Whether there is an answer rather than a refusal."""
        return self.refusal is None

    @property
    def text(self) -> str:
        """The answer as running text with its markers, or the refusal's message."""
        if self.refusal is not None:
            return self.refusal.message
        return "\n".join(
            s.text
            + ("".join(f"[{n}]" for n in s.citations) if s.supported else UNSUPPORTED_MARK[self.language])
            for s in self.sentences
        )
