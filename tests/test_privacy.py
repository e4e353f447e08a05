from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

ASK = """
from pathlib import Path
from rag.build import build_encoder, build_pipeline, open_library
from rag.settings import load_settings
settings = load_settings(library=Path({library!r}), cache=Path({cache!r}))
encoder = build_encoder(settings)
with open_library(settings.library, encoder, create=True) as library:
    from ingest.run import ingest_paths
    ingest_paths([Path({articles!r})], library=library, encoder=encoder)
    library._search._exact_up_to = 0  # Chroma, too, is to be silent
    build_pipeline(library, encoder, settings).ask("how did Wuhu reduce debt")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_ingesting_and_asking_leaves_nothing_in_the_home_folder(home, tmp_path, sample_folder):
    cache = platformdirs.user_cache_path("yigai", appauthor=False)
    code = ASK.format(
        library=str(tmp_path / "library"), cache=str(cache), articles=str(sample_folder / "wuhu-debt.md")
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")} | {"HOME": str(home)}

    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=300)

    # onnxruntime would leave the id it reports under, and a queue of events, in ~/.cache/Microsoft.
    assert sorted(p.name for p in home.rglob("*")) == []
