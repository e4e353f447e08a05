"""What an article says that another printing of it does not."""

from __future__ import annotations

import functools
import re

from rag.reposts.differences import Changed, align
from rag.reposts.printing import key_of, read_printing, stands_in

_SLIGHT = 0.8  # likeness from which another wording is no news
_CORRECTED = 0.5  # from which a clause is taken for the one that was put right
_ADDED_CHARS = 2
_DIGITS = re.compile(r"\d+(?:\.\d+)*")


def is_repeated(passage: str, *, article: str, other: str, is_corrected: bool = False) -> bool:
    """Whether a passage of an article says nothing that another printing of the article does not.

    Width, script, white space, punctuation and slight changes of wording are nothing. A passage of which the least
    clause is new says something new.

    Args:
        passage: A slice of `article`.
        article: The whole text.
        other: The other printing.
        is_corrected: The other printing corrects this one: what it puts right is not news either.
    """
    new, printing = _new_keys(article, other, is_corrected), read_printing(other)
    own = frozenset(read_printing(article).keys)
    # A clause that the edge of a passage cuts is not among the article's own.
    return all(
        key not in new and (key in own or stands_in(printing, key)) for key in read_printing(passage).keys
    )


@functools.lru_cache(maxsize=8)
def _new_keys(article: str, other: str, is_corrected: bool) -> frozenset[str]:
    alignment = align(read_printing(article), read_printing(other))
    new = [key_of(clause) for clause in alignment.missing]
    new += [key_of(changed.one) for changed in alignment.changed if not _is_known(changed, is_corrected)]
    return frozenset(new)


def _is_known(changed: Changed, is_corrected: bool) -> bool:
    if changed.difference != "wording":
        return is_corrected and changed.likeness >= _CORRECTED
    one, other = key_of(changed.one), key_of(changed.other)
    return (
        changed.likeness >= _SLIGHT
        and len(one) <= len(other) + _ADDED_CHARS
        and set(_DIGITS.findall(one)) <= set(_DIGITS.findall(other))
    )
