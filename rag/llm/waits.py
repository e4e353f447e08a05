"""How long to wait before a request is sent again."""

from __future__ import annotations

import email.utils
import random
import time

_FIRST_WAIT_S = 0.5


def wait_s(cause: Exception, attempt: int) -> float:
    """Seconds to wait before the next attempt: what the server asks for, else twice as long each time, and a little by chance."""
    asked = str(getattr(getattr(cause, "response", None), "headers", {}).get("retry-after", ""))
    if (seconds := seconds_of(asked)) is not None:
        return seconds
    return float(_FIRST_WAIT_S * 2**attempt * random.uniform(0.75, 1.25))  # noqa: S311  # no secret


def seconds_of(asked: str) -> float | None:
    """Read a Retry-After header: seconds, or a date."""
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return None
