"""A circuit breaker: who has failed several times in a row is left alone for a while, then tried once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Circuit:
    """Counts failures; safe to use from threads.

    Args:
        most: Failures in a row that open it.
        rest_s: Seconds for which it then stays open; the first to come after that tries, the others still wait.
        clock: Seconds, always going forward.
    """

    def __init__(
        self, *, most: int = 3, rest_s: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._rest_s, self._clock = most, rest_s, clock
        self._lock = threading.Lock()
        self._failures = 0
        self._tried_at = 0.0

    def may_try(self) -> bool:
        """Whether to try now; whoever is told so is the one to tell how it went."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._clock() - self._tried_at < self._rest_s:
                return False
            self._tried_at = self._clock()
            return True

    def succeeded(self) -> None:
        """Close it."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Count a failure."""
        with self._lock:
            self._failures += 1
            self._tried_at = self._clock()
