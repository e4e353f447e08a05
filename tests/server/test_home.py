from __future__ import annotations

import os

import httpx
import platformdirs
import pytest
from copies import copy_library
from web_server import running

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_a_server_leaves_nothing_in_the_home_folder(sample_library, tmp_path, monkeypatch):
    library = copy_library(sample_library, tmp_path / "library")
    home = tmp_path / "home"
    home.mkdir()
    for name in [n for n in os.environ if n.startswith(("XDG_", "HF_", "GRADIO_"))]:
        monkeypatch.delenv(name)
    environment = {
        "HOME": str(home),
        "YIGAI_CACHE": str(platformdirs.user_cache_path("yigai", appauthor=False)),
    }

    with running(library, tmp_path / "started", env=environment) as server:
        page = httpx.get(f"{server.address}/", headers={"Accept": "text/html"})
        answer = httpx.post(f"{server.address}/api/ask", json={"question": "芜湖是怎么化债的?"}, timeout=60)

    assert page.status_code == 200
    assert answer.json()["answered"]
    assert sorted(path.name for path in home.rglob("*")) == []
    assert server.network_log.read_text() == ""
