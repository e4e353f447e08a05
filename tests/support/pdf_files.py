"""Writes PDF files as offices do: set text, columns, ruled tables, running heads, scans; no font file is needed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.blocks import Markup

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 72.0, WIDTH - 72.0, HEIGHT - 90.0, 90.0
SONG = "STSong-Light"
MING = "MSung-Light"
SYSTEM_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "C:/Windows/Fonts/simsun.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)

for _name in (SONG, MING):
    pdfmetrics.registerFont(UnicodeCIDFont(_name))

PARAGRAPHS = (
    "各县（市、区）要把医共体建设作为深化医改的重要抓手，统筹推进人员、财务、药品和信息的统一管理，年底前实现县域全覆盖，群众就近就医更加方便。",
    "牵头医院每季度派驻不少于12名医师，基层诊疗量占比提高3.5个百分点，County-level hospitals share imaging and laboratory services with clinics.",
    "医保部门按人头总额预付，结余留用、合理超支分担。",
)

Draw = Callable[[Canvas], None]


def make_pdf(
    pages: Sequence[Draw], *, facts: Mapping[str, str] | None = None, password: str = "", owner: str = ""
) -> bytes:
    """Write a PDF whose pages are drawn by functions; `facts` are title, author and the like."""
    held = io.BytesIO()
    lock = StandardEncryption(password, owner or None) if password or owner else None
    canvas = Canvas(held, pagesize=A4, encrypt=lock, invariant=True, pageCompression=1)
    canvas.setTitle("")
    canvas.setAuthor("")
    for name, text in (facts or {}).items():
        getattr(canvas, f"set{name.title()}")(text)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def put(
    canvas: Canvas, text: str, *, x: float = LEFT, y: float = TOP, size: float = 12, font: str = SONG
) -> None:
    """Set one line."""
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def centred(canvas: Canvas, text: str, *, y: float, size: float = 12, font: str = SONG) -> None:
    """Set one line in the middle of the page."""
    canvas.setFont(font, size)
    canvas.drawCentredString(WIDTH / 2, y, text)


def wrapped(text: str, *, width: float, size: float = 12, indent: float = 2, font: str = SONG) -> list[str]:
    """Part a paragraph into lines of `width` points, the first of which is indented by full-width blanks."""
    lines, line = [], "\u3000" * int(indent)
    for unit in _units(text):
        if pdfmetrics.stringWidth(line + unit.rstrip(), font, size) > width and line.strip():
            lines.append(line.rstrip())
            line = ""
        line += unit
    return [*lines, line.rstrip()]


def _units(text: str) -> Iterator[str]:
    """What is not parted: Latin words, and marks with the character before them."""
    unit = ""
    for char in text:
        clings = unit and (char in "，。、；：？！）》”%" or unit[-1] in "（《“")
        is_word = unit and unit[-1].isascii() and unit[-1] != " " and char.isascii()
        if unit and not (clings or is_word):
            yield unit
            unit = ""
        unit += char
    yield unit


def set_text(
    canvas: Canvas,
    paragraphs: Sequence[str],
    *,
    x: float = LEFT,
    y: float = TOP,
    width: float = RIGHT - LEFT,
    size: float = 12,
    pitch: float = 1.6,
    indent: float = 2,
) -> float:
    """Set paragraphs one below the other; gives the height of the line that would follow."""
    for paragraph in paragraphs:
        for line in wrapped(paragraph, width=width, size=size, indent=indent):
            put(canvas, line, x=x, y=y, size=size)
            y -= pitch * size
    return y


def flowing(paragraphs: Sequence[str], *, head: str = "", foot: str = "", size: float = 12) -> list[Draw]:
    """Pages of paragraphs that go on from page to page; `{page}` in head and foot is the page's number."""
    lines = [line for text in paragraphs for line in wrapped(text, width=RIGHT - LEFT, size=size)]
    step = 1.6 * size
    each = int((TOP - BOTTOM) / step)
    parts = [lines[start : start + each] for start in range(0, len(lines), each)]
    return [_page_of(part, number, head=head, foot=foot, size=size) for number, part in enumerate(parts, 1)]


def _page_of(lines: Sequence[str], number: int, *, head: str, foot: str, size: float) -> Draw:
    def draw(canvas: Canvas) -> None:
        if head:
            centred(canvas, head.format(page=number), y=HEIGHT - 50, size=9)
        for index, line in enumerate(lines):
            put(canvas, line, y=TOP - index * 1.6 * size, size=size)
        if foot:
            centred(canvas, foot.format(page=number), y=45, size=9)

    return draw


def ruled_table(
    canvas: Canvas,
    rows: Sequence[Sequence[str]],
    *,
    y: float = TOP,
    widths: Sequence[float] = (),
    size: float = 10.5,
    row_height: float = 20,
) -> float:
    """Draw a table with all its rules; a cell of None joins the one on its left. Gives the height of its lower edge."""
    columns = max(map(len, rows))
    widths = widths or [(RIGHT - LEFT) / columns] * columns
    xs = [LEFT + sum(widths[:index]) for index in range(columns + 1)]
    for index in range(len(rows) + 1):
        canvas.line(xs[0], y - index * row_height, xs[-1], y - index * row_height)
    for row_index, row in enumerate(rows):
        top = y - row_index * row_height
        for column, text in enumerate(row):
            if text is None:
                continue
            canvas.line(xs[column], top, xs[column], top - row_height)
            put(canvas, text, x=xs[column] + 3, y=top - row_height + 6, size=size)
        canvas.line(xs[-1], top, xs[-1], top - row_height)
    return y - len(rows) * row_height


def system_font() -> str | None:
    """A font of this machine with Han glyphs, if there is one; pictures need its shapes."""
    return next((path for path in SYSTEM_FONTS if Path(path).exists()), None)


def picture_of(paragraphs: Sequence[str], *, dots_per_inch: int = 200, size: float = 14) -> Image.Image:
    """A page of paragraphs as a scanner would give it; needs `system_font()`."""
    scale = dots_per_inch / 72
    picture = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 250)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(system_font(), round(size * scale))
    y = 80.0
    for paragraph in paragraphs:
        line = "\u3000\u3000"
        for char in paragraph:
            if font.getlength(line + char) > (RIGHT - LEFT) * scale and char not in "，。、；：）%":
                pen.text((LEFT * scale, y * scale), line, font=font, fill=20)
                line, y = "", y + 1.7 * size
            line += char
        pen.text((LEFT * scale, y * scale), line, font=font, fill=20)
        y += 1.7 * size
    return picture


def put_picture(canvas: Canvas, picture: Image.Image) -> None:
    """Fill a page with a picture."""
    canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)


def scanned(picture: Image.Image | None = None) -> Draw:
    """A page that is a picture and nothing else; grey noise stands for a scan where its text does not matter."""
    grey = picture or Image.effect_noise((300, 424), 30)
    return lambda canvas: put_picture(canvas, grey)


def page_of_stream(stream: bytes, *, filters: str = "", pages: int = 1) -> bytes:
    """Write a PDF by hand whose pages all show one content stream; its font is Helvetica and called F."""
    kids = b"3 0 R " * pages
    entry = f" /Filter [{filters}]".encode() if filters else b""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(stream), entry, stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(written))
    return written + head + table + tail


def texts(read: Markup, *, kind: str = "text") -> list[str]:
    """The blocks of a kind."""
    return [block.text for block in read.blocks if block.kind == kind]


def levels(read: Markup) -> list[tuple[int, str]]:
    """The headings with their levels."""
    return [(block.level, block.text) for block in read.blocks if block.level]
