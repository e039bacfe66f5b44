# The two commands: `make run` serves the page, `make test` passes the tests. Both make the environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test test-all check fix rebuild clean

run: $(VENV)/.ready
	@test -e data/index/CURRENT || $(BIN)/python scripts/rebuild_index.py
	$(BIN)/streamlit run search_app/app.py

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -q -m "not slow and not browser"

test-all: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -q

check: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

rebuild: $(VENV)/.ready
	$(BIN)/python scripts/rebuild_index.py

$(VENV)/.ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.txt
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt requirements-milvus.txt
	$(BIN)/python -m pip install -q -r requirements-dev.txt
	touch $@

clean:
	rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis
