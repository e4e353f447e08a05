"""Builds the files that offices write: Word, OpenDocument, RTF, EPUB and saved web pages, from the same few parts."""

from __future__ import annotations

import email.policy
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What every builder writes: a title, sections of a heading with paragraphs, and one table below them."""

    title: str
    sections: Sequence[tuple[str, Sequence[str]]]
    table: Sequence[Sequence[str]] = ()
    caption: str = ""
    author: str = ""

    def words(self) -> list[str]:
        """Every piece of text of the body, in reading order; of the table, the cells below its header."""
        pieces = [self.title]
        for heading, paragraphs in self.sections:
            pieces += [heading, *paragraphs]
        return [
            *pieces,
            *([self.caption] if self.caption else []),
            *(c for row in self.table[1:] for c in row),
        ]


SIMPLIFIED = Paper(
    title="关于推进县域医共体建设的情况通报",
    sections=(
        (
            "一、总体进展",
            (
                "截至去年底，全省已有七成县组建了紧密型医共体，县域内就诊率升至九成。",
                "牵头医院派出医师下沉乡镇，群众在家门口就能看上专家号。",
            ),
        ),
        ("二、存在的问题", ("部分县的医保基金尚未实行总额付费，结余留用的办法没有落地。",)),
    ),
    caption="各市公立医院债务情况表",
    table=(
        ("地区", "资产负债率(%)", "债务（亿元）"),
        ("芜湖市", "48.8", "10"),
        ("马鞍山市", "50.1", "12.5"),
    ),
    author="省卫生健康委",
)
TRADITIONAL = Paper(
    title="關於推進縣域醫共體建設的情況通報",
    sections=(
        (
            "一、總體進展",
            (
                "截至去年底，全省已有七成縣組建了緊密型醫共體，縣域內就診率升至九成。",
                "牽頭醫院派出醫師下沉鄉鎮，群眾在家門口就能看上專家號。",
            ),
        ),
        ("二、存在的問題", ("部分縣的醫保基金尚未實行總額付費，結餘留用的辦法沒有落地。",)),
    ),
    caption="各市公立醫院債務情況表",
    table=(
        ("地區", "資產負債率(%)", "債務（億元）"),
        ("蕪湖市", "48.8", "10"),
        ("馬鞍山市", "50.1", "12.5"),
    ),
    author="省衛生健康委",
)


def docx_bytes(paper: Paper = SIMPLIFIED) -> bytes:
    """Write a Word document with python-docx."""
    import docx

    document = docx.Document()
    document.core_properties.title = paper.title
    document.core_properties.author = paper.author
    document.add_heading(paper.title, level=0)
    for heading, paragraphs in paper.sections:
        document.add_heading(heading, level=1)
        for text in paragraphs:
            document.add_paragraph(text)
    if paper.caption:
        document.add_paragraph(paper.caption)
    if paper.table:
        table = document.add_table(rows=len(paper.table), cols=len(paper.table[0]))
        for row, texts in zip(table.rows, paper.table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def docx_of(body: str, *, parts: Mapping[str, str] | None = None, namespace: str = W) -> bytes:
    """Write a Word document whose body is given as XML, with other parts of the `word` folder by name."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{namespace}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        f'xmlns:v="urn:schemas-microsoft-com:vml"><w:body>{body}</w:body></w:document>'
    )
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    )
    named = {f"word/{name}": text for name, text in (parts or {}).items()}
    return zip_bytes({"[Content_Types].xml": types, "word/document.xml": document, **named})


def zip_bytes(parts: Mapping[str, str | bytes]) -> bytes:
    """Write a zip file; a part called `mimetype` is stored, as OpenDocument and EPUB want it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=kind)
    return buffer.getvalue()


def odt_bytes(paper: Paper = SIMPLIFIED) -> bytes:
    """Write an OpenDocument text with odfdo."""
    import odfdo

    document = odfdo.Document("text")
    document.body.clear()
    document.meta.title = paper.title
    document.meta.initial_creator = paper.author
    outline = document.styles.get_element("//text:outline-style")
    outline.parent.delete(
        outline
    )  # odfdo's own template numbers every heading; a new document of an office does not
    document.body.append(odfdo.Header(1, paper.title))
    for heading, paragraphs in paper.sections:
        document.body.append(odfdo.Header(2, heading))
        for text in paragraphs:
            document.body.append(odfdo.Paragraph(text))
    if paper.caption:
        document.body.append(odfdo.Paragraph(paper.caption))
    if paper.table:
        table = odfdo.Table("表1", width=len(paper.table[0]), height=len(paper.table))
        table.set_values([list(row) for row in paper.table])
        document.body.append(table)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_ODT_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "draw")
)
_LOEXT = 'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'


def odt_of(
    body: str, *, automatic: str = "", styles: str = "", parts: Mapping[str, str] | None = None
) -> bytes:
    """Write an OpenDocument text whose body and styles are given as XML, with other parts by name."""
    content = (
        f"<office:document-content {_ODT_NAMES} {_LOEXT}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    shared = f"<office:document-styles {_ODT_NAMES}><office:styles>{styles}</office:styles></office:document-styles>"
    kind = "application/vnd.oasis.opendocument.text"
    return zip_bytes({"mimetype": kind, "content.xml": content, "styles.xml": shared, **(parts or {})})


def rtf_bytes(paper: Paper = SIMPLIFIED, *, codec: str = "gbk", is_unicode: bool = False) -> bytes:
    r"""Write RTF by hand: `\'xx` pairs in GBK or Big5 under the font's charset, or `\u` escapes."""
    codepage, charset = {"gbk": (936, 134), "big5": (950, 136)}[codec]

    def written(text: str) -> str:
        if is_unicode:
            return "".join(ch if ch.isascii() else rf"\u{_signed(ord(ch))}?" for ch in text)
        return "".join(
            ch if ch.isascii() else "".join(rf"\'{byte:02x}" for byte in ch.encode(codec)) for ch in text
        )

    lines = [rf"\pard\plain\outlinelevel0\f0\b {written(paper.title)}\b0\par"]
    for heading, paragraphs in paper.sections:
        lines.append(rf"\pard\plain\outlinelevel1\f0 {written(heading)}\par")
        lines += [rf"\pard\plain\f0 {written(text)}\par" for text in paragraphs]
    if paper.caption:
        lines.append(rf"\pard\plain\f0 {written(paper.caption)}\par")
    for row in paper.table:
        edges = "".join(rf"\cellx{2000 * (i + 1)}" for i in range(len(row)))
        lines.append(
            rf"\trowd{edges}\pard\intbl\f0 " + "".join(rf"{written(c)}\cell " for c in row) + r"\row"
        )
    head = (
        rf"{{\rtf1\ansi\ansicpg{codepage}\deff0{{\fonttbl{{\f0\fnil\fcharset{charset} SimSun;}}"
        rf"{{\f1\fswiss\fcharset0 Arial;}}}}{{\info{{\title {written(paper.title)}}}{{\author {written(paper.author)}}}}}"
    )
    return (head + "\n" + "\n".join(lines) + "\n}").encode("ascii")


def _signed(code: int) -> int:
    return code - 65536 if code > 32767 else code


def page_html(paper: Paper, *, charset: str = "utf-8", is_xml: bool = False) -> str:
    """Write a whole page."""
    parts = [f"<h1>{escape(paper.title)}</h1>"]
    for heading, paragraphs in paper.sections:
        parts.append(f"<h2>{escape(heading)}</h2>")
        parts += [f"<p>{escape(text)}</p>" for text in paragraphs]
    parts += [f"<p>{escape(paper.caption)}</p>"] if paper.caption else []
    rows = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in paper.table)
    parts += [f"<table>{rows}</table>"] if rows else []
    head = f'<meta charset="{charset}"/><title>{escape(paper.title)}</title>'
    body = "\n".join(parts)
    if is_xml:
        return (
            f'<?xml version="1.0" encoding="{charset}"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
            f'<head>{head}</head><body><a id="top"/>{body}</body></html>'
        )
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def epub_bytes(
    paper: Paper = SIMPLIFIED, *, date: str = "2021-06-03", publisher: str = "某某出版社"
) -> bytes:
    """Write an EPUB with a chapter a section (the table in the last), whose files are not named in reading order."""
    chapters = []
    last = len(paper.sections) - 1
    for index, section in enumerate(paper.sections):
        is_last = index == last
        chapters.append(
            Paper(
                title=paper.title if not index else "",
                sections=(section,),
                table=paper.table if is_last else (),
                caption=paper.caption if is_last else "",
            )
        )
    names = [f"c{len(chapters) - index}.xhtml" for index in range(len(chapters))]
    items = "".join(
        f'<item id="i{n}" href="text/{n}" media-type="application/xhtml+xml"/>' for n in sorted(names)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in names)
    opf = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(paper.title)}</dc:title>'
        f"<dc:creator>{escape(paper.author)}</dc:creator><dc:date>{date}</dc:date><dc:publisher>{publisher}</dc:publisher>"
        f"</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    texts = {
        f"OEBPS/text/{name}": page_html(chapter, is_xml=True).replace("<h1></h1>", "")
        for name, chapter in zip(names, chapters, strict=True)
    }
    return zip_bytes(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/content.opf": opf,
            **texts,
        }
    )


def mhtml_bytes(
    paper: Paper = SIMPLIFIED, *, charset: str = "gb2312", url: str = "https://example.org/2021/a.html"
) -> bytes:
    """Write a web page as a browser saves it: quoted-printable parts, the page first."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = "<Saved by Browser>"
    message["Subject"] = paper.title
    message["MIME-Version"] = "1.0"
    message.set_type("multipart/related")
    html = page_html(paper, charset=charset)
    root = EmailMessage(policy=email.policy.SMTP)
    codec = {"gb2312": "gb18030"}.get(charset, charset)
    root.set_content(html.encode(codec), "text", "html", cte="quoted-printable")
    root.set_param("charset", charset)
    root["Content-Location"] = url
    picture = EmailMessage(policy=email.policy.SMTP)
    picture.set_content(b"GIF89a", "image", "gif")
    message.attach(root)
    message.attach(picture)
    return message.as_bytes()
