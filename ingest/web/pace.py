"""Keeps requests to one host apart."""

from __future__ import annotations

from ingest.web.options import Surroundings


class Pace:
    """Waits so long before each request that the host has its pause."""

    def __init__(self, surroundings: Surroundings, *, delay_s: float) -> None:
        self._clock = surroundings.clock
        self._sleep = surroundings.sleep
        self._delay_s = delay_s
        self._asked_s: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def ask(self, host: str, delay_s: float) -> None:
        """Remember that a host asks for a longer pause."""
        self._asked_s[host] = max(delay_s, self._asked_s.get(host, 0.0))

    def pause_s(self, host: str) -> float:
        """Seconds between two requests to a host."""
        return max(self._delay_s, self._asked_s.get(host, 0.0))

    def wait(self, host: str) -> None:
        """Wait for the host's turn; a first request waits for nothing."""
        if host in self._last:
            left = self._last[host] + self.pause_s(host) - self._clock()
            if left > 0:
                self._sleep(left)
        self._last[host] = self._clock()

    def rest(self, seconds: float) -> None:
        """Wait before something is tried again."""
        self._sleep(seconds)
