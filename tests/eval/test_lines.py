from __future__ import annotations

import pytest
from pydantic import BaseModel

from eval.lines import read_lines
from rag.errors import SuiteError


class Row(BaseModel):
    text: str


def test_lines_come_with_their_numbers_and_blank_ones_are_passed_over(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_bytes('\ufeff{"text": "甲\\u2028乙"}\r\n\r\n  \n{"text": "丙\u2028丁"}'.encode())

    assert [(number, row.text) for number, row in read_lines(file, Row)] == [
        (1, "甲\u2028乙"),
        (4, "丙\u2028丁"),
    ]


@pytest.mark.parametrize(
    "line",
    [b"{", b"[1]", b'{"text": 1}', b"{}", b'{"text": "\xff"}', b'{"text": "\\ud800"}'],
    ids=["cut", "list", "number", "missing", "not UTF-8", "half a character"],
)
def test_a_line_that_does_not_fit_is_named(tmp_path, line):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'{"text": "x"}\n\n' + line)

    with pytest.raises(SuiteError, match=r"rows\.jsonl:3: "):
        list(read_lines(file, Row))


def test_what_comes_before_a_bad_line_can_be_read(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'{"text": "x"}\n{')

    assert next(read_lines(file, Row)) == (1, Row(text="x"))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SuiteError, match="gone"):
        list(read_lines(tmp_path / "gone.jsonl", Row))
    with pytest.raises(SuiteError, match="directory"):
        list(read_lines(tmp_path, Row))
