"""Who is in, who may come in, and who has tried too often. Kept in memory, for one event loop."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import math
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import anyio
import anyio.to_thread

from rag.errors import YigaiError
from ui.web.credentials import Credentials, new_token
from ui.web.places import network_of

if TYPE_CHECKING:
    from ui.web.accounts import Accounts

Clock = Callable[[], float]

SESSION_S = 12 * 3600
MOST_SESSIONS = 10_000
REMEMBERED_S = 300
MOST_REMEMBERED = 1000
MOST_FAILURES, FAILURES_WITHIN_S = 5, 60
MOST_COUNTED = 10_000
_HASHES_AT_ONCE = 2


class TooManyAttemptsError(YigaiError):
    """A name or an address has failed too often; the right password would not help now."""

    templates: ClassVar = {
        "en": "Too many attempts have failed. Try again in {wait_s} seconds.",
        "zh": "失败次数过多，请在 {wait_s} 秒后再试。",
    }

    def __init__(self, *, wait_s: int) -> None:
        super().__init__(wait_s=wait_s)
        self.wait_s = wait_s


class Sessions:
    """Those who have logged in. Of a token only its hash is kept; whoever reads the memory cannot use it."""

    def __init__(self, *, clock: Clock = time.monotonic, most: int = MOST_SESSIONS) -> None:
        self._clock, self._most = clock, most
        # The longest unused first: each use moves a session to the end, so this is the order in which they expire.
        self._by_digest: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_digest)

    def open(self, name: str) -> str:
        """Return the token of a new session; beyond the most there may be, the longest unused one ends."""
        self._end_expired()
        while len(self._by_digest) >= self._most:
            self._by_digest.popitem(last=False)
        token = new_token()
        self._by_digest[_digest(token)] = (name, self._clock() + SESSION_S)
        return token

    def name_of(self, token: str) -> str | None:
        """Return whose session it is, and prolong it; None where there is none (any more)."""
        self._end_expired()
        digest = _digest(token)
        if digest not in self._by_digest:
            return None
        name, _ = self._by_digest.pop(digest)
        self._by_digest[digest] = (name, self._clock() + SESSION_S)
        return name

    def close(self, token: str) -> None:
        """End a session, if there is one."""
        self._by_digest.pop(_digest(token), None)

    def _end_expired(self) -> None:
        now = self._clock()
        while self._by_digest and next(iter(self._by_digest.values()))[1] <= now:
            self._by_digest.popitem(last=False)


class Throttle:
    """Counts failures by name and by address; the counts that were added to longest ago are given up first."""

    def __init__(self, *, clock: Clock = time.monotonic, most: int = MOST_COUNTED) -> None:
        self._clock, self._most = clock, most
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._failures)

    def require_patience(self, *keys: str) -> None:
        """Turn away who has failed too often.

        Raises:
            TooManyAttemptsError: With the seconds to wait.
        """
        wait_s = max(self._wait_s(key) for key in keys)
        if wait_s > 0:
            raise TooManyAttemptsError(wait_s=math.ceil(wait_s))

    def count(self, *keys: str) -> None:
        """Count an attempt as failed. Done before it is checked, so that many at once are no way around."""
        for key in keys:
            failures = self._failures.pop(key, None) or deque[float](maxlen=MOST_FAILURES)
            failures.append(self._clock())
            self._failures[key] = failures
        while len(self._failures) > self._most:
            self._failures.popitem(last=False)

    def uncount(self, *keys: str) -> None:
        """Take back an attempt that turned out right."""
        for key in keys:
            failures = self._failures.get(key)
            if failures:
                failures.pop()
            if not failures:
                self._failures.pop(key, None)

    def _wait_s(self, key: str) -> float:
        failures = self._failures.get(key)
        if failures is None or len(failures) < MOST_FAILURES:
            return 0.0
        return failures[0] + FAILURES_WITHIN_S - self._clock()


class Entrance:
    """Checks passwords, few at a time, and remembers for a while which were right."""

    def __init__(self, accounts: Accounts, *, clock: Clock = time.monotonic) -> None:
        self.sessions = Sessions(clock=clock)
        self._accounts, self._clock = accounts, clock
        self._throttle = Throttle(clock=clock)
        self._key = secrets.token_bytes(32)
        self._right_until: OrderedDict[bytes, float] = OrderedDict()
        self._checks: dict[bytes, asyncio.Task[bool]] = {}
        self._hashing = anyio.CapacityLimiter(_HASHES_AT_ONCE)

    async def check(self, credentials: Credentials, address: str) -> bool:
        """Say whether the password is the account's. Equal requests at the same time share one check.

        Raises:
            TooManyAttemptsError: The name or the address has failed too often; nothing was checked.
        """
        digest = self._keyed_digest(credentials)
        if self._right_until.get(digest, -math.inf) > self._clock():
            return True
        if digest not in self._checks:
            keys = (f"name {credentials.name}", f"address {network_of(address)}")
            self._throttle.require_patience(*keys)
            self._throttle.count(*keys)
            self._checks[digest] = asyncio.create_task(self._check(credentials, digest, keys))
        # Shielded: who goes away must not take the answer from those who wait for the same.
        return await asyncio.shield(self._checks[digest])

    async def _check(self, credentials: Credentials, digest: bytes, keys: tuple[str, ...]) -> bool:
        try:
            is_right = await anyio.to_thread.run_sync(
                self._accounts.check, credentials.name, credentials.password, limiter=self._hashing
            )
            if is_right:
                self._throttle.uncount(*keys)
                self._remember(digest)
            return is_right
        finally:
            del self._checks[digest]

    def _remember(self, digest: bytes) -> None:
        self._right_until[digest] = self._clock() + REMEMBERED_S
        self._right_until.move_to_end(digest)
        while len(self._right_until) > MOST_REMEMBERED:
            self._right_until.popitem(last=False)

    def _keyed_digest(self, credentials: Credentials) -> bytes:
        claimed = f"{credentials.name}\0{credentials.password}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, claimed, "sha256")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("ascii")).digest()
