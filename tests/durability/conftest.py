from __future__ import annotations

import pytest
from killed_ingest import KillServer


@pytest.fixture(scope="module")
def server():
    """A process that ingests and examines libraries, and is killed on the way."""
    server = KillServer()
    yield server
    server.close()
