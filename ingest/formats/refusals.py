"""The errors of files that are not what they seem, or not to be opened."""

from __future__ import annotations

from rag.errors import UnreadableFileError


def damaged(what: str) -> UnreadableFileError:
    """Say that a file of a kind (`docx`, `rtf`, ...) is broken, or was cut off."""
    return UnreadableFileError(
        code="damaged",
        detail_en=f"the {what} file is damaged or incomplete; get it again, or open it and save it anew",
        detail_zh=f"{what} 文件已损坏或不完整，请重新获取，或打开后另存",
    )


def bomb(what: str) -> UnreadableFileError:
    """Say that a file would become far larger, or deeper, than any article is."""
    return UnreadableFileError(
        code="bomb",
        detail_en=f"the {what} file unpacks to far more than an article, or is nested without end; it is not opened",
        detail_zh=f"{what} 文件解压后过大或嵌套过深，不予打开",
    )


def locked(what: str) -> UnreadableFileError:
    """Say that a file can only be opened with a password."""
    return UnreadableFileError(
        code="password",
        detail_en=f"the {what} file is protected with a password; save it without one",
        detail_zh=f"{what} 文件有密码保护，请去掉密码后再导入",
    )


def old_format(what: str, instead: str) -> UnreadableFileError:
    """Say that a file is of an old kind, and what to save it as."""
    return UnreadableFileError(
        code="old_format",
        detail_en=f"it is an old {what} file, which is not read; open it and save it as {instead}",
        detail_zh=f"这是旧的 {what} 格式，无法读取，请打开后另存为 {instead}",
    )


def other_kind(what: str, instead: str) -> UnreadableFileError:
    """Say that a file is of a kind that holds no article, and what to save it as."""
    return UnreadableFileError(
        code="unsupported",
        detail_en=f"{what} files are not read; save it as {instead}",
        detail_zh=f"不支持 {what} 文件，请另存为 {instead}",
    )


def unknown_zip() -> UnreadableFileError:
    """Say that a zip file has the name of something else, and is no document."""
    return UnreadableFileError(
        code="unsupported",
        detail_en="it is a zip file and no document that is read; if it is an archive of articles, name it .zip",
        detail_zh="这是 zip 压缩包，不是可读的文档；如果里面是文章，请把后缀改为 .zip",
    )
