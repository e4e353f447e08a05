"""Opens a file that holds many articles, one member at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingest.containers.archives import read_archive
from ingest.containers.delimited import read_delimited
from ingest.containers.member import Allowance, ContainerOptions, Found, MemberProblem, problem, too_many
from ingest.containers.records import read_records
from rag.errors import IngestError

_DELIMITED = frozenset({".csv", ".tsv"})


def expand(content: bytes, *, path: Path, options: ContainerOptions) -> Iterator[Found]:
    """Yield a container's articles, and what is wrong with those that cannot be read; never raises for its content.

    Args:
        content: The container's bytes.
        path: Gives its kind only.
        options: Its columns, and what it may cost to open it.
    """
    found = _expand(content, path.suffix.lower(), options=options, allowance=Allowance(options), depth=1)
    left_out = 0
    problems = 0
    for item in found:
        if isinstance(item, MemberProblem) and item.name:
            problems += 1
            if problems > options.max_problems:
                left_out += 1
                continue
        yield item
    if left_out:
        yield problem(
            "",
            "too_many",
            en=f"{left_out} further members cannot be read and are not named; mend the first ones and try again",
            zh=f"另有 {left_out} 条无法读取，不再逐一列出；请先修正前面的再试",
        )


def _expand(
    content: bytes, suffix: str, *, options: ContainerOptions, allowance: Allowance, depth: int
) -> Iterator[Found]:
    if suffix == ".zip":
        if depth > options.max_depth:
            yield _nested(options)
            return
        inner = partial(_expand, options=options, allowance=allowance, depth=depth + 1)
        yield from read_archive(content, options=options, allowance=allowance, expand=inner)
        return
    read = read_delimited if suffix in _DELIMITED else read_records
    try:
        for item in read(content, suffix=suffix, options=options):
            if not allowance.take_member():
                yield too_many("", options.max_members)
                return
            yield item
    except IngestError as error:
        yield MemberProblem(name="", error=error)


def _nested(options: ContainerOptions) -> MemberProblem:
    return problem(
        "",
        "nesting",
        en=f"archives are nested more than {options.max_depth} deep; unpack them and ingest the files",
        zh=f"压缩包嵌套超过 {options.max_depth} 层，请解压后再导入",
    )
