# `make demo` shows what iamlint does; `make test` checks everything. Both set up .venv themselves.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check unit coverage nightly fuzz docs clean

demo: .venv/ready
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/demo.sh

test: check unit

check: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

unit: .venv/ready
	$(BIN)/python -m compileall -q iamlint pytest_iam
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

coverage: .venv/ready
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist worksteal -q
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

nightly: .venv/ready
	IAMLINT_EXAMPLES=10000 $(BIN)/python -m pytest -n 2 --dist worksteal -q

fuzz: .venv/ready
	$(BIN)/python -m tests.fuzz

docs: .venv/ready
	$(BIN)/python -m scripts.rule_table
	$(BIN)/python -m scripts.evaluation_docs
	$(BIN)/python -m scripts.failure_docs
	$(BIN)/python -m scripts.fix_docs
	$(BIN)/python -m scripts.format_docs
	$(BIN)/python -m scripts.rule_docs
	$(BIN)/python -m scripts.hygiene_docs
	$(BIN)/python -m scripts.command_docs
	$(BIN)/python -m scripts.config_docs
	$(BIN)/python -m scripts.json_docs
	$(BIN)/python -m scripts.diff_docs
	$(BIN)/python -m scripts.graph_docs
	$(BIN)/python -m scripts.comparison_docs
	$(BIN)/python -m scripts.pictures
	$(BIN)/python -m scripts.site

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q iamlint pytest_iam
	touch $@

clean:
	rm -rf .venv .fuzz .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
