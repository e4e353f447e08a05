"""How much work something is: processor time, by the speed that the machine has just now."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

_YARDSTICK_S = 0.03
"""What `_yardstick` takes on an idle machine of the kind on which the bounds were chosen."""

_LINE = "芜湖市属公立医院的资产负债率由62.59%降到48.8%, " * 40
_WORDS = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?%?|[\u4e00-\u9fff]{1,4}|.)")


@contextmanager
def effort_below(seconds: float) -> Iterator[None]:
    """Hold the block to an amount of work, which a busy or slow machine is given more time for.

    What takes time in the square of its input overruns any such bound by far; a machine that shares its cores does not.

    Args:
        seconds: Processor time on an idle machine, several times what the work needs.
    """
    before = _yardstick()
    begun = time.process_time()
    yield
    spent = time.process_time() - begun
    slowness = max(1.0, before / _YARDSTICK_S, _yardstick() / _YARDSTICK_S)
    assert spent < seconds * slowness, f"{spent:.2f} s of work, {slowness:.1f} times as slow as when idle"


def _yardstick() -> float:
    """Time a fixed piece of work of the kind that texts are read with."""
    begun = time.process_time()
    for _ in range(300):
        counts: dict[str, int] = {}
        for match in _WORDS.finditer(_LINE):
            counts[match[0]] = counts.get(match[0], 0) + 1
    return time.process_time() - begun
