"""Who may come in: names and hashed passwords, one `name:hash` a line, from a file or from `YIGAI_AUTH`."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from ui.web.passwords import NOBODY, AuthError, hash_password, is_hashed, verify_password

FROM_ENVIRONMENT, VARIABLE = "env", "YIGAI_AUTH"
LEAST_PASSWORD_CHARS, MOST_NAME_CHARS = 8, 64
_MARKS = "._-@"
_OPEN_TO_OTHERS = 0o077


class AccountsUnusableError(AuthError):
    """The file cannot be read or written."""

    templates: ClassVar = {
        "en": "The accounts in {path!r} cannot be read or written: {reason}. "
        "Name another file, or make this one: yigai password NAME --auth {path}",
        "zh": "账户文件 {path!r} 不能读写：{reason}。请换一个文件，或者新建：yigai password 用户名 --auth {path}",
    }


class NotHashedError(AuthError):
    """A line is no account: most likely it holds a password as it is typed, and is not repeated for that reason."""

    templates: ClassVar = {
        "en": "{where}:{line}: this line is not NAME:HASH; passwords are only kept hashed. "
        "Take the line out, then run: yigai password NAME --auth {file}",
        "zh": "{where}:{line}：这一行不是“用户名:哈希”；密码只以哈希保存。"
        "请删去这一行，再运行：yigai password 用户名 --auth {file}",
    }


class DuplicateAccountError(AuthError):
    """Two lines are for the same name."""

    templates: ClassVar = {
        "en": "{where}:{line}: {name!r} stands there twice. Keep one of the lines.",
        "zh": "{where}:{line}：{name!r} 出现了两次。请只留一行。",
    }


class NoAccountsError(AuthError):
    """Nobody could come in."""

    templates: ClassVar = {
        "en": "{where} names nobody. Add somebody: yigai password NAME --auth {file}",
        "zh": "{where} 里没有任何用户。请添加：yigai password 用户名 --auth {file}",
    }


class AccountNameError(AuthError):
    """No account can have this name."""

    templates: ClassVar = {
        "en": "{name!r} cannot be a name: letters, digits and . _ - @ only, {most} at most.",
        "zh": "{name!r} 不能用作用户名：只能有文字、数字和 . _ - @，最多 {most} 个字符。",
    }


class ShortPasswordError(AuthError):
    """The password is quickly guessed."""

    templates: ClassVar = {
        "en": "The password is too short: {least} characters at least.",
        "zh": "密码太短：至少 {least} 个字符。",
    }


class OpenAccountsError(AuthError):
    """Others may read the hashes, and try passwords at their leisure. Given as a warning, not raised."""

    templates: ClassVar = {
        "en": "Others on this machine may open {path!r}. Close it: chmod 600 {path}",
        "zh": "这台机器上的其他人也能打开 {path!r}。请关上：chmod 600 {path}",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Those who may come in.

    Attributes:
        warnings: What is unwise about where they were read from; they are used all the same.
    """

    hashes_by_name: Mapping[str, str] = field(repr=False)
    warnings: tuple[AuthError, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everyone, in the order of the file."""
        return tuple(self.hashes_by_name)

    def check(self, name: str, password: str) -> bool:
        """Say whether this is who they say; an unknown name costs the same time as a known one."""
        known = account_name(name) or ""
        is_right = verify_password(password, self.hashes_by_name.get(known, NOBODY))
        return is_right and known in self.hashes_by_name


def account_name(text: str) -> str | None:
    """Return the name in the one form it is compared in, or None where it can be no name."""
    name = unicodedata.normalize("NFKC", text)
    if not 0 < len(name) <= MOST_NAME_CHARS or unicodedata.category(name[0]).startswith("M"):
        return None
    return name if all(map(_may_stand_in_a_name, name)) else None


def read_accounts(source: str | Path) -> Accounts:
    """Read the accounts from a file, or for the word `env` from the variable `YIGAI_AUTH`.

    Raises:
        AuthError: There is none, or a line is no account.
    """
    if str(source) == FROM_ENVIRONMENT:
        text = os.environ.get(VARIABLE, "").replace(";", "\n")
        return Accounts(hashes_by_name=_parse(text, where=VARIABLE, file="FILE"))
    path = Path(source)
    text = _read(path)
    return Accounts(hashes_by_name=_parse(text, where=str(path), file=str(path)), warnings=_warnings(path))


def write_account(path: Path, name: str, password: str) -> None:
    """Add an account to the file, or give it a new password; every other line stays as it is.

    Raises:
        AuthError: The name or the password cannot be used, or the file cannot be written.
    """
    line = account_line(name, password)
    path = path.resolve()
    lines = _read(path).split("\n") if path.exists() else []
    _replace(path, "\n".join(_with_account(lines, line.partition(":")[0], line)))


def account_line(name: str, password: str) -> str:
    """Return the line of an account, `NAME:HASH`.

    Raises:
        AuthError: The name or the password cannot be used.
    """
    known = account_name(name)
    if known is None:
        raise AccountNameError(name=name[:80], most=MOST_NAME_CHARS)
    if len(unicodedata.normalize("NFKC", password)) < LEAST_PASSWORD_CHARS:
        raise ShortPasswordError(least=LEAST_PASSWORD_CHARS)
    return f"{known}:{hash_password(password)}"


def _with_account(lines: list[str], name: str, line: str) -> list[str]:
    """The lines with this one in the place of the first for that name, or else at the end."""
    places = [i for i, old in enumerate(lines) if _name_of(old) == name]
    if places:
        return [line if i == places[0] else old for i, old in enumerate(lines) if i not in places[1:]]
    before = "\n".join(lines).rstrip()
    return [*(before.split("\n") if before else ()), line, ""]


def _may_stand_in_a_name(ch: str) -> bool:
    category = unicodedata.category(ch)
    return category[0] in "LM" or category == "Nd" or ch in _MARKS


def _parse(text: str, *, where: str, file: str) -> dict[str, str]:
    hashes_by_name: dict[str, str] = {}
    for number, line in _account_lines(text):
        name, hashed = _name_of(line), re.split("[:：]", line, maxsplit=1)[-1].strip()
        if name is None or not is_hashed(hashed):
            raise NotHashedError(where=where, line=number, file=file)
        if name in hashes_by_name:
            raise DuplicateAccountError(where=where, line=number, name=name)
        hashes_by_name[name] = hashed
    if not hashes_by_name:
        raise NoAccountsError(where=where, file=file)
    return hashes_by_name


def _account_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _name_of(line: str) -> str | None:
    """The name of the account that the line is for; None for comments and for what is no account."""
    name, colon, _ = unicodedata.normalize("NFKC", line.strip()).partition(":")
    return account_name(name.strip()) if colon and not name.startswith("#") else None


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "not UTF-8"
        raise AccountsUnusableError(path=path, reason=reason) from error


def _warnings(path: Path) -> tuple[AuthError, ...]:
    if os.name != "posix" or not path.stat().st_mode & _OPEN_TO_OTHERS:
        return ()
    return (OpenAccountsError(path=path),)


def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all; a temporary file is made for its owner's eyes only."""
    try:
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    except OSError as error:
        raise AccountsUnusableError(path=path, reason=error.strerror) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(beside).replace(path)
    except OSError as error:
        with suppress(OSError):
            Path(beside).unlink()
        raise AccountsUnusableError(path=path, reason=error.strerror) from error
