# The two commands: `make run` serves the page, `make test` passes the tests. Both make the environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test test-all check fix rebuild audit clean

run: $(VENV)/.ready
	@test -e data/index/CURRENT || $(BIN)/python scripts/rebuild_index.py
	$(BIN)/streamlit run search_app/app.py

# One process a core; the slow and browser tests measure and wait, so they run by themselves.
test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest -q -n auto -m "not slow and not browser"

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

# Known holes of what the product needs. Asks PyPI, so it needs the network (docs/RELIABILITY.md says why it is no part of the tests).
# --strict: without it a package that could not be asked about counts as sound. torch is not in the lock, its wheel depends on the machine.
AUDIT := $(VENV)-audit
audit:
	test -x $(AUDIT)/bin/pip-audit || { $(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install -q pip-audit==2.10.1; }
	$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r requirements.lock
	grep '^torch==' requirements.txt > $(AUDIT)/torch.txt
	$(AUDIT)/bin/pip-audit --strict --disable-pip --no-deps --progress-spinner off -r $(AUDIT)/torch.txt

$(VENV)/.ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.txt
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.txt requirements-train.txt requirements-milvus.txt
	$(BIN)/python -m pip install -q -r requirements-dev.txt
	touch $@

clean:
	rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis
