from __future__ import annotations

import pytest
from fakes import HashingEncoder


@pytest.fixture
def hashing_encoder() -> HashingEncoder:
    return HashingEncoder()
