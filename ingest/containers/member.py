"""What a container of articles holds, what it may cost to open one, and what is said of a member that is not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.load import DOCUMENT_SUFFIXES, TEXT_SUFFIXES
from rag.errors import IngestError, UnreadableFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerOptions:
    """How containers are opened, and what one may cost.

    Attributes:
        columns: Columns of a table by what they hold, as `{"text": "正文"}`; the others are told by their names.
        readable: Suffixes of the files inside an archive that are its members; other documents are problems.
        max_member_bytes: The largest member, unpacked.
        max_total_bytes: The most that one container unpacks to, with all that is nested in it.
        max_ratio: The most that an archive, or a larger member of one, unpacks to, in multiples of its own size.
        max_members: The most members of one container, with all that is nested in it.
        max_problems: The most members that are named one by one as not read.
        max_depth: Archives in archives; 1 is an archive without another.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    readable: frozenset[str] = TEXT_SUFFIXES | DOCUMENT_SUFFIXES
    max_member_bytes: int = 20_000_000
    max_total_bytes: int = 2_000_000_000
    max_ratio: int = 200
    max_members: int = 100_000
    max_problems: int = 1_000
    max_depth: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article of a container.

    Attributes:
        name: Stable and unique within the container; nested containers join with `/`. Never leads out of it.
        content: A file's bytes, or a row as UTF-8: its fields in a comment, then its text. A row's bytes change
            exactly if its text or one of its fields does.
        suffix: The kind of file to read `content` as.
        fields: What the row's columns say, under the names that front matter has.
        notes: What a reader of the report should know.
        codec: The encoding in which a row's table was; None for a file.
    """

    name: str
    content: bytes
    suffix: str
    fields: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    codec: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberProblem:
    """A member that was not read, and why; without a name it is about the container itself, or the rest of it.

    The codes are those of files, and: `encrypted`, `damaged`, `bomb`, `nesting`, `too_many`, `link`, `columns`, `row`.
    """

    name: str
    error: IngestError


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSkipped:
    """A file in an archive that is of a kind which no article is in: a picture, a film."""

    name: str


Found = Member | MemberProblem | MemberSkipped


class Allowance:
    """What may still be unpacked from one container; shared by all that is nested in it."""

    def __init__(self, options: ContainerOptions) -> None:
        self._bytes = options.max_total_bytes
        self._members = options.max_members

    def take_bytes(self, count: int) -> bool:
        """Spend bytes; False once they are used up."""
        self._bytes -= count
        return self._bytes >= 0

    def take_member(self) -> bool:
        """Spend one member; False once they are used up."""
        self._members -= 1
        return self._members >= 0


def problem(name: str, code: str, *, en: str, zh: str) -> MemberProblem:
    """Say why a member is not read, in both languages."""
    return MemberProblem(name=name, error=UnreadableFileError(code=code, detail_en=en, detail_zh=zh))


def too_many(name: str, max_members: int) -> MemberProblem:
    """Say that what follows was not read, for there is too much of it."""
    return problem(
        name,
        "too_many",
        en=f"it holds more than {max_members} members; those after that are not read. Split it into several files",
        zh=f"其中的条目超过 {max_members} 个，之后的没有读取。请拆分成几个文件",
    )


def too_large(name: str, max_bytes: int) -> MemberProblem:
    """Say that one member is larger than a file may be."""
    return problem(
        name,
        "too_large",
        en=f"it has more than {max_bytes / 1e6:.1f} MB, the most that is read (YIGAI_MAX_FILE_MB)",
        zh=f"超过了 {max_bytes / 1e6:.1f} MB 的上限（YIGAI_MAX_FILE_MB）",
    )
