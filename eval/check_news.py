"""Look through what an ingest cuts out of news items and what it leaves: a person reads the lists that this writes.

`python -m eval.check_news ITEMS.jsonl ... [--sample N] [--seed N] [--cuts]` reads files of items as an ingest does. It
writes how many cuts there are of each kind, how often words of portals stay in the text, and how many items have each
field; with `--cuts` every cut, and with `--sample` that many items in full, to be checked by hand.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ingest.decode import decode
from ingest.items import Skipped, items_of
from ingest.load import FileProblem
from ingest.options import IngestOptions
from ingest.read import ReadArticle, read_content
from rag.errors import YigaiError
from rag.regions import full_name

_PORTAL_WORDS = re.compile(
    "原标题|责任编辑|责编|编辑[：:]|【编辑|校对|审核|来源[：:]|图源|供图|资料图|摄影|[（(]记者|查看更多|更多精彩|往期|分享让|点赞|在看"
    "|扫码|扫一扫|二维码|公众号|客户端|下载|爆料|报料|广告|版权|转载|仅供参考|不构成"
)
_FIELDS = ("title", "date", "source", "author", "column", "issuer", "doc_number", "kind", "url", "regions")
_AROUND_CHARS = 24
_HEADER = re.compile(r"\A<!-- .*? -->\n")
"""How a row of a table begins, where it says more than its text."""


def read_items(paths: Iterable[Path]) -> Iterator[tuple[str, ReadArticle]]:
    """Read every item of the files as an ingest does, and give its text beside it.

    What cannot be read is left out and named on standard error.
    """
    for path in paths:
        for item in items_of(path, options=IngestOptions()):
            if isinstance(item, FileProblem):
                sys.stderr.write(f"{item.path}: {item.error}\n")
                continue
            if isinstance(item, Skipped):
                continue
            place = item.path.with_name(item.path.name + item.suffix)
            text = _HEADER.sub("", decode(item.content, declared=item.declared).text)
            yield text, read_content(item.content, path=place, fields=item.fields, declared=item.declared)


def count_cuts(items: Sequence[ReadArticle]) -> Counter[str]:
    """How many cuts there are of each kind."""
    return Counter(reason for item in items for _, reason in item.cut)


def portal_words(items: Sequence[ReadArticle]) -> dict[str, list[str]]:
    """For each word of portals that stays in a text, the places where it does, with what stands around it."""
    found: dict[str, list[str]] = {}
    for item in items:
        text = item.article.text
        for match in _PORTAL_WORDS.finditer(text):
            around = text[max(0, match.start() - _AROUND_CHARS) : match.end() + _AROUND_CHARS]
            found.setdefault(match.group(), []).append(around.replace("\n", "⏎"))
    return found


def count_fields(items: Sequence[ReadArticle]) -> dict[str, int]:
    """How many items have each field."""
    return {name: sum(bool(getattr(item.article, name)) for item in items) for name in _FIELDS}


def lost_characters(original: str, item: ReadArticle) -> Counter[str]:
    """The visible characters of an item that are neither in its article's text nor in what was cut."""
    kept = Counter(item.article.text) + Counter("".join(text for text, _ in item.cut))
    return Counter(
        {ch: n for ch, n in (Counter(original) - kept).items() if unicodedata.category(ch)[0] in "LNPS"}
    )


def _describe(item: ReadArticle) -> str:
    article = item.article
    values = {name: getattr(article, name) for name in _FIELDS}
    values["regions"] = tuple(full_name(code) for code in article.regions)
    lines = [f"== {article.article_id}"]
    lines += [f"   {name}: {value}" for name, value in values.items() if value]
    lines += [
        f"   from: {dict(article.facts_from)}",
        *(f"   - [{reason}] {text}" for text, reason in item.cut),
    ]
    return "\n".join((*lines, article.text, ""))


def main() -> int:
    """Write the lists to standard output."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.check_news", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("items", type=Path, nargs="+", help="JSON lines, CSV or an archive of articles")
    parser.add_argument(
        "--cuts", action="store_true", help="write every cut and every portal word that stays"
    )
    parser.add_argument("--sample", type=int, default=0, help="write this many items in full")
    parser.add_argument("--seed", type=int, default=1, help="which items are drawn")
    given = parser.parse_args()
    try:
        read = list(read_items(given.items))
    except YigaiError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    items = [item for _, item in read]
    lost = sum(sum(lost_characters(text, item).values()) for text, item in read)
    write = sys.stdout.write
    write(f"{len(items)} items, {lost} characters neither kept nor cut\nfields: {count_fields(items)}\n")
    for reason, count in count_cuts(items).most_common():
        write(f"cut {count:5d}  {reason}\n")
    for word, places in portal_words(items).items():
        write(f"left {len(places):4d}  {word}\n")
        write("".join(f"        {place}\n" for place in places) if given.cuts else "")
    for item in items if given.cuts else ():
        write("".join(f"{item.article.article_id} [{reason}] {text}\n" for text, reason in item.cut))
    drawn = random.Random(given.seed).sample(items, min(given.sample, len(items)))  # noqa: S311  # no secret
    write("\n".join(_describe(item) for item in drawn))
    return 0


if __name__ == "__main__":
    sys.exit(main())
