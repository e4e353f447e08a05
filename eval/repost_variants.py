"""Texts made from an article by a known change: what other sites print, and what only looks like it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from eval.mutations.script import to_traditional
from rag.figures import Figure, find_figures
from rag.normalise import sentence_spans
from rag.regions import find_regions
from rag.reposts import Text
from rag.types import RepostRelation

Change = Callable[[Text, random.Random], Text | None]

_FIRST_DAY = date(2023, 8, 1)
_CITIES = ("芜湖市", "三明市", "保定市", "遵义市", "酒泉市", "常德市")
_JUNK_HEAD = "您当前的位置：首页 > 新闻中心 > 要闻\n字号：大 中 小  打印\n"
_JUNK_TAIL = "\n责任编辑：李某\n声明：转载此文是出于传递更多信息之目的，若有来源标注错误请与本网联系。\n相关阅读\n分享到：微信 微博\n"
_LIGHT = str.maketrans(
    {"，": ",", "：": ":", "；": ";", "！": "!", "？": "?", "（": "(", "）": ")", "“": "「", "”": "」"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A way to change an article, and what the result is to the article."""

    name: str
    expected: RepostRelation | None
    change: Change


def dated(text: str) -> Text:
    """Return the article that the kinds change."""
    return Text(text=text, title="本市公布有关情况", source="本地卫生健康委员会", date=_FIRST_DAY.isoformat())


def _elsewhere(text: Text, changed: str) -> Text | None:
    """Another site's printing: its own source and day, the title not always kept."""
    day = (_FIRST_DAY + timedelta(days=2)).isoformat()
    return Text(text=changed, source="某门户网", date=day) if changed and changed != text.text else None


def _kept(text: Text, keep: Callable[[int, int], bool]) -> Text | None:
    spans = sentence_spans(text.text)
    if len(spans) < 6:
        return None
    return _elsewhere(text, "".join(text.text[a:b] for i, (a, b) in enumerate(spans) if keep(i, len(spans))))


def _sentence_dropped(text: Text, chance: random.Random) -> Text | None:
    dropped = chance.randrange(len(sentence_spans(text.text)) or 1)
    return _kept(text, lambda i, _: i != dropped)


def _punctuated(text: Text, chance: random.Random) -> Text | None:
    lines = re.sub(r"。", lambda _: chance.choice(("。", "。\n　　")), text.text.translate(_LIGHT))
    return _elsewhere(text, lines)


def _reworded(text: Text) -> Text | None:
    changed = text.text
    for old, new in (
        ("此外", "另外"),
        ("进行", "开展"),
        ("目前", "现在"),
        ("表示", "指出"),
        ("通过", "经由"),
    ):
        changed = changed.replace(old, new, 1)
    return _elsewhere(text, changed)


def _figures(text: str) -> list[Figure]:
    kinds = ("quantity", "percent", "money")
    return [f for f in find_figures(text) if f.kind in kinds and re.search(r"\d", f.raw)]


def _refigured(text: str, figure: Figure) -> str:
    """Put another figure in the place of one; a year stays one of ours."""
    if figure.kind in ("date", "year"):
        raw = re.sub(r"\d+(?=\D*$)", lambda m: str((int(m[0]) + 6) % 27 + 1), figure.raw, count=1)
        raw = re.sub(r"^\d{1,2}(?=年)", lambda m: f"20{int(m[0]):02d}", raw)
    else:
        raw = re.sub(r"\d", lambda m: str((int(m[0]) + 3) % 9 + 1), figure.raw, count=1)
    return text[: figure.start] + raw + text[figure.end :]


def _one_figure(text: Text, chance: random.Random) -> str | None:
    figures = _figures(text.text)
    return _refigured(text.text, chance.choice(figures)) if len(figures) > 4 else None


def _corrected(text: Text, chance: random.Random) -> Text | None:
    changed = _one_figure(text, chance)
    return replace(text, text=changed, date=(_FIRST_DAY + timedelta(days=3)).isoformat()) if changed else None


def _announced(text: Text, chance: random.Random) -> Text | None:
    corrected = _corrected(text, chance)
    return corrected and replace(
        corrected, text=f"更正：此前报道有误，特此更正。\n{corrected.text}", source="某报"
    )


def _miscopied(text: Text, chance: random.Random) -> Text | None:
    changed = _one_figure(text, chance)
    return _elsewhere(text, changed) if changed else None


def _negated(text: Text, chance: random.Random) -> Text | None:
    """Somewhere a 不 is put in front of a verb."""
    places = [
        m.start()
        for m in re.finditer(r"(?<![不未没无非否必])(?:可以|应当|能够|属于|符合|允许|得到|影响)", text.text)
    ]
    if not places:
        return None
    at = chance.choice(places)
    return _elsewhere(text, f"{text.text[:at]}不{text.text[at:]}")


def _next_week(text: Text, chance: random.Random) -> Text | None:
    """The same form of the same source a week later: most figures and all dates are new."""
    figures = [f for f in find_figures(text.text) if re.search(r"\d", f.raw) and f.kind != "year"]
    if len(figures) < 4 or not any(f.kind == "date" for f in figures):
        return None
    changed = text.text
    for figure in reversed(figures):
        if figure.kind == "date" or chance.random() < 0.7:
            changed = _refigured(changed, figure)
    return replace(text, text=changed, date=(_FIRST_DAY + timedelta(days=7)).isoformat())


def _other_city(text: Text, *, refigure: bool) -> Text | None:
    mentions = find_regions(text.text)
    named = [text.text[m.start : m.end] for m in mentions if m.region.code not in ("000000",)]
    name = max(set(named), key=lambda n: (named.count(n), n), default="")
    if named.count(name) < 2:  # once may be the name of the paper
        return None
    changed = text.text
    if refigure:
        for figure in reversed(_figures(changed)):
            changed = _refigured(changed, figure)
    city = next(c for c in _CITIES if c[:2] not in name)
    return _elsewhere(text, changed.replace(name, city))


KINDS: tuple[Kind, ...] = (
    Kind(name="whole", expected="repost", change=lambda t, _: replace(t, source="某门户网")),
    Kind(name="head cut", expected="repost", change=lambda t, _: _kept(t, lambda i, n: i >= max(1, n // 6))),
    Kind(
        name="tail cut", expected="repost", change=lambda t, _: _kept(t, lambda i, n: i < n - max(1, n // 6))
    ),
    Kind(name="half left", expected="repost", change=lambda t, _: _kept(t, lambda i, n: 2 * i < n + 1)),
    Kind(name="sentence dropped", expected="repost", change=_sentence_dropped),
    Kind(
        name="portal junk",
        expected="repost",
        change=lambda t, _: _elsewhere(t, _JUNK_HEAD + t.text + _JUNK_TAIL),
    ),
    Kind(name="title in front", expected="repost", change=lambda t, _: _elsewhere(t, f"{t.title}\n{t.text}")),
    Kind(
        name="Traditional",
        expected="repost",
        change=lambda t, _: _elsewhere(t, to_traditional(t.text)),
    ),
    Kind(name="punctuation", expected="repost", change=_punctuated),
    Kind(name="five words", expected="repost", change=lambda t, _: _reworded(t)),
    Kind(name="figure changed, not announced", expected=None, change=_corrected),
    Kind(name="figure corrected, announced", expected="correction", change=_announced),
    Kind(name="negated", expected=None, change=_negated),
    Kind(name="figure differs elsewhere", expected=None, change=_miscopied),
    Kind(name="next week's", expected=None, change=_next_week),
    Kind(name="city changed", expected=None, change=lambda t, _: _other_city(t, refigure=False)),
    Kind(name="city and figures changed", expected=None, change=lambda t, _: _other_city(t, refigure=True)),
)


def variants(text: str, seed: int) -> Iterator[tuple[Kind, Text]]:
    """Make every variant that the text allows for: a text without figures has none of another week."""
    original = dated(text)
    for number, kind in enumerate(KINDS):
        chance = random.Random(1000 * seed + number)  # noqa: S311  # the same variants in every run
        changed = kind.change(original, chance)
        if changed is not None:
            yield kind, changed
