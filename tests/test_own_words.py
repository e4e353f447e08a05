"""No sentence of the real articles stands in the project: facts carry over, wording does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rag", "ingest", "prompts", "ui", "eval", "tests")
LONGEST_RUN = 19


def han(text: str) -> str:
    return "".join(re.findall(r"[\u4e00-\u9fff]", text))


@pytest.mark.seeds
def test_no_line_of_the_project_shares_twenty_characters_in_a_row_with_a_real_article(shared_folder):
    real = "|".join(
        han(f.read_text(encoding="utf-8")) for f in sorted((shared_folder / "seeds").glob("*.txt"))
    )
    files = [
        f for p in PACKAGES for f in (ROOT / p).rglob("*") if f.suffix in {".py", ".md", ".jsonl", ".tsv"}
    ]
    files += [ROOT / "README.md", ROOT / "CHANGELOG.md"]

    copied = [
        f"{file.relative_to(ROOT)}:{number}: {line[i : i + LONGEST_RUN + 1]}"
        for file in files
        for number, line in enumerate(map(han, file.read_text(encoding="utf-8").splitlines()), start=1)
        for i in range(len(line) - LONGEST_RUN)
        if line[i : i + LONGEST_RUN + 1] in real
    ]

    assert len(real) > 5000
    assert copied == []
