"""Everything that can go wrong on purpose, one class per situation, each with its next step.

YigaiError
├── SettingsError              a setting is wrong
├── LibraryError
│   ├── LibraryMissingError    there is no library there yet
│   ├── LibraryMismatchError   made with another encoder, or by another version
│   ├── LibraryFormatError     written in another format
│   ├── PortableFileError      no whole library in one file
│   ├── LibraryDamagedError    the files are there but cannot be read
│   ├── LibraryBusyError       another process is writing
│   ├── LibraryUnwritableError the folder cannot be written to
│   │   └── LibraryFullError   its disk has no room
│   ├── ArticleNotFoundError   no article, or several, by that name
│   └── AnswerNotFoundError    no kept answer, or several, by that id
├── EncoderError
│   └── ModelUnavailableError  the weights or the package are not there
├── IngestError
│   ├── PathMissingError       a path that was named does not exist
│   └── UnreadableFileError    one file cannot be an article (the rest go on)
├── GenerationError            the language model cannot be used, or did not answer well
├── TopicUnclearError          the topic of a briefing names nothing to speak of
├── NothingFoundError          the library says nothing on the topic of a briefing
├── StoppedError               nobody waits for the answer any more
├── EvalError
│   └── SuiteError             a suite, data set, gate file or report cannot be used
└── ServeError                 the web server cannot run as it is asked to (its kinds are in `ui.web`)

Bad arguments between our own functions are `ValueError`; `prompts.PromptError` is one of those.
"""

from __future__ import annotations

from typing import ClassVar

from rag.types import FallbackReason


class YigaiError(Exception):
    """The root. A subclass holds its sentence in both languages; `str()` gives the English one.

    The templates say what failed and where, what was expected, and what to do next.
    """

    templates: ClassVar[dict[str, str]] = {"en": "{detail}", "zh": "{detail}"}

    def __init__(self, **values: object) -> None:
        self.values = {name: _shorten(value) for name, value in values.items()}
        super().__init__(self.localised("en"))

    def localised(self, language: str) -> str:
        """Return the sentence in `language` ("zh" or "en")."""
        return self.templates[language].format(**self.values)

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error cross process borders, whatever its constructor takes."""
        return (_rebuild, (type(self), self.args, self.__dict__))


def _rebuild(kind: type[YigaiError], args: tuple[object, ...], state: dict[str, object]) -> YigaiError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


def _shorten(value: object, limit: int = 300) -> str:
    """One printable line: control characters (a hostile file name may hold any) become visible escapes."""
    line = "".join(ch if ch.isprintable() else ch.encode("unicode_escape").decode() for ch in str(value))
    return line if len(line) <= limit else line[: limit - 1] + "…"


class SettingsError(YigaiError):
    """A setting has a value that cannot be used."""

    templates: ClassVar = {
        "en": "Setting {name} is {value!r}: {expected}. Change the variable or the line in yigai.toml.",
        "zh": "设置 {name} 的值 {value!r} 不能用：{expected}。请修改环境变量或 yigai.toml 中的这一行。",
    }


class LibraryError(YigaiError):
    """Something about a library as a whole."""


class LibraryMissingError(LibraryError):
    """There is no library in the folder."""

    templates: ClassVar = {
        "en": "There is no library in {path!r} yet. Put articles into it first: yigai ingest FOLDER --library {path}",
        "zh": "{path!r} 里还没有文库。请先导入文章：yigai ingest 文件夹 --library {path}",
    }


class LibraryMismatchError(LibraryError):
    """The library was made with other parts than those in use now."""

    templates: ClassVar = {
        "en": "Library {path!r} was made with {what} {found!r}, but {expected!r} is in use now. "
        "Rebuild its vectors and index: yigai library repair --library {path} (or set the old value again).",
        "zh": "文库 {path!r} 建立时的{what_zh}是 {found!r}，现在用的是 {expected!r}。"
        "请重建向量和索引：yigai library repair --library {path}（或改回原来的设置）。",
    }
    _names_zh: ClassVar = {"encoder": "编码器", "dimension": "向量维数", "format": "格式版本"}

    def __init__(self, *, path: object, what: str, found: object, expected: object) -> None:
        super().__init__(path=path, what=what, what_zh=self._names_zh[what], found=found, expected=expected)


class LibraryFormatError(LibraryMismatchError):
    """The library was written in another format: by an earlier yigai in a folder that is read-only, or by a later one."""

    templates: ClassVar = {
        "en": "Library {path!r} is in format {found}, and this yigai writes format {expected}. {advice_en}",
        "zh": "文库 {path!r} 的格式是 {found}，本版 yigai 用的格式是 {expected}。{advice_zh}",
    }
    _advice: ClassVar = {
        True: (
            "It is brought up to date when it is opened in a folder that may be written to: copy it to one, or run there: "
            "yigai library stats --library {path}",
            "放在可写的文件夹里打开一次就会自动更新：请复制到可写的位置，或在那里运行 yigai library stats --library {path}",
        ),
        False: (
            "A later yigai wrote it: update yigai, or there run: yigai library export FILE",
            "它由更新的 yigai 写成：请升级 yigai，或用那一版运行 yigai library export 文件",
        ),
    }

    def __init__(self, *, path: object, found: int, expected: int) -> None:
        english, chinese = (text.replace("{path}", str(path)) for text in self._advice[found < expected])
        LibraryError.__init__(
            self, path=path, found=found, expected=expected, advice_en=english, advice_zh=chinese
        )


class PortableFileError(LibraryError):
    """A file that is not a whole library exported by this version or an earlier one."""

    templates: ClassVar = {
        "en": "{path!r} is no whole library as yigai exports it ({detail}). Export it again: yigai library export FILE",
        "zh": "{path!r} 不是完整的 yigai 文库导出文件（{detail}）。请重新导出：yigai library export 文件",
    }


class LibraryDamagedError(LibraryError):
    """The files are there, but cannot be read as a library."""

    templates: ClassVar = {
        "en": "Library {path!r} cannot be read: {detail}. Look with: yigai library check --library {path}; "
        "rebuild what can be rebuilt with: yigai library repair --library {path}",
        "zh": "文库 {path!r} 读不出来：{detail}。检查：yigai library check --library {path}；"
        "重建：yigai library repair --library {path}",
    }


class LibraryBusyError(LibraryError):
    """Another process is writing to the library."""

    templates: ClassVar = {
        "en": "Another yigai is writing to library {path!r} (waited {waited_s} s). Run the command again when it is done.",
        "zh": "另一个 yigai 正在写入文库 {path!r}（已等待 {waited_s} 秒）。请等它结束后再试。",
    }


class LibraryUnwritableError(LibraryError):
    """The library's folder cannot be written to."""

    templates: ClassVar = {
        "en": "Library {path!r} cannot be written to: {detail}. Choose another folder with --library.",
        "zh": "文库 {path!r} 无法写入：{detail}。请用 --library 换一个文件夹。",
    }


class LibraryFullError(LibraryUnwritableError):
    """The disk of the library has no room left; what is in the library can still be read."""

    templates: ClassVar = {
        "en": "There is no room left on the disk of library {path!r}: {detail}. What was written before is safe. "
        "Make room, then run the command again; or choose another folder with --library.",
        "zh": "文库 {path!r} 所在的磁盘已满：{detail}。此前写入的内容没有受损。"
        "请腾出空间后重新运行命令，或用 --library 换一个文件夹。",
    }


class ArticleNotFoundError(LibraryError):
    """No single article goes by that name."""

    templates: ClassVar = {
        "en": "{count} articles match {name!r}; one is needed. See their ids with: yigai library list",
        "zh": "有 {count} 篇文章与 {name!r} 相符，需要恰好一篇。查看编号：yigai library list",
    }


class AnswerNotFoundError(LibraryError):
    """No single kept answer goes by that id, or it is another person's."""

    templates: ClassVar = {
        "en": "{count} kept answers match {name!r}; one is needed. See their ids with: yigai history list",
        "zh": "有 {count} 条问答记录与 {name!r} 相符，需要恰好一条。查看编号：yigai history list",
    }


class EncoderError(YigaiError):
    """Something about turning text into vectors."""


class ModelUnavailableError(EncoderError):
    """The weights, or the package that would run them, are not on this machine."""

    templates: ClassVar = {
        "en": "Encoder {model!r} cannot be used: {detail_en}. {next_en}",
        "zh": "编码器 {model!r} 不可用：{detail_zh}。{next_zh}",
    }

    def __init__(self, *, model: str, detail: tuple[str, str], next_step: tuple[str, str]) -> None:
        """Take the detail and the next step as (English, Chinese)."""
        super().__init__(
            model=model, detail_en=detail[0], detail_zh=detail[1], next_en=next_step[0], next_zh=next_step[1]
        )


class IngestError(YigaiError):
    """Something about reading articles."""


class PathMissingError(IngestError):
    """A path that was named does not exist."""

    templates: ClassVar = {
        "en": "There is nothing at {path!r}. Name a file or a folder of articles.",
        "zh": "{path!r} 不存在。请给出文章文件或文件夹。",
    }


class UnreadableFileError(IngestError):
    """One file cannot be read as an article; the others go on.

    `code` is for scripts: empty, binary, encoding, too_large, no_text, no_permission, broken_link, unsupported; of
    documents also damaged, bomb, password, old_format, crashed, too_slow,
    too_many_pages, no_text_layer; those of archives and tables are in `ingest.containers.member`.
    """

    templates: ClassVar = {"en": "{detail_en}", "zh": "{detail_zh}"}

    def __init__(self, *, code: str, detail_en: str, detail_zh: str) -> None:
        super().__init__(code=code, detail_en=detail_en, detail_zh=detail_zh)
        self.code = code


class ServeError(YigaiError):
    """The web server cannot run as it is asked to."""


class EvalError(YigaiError):
    """Something about measuring."""


class SuiteError(EvalError):
    """A suite, a data set, a gate file or a report cannot be used; `line` is 0 where it is about the whole file."""

    templates: ClassVar = {
        "en": "{where}: {problem}. Mend the file; the format is described in eval/suites/README.md.",
        "zh": "{where}：{problem}。请修改这个文件，格式见 eval/suites/README.md。",
    }

    def __init__(self, *, path: object, line: int, problem: str) -> None:
        super().__init__(where=f"{path}:{line}" if line else str(path), problem=problem)


class GenerationError(YigaiError):
    """The language model is not set up, cannot be reached, or did not give what it was asked for.

    `code` is the reason for which another answer stands in its place.
    """

    templates: ClassVar = {"en": "{detail_en}", "zh": "{detail_zh}"}

    def __init__(self, *, code: FallbackReason, detail_en: str, detail_zh: str) -> None:
        super().__init__(code=code, detail_en=detail_en, detail_zh=detail_zh)
        self.code: FallbackReason = code


class TopicUnclearError(YigaiError):
    """The topic of a briefing names nothing to speak of, or only a place."""

    templates: ClassVar = {
        "en": "{topic!r} names no topic. Say what the briefing is about, such as 公立医院化债 or staffing quota; "
        "places go into --regions.",
        "zh": "“{topic}”没有说要讲什么。请给出主题，例如 公立医院化债、编制改革；地名请用 --regions 给出。",
    }


class NothingFoundError(YigaiError):
    """The library says nothing on the topic of a briefing, or nothing of the places and years asked for."""

    templates: ClassVar = {
        "en": "The articles say nothing about {topic!r}{scope_en}; no briefing was written.{have_en}",
        "zh": "文库里的文章没有谈到“{topic}”{scope_zh}，没有生成简报。{have_zh}",
    }

    def __init__(
        self, *, topic: str, scope: tuple[str, str] = ("", ""), have: tuple[str, str] = ("", "")
    ) -> None:
        """Take what the search was limited to, and the places of which there is something, as (English, Chinese)."""
        super().__init__(
            topic=topic,
            scope_en=f" ({scope[0]})" if scope[0] else "",
            scope_zh=f"（限于{scope[1]}）" if scope[1] else "",
            have_en=f" They do of: {have[0]}." if have[0] else "",
            have_zh=f"有资料的是：{have[1]}。" if have[1] else "",
        )


class StoppedError(YigaiError):
    """Whoever asked has left; not an error that anyone sees."""

    templates: ClassVar = {"en": "The question was taken back.", "zh": "提问已取消。"}
