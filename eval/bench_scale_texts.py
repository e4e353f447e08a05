"""Made-up articles for libraries of any size: sentences of real news, with other places, figures and years in them.

A sentence is cut once into pieces that stay and holes that are filled anew each time, and the terms of each piece are
found once: a passage's terms are those of its pieces joined, which is what makes a million passages affordable.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rag.gazetteer import gazetteer
from rag.normalise import sentence_spans
from rag.regions import find_regions
from rag.terms import index_terms

PASSAGES_PER_ARTICLE = 5
_PASSAGE_CHARS = 130
_SENTENCE_CHARS = range(10, 160)
_STAYS_IN_TEXT = 0.7
"""Chance that a sentence is followed by the one that follows it in its article: words keep their company."""
_OWN_PLACE = 0.7
_TITLE_CHARS = 14
_FIGURE = re.compile(r"(?P<year>(?:19|20)\d\d(?=年))|\d+(?:\.\d+)?%?")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静磊洋勇艳杰娟涛明超秀霞平刚桂英建国文华志强晓东海燕春梅立新宏亮雪松"
_SOURCES = (
    "健康报",
    "人民日报",
    "新华网",
    "光明日报",
    "经济日报",
    "中国医院院长",
    "地方卫健委",
    "地方医保局",
)


class Piece(NamedTuple):
    """Words that stay, with their terms; or, where it names one, a hole of that kind."""

    text: str
    terms: tuple[str, ...]
    hole: Literal["", "place", "year", "figure"] = ""


class Place(NamedTuple):
    """A division to fill holes with."""

    code: str
    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A passage that was made up.

    Attributes:
        text: Its words.
        terms: Its terms, in order.
        sentences: Numbers of the sentences it was made of.
        ends: Where each of them ends in the text.
        regions: Codes of the places in it.
    """

    text: str
    terms: tuple[str, ...]
    sentences: tuple[int, ...]
    ends: tuple[int, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeArticle:
    """An article that was made up; its passages stand one to a line."""

    title: str
    title_terms: tuple[str, ...]
    region: str
    date: str
    source: str
    passages: tuple[Made, ...]


class Maker:
    """Makes articles up, the same ones in every run.

    Args:
        texts: Of real articles.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.sentences = [
            text[a:b].strip()
            for text in texts
            for a, b in sentence_spans(text)
            if len(text[a:b].strip()) in _SENTENCE_CHARS
        ]
        if not self.sentences:
            raise ValueError("no sentence of a usable length in the texts")
        self._templates = [cut_into_pieces(sentence) for sentence in self.sentences]
        self._places = [
            Place(code, region.name, tuple(index_terms(region.name)))
            for code, region in gazetteer().regions.items()
            if region.level > 1
        ]

    def articles(self, start: int, stop: int) -> Iterator[MadeArticle]:
        """Make the articles with these numbers; each depends on its number alone."""
        for number in range(start, stop):
            yield self._article(random.Random(number))  # noqa: S311  # no secret

    def _article(self, chance: random.Random) -> MadeArticle:
        own = chance.choice(self._places)
        subject = self._templates[chance.randrange(len(self.sentences))][0]
        person = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=2))
        topic = subject.text[:_TITLE_CHARS].strip("，。：、；") or "综合报道"
        return MadeArticle(
            title=f"{own.name}：{topic}（{person}）",
            title_terms=(*own.terms, *index_terms(topic), person),
            region=own.code,
            date=f"{chance.randrange(2012, 2027)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            source=chance.choice(_SOURCES),
            passages=tuple(self._passage(chance, own) for _ in range(PASSAGES_PER_ARTICLE)),
        )

    def _passage(self, chance: random.Random, own: Place) -> Made:
        text: list[str] = []
        terms: list[str] = []
        chosen: list[int] = []
        ends: list[int] = []
        regions: dict[str, None] = {}
        number = chance.randrange(len(self.sentences))
        while sum(map(len, text)) < _PASSAGE_CHARS:
            chosen.append(number)
            for piece in self._templates[number]:
                place = own if chance.random() < _OWN_PLACE else chance.choice(self._places)
                filled = _filled(piece, place, chance)
                text.append(filled.text)
                terms += filled.terms
                if piece.hole == "place":
                    regions[place.code] = None
            ends.append(sum(map(len, text)))
            stays = chance.random() < _STAYS_IN_TEXT
            number = (number + 1 if stays else chance.randrange(len(self.sentences))) % len(self.sentences)
        return Made(
            text="".join(text),
            terms=tuple(terms),
            sentences=tuple(chosen),
            ends=tuple(ends),
            regions=tuple(regions),
        )


def cut_into_pieces(sentence: str) -> list[Piece]:
    """Cut a sentence at its places, years and figures, which become holes; the pieces joined are the sentence."""
    holes: list[tuple[int, int, Literal["place", "year", "figure"]]] = [
        (mention.start, mention.end, "place") for mention in find_regions(sentence)
    ]
    places = list(holes)
    holes += [
        (*match.span(), "year" if match["year"] else "figure")
        for match in _FIGURE.finditer(sentence)
        if not any(start < match.end() and match.start() < end for start, end, _ in places)
    ]
    pieces, position = [], 0
    for start, end, kind in sorted(holes):
        pieces += _literal(sentence[position:start])
        pieces.append(Piece(sentence[start:end], (), kind))
        position = end
    return pieces + _literal(sentence[position:])


def _literal(text: str) -> list[Piece]:
    return [Piece(text, tuple(index_terms(text)))] if text else []


def _filled(piece: Piece, place: Place, chance: random.Random) -> Piece:
    if piece.hole == "place":
        return Piece(place.name, place.terms)
    if piece.hole == "year":
        year = str(chance.randrange(2009, 2027))
        return Piece(year, (year,))
    if piece.hole == "figure":
        figure = _like(piece.text, chance)
        return Piece(figure, (figure,))
    return piece


def _like(figure: str, chance: random.Random) -> str:
    """Another figure of the same form: as many digits, a point and a percent sign where there was one."""
    whole, point, rest = figure.partition(".")
    percent = "%" if figure.endswith("%") else ""
    digits = len(whole.rstrip("%"))
    drawn = str(chance.randrange(10 ** (digits - 1), 10**digits))
    places = len(rest.rstrip("%"))
    return drawn + (f".{chance.randrange(10**places):0{places}}" if point else "") + percent
