from __future__ import annotations

import string

import pytest

from ui.strings import STRINGS, terminal_language


@pytest.mark.parametrize("key", STRINGS)
def test_every_string_is_there_in_both_languages_with_the_same_holes(key):
    holes = [
        {name for _, name, _, _ in string.Formatter().parse(STRINGS[key][language]) if name}
        for language in ("zh", "en")
    ]

    assert holes[0] == holes[1]


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
    ],
)
def test_the_language_is_the_terminals(monkeypatch, variables, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert terminal_language() == language


def test_a_setting_wins_over_the_locale(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    assert terminal_language("zh") == "zh"
