"""Charts as Office draws them itself: editable, with their numbers in a workbook, and no font or picture inside."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from lxml import etree
from pptx import Presentation
from pptx.chart.data import ChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.parts.chart import ChartPart
from pptx.util import Pt
from xlsxwriter import Workbook

from rag.briefing.types import Bar, Chart
from ui.exporting.fonts import SANS, put_fonts
from ui.exporting.measure import clip
from ui.exporting.outline import bars_of
from ui.exporting.trees import find

if TYPE_CHECKING:
    from pptx.chart.chart import Chart as OfficeChart

_COLOURS = ("7A97A8", "1F5673", "A8763A", "5D7F4C")
_INK = RGBColor(0x1D, 0x23, 0x27)
_NAME_EMS = 16
_LABEL_SHARE = 0.25
_PLAIN_UNIT = re.compile(r"[^\W\d_]*[%‰]?")
# A workbook would else hold the hour it was made, and no two files be alike.
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeChart:
    """A chart's part for a package of Office; the part relates to the workbook as `rId1`."""

    xml: bytes
    workbook: bytes


def chart_numbers(chart: Chart) -> ChartData:
    """Return names and values in the form that the library draws from."""
    numbers = ChartData(number_format=_number_format(chart) or "General")
    for group, bars in chart.groups:
        # A comparison tells the year of each bar in its label, a change in the names of its series.
        label = bars[0].label if len(bars) == 1 and bars[0] and bars[0].label else group
        numbers.add_category(clip(label, _NAME_EMS) or " ")
    for at, series in enumerate(chart.series):
        numbers.add_series(series, [bar.value if (bar := bars[at]) else None for _, bars in chart.groups])
    return numbers


def dress(office: OfficeChart, chart: Chart, *, points: float, ends: tuple[float, float]) -> None:
    """Give a chart its fonts, colours, labels (the values as the articles write them) and an axis that begins at zero.

    `ends` are those of the chart that this one is a part of.
    """
    office.font.size = Pt(points)
    office.font.color.rgb = _INK
    office.has_title = False
    office.has_legend = len(chart.series) > 1
    if office.legend is not None:
        office.legend.position = XL_LEGEND_POSITION.TOP
        office.legend.include_in_layout = False
    _dress_axes(office, *ends)
    plot = office.plots[0]
    plot.gap_width = 60
    for at, series in enumerate(plot.series):
        colour = _COLOURS[at % len(_COLOURS)] if len(chart.series) > 1 else _COLOURS[1]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour)
        series.invert_if_negative = False
    _label(office, chart, points)
    _remove_border(office)
    for properties in office._chartSpace.iter(f"{_A}defRPr", f"{_A}rPr"):
        put_fonts(properties, SANS)
    cast("ChartPart", office.part).chart_workbook.update_from_xlsx_blob(workbook_of(chart))


def make_native(chart: Chart, *, points: float, ends: tuple[float, float]) -> NativeChart:
    """Make a chart for a package other than a presentation; `ends` as in `dress`."""
    part = ChartPart.new(XL_CHART_TYPE.BAR_CLUSTERED, chart_numbers(chart), Presentation().part.package)
    dress(part.chart, chart, points=points, ends=ends)
    xml = etree.tostring(part._element, xml_declaration=True, encoding="UTF-8", standalone=True)
    return NativeChart(xml=xml, workbook=part.chart_workbook.xlsx_part.blob)


def workbook_of(chart: Chart) -> bytes:
    """Write the numbers where the chart looks for them: names in column A, a series a column, all texts as texts.

    The library's own workbook would take a name that begins with "=" for a formula.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties({"created": _EPOCH})
        sheet = book.add_worksheet("Sheet1")
        form = book.add_format({"num_format": _number_format(chart) or "General"})
        for at, series in enumerate(chart.series, start=1):
            sheet.write_string(0, at, series)
        for row, (group, bars) in enumerate(chart.groups, start=1):
            sheet.write_string(row, 0, group)
            for column, bar in enumerate(bars, start=1):
                if bar:
                    sheet.write_number(row, column, bar.value, form)
    return file.getvalue()


def _dress_axes(office: OfficeChart, least: float, greatest: float) -> None:
    # Bars are drawn from the bottom up; readers read from the top.
    office.category_axis.reverse_order = True
    office.category_axis.format.line.color.rgb = RGBColor(0x99, 0x99, 0x99)
    axis = office.value_axis
    axis.visible = False
    axis.has_major_gridlines = False
    # Bars begin at zero, whatever would be drawn by itself, and end where their labels have room.
    room = (greatest - least) * _LABEL_SHARE
    axis.minimum_scale = least - room if least < 0 else 0
    axis.maximum_scale = greatest + room if greatest > 0 else 0 if least < 0 else 1


def _label(office: OfficeChart, chart: Chart, points: float) -> None:
    """Label the bars by their values where a number format can write what was shown; else word by word."""
    labels = office.plots[0]
    labels.has_data_labels = True
    labels.data_labels.show_value = True
    labels.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.data_labels.font.size = Pt(points)
    find(labels.data_labels._element, f".//{_A}bodyPr").set("wrap", "none")
    if number_format := _number_format(chart):
        labels.data_labels.number_format = number_format
        labels.data_labels.number_format_is_linked = False
        return
    for at, series in enumerate(office.plots[0].series):
        for row, (_, bars) in enumerate(chart.groups):
            if bar := bars[at]:
                label = series.points[row].data_label
                label.text_frame.text = clip(bar.shown, _NAME_EMS)
                label.text_frame.word_wrap = False
                label.text_frame.paragraphs[0].runs[0].font.size = Pt(points)
                label.position = XL_LABEL_POSITION.OUTSIDE_END


def _number_format(chart: Chart) -> str | None:
    """A number format that writes every bar as it was shown, or None where none does (约50%, 8500万元 among 亿元)."""
    bars = [bar for _, _, bar in bars_of(chart) if bar]
    if not _PLAIN_UNIT.fullmatch(chart.unit) or not all(
        bar.shown == f"{_digits(bar)}{chart.unit}" for bar in bars
    ):
        return None
    return f'General"{chart.unit}"' if chart.unit else "General"


def _digits(bar: Bar) -> str:
    return format(Decimal(repr(bar.value)).normalize(), "f")


def _remove_border(office: OfficeChart) -> None:
    frame = etree.SubElement(office._chartSpace, f"{_C}spPr")
    etree.SubElement(etree.SubElement(frame, f"{_A}ln"), f"{_A}noFill")
    find(office._chartSpace, f"{_C}chart").addnext(frame)
