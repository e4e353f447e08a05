"""How good the checker is, as lines for a terminal."""

from __future__ import annotations

from eval.faithfulness import Accuracy, FaithfulnessReport
from eval.keywords import Flagged
from eval.views.display import interval_text, number
from eval.views.tables import as_text
from eval.views.wording import word
from rag.types import Language


def faithfulness_lines(report: FaithfulnessReport, language: Language) -> list[str]:
    """The judges beside each other, then what the checker judged right by label and kind, then keywords."""
    from rich.table import Table

    judges = Table(title=word("faithfulness_pairs", language, pairs=report.pairs))
    for column in (
        "judge",
        "balanced_accuracy",
        "interval",
        "supported_right",
        "rejected_right",
        "checker_lead",
    ):
        judges.add_column(word(column, language), justify="left" if column == "judge" else "right")
    for accuracy in report.accuracies:
        judges.add_row(*_judge_row(accuracy, language))
    lines = [as_text(judges), word("flattered", language)]
    for title, groups in (("by_label", report.right_by_label), ("by_kind", report.right_by_kind)):
        if groups:
            shares = ", ".join(f"{name} {right}/{of}" for name, (right, of) in groups.items())
            lines.append(f"{word(title, language)}: {shares}")
    if report.keywords is not None:
        for name, flagged in (("bad_words", report.keywords.bad), ("good_words", report.keywords.good)):
            lines.append(f"{word(name, language)}: {_flagged(flagged)}")
    return lines


def _judge_row(accuracy: Accuracy, language: Language) -> tuple[str, ...]:
    name = word(f"judge_{accuracy.judge.replace(' ', '_')}", language)
    threshold = "" if accuracy.threshold is None else f" (≥ {accuracy.threshold:g})"
    lead = accuracy.lead
    return (
        name + threshold,
        number(accuracy.value),
        interval_text(accuracy),
        number(accuracy.supported),
        number(accuracy.rejected),
        "" if lead is None else f"{lead[0]:+.3f} … {lead[1]:+.3f}",
    )


def _flagged(flagged: Flagged) -> str:
    return f"{flagged.flagged}/{flagged.of} = {number(flagged.share)} {interval_text(flagged)}"
