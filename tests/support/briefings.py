"""Briefings to export: a plain one in each language, a monstrous one, and any at all."""

from __future__ import annotations

from hypothesis import strategies as st

from rag.briefing.types import Bar, Briefing, Chart, Colophon, Grid, Line, Request, Section, Source

# Places, outlets and figures are invented.
_PLACES = ("云泽市", "临溪市", "白石县")
_OUTLETS = ("云泽日报", "临溪卫生简报", None)
HOSTILE = (
    "<script>alert(1)</script> & <b>粗体</b>",
    '=HYPERLINK("http://evil.example","点我")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "[链接](javascript:alert(1)) ![图](http://evil.example/x.png) `代码` *斜* _下_ ~~删~~ $x$",
    "控制\x00字符\x07\x1b[31m与\ud800孤立\uffff非字符",
    "从右到左\u202e翻转\u2066隔离",
    "第一行\r\n第二行\u2028第三行\x0b第四行",
    "| 竖线 | 表格 |",
    "# 不是标题",
    "1. 不是编号",
    "]]> --> {{ 7*7 }} {% raw %} ${x}",
    "W" * 400,
    "长" * 2000,
    "https://evil.example/" + "a" * 300,
    "𠮷野家与🏥👩‍⚕️",
)


def source(number: int, *, quote: str = "", url: str | None = None, article: int | None = None) -> Source:
    """A source of an invented article."""
    at = number if article is None else article
    text = quote or f"云泽市第{number}项改革取得进展，门诊次均费用下降{number}元。"
    return Source(
        number=number,
        article_id=f"article-{at}",
        title=f"云泽市医改观察之{at}",
        source=_OUTLETS[at % 3],
        date=f"2024-{at % 12 + 1:02d}-15" if at % 4 else None,
        url=url or (f"https://news.example/{at}" if at % 2 else None),
        start=10 * number,
        end=10 * number + len(text),
        quote=text,
    )


_QUOTES = (
    "云泽市财政三年安排专项资金6.4亿元，用于偿还市级医院基建负债。",
    "市级医院资产负债率由2021年的57.3%降到2024年的41.9%。",
    "临溪市把偿债责任写进医院院长年度考核，逾期未还的暂停新建项目。",
    "临溪市级医院资产负债率由49.6%降到44.25%。",
    "白石县去年整合两家医院，人员编制统一管理。",
    "今年6月，云泽市出台公立医院债务管理办法，规定新增借款须经市政府批准。",
)


def plain_briefing(language: str = "zh") -> Briefing:
    """A briefing as a trainer would get it: every kind of section, two charts, a computed line, a dated one."""
    zh = language == "zh"
    sources = tuple(
        source(i + 1, quote=text, article=(1, 1, 2, 2, 3, 4)[i]) for i, text in enumerate(_QUOTES)
    )
    said = [Line(text=text, sources=(i + 1,)) for i, text in enumerate(_QUOTES)]
    fell = Line(
        text="下降15.4个百分点" if zh else "down 15.4 percentage points", sources=(2,), is_computed=True
    )
    reckoned = Line(
        text=f"2024年6月：{_QUOTES[5]}",
        sources=(6,),
        note="按文章日期推算" if zh else "reckoned from the article's date",
    )
    return Briefing(
        request=Request(
            topic="公立医院化债" if zh else "hospital debt",
            regions=_PLACES,
            since_year=2021,
            language="zh" if zh else "en",
        ),
        title="公立医院化债：三地做法" if zh else "Hospital debt: how three places went about it",
        sections=(
            Section(kind="summary", heading="要点" if zh else "Summary", lines=(said[0], said[1], said[3])),
            Section(
                kind="practice",
                heading="各地做法" if zh else "Practice, place by place",
                parts=tuple(
                    Section(kind="practice", heading=place, lines=lines)
                    for place, lines in zip(
                        _PLACES, ((said[0], said[1], said[5]), (said[2], said[3]), (said[4],)), strict=True
                    )
                ),
            ),
            Section(
                kind="comparison", heading="对照表" if zh else "Side by side", grid=_comparison(said, zh)
            ),
            Section(
                kind="changes",
                heading="前后变化" if zh else "Before and after",
                grid=Grid(
                    columns=("改革前", "改革后", "变化") if zh else ("Before", "After", "Change"),
                    rows=(
                        (
                            "云泽市 市级医院资产负债率",
                            (
                                (Line(text="57.3%", sources=(2,)),),
                                (Line(text="41.9%", sources=(2,)),),
                                (fell,),
                            ),
                        ),
                    ),
                ),
                charts=charts(zh),
            ),
            Section(kind="timeline", heading="时间线" if zh else "Timeline", lines=(reckoned, said[4])),
            Section(
                kind="silence",
                heading="文章没有说的" if zh else "What the articles do not say",
                lines=(
                    Line(text="白石县：未提及资产负债率。" if zh else "白石县: no asset–liability ratio."),
                ),
            ),
        ),
        sources=sources,
        colophon=Colophon(
            library_hash="9f2c51e07a44", articles=27, library_date="2024-12-02", version="0.1.0"
        ),
        questions=("云泽市如何化解公立医院债务？", "临溪市级医院资产负债率是多少？"),
    )


def _comparison(said: list[Line], zh: bool) -> Grid:
    return Grid(
        columns=("资金安排", "债务管理", "资产负债率", "编制")
        if zh
        else ("Funds", "Debt", "Ratio", "Staffing"),
        rows=(
            (_PLACES[0], ((said[0],), (said[5],), (said[1],), ())),
            (_PLACES[1], ((), (said[2],), (said[3],), ())),
            (_PLACES[2], ((), (), (), (said[4],))),
        ),
    )


def charts(zh: bool = True) -> tuple[Chart, ...]:
    """A chart of before and after, with a bar missing, and a comparison."""
    return (
        Chart(
            title="市级医院资产负债率" if zh else "Asset–liability ratio of city hospitals",
            unit="%",
            series=("改革前", "改革后") if zh else ("before", "after"),
            groups=(
                (_PLACES[0], (bar("2021年", 57.3, "57.3%", 2), bar("2024年", 41.9, "41.9%", 2))),
                (_PLACES[1], (bar("", 49.6, "49.6%", 4), bar("", 44.25, "44.25%", 4))),
                (_PLACES[2], (None, bar("", 50.0, "约50%", 5))),
            ),
        ),
        Chart(
            title="专项资金" if zh else "Special funds",
            unit="亿元",
            series=("2024年",),
            groups=(
                (_PLACES[0], (bar("", 6.4, "6.4亿元", 1),)),
                (_PLACES[1], (bar("", 0.85, "8500万元", 3),)),
            ),
        ),
    )


def bar(label: str, value: float, shown: str, *numbers: int) -> Bar:
    """One bar."""
    return Bar(label=label, value=value, shown=shown, sources=numbers)


def monstrous_briefing(language: str = "zh") -> Briefing:
    """Everything that overflows or is obeyed: 500 sources, a table of 12 columns and 60 rows, lines of 2,000 characters."""
    sources = tuple(
        source(
            n,
            quote=HOSTILE[n % len(HOSTILE)] if n % 7 == 0 else "",
            url="javascript:alert(1)" if n % 9 == 0 else None,
        )
        for n in range(1, 501)
    )
    cells = [
        tuple(
            (Line(text=f"第{r}行第{c}列：门诊次均费用下降{r + c}元。", sources=((r * 12 + c) % 500 + 1,)),)
            if (r + c) % 3
            else ()
            for c in range(12)
        )
        for r in range(60)
    ]
    cells[5] = tuple((Line(text=HOSTILE[c], sources=(c + 1,)),) for c in range(12))
    wide = Chart(
        title="门诊次均费用" * 12,
        unit="元",
        series=("改革前", "改革后"),
        groups=tuple(
            (
                f"很长名称的第{g}个区县卫生健康局{'W' * (g % 5 * 12)}",
                (bar("", 120.0 + g, f"{120 + g}元", g + 1), bar("", -1.0 * g, f"-{g}元", 7, 8, 9)),
            )
            for g in range(40)
        ),
    )
    lines = tuple(
        Line(text=text, sources=(i + 1, i + 2, i + 3), note=text[:60]) for i, text in enumerate(HOSTILE)
    )
    return Briefing(
        request=Request(
            topic=HOSTILE[0], regions=tuple(HOSTILE[:4]), language="zh" if language == "zh" else "en"
        ),
        title="很长的标题" * 30,
        sections=(
            Section(kind="summary", heading="要点", lines=lines),
            Section(kind="practice", heading="", parts=(Section(kind="practice", heading=HOSTILE[3] * 3),)),
            Section(
                kind="comparison",
                heading="大表",
                grid=Grid(
                    columns=(*(f"第{c}项" for c in range(11)), "W" * 60),
                    rows=tuple((f"第{r}区", row) for r, row in enumerate(cells)),
                ),
            ),
            Section(kind="changes", heading="空表", grid=Grid(columns=("甲",), rows=())),
            Section(
                kind="changes",
                heading="大图",
                charts=(wide, Chart(title="空图", unit="", series=(), groups=())),
            ),
            Section(kind="silence", heading="没有"),
        ),
        sources=sources,
        colophon=Colophon(library_hash="ab" * 32, articles=500, library_date="2024-12-02", version="0.1.0"),
        questions=HOSTILE,
    )


_texts = st.one_of(
    st.text(
        alphabet="云泽市化债。！？；，“”（）%１２|<>&\\`*[]#=-\n\t\x00\x0b\u202e\u2028𠮷ab 　", max_size=40
    ),
    st.sampled_from(HOSTILE[:11]),
    st.text(max_size=20),
)


@st.composite
def briefings(draw: st.DrawFn) -> Briefing:
    """Any briefing that may be exported: its numbers cite sources, its charts have one unit."""
    count = draw(st.integers(1, 6))
    numbers = st.lists(st.integers(1, count), max_size=3).map(tuple)
    lines = st.builds(Line, text=_texts, sources=numbers, is_computed=st.booleans(), note=_texts)
    cells = st.lists(lines, max_size=2).map(tuple)
    grids = st.integers(0, 9).flatmap(
        lambda width: st.builds(
            Grid,
            columns=st.tuples(*[_texts] * width),
            rows=st.lists(st.tuples(_texts, st.tuples(*[cells] * width)), max_size=3).map(tuple),
        )
    )
    amounts = st.floats(-1e9, 1e9).map(lambda v: round(v, 2))
    bars = st.one_of(
        st.none(),
        st.tuples(amounts, numbers, _texts).map(
            lambda t: Bar(label=t[2], value=t[0], shown=f"{t[0]:f}%", sources=t[1])
        ),
    )
    drawn = st.integers(0, 2).flatmap(
        lambda width: st.builds(
            Chart,
            title=_texts,
            unit=st.just("%"),
            series=st.tuples(*[_texts] * width),
            groups=st.lists(st.tuples(_texts, st.tuples(*[bars] * width)), max_size=4).map(tuple),
        )
    )
    kinds = st.sampled_from(("summary", "practice", "comparison", "changes", "timeline", "silence"))
    leaf = st.builds(
        Section,
        kind=kinds,
        heading=_texts,
        lines=st.lists(lines, max_size=3).map(tuple),
        grid=st.none() | grids,
        charts=st.lists(drawn, max_size=2).map(tuple),
    )
    whole = st.builds(Section, kind=kinds, heading=_texts, parts=st.lists(leaf, max_size=2).map(tuple))
    return Briefing(
        request=Request(topic=draw(_texts), language=draw(st.sampled_from(("zh", "en")))),
        title=draw(_texts),
        sections=tuple(draw(st.lists(leaf | whole, max_size=3))),
        sources=tuple(source(n, quote=draw(_texts) or "无") for n in range(1, count + 1)),
        colophon=Colophon(library_hash="0f", articles=count, library_date="2024-12-02", version="0.1.0"),
        questions=tuple(draw(st.lists(_texts, max_size=2))),
    )
