"""Passwords as they are kept: salted, slow to guess, and never readable again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata

from rag.errors import ServeError

# About 0.1 s and 32 MB a guess: dear to who guesses, bearable for a server of two cores.
_COST, _BLOCK, _LANES = 2**15, 8, 1
_SALT_BYTES, _HASH_BYTES = 16, 32
_MOST_MEMORY_BYTES = 256 * 2**20
_SLACK_BYTES = 2**20
_MOST_LANES = 16
_HASHED = re.compile(
    r"scrypt\$(\d{1,8})\$(\d{1,4})\$(\d{1,4})\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)", re.ASCII
)

NOBODY = f"scrypt${_COST}${_BLOCK}${_LANES}${'A' * 22}==${'A' * 43}="
"""A hash no password is known for, so that an unknown name can be checked like a known one."""


class AuthError(ServeError):
    """Something about the accounts; neither a password nor what may be one is ever repeated."""


def hash_password(password: str) -> str:
    """Return `scrypt$n$r$p$salt$hash`, with a new salt each time."""
    salt = secrets.token_bytes(_SALT_BYTES)
    hashed = _scrypt(password, salt, (_COST, _BLOCK, _LANES), _HASH_BYTES)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${_encode(salt)}${_encode(hashed)}"


def verify_password(password: str, hashed: str) -> bool:
    """Say whether the password is the one that was hashed; a malformed hash fits none."""
    parts = _HASHED.fullmatch(hashed)
    if parts is None:
        return False
    cost, block, lanes = (int(parts[i]) for i in (1, 2, 3))
    try:
        salt, expected = _decode(parts[4]), _decode(parts[5], least=_HASH_BYTES)
        found = _scrypt(password, salt, (cost, block, lanes), len(expected))
    except (ValueError, MemoryError, OverflowError):
        return False
    return hmac.compare_digest(found, expected)


def is_hashed(text: str) -> bool:
    """Say whether the text has the form of a hash made here."""
    return _HASHED.fullmatch(text) is not None


def _scrypt(password: str, salt: bytes, parameters: tuple[int, int, int], length: int) -> bytes:
    """Derive the key; OpenSSL refuses by itself what exceeds the memory it is told, and 32 MB unless told.

    Raises:
        ValueError: The parameters are impossible, or ask for more memory than any hash of ours.
    """
    cost, block, lanes = parameters
    memory = 128 * block * (cost + lanes + 2) + _SLACK_BYTES
    if memory > _MOST_MEMORY_BYTES or lanes > _MOST_LANES:
        raise ValueError("the parameters ask for more than a server can give")
    typed = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(typed, salt=salt, n=cost, r=block, p=lanes, maxmem=memory, dklen=length)


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _decode(text: str, *, least: int = 1) -> bytes:
    """Decode strictly.

    Raises:
        ValueError: It is no base64 (`binascii.Error` is a `ValueError`), or too short to be safe.
    """
    raw = base64.b64decode(text, validate=True)
    if len(raw) < least:
        raise ValueError("too short")
    return raw
