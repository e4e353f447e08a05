"""Charts as boxes and lines of text with coordinates, which the page's template writes as SVG."""

from __future__ import annotations

from dataclasses import dataclass

from rag.briefing.types import Bar, Chart
from rag.types import Language
from ui.exporting.measure import clip, wrap
from ui.exporting.outline import bar_name, ends_of
from ui.exporting.words import word

WIDTH = 720.0
SIZE = 14.0  # of all text, in the units of the drawing
_LINE = 20.0
_BAR = 20.0
_STEP = 24.0
_GAP = 14.0
_LABELS = 270.0  # stays free on the right of the longest bar
_COLUMN = WIDTH - _LABELS
_NOTHING = 1e-9  # a chart of such values has no bars to be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnText:
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnBar:
    """A bar and its label.

    Attributes:
        series: Number of its series, from 0.
        bar: None where the articles do not mention it; then it has no width.
        name: What it is of, in full.
    """

    x: float
    y: float
    width: float
    height: float
    series: int
    bar: Bar | None
    name: str
    label: DrawnText


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart ready to be written; bars begin at `zero`."""

    width: float
    height: float
    zero: float
    names: tuple[DrawnText, ...]
    bars: tuple[DrawnBar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    zero: float
    scale: float

    def box(self, value: float) -> tuple[float, float]:
        """Left edge and width of a bar."""
        end = self.zero + value * self.scale
        return max(min(self.zero, end), 0.0), abs(end - self.zero)


def draw(chart: Chart, language: Language, ends: tuple[float, float] | None = None) -> Drawing:
    """Draw a chart: for each group its name, below it a bar for each series, all from one zero to one scale.

    Args:
        chart: What is drawn, or a part of it.
        language: Of what is said of bars that are missing.
        ends: Of the chart that this one is a part of.
    """
    axis = _axis(*(ends or ends_of(chart)))
    names: list[DrawnText] = []
    bars: list[DrawnBar] = []
    y = 0.0
    for group, drawn in chart.groups:
        for line in wrap(group, WIDTH / SIZE):
            names.append(DrawnText(x=0, y=y + SIZE, text=line))
            y += _LINE
        for at, bar in enumerate(drawn):
            label = _label(chart, at, bar, language)
            bars.append(_drawn(bar, at, bar_name(group, chart.series[at], bar, chart), label, y=y, axis=axis))
            y += _STEP
        y += _GAP
    return Drawing(width=WIDTH, height=max(y, 1.0), zero=axis.zero, names=tuple(names), bars=tuple(bars))


def _axis(least: float, greatest: float) -> _Axis:
    span = greatest - least
    scale = _COLUMN / span if span > _NOTHING else 1.0
    return _Axis(zero=-least * scale, scale=scale)


def _label(chart: Chart, at: int, bar: Bar | None, language: Language) -> str:
    told = [chart.series[at]] if len(chart.series) > 1 else []
    told += [bar.label, bar.shown] if bar else [word("silent", language)]
    # A place for the markers stays free.
    return clip(" ".join(filter(None, told)), _LABELS / SIZE - 4)


def _drawn(bar: Bar | None, series: int, name: str, label: str, *, y: float, axis: _Axis) -> DrawnBar:
    x, width = axis.box(bar.value if bar else 0.0)
    text = DrawnText(x=max(x + width, axis.zero) + 8, y=y + SIZE + 1, text=label)
    return DrawnBar(x=x, y=y, width=width, height=_BAR, series=series, bar=bar, name=name, label=text)
