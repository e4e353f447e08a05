"""Briefings held against their library."""

from __future__ import annotations

from eval.bench_briefs import hold_briefings, main


def test_briefings_hold_and_are_the_same_twice_and_what_is_lacking_has_none(pipeline):
    held = hold_briefings(pipeline, ["公立医院化债", "高速铁路票价"])

    assert held.briefings == held.same == 2
    assert held.faults == 0
    assert held.lines > 10
    assert held.sources > 2
    assert held.bars >= 2


def test_the_command_prints_what_was_counted(sample_library, capsys):
    main([str(sample_library), "公立医院化债"])

    assert "wrong 0" in capsys.readouterr().out
