"""Answers, reports and tables as lines of text for a terminal. Whatever came from outside is made harmless here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from rag.types import Answer, Citation, Language, Repost, Sentence
from ui.printings import NO_PRINTINGS, Printings, printing_words
from ui.strings import tell
from ui.tables import WIDTH, table_lines
from ui.widths import display_width

_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    """Drop what a terminal would obey or hide: control, escape, bidirectional and other format characters."""
    return "".join(ch for ch in text if ch in "\n\t" or unicodedata.category(ch) not in _OBEYED)


def render_answer(answer: Answer, *, asked_as: str | None = None, printings: Printings = NO_PRINTINGS) -> str:
    """The answer with its evidence, in the language of the question.

    Args:
        answer: What to show.
        asked_as: What the question was taken to ask, where the answer does not say so itself.
        printings: Other printings of the articles cited.
    """
    lines = [*answer_head(answer, asked_as=asked_as), *answer_lines(answer), *answer_tail(answer, printings)]
    return printable("\n".join(lines))


def answer_head(answer: Answer, *, asked_as: str | None = None) -> list[str]:
    """What stands before an answer: how its question was understood, if not as it was put."""
    understood = answer.understood or asked_as
    return [tell("asked_as", answer.language, text=understood), ""] if understood else []


def answer_lines(answer: Answer) -> list[str]:
    """The sentences of an answer, a line each; or its refusal."""
    if answer.refusal is not None:
        return [tell("refusal", answer.language, message=answer.refusal.message)]
    return [sentence_line(sentence, answer.language) for sentence in answer.sentences]


def answer_tail(answer: Answer, printings: Printings = NO_PRINTINGS, *, width: int = WIDTH) -> list[str]:
    """What stands below an answer: a comparison as a table at most `width` cells wide, what there is to say of it, its evidence.

    Below a refusal nothing does.
    """
    if answer.refusal is not None:
        return []
    notes = answer_notes(answer, answer.language)
    evidence = [
        line
        for c in answer.citations
        for line in render_citation(c, answer.language, printings.get(c.article_id, ()))
    ]
    table = answer_table(answer, width=width)
    return [*table, *(["", *notes] if notes else []), "", tell("evidence", answer.language), *evidence]


def answer_table(answer: Answer, *, width: int = WIDTH) -> list[str]:
    """A comparison side by side, a blank line before it; nothing where nothing is compared."""
    if answer.table is None:
        return []
    language = answer.language
    return ["", tell("side_by_side", language), *table_lines(answer.table, language, width=width)]


def sentence_line(sentence: Sentence, language: Language) -> str:
    """A sentence with its markers; one that nothing proves with its mark, and no number."""
    if not sentence.supported:  # on one line, or it could look like a sentence and sources of ours
        return " ".join(sentence.text.split()) + tell("unsupported_mark", language)
    return sentence.text + "".join(f"[{n}]" for n in sentence.citations)


def answer_text(answer: Answer) -> str:
    """The answer as running text, `Answer.text` with its marks; or the refusal's message."""
    if answer.refusal is not None:
        return answer.refusal.message
    return "\n".join(sentence_line(sentence, answer.language) for sentence in answer.sentences)


def answer_notes(answer: Answer, language: Language) -> list[str]:
    """What a reader must know of an answer: why it is not the language model's, and which model worded it."""
    return [note for note in (fallback_note(answer, language), worded_by(answer, language)) if note]


def fallback_note(answer: Answer, language: Language) -> str:
    """Why the articles' own sentences stand where a language model's were asked for; empty where they do not."""
    reason = answer.fallback_reason
    if reason is None or answer.refusal is not None or answer.composer == "llm":
        return ""
    return tell(f"fallback_{reason}{'_mixed' if _is_by_model(answer) else ''}", language)


def worded_by(answer: Answer, language: Language) -> str:
    """Which language model worded an answer, and what of it is checked; empty where none did."""
    if answer.refusal is not None or answer.usage is None or not _is_by_model(answer):
        return ""
    is_marked = not all(sentence.supported for sentence in answer.sentences)
    told = tell("by_model_marked" if is_marked else "by_model", language, model=answer.usage.model)
    if not answer.usage.left_out:
        return told
    between = " " if language == "en" else ""
    return f"{told}{between}{tell('left_out', language, count=answer.usage.left_out)}"


def _is_by_model(answer: Answer) -> bool:
    return answer.composer.startswith("llm")


def render_citation(citation: Citation, language: Language, reposts: Sequence[Repost] = ()) -> list[str]:
    """Title, source and date; who else printed it; then the quoted clause; then where exactly it stands."""
    path = [part for part in citation.heading_path if part != citation.title]
    under = [f"    {' > '.join(path)}"] if path else []
    at = f"    {tell('place', language)} {citation.article_id} [{citation.start}, {citation.end})"
    head = f"[{citation.number}] {citation_head(citation, language)}"
    also = [f"    {line}" for line in printing_words(reposts, language, own=citation.source)]
    return [head, *also, *under, f"    「{citation.quote}」", at]


def citation_head(citation: Citation, language: Language) -> str:
    """Title, source and date, or that one of them is not known."""
    return " · ".join(
        [
            citation.title or tell("untitled", language),
            citation.source or tell("no_source", language),
            citation.date or tell("undated", language),
        ]
    )


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Left-aligned columns by display width (a Han character takes two cells), two spaces apart."""
    if not rows:
        return []
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    return [_row(row, widths).rstrip() for row in rows]


def _row(cells: Iterable[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell + " " * (width - display_width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
