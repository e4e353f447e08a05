"""What must stay true of the code as a whole, whatever it does."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rag", "ingest", "prompts", "ui", "eval")
FILES = sorted(
    (file.relative_to(ROOT).as_posix(), file)
    for package in PACKAGES
    for file in (ROOT / package).rglob("*.py")
)

HEAVY = {"torch", "transformers", "sentence_transformers", "gradio", "chromadb"}
# Each vendor, and the only places that may import it (a folder ends with a slash).
HOMES = {
    "chromadb": ("rag/library/vectors.py",),
    "rjieba": ("rag/terms.py",),
    "opencc": ("rag/normalise.py", "eval/mutations/script.py"),
    "onnx": ("rag/encoder/",),
    "onnxruntime": ("rag/encoder/",),
    "tokenizers": ("rag/encoder/", "eval/bench_ingest_stock.py"),
    "torch": ("rag/encoder/",),
    "transformers": ("rag/encoder/",),
    "sentence_transformers": ("rag/encoder/",),
    "lxml": ("ingest/page/", "ingest/formats/", "ingest/web/sitemap_file.py", "ui/exporting/"),
    "pypdfium2": (
        "ingest/formats/pdf_child.py",
        "ingest/formats/pdf_glyphs.py",
        "ingest/formats/pdf_rules.py",
    ),
    "pdfplumber": ("ingest/formats/pdf_tables.py",),
    "rapidocr": ("ingest/formats/ocr.py",),
    "docx": ("ui/exporting/word",),
    "pptx": ("ui/exporting/native.py", "ui/exporting/slide"),
    "xlsxwriter": ("ui/exporting/native.py",),
    "protego": ("ingest/web/robots.py",),
    "rensa": ("rag/reposts/signature.py",),
    "watchfiles": ("ui/watching.py",),
    "ir_measures": ("eval/ranking.py",),
    "jinja2": ("eval/views/page.py", "ui/exporting/page.py", "ui/web/view.py"),
    "markupsafe": ("eval/views/page.py", "ui/exporting/page.py", "ui/web/login.py", "ui/web/view.py"),
    "langchain_openai": ("rag/llm/opening.py",),
    "openai": (),
    "httpx": ("rag/llm/", "ingest/web/"),
    "httpcore": ("ingest/web/",),
    "langsmith": ("rag/llm/tracing.py",),
    "opentelemetry": ("rag/llm/spans.py",),
    "yaml": ("ingest/markup.py",),
    "tiktoken": ("rag/tokens.py",),
    "langchain_core": (
        "rag/encoder/",
        "rag/langchain.py",
        "rag/llm/",
        "rag/compose/claims.py",
        "eval/judging/",
        "eval/bench_ingest_stock.py",
    ),
    "langchain": ("rag/langchain.py", "rag/llm/opening.py"),
    "pydantic": (
        "rag/settings.py",
        "rag/briefing/schema.py",
        "rag/langchain.py",
        "rag/llm/opening.py",
        "eval/",
        "ui/web/api.py",
        "ui/web/documents.py",
        "ui/web/openai_form.py",
    ),
    "pydantic_settings": ("rag/settings.py",),
    "filelock": ("rag/library/", "rag/encoder/convert.py", "eval/sample.py"),
    "sqlite3": ("rag/library/", "ui/doctor.py"),
    "typer": ("ui/",),
    "rich": ("ui/", "eval/bench_", "eval/views/"),
    "gradio": (
        "ui/web/app.py",
        "ui/web/brief_tab.py",
        "ui/web/ledger_page.py",
        "ui/web/page.py",
        "ui/web/tools.py",
    ),
    "fastapi": ("ui/web/",),
    "fastapi_offline": ("ui/web/app.py",),
    "starlette": ("ui/web/",),
    "uvicorn": ("ui/web/serve.py",),
    "anyio": ("ui/web/entrance.py", "ui/web/desk.py"),
    "mcp": (),
    "playwright": (),
}
NO_NETWORK = """
import socket
def refuse(kind):
    real = getattr(socket.socket, kind)
    def guarded(self, address, *rest):
        if self.family == getattr(socket, "AF_UNIX", None):
            return real(self, address, *rest)
        raise RuntimeError(f"the network was used: {kind} {address!r}")
    setattr(socket.socket, kind, guarded)
for kind in ("connect", "connect_ex", "sendto"):
    refuse(kind)
def getaddrinfo(*arguments, **options):
    raise RuntimeError(f"the network was used: getaddrinfo {arguments!r}")
socket.getaddrinfo = getaddrinfo
"""


def modules_after(code: str) -> set[str]:
    """Run code in a fresh interpreter and return the top-level modules it has loaded."""
    report = "import json, sys; sys.stdout.flush(); sys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))"
    wrapped = f"try:\n    {code}\nexcept SystemExit:\n    pass\nfinally:\n    {report}"
    environment = {n: v for n, v in os.environ.items() if not n.startswith("YIGAI_")}
    ran = subprocess.run(
        [sys.executable, "-c", wrapped], capture_output=True, encoding="utf-8", env=environment, cwd=ROOT
    )
    return {name.split(".")[0] for name in json.loads(ran.stderr.splitlines()[-1])}


def command(*arguments: object) -> str:
    words = ["yigai", *map(str, arguments)]
    return f"import sys; sys.argv = {words!r}; from ui.cli import main; main()"


def imports_of(file: Path) -> Iterator[str]:
    """Yield the top-level name of everything that is imported at run time, at any depth."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_imports_go_one_way():
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert ran.returncode == 0, ran.stdout
    assert "1 kept, 0 broken" in ran.stdout


@pytest.mark.parametrize(
    "module", ["rag", "rag.build", "rag.types", "ingest", "prompts", "ui.cli", "ui.exporting"]
)
def test_importing_is_light(module):
    loaded = modules_after(f"import {module}")

    assert module.split(".")[0] in loaded
    assert not loaded & (
        HEAVY | {"onnxruntime", "onnx", "numpy", "langchain_core", "lxml", "rjieba", "docx", "pptx"}
    )


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["doctor"], ["library", "list"]])
def test_a_command_that_only_looks_loads_nothing_heavy(arguments, sample_library):
    if "--help" not in arguments:
        arguments = [*arguments, "--library", sample_library]

    loaded = modules_after(command(*arguments))

    assert "ui" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("question", ["芜湖是怎么化债的?", "how did Wuhu reduce debt"])
def test_asking_loads_neither_torch_nor_gradio(sample_library, question):
    loaded = modules_after(command("ask", question, "--library", sample_library))

    assert "onnxruntime" in loaded
    assert not loaded & {"torch", "transformers", "sentence_transformers", "gradio"}


def test_ingesting_loads_neither_torch_nor_gradio(sample_folder, tmp_path):
    loaded = modules_after(
        command("ingest", sample_folder / "wuhu-debt.md", "--library", tmp_path / "library")
    )

    assert "chromadb" in loaded
    assert not loaded & {"torch", "transformers", "sentence_transformers", "gradio"}


def test_ingesting_and_asking_use_no_network(shell, sample_folder, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    environment = {"PYTHONPATH": str(tmp_path)}
    probe = [sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"]
    probed = subprocess.run(probe, capture_output=True, text=True, env={**os.environ, **environment})

    ingested = shell(
        "ingest", sample_folder / "wuhu-debt.md", "--library", tmp_path / "library", env=environment
    )
    asked = shell("ask", "芜湖是怎么化债的?", "--library", tmp_path / "library", env=environment)

    assert "the network was used" in probed.stderr
    assert "the network was used" not in ingested.stderr + asked.stderr
    assert (ingested.returncode, asked.returncode) == (0, 0)
    assert "62.59%" in asked.stdout


@pytest.mark.parametrize(("name", "file"), FILES, ids=[name for name, _ in FILES])
def test_a_vendor_is_imported_only_by_its_adapter(name, file):
    strangers = {
        vendor for vendor in imports_of(file) if vendor in HOMES and not name.startswith(HOMES[vendor])
    }

    assert not strangers


@pytest.mark.parametrize(("name", "file"), FILES, ids=[name for name, _ in FILES])
def test_nothing_prints_past_the_terminal_module(name, file):
    calls = [
        node.func
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]

    assert not any(isinstance(function, ast.Name) and function.id == "print" for function in calls)
