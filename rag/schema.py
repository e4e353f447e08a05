"""The public JSON shape of an answer. Fields are only ever added; anything else raises `SCHEMA_VERSION`."""

from __future__ import annotations

import dataclasses
from typing import Any

from rag.table import Entry, Table
from rag.types import Answer

SCHEMA_VERSION = 1


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return the answer as plain values ready for JSON."""
    return {
        "schema": SCHEMA_VERSION,
        "question": answer.question,
        "language": answer.language,
        "answered": answer.answered,
        "text": answer.text,
        "understood": answer.understood,
        "sentences": [
            {"text": s.text, "citations": list(s.citations), "supported": s.supported}
            for s in answer.sentences
        ],
        "citations": [dataclasses.asdict(c) for c in answer.citations],
        "conflicts": [
            {"sentence": c.sentence, "sides": [dataclasses.asdict(side) for side in c.sides]}
            for c in answer.conflicts
        ],
        "refusal": dataclasses.asdict(answer.refusal) if answer.refusal else None,
        "composer": answer.composer,
        "fallback_reason": answer.fallback_reason,
        "usage": dataclasses.asdict(answer.usage) if answer.usage else None,
        "table": _table_document(answer.table) if answer.table else None,
        "timings_ms": dict(answer.timings_ms),
    }


def _table_document(table: Table) -> dict[str, Any]:
    return {
        "kind": table.kind,
        "columns": list(table.columns),
        "rows": [
            {
                "item": row.item,
                "cells": [
                    {"mentioned": cell.mentioned, "entries": [_entry_document(one) for one in cell.entries]}
                    for cell in row.cells
                ],
            }
            for row in table.rows
        ],
        "computed": [_entry_document(one) for one in table.computed],
    }


def _entry_document(entry: Entry) -> dict[str, Any]:
    return {**dataclasses.asdict(entry), "citations": list(entry.citations)}
