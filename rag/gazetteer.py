"""The tables behind `rag.regions`: divisions, what their names may mean, and which everyday words are none of them."""

from __future__ import annotations

import functools
import importlib.resources
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_ETHNIC = (
    "(?:(?:各|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|保安|裕固|独龙)族?)"
)
_ETHNIC_NAME = re.compile(rf"(.{{2,}}?)族?{_ETHNIC}*(?:自治[区州县旗]|(?<=族)区)")
_PLAIN_NAME = re.compile(r"(.{2,}?)(?:特别行政区|地区|林区|特区|新区|矿区|[省市县区盟旗])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A division: code (GB/T 2260, six digits), official name, level (1 province, 2 prefecture, 3 county), Latin names."""

    code: str
    name: str
    level: int
    english: tuple[str, ...]

    @property
    def short(self) -> str:
        """The name as people say it: 芜湖, 黔东南, 松桃; a name that would lose all but one character keeps it (泾县)."""
        return short_name(self.name)


class Name(NamedTuple):
    """What a Chinese name may mean: anywhere, and right behind the name of a parent. Neither: it is no place at all."""

    anywhere: tuple[str, ...]
    behind_parent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Everything that is looked up.

    Attributes:
        names: By the text that a scan can meet.
        sizes: By the first two characters of a name, the lengths of the names that begin so, longest first.
        resolvable: Codes by every Chinese name a person may type, short names of counties included.
        latin: Codes by Latin name in the form of `latin_key`; the better known first.
        bare: Names of provinces and prefectures without their suffix.
        rules: Texts by kind; the data file says what each kind means.
    """

    regions: Mapping[str, Region]
    names: Mapping[str, Name]
    sizes: Mapping[str, tuple[int, ...]]
    resolvable: Mapping[str, list[str]]
    latin: Mapping[str, list[str]]
    bare: frozenset[str]
    rules: Mapping[str, set[str]]


@functools.lru_cache(maxsize=8192)
def short_name(name: str) -> str:
    """Return a division's name without its suffix and the peoples it is named for."""
    pattern = _ETHNIC_NAME if "族" in name or "自治" in name else _PLAIN_NAME
    match = pattern.fullmatch(name)
    return match[1] if match else name


def latin_key(name: str) -> str:
    """Return lower case without apostrophes, possessive and diacritics."""
    if name.isascii() and name.isalpha():  # nearly all of them
        return name.lower()
    key = re.sub("['`\u00b4\u2019\u2018\u02bc]", "'", name.lower())
    key = key.removesuffix("'s").replace("'", "")
    if key.isascii():
        return key
    return "".join(ch for ch in unicodedata.normalize("NFD", key) if not unicodedata.combining(ch))


@functools.cache
def gazetteer() -> Gazetteer:
    """Read the data files, once."""
    rules: dict[str, set[str]] = defaultdict(set)
    for kind, text, _ in _read_rows("region_rules.tsv"):
        rules[kind].add(text)
    regions, aliases = {}, {}
    for code, name, level, english, others in _read_rows("regions.tsv"):
        regions[code] = Region(code=code, name=name, level=int(level), english=tuple(english.split(";")))
        aliases[code] = others.split(";") if others else []
    bare = _bare_names(regions.values())
    behind = _names_behind_parent(regions, aliases, bare)
    names = _scanned_names(behind, bare, rules, regions)
    return Gazetteer(
        regions=regions,
        names=names,
        sizes=_sizes_by_opening(names),
        resolvable=behind,
        latin=_latin_table(regions.values(), rules["prefer"]),
        bare=frozenset(bare),
        rules=rules,
    )


def _read_rows(file_name: str) -> list[list[str]]:
    text = (importlib.resources.files("rag") / "data" / file_name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]


def _bare_names(regions: Iterable[Region]) -> dict[str, str]:
    """Return codes by short name for provinces and prefectures; of two (吉林, 海南, 新竹) the higher or first wins."""
    bare: dict[str, str] = {}
    for place in sorted(regions, key=lambda r: (r.level, r.code)):
        if place.level < 3 and place.short != place.name:
            bare.setdefault(place.short, place.code)
    return bare


def _names_behind_parent(
    regions: Mapping[str, Region], aliases: Mapping[str, list[str]], bare: Mapping[str, str]
) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    official = {place.name for place in regions.values()}
    for code, place in regions.items():
        # 井陉 is the county, not the mining district in it.
        short = place.name if place.short + "县" in official and place.name.endswith("矿区") else place.short
        for name in dict.fromkeys((place.name, short, *aliases[code])):
            names[name].append(code)
    for name, code in list(_other_suffixes(regions, bare)):
        if name not in names:
            names[name].append(code)
    return dict(names)


def _scanned_names(
    behind: Mapping[str, list[str]],
    bare: Mapping[str, str],
    rules: Mapping[str, set[str]],
    regions: Mapping[str, Region],
) -> dict[str, Name]:
    county_shorts = {
        place.short for place in regions.values() if place.level == 3 and place.short != place.name
    }
    names = {phrase: Name((), ()) for phrase in rules["phrase"]}
    for name, codes in behind.items():
        inside = tuple(c for c in codes if not (name in rules["full"] and regions[c].level == 3))
        anywhere = inside
        if name in bare:
            anywhere = inside[:0] if name in rules["suffix"] else (bare[name],)
        elif name in county_shorts or name in rules["parent"]:
            anywhere = inside[:0]
        if inside:
            names[name] = Name(anywhere, inside)
    return names


def _other_suffixes(regions: Mapping[str, Region], bare: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Name divisions as people do (松桃县 for 松桃苗族自治县), or did before they became cities and districts."""
    counts: dict[str, int] = defaultdict(int)
    for place in regions.values():
        counts[place.short] += 1
    for code, place in regions.items():
        short = place.short
        if place.name.endswith("自治州"):
            yield short + "州", code
        elif place.level == 3 and short != place.name:
            # 河南县 would be read into 河南县域.
            is_like_province = short in bare and regions[bare[short]].level == 1
            suffixes = () if is_like_province else _county_suffixes(place.name, counts[short] == 1)
            yield from ((short + suffix, code) for suffix in suffixes)


def _county_suffixes(name: str, is_unique: bool) -> Sequence[str]:
    if name.endswith(("自治县", "自治旗")):
        return (name[-1],)
    return ("县",) if is_unique and name[-1] in "市区" else ()


def _sizes_by_opening(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    sizes: dict[str, set[int]] = defaultdict(set)
    for name in names:
        sizes[name[:2]].add(len(name))
    return {opening: tuple(sorted(lengths, reverse=True)) for opening, lengths in sizes.items()}


def _latin_table(regions: Iterable[Region], preferred: set[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = defaultdict(list)
    for place in sorted(regions, key=lambda r: (r.level, r.code not in preferred, r.code)):
        for name in place.english:
            table[latin_key(name).replace("-", " ")].append(place.code)
    return dict(table)
