"""A table of names, each as people write it, with the divisions it must be read as."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.regions import find_asked_regions, find_regions

_ROWS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "place_readings.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def read(text, *, is_question):
    mentions = find_asked_regions(text) if is_question else find_regions(text)
    return " ".join("/".join(r.code for r in (m.region, *m.alternatives)) for m in mentions) or "-"


@pytest.mark.parametrize(("kind", "text", "codes"), _ROWS, ids=[row[1] for row in _ROWS])
def test_each_name_is_read_as_what_it_means(kind, text, codes):
    assert read(text, is_question=kind == "q") == codes
