# Two commands: `make run` (install, run the main job on the sample) and `make test` (install, run every test).
# Only Python 3.11+, git and make are needed; nothing but PyPI is reached.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help run test lint types format lock readme sample clean
.DEFAULT_GOAL := help

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.installed-run ## Install, run the main job on the sample, print the contradictions per outlet
	$(BIN)/counterclaim run

test: $(VENV)/.installed-test ## Install, run every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.installed-test ## Lint and check the format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test ## Check the types
	$(BIN)/mypy

format: $(VENV)/.installed-test ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

sample: $(VENV)/.installed-test ## Render the sample's pages and gold from data/sample/source
	$(BIN)/python data/sample/build_sample.py

readme: $(VENV)/.installed-test ## Write the README's examples anew from a run on the sample
	rm -rf build/readme && $(BIN)/counterclaim run --home build/readme && $(BIN)/python -m tests.readme build/readme

# Not from .installed-test: a dependency added to pyproject.toml is not in the locks yet.
lock: | $(VENV)/bin/python ## Resolve the dependencies anew and write the lock files
	@test -x $(BIN)/uv || $(PIP) install "uv>=0.9,<1"
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --group build -o requirements.lock
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --group build --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Delete the environment and everything that runs wrote to data/
	rm -rf $(VENV) data/pages data/warehouse data/published data/logs
	find data/dagster_home -mindepth 1 ! -name dagster.yaml -delete

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet pyproject.toml

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The locks are complete, so nothing is left to resolve (older pips cannot resolve extras beside hashes); `pip check` says so.
# The development lock holds the same versions as the run-time one, and more: either satisfies the other's target.
$(VENV)/.installed-run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --no-deps --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	$(PIP) check
	@touch $@

$(VENV)/.installed-test: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	$(PIP) check
	@touch $@ $(VENV)/.installed-run
