"""Cuts an article into passages: along its structure, then its sentences, within a budget and the encoder's window."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.structure import is_place_line, strip_speaker
from rag.normalise import clause_spans, sentence_spans
from rag.tokens import token_counts
from rag.types import Article, Heading, Passage

SPLITTER_VERSION = 1
_Span = tuple[int, int]
_Count = Callable[[Sequence[str]], list[int]]
_ENTRY_CHARS = 60
_SHORTER_ENTRIES = (30, 16, 8)
_CONTEXT_SHARE = 2  # the context may fill one half of the window
_CHARS_PER_TOKEN = (
    8  # no text has fewer tokens than this says; longer ones are cut before anything counts them
)
_MAX_CLUSTER_CHARS = 16
_MAX_WORD_CHARS = 30
_MIN_TOKENS = 8
_POINT = re.compile(
    r"[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[,，、是]|其[一二三四五]|首先|其次|再次|最后|[(（][一二三四五\d]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """Paragraphs in a row with the same headings above them, outermost first."""

    headings: tuple[Heading, ...]
    paragraphs: tuple[_Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A passage to be: its span and the number of its section."""

    section: int
    span: _Span


def split_article(
    article: Article,
    *,
    budget_tokens: int,
    window_tokens: int,
    count_tokens: _Count,
) -> tuple[Passage, ...]:
    """Cut an article into passages that together hold every visible character outside its heading lines once.

    Args:
        article: The article; its headings are whole lines of its text.
        budget_tokens: The most tiktoken tokens a passage's text may have.
        window_tokens: The most encoder tokens that context and text together may have.
        count_tokens: The encoder's count for each text, special tokens included.

    Returns:
        Passages in the order of the text, numbered from 0; each is an exact slice of it.

    Raises:
        ValueError: A budget or window too small to hold anything.
    """
    if budget_tokens < _MIN_TOKENS or window_tokens < 2 * _MIN_TOKENS:
        raise ValueError(
            f"a budget of {budget_tokens} or a window of {window_tokens} tokens holds no passage"
        )
    sections = list(_sections(article))
    paths = _fitting_paths(article, sections, window_tokens // _CONTEXT_SHARE, count_tokens)
    drafts = _packed(article.text, sections, budget_tokens)
    contexts = [" > ".join(path) for path in paths]

    def exceeding(candidates: Sequence[_Draft]) -> list[bool]:
        texts = [article.text[slice(*draft.span)] for draft in candidates]
        embedded = [
            _with_context(contexts[d.section], text) for d, text in zip(candidates, texts, strict=True)
        ]
        counts = zip(token_counts(texts), count_tokens(embedded), strict=True)
        return [budget > budget_tokens or window > window_tokens for budget, window in counts]

    drafts = _shrunk(article.text, drafts, exceeding)
    return tuple(_passages(article, sections, paths, drafts))


def _with_context(context: str, text: str) -> str:
    return f"{context}\n{text}" if context else text


def _sections(article: Article) -> Iterator[_Section]:
    """Walk the lines, keeping the headings that hold."""
    by_start = {heading.start: heading for heading in article.headings}
    above: list[Heading] = []
    held: list[_Span] = []
    for span in _lines(article.text):
        heading = by_start.get(span[0])
        if heading is None:
            held.append(span)
            continue
        if held:
            yield _Section(headings=tuple(above), paragraphs=tuple(held))
            held = []
        while above and above[-1].level >= heading.level:
            above.pop()
        if heading.kind == "question":
            yield _Section(headings=tuple(above), paragraphs=(span,))
        above.append(heading)
    if held:
        yield _Section(headings=tuple(above), paragraphs=tuple(held))


def _lines(text: str) -> Iterator[_Span]:
    """The lines that are not blank."""
    start = 0
    while start <= len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        if text[start:stop].strip():
            yield start, stop
        start = stop + 1


def _path(article: Article, headings: Sequence[Heading]) -> tuple[str, ...]:
    """The title and the headings' words, each cut to its first characters, without repeating the one before."""
    entries = [article.title or ""]
    for heading in headings:
        line = article.text[heading.start : heading.end]
        entries.append(strip_speaker(line) if heading.kind == "question" else line)
    entries = [_shortened(entry.strip().rstrip(":： "), _ENTRY_CHARS) for entry in entries]
    return tuple(entry for entry, _ in itertools.groupby(entries) if entry)


def _shortened(entry: str, most: int) -> str:
    return entry if len(entry) <= most else entry[: most - 1] + "…"


def _fitting_paths(
    article: Article, sections: Sequence[_Section], most_tokens: int, count_tokens: _Count
) -> list[tuple[str, ...]]:
    """Each section's path, with entries shortened and then dropped from the outside until it has room."""
    paths = [_path(article, section.headings) for section in sections]
    fitted: dict[tuple[str, ...], tuple[str, ...]] = {path: path for path in paths}
    pending = [path for path in fitted if path]
    depth = max(map(len, pending), default=0)
    for step in range(len(_SHORTER_ENTRIES) + depth + 1):
        counts = count_tokens([" > ".join(fitted[path]) for path in pending]) if pending else []
        pending = [path for path, count in zip(pending, counts, strict=True) if count > most_tokens]
        for path in pending:
            most = _SHORTER_ENTRIES[min(step, len(_SHORTER_ENTRIES) - 1)]
            entries = fitted[path][1:] if step >= len(_SHORTER_ENTRIES) else fitted[path]
            fitted[path] = tuple(_shortened(entry, most) for entry in entries)
        pending = [path for path in pending if fitted[path]]
    return [fitted[path] for path in paths]


def _packed(text: str, sections: Sequence[_Section], budget: int) -> list[_Draft]:
    """Fill passages with short paragraphs of a section, or with sentences of a long one."""
    paragraphs = [span for section in sections for span in section.paragraphs]
    sizes = _sizes(text, paragraphs, budget)
    parts = {span: sentence_spans(text, *span) for span in paragraphs if sizes[span] > budget}
    sizes |= _sizes(text, [inner for spans in parts.values() for inner in spans], budget)
    clauses = {s: clause_spans(text, *s) for spans in parts.values() for s in spans if sizes[s] > budget}
    sizes |= _sizes(text, [inner for spans in clauses.values() for inner in spans], budget)
    drafts = []
    for number, section in enumerate(sections):
        for is_long, group in itertools.groupby(section.paragraphs, key=lambda span: span in parts):
            if is_long:
                atoms = [[inner for s in parts[span] for inner in clauses.get(s, [s])] for span in group]
                spans = [made for listed in atoms for made in _balanced(text, listed, sizes, budget)]
            else:
                spans = _joined(list(group), sizes, budget)
            drafts += [_Draft(section=number, span=_trimmed(text, *span)) for span in spans]
    return drafts


def _sizes(text: str, spans: Sequence[_Span], budget: int) -> dict[_Span, int]:
    """Count the tokens of spans; one that is over budget whatever it holds is not counted but estimated."""
    short = [span for span in spans if span[1] - span[0] <= budget * _CHARS_PER_TOKEN]
    counts = dict(zip(short, token_counts([text[a:b] for a, b in short]), strict=True))
    return {span: counts.get(span, span[1] - span[0]) for span in spans}


def _joined(paragraphs: Sequence[_Span], sizes: Mapping[_Span, int], budget: int) -> list[_Span]:
    """Join neighbours that fit together, where at least one of the two is short."""
    spans: list[_Span] = []
    size = 0
    for span in paragraphs:
        is_short = min(size, sizes[span]) * 2 <= budget
        if spans and is_short and size + sizes[span] < budget:
            spans[-1] = (spans[-1][0], span[1])
            size += sizes[span] + 1
        else:
            spans.append(span)
            size = sizes[span]
    return spans


def _balanced(text: str, atoms: Sequence[_Span], sizes: Mapping[_Span, int], budget: int) -> list[_Span]:
    """Share sentences (of one too long, its clauses) out as evenly as their lengths allow.

    A sentence that opens a point (`二是…`) goes with what follows it rather than with what it follows.
    """
    total = sum(sizes[span] for span in atoms)
    target = total / max(1, -(-total // budget))
    spans: list[_Span] = []
    size = 0
    for span in atoms:
        enough = target / 2 if _POINT.match(text, span[0]) else target
        if spans and size < enough and size + sizes[span] <= budget:
            spans[-1] = (spans[-1][0], span[1])
            size += sizes[span]
        else:
            spans.append(span)
            size = sizes[span]
    return spans


def _shrunk(
    text: str, drafts: Sequence[_Draft], exceeding: Callable[[Sequence[_Draft]], list[bool]]
) -> list[_Draft]:
    """Halve what is too large until nothing is; every round looks only at what it has just cut."""
    finished: list[_Draft] = []
    pending = list(drafts)
    most_chars = 40_000  # a slice this long is never within a window: cut it before it is counted
    while pending:
        verdicts = iter(exceeding([d for d in pending if d.span[1] - d.span[0] <= most_chars]))
        too_large = [d.span[1] - d.span[0] > most_chars or next(verdicts) for d in pending]
        finished += [d for d, is_over in zip(pending, too_large, strict=True) if not is_over]
        halves = []
        for draft in itertools.compress(pending, too_large):
            spans = _halved(text, *draft.span)
            made = [_Draft(section=draft.section, span=span) for span in spans]
            if len(made) < 2:
                finished += made  # one character: it cannot be made smaller
            else:
                halves += made
        pending = halves
    return sorted(finished, key=lambda draft: draft.span)


def _halved(text: str, start: int, end: int) -> list[_Span]:
    """Cut a slice in two: between sentences, else between clauses, else between characters; nearest its middle."""
    middle = (start + end) // 2
    for spans in (sentence_spans(text, start, end), clause_spans(text, start, end)):
        if len(spans) > 1:
            cut = min((first for first, _ in spans[1:]), key=lambda offset: abs(offset - middle))
            break
    else:
        cut = _character_cut(text, start, middle)
    halves = (_trimmed(text, start, cut), _trimmed(text, cut, end))
    return [(a, b) for a, b in halves if a < b]


def _character_cut(text: str, start: int, middle: int) -> int:
    """Move a cut left, out of a Latin word or number, and out of a character with its combining marks."""
    cut = middle
    while cut > max(start + 1, middle - _MAX_WORD_CHARS) and _in_word(text[cut - 1]) and _in_word(text[cut]):
        cut -= 1
    if cut <= max(start + 1, middle - _MAX_WORD_CHARS):
        cut = middle
    stop = max(start + 1, cut - _MAX_CLUSTER_CHARS)
    moved = cut
    while moved > stop and _belongs_to_previous(text[moved - 1], text[moved]):
        moved -= 1
    return max(start + 1, moved if moved > stop else cut)


def _in_word(ch: str) -> bool:
    return ch.isascii() and (ch.isalnum() or ch in "._%-")


def _belongs_to_previous(before: str, ch: str) -> bool:
    """Whether a character is drawn as a part of the one before it."""
    return ch == "\u200d" or before == "\u200d" or unicodedata.category(ch)[0] == "M"


def _trimmed(text: str, start: int, end: int) -> _Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _passages(
    article: Article, sections: Sequence[_Section], paths: Sequence[tuple[str, ...]], drafts: Sequence[_Draft]
) -> Iterator[Passage]:
    line_regions = functools.cache(_regions_of)
    for ordinal, draft in enumerate(drafts):
        start, end = draft.span
        text = article.text[start:end]
        lines = [article.text[h.start : h.end] for h in reversed(sections[draft.section].headings)]
        yield Passage(
            passage_id=f"{article.article_id}@{article.content_hash[:8]}#{ordinal:04d}",
            article_id=article.article_id,
            ordinal=ordinal,
            start=start,
            end=end,
            text=text,
            heading_path=paths[draft.section],
            regions=_passage_regions(_regions_of(text), lines, line_regions) or article.regions,
        )


def _passage_regions(
    own: tuple[str, ...], lines: Sequence[str], line_regions: Callable[[str], tuple[str, ...]]
) -> tuple[str, ...]:
    """The regions in the text and in a heading that is nothing but a place; else those of the nearest heading.

    A section under a place's name is about that place even where it names another one that it learns from.
    """
    place = next((line_regions(line) for line in lines if is_place_line(line)), ())
    regions = tuple(dict.fromkeys((*own, *place)))
    return regions or next((found for line in lines if (found := line_regions(line))), ())


def _regions_of(text: str) -> tuple[str, ...]:
    from rag.regions import find_regions

    return tuple(dict.fromkeys(mention.region.code for mention in find_regions(text)))
