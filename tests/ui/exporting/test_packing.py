from __future__ import annotations

import io
import zipfile
from datetime import datetime
from types import SimpleNamespace

import pytest

from ui.exporting.packing import repack, set_properties


def test_a_repacked_file_holds_the_same_in_order_without_times():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("word/b.xml", "[Content_Types].xml", "a.xml"):
            archive.writestr(name, name * 3)

    with zipfile.ZipFile(io.BytesIO(repack(packed.getvalue()))) as again:
        assert again.namelist() == ["[Content_Types].xml", "a.xml", "word/b.xml"]
        assert again.read("word/b.xml") == b"word/b.xml" * 3
        assert {member.date_time[0] for member in again.infolist()} == {1980}


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2024-12-02", datetime(2024, 12, 2)),  # noqa: DTZ001
        ("2024-12-02T10:00:00Z", datetime(2024, 12, 2)),  # noqa: DTZ001
        ("2024-99-02", datetime(1980, 1, 1)),  # noqa: DTZ001
        ("", datetime(1980, 1, 1)),  # noqa: DTZ001
    ],
)
def test_a_file_is_as_old_as_its_library(date, day):
    properties = SimpleNamespace()

    set_properties(properties, title="题" * 300, subject="", date=date, made_with="yigai 0.1.0")

    assert properties.created == properties.modified == day
    assert len(properties.title) == 250
