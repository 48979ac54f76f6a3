# make demo, make test, make check, make wheel, make clean: each works by itself on a machine with python3 (3.11 to 3.13), make and gcc.
# PYTHON chooses the interpreter: make test PYTHON=python3.12 VENV=/tmp/venv312

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= auto
PYTEST_ARGS ?=
LINT_PATHS := src tests $(wildcard examples benchmarks scripts)

# durable-rules is built from source; on Python 3.13 it names a function that is gone
DURABLE_FLAGS = $(shell $(BIN)/python -c 'import sys; print("-DPyEval_CallObject=PyObject_CallObject" if sys.version_info >= (3, 13) else "")')
PIP_INSTALL = CPPFLAGS="$$CPPFLAGS $(DURABLE_FLAGS)" PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet

.PHONY: demo test check docs-check wheel clean help
.DEFAULT_GOAL := help

help:
	@echo "make demo    set up, and decide a file of Jinhua applications"
	@echo "make test    set up, and run the tests"
	@echo "make check   set up, and run the linters, the type checker, the layer contracts and the checks of packs and docs"
	@echo "make wheel   build the wheel into dist/"
	@echo "make bench   set up an environment with other engines, and measure against them; several minutes"
	@echo "make clean   remove the environment, caches and builds"

# --- the environment ------------------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
	  echo "dte-rules needs Python 3.11 to 3.13, but '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' can't create virtual environments: its venv or ensurepip module is missing." >&2; \
	  echo "On Debian and Ubuntu: apt-get install python3-venv. Or name another interpreter: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The stamps depend on the project's settings alone, so that nothing is installed twice.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@command -v $${CC:-gcc} >/dev/null || { echo "a C compiler is needed for durable-rules: apt-get install gcc" >&2; exit 1; }
	$(PIP_INSTALL) -e '.[analysis,durable,testing]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/.installed
	@$(BIN)/python -m pip --version | awk '{ split($$2, v, "."); exit !(v[1] < 25 || (v[1] == 25 && v[2] < 1)) }' \
	  && $(PIP_INSTALL) 'pip>=25.1' || true  # dependency groups
	$(PIP_INSTALL) --group dev
	@touch $@

# --- targets --------------------------------------------------------------------------------------------------------

demo: $(VENV)/.installed
	@$(BIN)/dte decide examples/jinhua-applications.yaml $(if $(DTE_LANG),--lang $(DTE_LANG))

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

check: $(VENV)/.installed-dev
	$(BIN)/ruff check $(LINT_PATHS)
	$(BIN)/ruff format --check $(LINT_PATHS)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/dte check
	@$(MAKE) --no-print-directory docs-check

# the generated reference and the schemas are what the code gives now
docs-check: $(VENV)/.installed-dev
	@made=$$(mktemp -d) && trap 'rm -rf "$$made"' EXIT && \
	$(BIN)/dte docs "$$made/reference" >/dev/null && diff -r "$$made/reference" docs/reference >/dev/null || { \
	  echo "docs/reference is not up to date; run: $(BIN)/dte docs" >&2; exit 1; }
	@for what in pack calendar cases properties; do \
	  $(BIN)/dte schema $$what | diff -q - schemas/$$what.schema.json >/dev/null || { \
	    echo "schemas/$$what.schema.json is not up to date; run: $(BIN)/dte schema $$what -o schemas/$$what.schema.json" >&2; exit 1; }; \
	done

wheel: $(VENV)/.installed
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@ls dist/*.whl

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- measurements: an environment of their own, with the engines compared -------------------------------------------

BENCH_VENV ?= .venv-bench
BENCH_BIN := $(BENCH_VENV)/bin
BENCH_ARGS ?=

.PHONY: bench

$(BENCH_VENV)/.installed: pyproject.toml benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	PIP_DISABLE_PIP_VERSION_CHECK=1 $(BENCH_BIN)/python -m pip install --quiet -e .
	@grep -v '^#' benchmarks/requirements.txt | while read -r wanted; do \
	  PIP_DISABLE_PIP_VERSION_CHECK=1 $(BENCH_BIN)/python -m pip install --quiet "$$wanted" || echo "$$wanted can't be installed here; it is left out" >&2; \
	done
	@touch $@

bench: $(BENCH_VENV)/.installed
	$(BENCH_BIN)/python -m benchmarks.run $(BENCH_ARGS)
	$(BENCH_BIN)/python -m benchmarks.scale
