"""Chance that can be repeated: the gate always draws the same, `make soak` draws anew and says what it drew."""

from __future__ import annotations

import os
import random
import sys

SETTING = "TEST_SEED"


def seed() -> int:
    """Return the seed of this test, and print it: `TEST_SEED=any` draws one, `TEST_SEED=123` is that one."""
    said = os.environ.get(SETTING, "1")
    drawn = random.randrange(10**6) if said == "any" else int(said)
    sys.stdout.write(f"{SETTING}={drawn}\n")
    return drawn


def seeded() -> random.Random:
    """Return a source of chance that starts from `seed()`."""
    return random.Random(seed())
