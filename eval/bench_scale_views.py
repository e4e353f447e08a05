"""What `eval.bench_scale` measured: as JSON, as a table in Markdown, and as plots in SVG."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from eval.bench_scale_asking import INSIDE, Measured

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 170, 40, 50
_COLOURS = ("#1f5fa8", "#c2571a", "#2e7d4f", "#7b4fa3", "#b03060", "#5b6770", "#8a6d1d", "#167d8d")
_TICKS = 4

Series = Mapping[str, Sequence[tuple[float, float]]]
"""Points (x, y) by the name of their line."""


def write_views(measured: Sequence[Measured], out: Path) -> str:
    """Write `scale.json`, `scale.md` and three plots into a folder, and return the table."""
    out.mkdir(parents=True, exist_ok=True)
    document = json.dumps([asdict(one) for one in measured], ensure_ascii=False, indent=2)
    (out / "scale.json").write_text(document + "\n", encoding="utf-8")
    table = table_of(measured)
    (out / "scale.md").write_text(table, encoding="utf-8")
    for name, (title, unit, series) in _plots(measured).items():
        (out / f"scale-{name}.svg").write_text(line_plot(title, unit, series), encoding="utf-8")
    return table


def table_of(measured: Sequence[Measured]) -> str:
    """A row for each measure, a column for each library; times are p50 / p95 in milliseconds."""
    rows = [("passages 段落", [f"{one.passages:,}" for one in measured])]
    rows += [("one question 一问", [_spread(one.total.p50, one.total.p95) for one in measured])]
    rows += [
        (f"… {name}", [_spread(one.steps[name].p50, one.steps[name].p95) for one in measured])
        for name in _steps(measured)
    ]
    rows += [
        ("processor 处理器用时", [_spread(one.processor.p50, one.processor.p95) for one in measured]),
        ("answered 已答", [f"{one.answered} / {one.questions}" for one in measured]),
        ("first answer, s 首答（秒）", [f"{one.first_s:.1f}" for one in measured]),
        ("peak memory, MB 内存峰值", [f"{one.peak_mb:,.0f}" for one in measured]),
        ("library.db, MB", [f"{one.record_mb:,.0f}" for one in measured]),
        ("chroma/, MB", [f"{one.vectors_mb:,.0f}" for one in measured]),
        ("load meanwhile 系统负载", [f"{one.load}" for one in measured]),
    ]
    lines = [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join([lines[0], "|---" * (len(measured) + 1) + "|", *lines[1:]]) + "\n"


def line_plot(title: str, unit: str, series: Series) -> str:
    """Draw lines over a logarithmic x axis and a linear y axis from 0, with the name of each at its end."""
    points = [point for line in series.values() for point in line]
    low, high = min(x for x, _ in points), max(x for x, _ in points)
    step = _round_step(max((y for _, y in points), default=0.0))
    across = math.log10(high / low) or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            _LEFT + (_WIDTH - _LEFT - _RIGHT) * math.log10(x / low) / across,
            _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * y / (step * _TICKS),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{html.escape(title)}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(_LEFT, 22, f"{title} ({unit})", size=14),
    ]
    for tick in range(_TICKS + 1):
        left, y = place(low, tick * step)
        parts.append(f'<path d="M{left:.1f} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(_text(left - 6, y + 4, f"{tick * step:,g}", anchor="end"))
    parts += [
        _text(place(x, 0)[0], _HEIGHT - _BOTTOM + 18, f"{x:,.0f}", anchor="middle")
        for x in sorted({x for x, _ in points})
    ]
    parts += _lines({name: [place(*point) for point in line] for name, line in series.items()})
    return "\n".join([*parts, "</svg>"]) + "\n"


def _lines(placed: Series) -> list[str]:
    """Each line with its points; the names at their ends are kept a line of text apart."""
    parts, taken = [], float("inf")
    for number, (name, line) in enumerate(sorted(placed.items(), key=lambda item: -item[1][-1][1])):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in line]
        x, y = line[-1]
        taken = min(y + 4, taken - 14)
        parts.append(_text(x + 10, taken, name, fill=colour))
    return parts


def _plots(measured: Sequence[Measured]) -> dict[str, tuple[str, str, Series]]:
    def over(value: str) -> dict[str, list[tuple[float, float]]]:
        lines = {"whole answer": [(one.passages, getattr(one.total, value)) for one in measured]}
        return lines | {
            name: [(one.passages, getattr(one.steps[name], value)) for one in measured if name in one.steps]
            for name in _steps(measured)
        }

    held = {
        "peak memory": [(one.passages, one.peak_mb) for one in measured],
        "library.db": [(one.passages, one.record_mb) for one in measured],
        "chroma/": [(one.passages, one.vectors_mb) for one in measured],
    }
    return {
        "p50": ("One question by step, median 一问各步用时，中位数", "ms", over("p50")),
        "p95": ("One question by step, 95th percentile 一问各步用时，95 分位", "ms", over("p95")),
        "held": ("Memory and disk 内存与磁盘", "MB", held),
    }


def _steps(measured: Sequence[Measured]) -> list[str]:
    """The steps in their order; those inside of `retrieve` stand for it."""
    names = dict.fromkeys(name for one in measured for name in one.steps)
    return [name for name in names if name != "retrieve" or not names.keys() & set(INSIDE)]


def _round_step(most: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten of which `_TICKS` reach up to `most`."""
    least = max(most, 1e-9) / _TICKS
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least)


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", fill: str = "#222", size: int = 12
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">'
        f"{html.escape(words)}</text>"
    )


def _spread(p50: float, p95: float) -> str:
    return f"{p50:.0f} / {p95:.0f}" if p50 >= 10 else f"{p50:.1f} / {p95:.1f}"
