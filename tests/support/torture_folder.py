"""Builds a folder of every format, encoding and damage that an office's disk may hold; each file has its own figures."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import office_files
from office_files import Paper

HAN = "一二三四五六七八九"


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What is to become of a file.

    Attributes:
        marks: Words of which each must be found in an article of the library; nothing is asked of a damaged file.
        refused: Whether it must be refused; None where either will do, as long as it is said.
        code: The refusal's code, where there is only one that fits.
    """

    marks: tuple[str, ...] = ()
    refused: bool | None = False
    code: str | None = None


def paper(number: int, *, is_traditional: bool = False) -> Paper:
    """A paper whose figures, place and words are no other's."""
    count = 100 + number
    place = f"{HAN[number // 9 % 9]}{HAN[number % 9]}"
    if is_traditional:
        return Paper(
            title=f"第{count}號鄉鎮衛生院改革簡報",
            sections=(
                (
                    "一、進展",
                    (
                        f"第{place}片區今年新建村衛生室{count}所，培訓村醫{count + 7}名，群眾看病更方便了。",
                        f"醫保基金為第{place}片區支付了{count * 3}萬元，結餘部分由鄉鎮衛生院留用。",
                    ),
                ),
                ("二、下一步", (f"明年再為{count}個村配備血壓計和心電圖機，由縣醫院派人指導使用。",)),
            ),
            caption="各鄉鎮經費表",
            table=(("鄉鎮", "經費（萬元）", "人數（名）"), (f"{place}溪", f"{count}.5", f"{count + 7}")),
            author="縣衛生局",
        )
    return Paper(
        title=f"第{count}号乡镇卫生院改革简报",
        sections=(
            (
                "一、进展",
                (
                    f"第{place}片区今年新建村卫生室{count}所，培训村医{count + 7}名，群众看病更方便了。",
                    f"医保基金为第{place}片区支付了{count * 3}万元，结余部分由乡镇卫生院留用。",
                ),
            ),
            ("二、下一步", (f"明年再为{count}个村配备血压计和心电图机，由县医院派人指导使用。",)),
        ),
        caption="各乡镇经费表",
        table=(("乡镇", "经费（万元）", "人数（名）"), (f"{place}溪", f"{count}.5", f"{count + 7}")),
        author="县卫生局",
    )


def marks(made: Paper) -> tuple[str, ...]:
    """Every paragraph of a paper, without what a format may write otherwise."""
    return tuple(text for _, paragraphs in made.sections for text in paragraphs)


def plain(made: Paper) -> str:
    """A paper as text."""
    lines = [made.title]
    for heading, paragraphs in made.sections:
        lines += [heading, *paragraphs]
    return "\n".join(lines) + "\n"


def markdown(made: Paper) -> str:
    """A paper as Markdown."""
    lines = [f"# {made.title}"]
    for heading, paragraphs in made.sections:
        lines += [f"## {heading}", *paragraphs]
    return "\n\n".join(lines) + "\n"


def pdf_bytes(made: Paper) -> bytes:
    """Write a paper as a PDF with a text layer and a ruled table."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    font = "MSung-Light" if "號" in made.title else "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    styles = {
        size: ParagraphStyle(str(size), fontName=font, fontSize=size, leading=size * 1.5, wordWrap="CJK")
        for size in (20, 15, 11)
    }
    parts: list[Paragraph | Table] = [Paragraph(made.title, styles[20])]
    for heading, paragraphs in made.sections:
        parts += [Paragraph(heading, styles[15]), *(Paragraph(text, styles[11]) for text in paragraphs)]
    ruled = [("FONTNAME", (0, 0), (-1, -1), font), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
    parts += [Paragraph(made.caption, styles[11]), Table([list(row) for row in made.table], style=ruled)]
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer).build(parts)
    return buffer.getvalue()


class Folder:
    """A folder in the making, and what is to become of each of its files.

    Attributes:
        fates: By path below the folder; of what lies in a container, the container's path and the name in it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.fates: dict[str, Fate] = {}
        self._number = 0

    def next_paper(self, *, is_traditional: bool = False) -> Paper:
        """A paper that no other file has."""
        self._number += 1
        return paper(self._number, is_traditional=is_traditional)

    def put(self, name: str, content: bytes, fate: Fate) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.fates[name] = fate

    def article(self, name: str, make: Callable[[Paper], bytes], *, is_traditional: bool = False) -> None:
        """Write a file that is well formed."""
        made = self.next_paper(is_traditional=is_traditional)
        self.put(name, make(made), Fate(marks=marks(made)))


def build(root: Path) -> dict[str, Fate]:
    """Write the whole folder."""
    folder = Folder(root)
    for step in (_texts, _pages, _documents, _containers, _damaged, _hostile, _strange_names):
        step(folder)
    return folder.fates


CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030")
BOMS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def _encoded(text: str, codec: str) -> bytes:
    return BOMS.get(codec, b"") + text.encode(codec)


def _texts(folder: Folder) -> None:
    """Plain text and Markdown in every encoding, in both scripts."""
    for kind, write in (("txt", plain), ("md", markdown)):
        for codec in CODECS:
            for is_traditional in (False, True):
                name = f"文本/{kind}-{codec}-{'繁' if is_traditional else '简'}.{kind}"
                folder.article(
                    name,
                    lambda made, write=write, codec=codec: _encoded(write(made), codec),
                    is_traditional=is_traditional,
                )
        folder.article(
            f"文本/{kind}-big5.{kind}",
            lambda made, write=write: write(made).encode("big5hkscs"),
            is_traditional=True,
        )
    folder.article("文本/crlf.txt", lambda made: plain(made).replace("\n", "\r\n").encode("gbk"))
    folder.article("文本/cr.txt", lambda made: plain(made).replace("\n", "\r").encode())
    folder.article("文本/大写后缀.TXT", lambda made: plain(made).encode())


def _pages(folder: Folder) -> None:
    """Pages whose declared charset is right, wrong, or missing."""
    declared = (
        ("utf-8", "utf-8"),
        ("gb2312", "gb18030"),
        ("gbk", "gbk"),
        ("gb2312", "utf-8"),
        ("utf-8", "gb18030"),
        ("iso-8859-1", "gb18030"),
        ("big5", "big5hkscs"),
        ("no-such-charset", "utf-8"),
    )
    for says, holds in declared:
        folder.article(
            f"网页/{says}-{holds}.html",
            lambda made, says=says, holds=holds: office_files.page_html(made, charset=says).encode(holds),
            is_traditional=holds == "big5hkscs",
        )
    folder.article(
        "网页/undeclared.htm",
        lambda made: office_files.page_html(made).replace('<meta charset="utf-8"/>', "").encode("gb18030"),
    )
    folder.article("网页/strict.xhtml", lambda made: office_files.page_html(made, is_xml=True).encode())
    folder.article("网页/cut.html", lambda made: office_files.page_html(made).encode()[:-40])


def _documents(folder: Folder) -> None:
    """Every kind of document in both scripts."""
    kinds: dict[str, Callable[[Paper], bytes]] = {
        "docx": office_files.docx_bytes,
        "odt": office_files.odt_bytes,
        "epub": office_files.epub_bytes,
        "mhtml": office_files.mhtml_bytes,
        "pdf": pdf_bytes,
    }
    for suffix, make in kinds.items():
        folder.article(f"公文/简.{suffix}", make)
        if suffix != "mhtml":
            folder.article(f"公文/繁.{suffix}", make, is_traditional=True)
    folder.article(
        "公文/繁.mht", lambda made: office_files.mhtml_bytes(made, charset="utf-8"), is_traditional=True
    )
    folder.article("公文/gbk.rtf", office_files.rtf_bytes)
    folder.article("公文/unicode.rtf", lambda made: office_files.rtf_bytes(made, is_unicode=True))
    folder.article(
        "公文/big5.rtf", lambda made: office_files.rtf_bytes(made, codec="big5"), is_traditional=True
    )
    # Kinds under another kind's name, as offices have them.
    folder.article("公文/其实是网页.doc", lambda made: office_files.page_html(made).encode())
    folder.article("公文/其实是RTF.doc", office_files.rtf_bytes)
    folder.article("公文/其实是docx.txt", office_files.docx_bytes)


def _containers(folder: Folder) -> None:
    """Archives, tables and lists of records, each member with a fate of its own."""
    first, second, third = (folder.next_paper() for _ in range(3))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("简报/a.txt", plain(first).encode("gbk"))
        archive.writestr("简报/b.docx", office_files.docx_bytes(second))
        archive.writestr("简报/图.png", b"\x89PNG\r\n")
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as nested:
            nested.writestr("c.html", office_files.page_html(third))
        archive.writestr("里层.zip", inner.getvalue())
    folder.put("打包/简报.zip", packed.getvalue(), Fate())
    folder.fates["打包/简报.zip/简报/图.png"] = Fate()
    folder.fates["打包/简报.zip/简报/a.txt"] = Fate(marks=marks(first))
    folder.fates["打包/简报.zip/简报/b.docx"] = Fate(marks=marks(second))
    folder.fates["打包/简报.zip/里层.zip/c.html"] = Fate(marks=marks(third))
    for name, codec, separator in (
        ("表/utf8.csv", "utf-8-sig", ","),
        ("表/gbk.csv", "gbk", ","),
        ("表/分号.csv", "utf-8", ";"),
        ("表/utf16.tsv", "utf-16", "\t"),
    ):
        made = [folder.next_paper(), folder.next_paper()]
        written = io.StringIO()
        table = csv.writer(written, delimiter=separator)
        table.writerow(["标题", "日期", "来源", "正文"])
        table.writerows([one.title, "2021-05-06", one.author, plain(one)] for one in made)
        content = written.getvalue().encode(codec)
        folder.put(name, content, Fate(marks=(*marks(made[0]), *marks(made[1]))))
    records = [folder.next_paper() for _ in range(4)]
    rows = [{"title": one.title, "content": plain(one), "date": "2021-05-06"} for one in records]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows[:2]]
    folder.put("表/a.jsonl", "\n".join(lines).encode(), Fate(marks=(*marks(records[0]), *marks(records[1]))))
    folder.put(
        "表/b.json",
        json.dumps(rows[2:3], ensure_ascii=False).encode("gb18030"),
        Fate(marks=marks(records[2])),
    )
    folder.put(
        "表/坏一行.ndjson", (json.dumps(rows[3]) + '\n{"title": ').encode(), Fate(marks=marks(records[3]))
    )


REFUSED = Fate(refused=True)
EITHER = Fate(refused=None)


def _damaged(folder: Folder) -> None:
    """What is left of good files after an accident: cut off, overwritten, empty, or another thing altogether."""
    chance = random.Random(6)
    for suffix, content in _good_documents():
        folder.put(f"损坏/截断.{suffix}", content[: len(content) // 2], EITHER)
        flipped = bytearray(content)
        for _ in range(20):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        folder.put(f"损坏/翻转.{suffix}", bytes(flipped), EITHER)
        folder.put(f"损坏/空.{suffix}", b"", replace(REFUSED, code="empty"))
        folder.put(f"损坏/乱码.{suffix}", chance.randbytes(3000), REFUSED)
    text = plain(paper(200)).encode("gbk")
    folder.put("损坏/半个字.txt", text[:-3] + b"\x81", EITHER)
    folder.put("损坏/夹杂乱码.txt", text[:40] + b"\xff\xfe\xff" + text[40:], EITHER)
    folder.put("损坏/零.txt", bytes(5000), REFUSED)
    folder.put("损坏/只有空白.txt", " \n\u3000\n".encode(), REFUSED)
    folder.put("损坏/图片.txt", b"\x89PNG\r\n\x1a\n" + chance.randbytes(2000), REFUSED)
    folder.put("损坏/旧格式.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), REFUSED)
    folder.put("损坏/半个代理.txt", "医改".encode("utf-16") + b"\x00\xd8", EITHER)
    folder.put("损坏/没有正文列.csv", "甲,乙\n1,2\n".encode(), REFUSED)
    folder.put("损坏/不是表.json", b"[1, 2, 3]", EITHER)


def _good_documents() -> Iterator[tuple[str, bytes]]:
    yield "docx", office_files.docx_bytes(paper(190))
    yield "odt", office_files.odt_bytes(paper(191))
    yield "epub", office_files.epub_bytes(paper(192))
    yield "rtf", office_files.rtf_bytes(paper(193))
    yield "pdf", pdf_bytes(paper(194))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", plain(paper(195)))
    yield "zip", packed.getvalue()


def _hostile(folder: Folder) -> None:
    """What somebody may have made on purpose."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(60_000_000))
    folder.put("恶意/炸弹.zip", bomb.getvalue(), Fate())
    folder.fates["恶意/炸弹.zip/a.txt"] = REFUSED
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../../逃出去.txt", plain(paper(201)))
    folder.put("恶意/路径.zip", outside.getvalue(), EITHER)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    entities = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "哈">{laughs}]><x>&l8;</x>'
    folder.put("恶意/实体.docx", office_files.zip_bytes({"word/document.xml": entities}), REFUSED)
    folder.put("恶意/很深.html", b"<div>" * 100_000 + "医保".encode(), EITHER)
    folder.put("恶意/很深.json", b"[" * 200_000, EITHER)
    folder.put("恶意/很长一行.txt", ("医" * 400_000).encode(), EITHER)
    folder.put("恶意/脚本.html", b"<script>" + b"document.write(1);" * 5000, EITHER)
    folder.put("恶意/很深.rtf", b"{\\rtf1" + b"{" * 100_000, EITHER)
    folder.put("恶意/标记.md", ("> " * 20_000 + "医保").encode(), EITHER)


def _strange_names(folder: Folder) -> None:
    """Names that break lines, turn the direction of writing, are not UTF-8, or lead somewhere else."""
    for name in (
        "换\n行.txt",
        "\u202e反.txt",
        "空 格 .txt",
        "长" * 80 + ".txt",
        "<b>&amp;.txt",
        "'; DROP TABLE.txt",
    ):
        folder.article(f"名字/{name}", lambda made: plain(made).encode())
    raw = os.fsencode(folder.root / "名字") + "/县".encode("gbk") + b".txt"
    made = folder.next_paper()
    with open(raw, "wb") as file:  # noqa: PTH123  # a name that is not UTF-8
        file.write(plain(made).encode())
    folder.fates[os.fsdecode(raw).removeprefix(f"{folder.root}/")] = Fate(marks=marks(made))
    (folder.root / "名字/断.txt").symlink_to(folder.root / "哪里都没有")
    folder.fates["名字/断.txt"] = replace(REFUSED, code="broken_link")
    os.mkfifo(folder.root / "名字/管道.txt")
    folder.fates["名字/管道.txt"] = REFUSED
    (folder.root / "名字/圈").symlink_to(folder.root)
    (folder.root / "名字/文件夹.txt").mkdir()
    folder.put("名字/照片.jpg", b"\xff\xd8\xff", Fate())
