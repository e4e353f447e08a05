"""Charts in a Word document: the same parts as in a presentation, inside the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm, Length

from rag.briefing.types import Chart
from ui.exporting.native import make_native
from ui.exporting.trees import find
from ui.exporting.word_parts import make

if TYPE_CHECKING:
    from docx.document import Document

MOST_GROUPS = 12
_POINTS = 10.0
_ROW = Cm(0.75)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_INLINE = """
<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
  xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
  xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
  xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" distT="0" distB="0" distL="0" distR="0">
  <wp:extent/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr/><wp:cNvGraphicFramePr/>
  <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart/></a:graphicData></a:graphic>
</wp:inline>
"""
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def add_chart(
    document: Document,
    chart: Chart,
    ends: tuple[float, float],
    *,
    number: int,
    width: Length,
    told: str,
) -> None:
    """Add a chart of at most `MOST_GROUPS` groups in a paragraph of its own.

    Args:
        document: Where to.
        chart: What is drawn.
        ends: Least and greatest value of the chart that this one is a part of.
        number: Of the chart in the document, from 1.
        width: Of the text.
        told: The chart in words, for those who do not see it.
    """
    native = make_native(chart, points=_POINTS, ends=ends)
    package = document.part.package
    workbook = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), _XLSX, native.workbook, package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, native.xml, package)
    part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)  # the first of the part: rId1, as the chart says
    inline = parse_xml(_INLINE.strip())
    extent, about = find(inline, f"{_WP}extent"), find(inline, f"{_WP}docPr")
    rows = len(chart.groups) * (len(chart.series) + 0.6) + (1.5 if len(chart.series) > 1 else 0.5)
    extent.set("cx", str(int(width)))
    extent.set("cy", str(int(_ROW * max(rows, 4))))
    about.set("id", str(number))
    about.set("name", f"Chart {number}")
    about.set("descr", told)
    shown = find(inline, ".//{*}chart")
    shown.set(_R_ID, document.part.relate_to(part, RELATIONSHIP_TYPE.CHART))
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph._p.append(make("r", make("drawing", inline)))
