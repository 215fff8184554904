# `make help` says what there is. Nothing but git, make and Python 3.11 or newer is needed.
.DEFAULT_GOAL := help
.PHONY: help run test check faults cluster hostile fuzz bench install install-dev

VENV := .venv
BIN := $(VENV)/bin
# The first that is there, works (a pyenv shim may not) and is new enough.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; \
	done)
PIP := $(BIN)/python -m pip install -qq --no-input --disable-pip-version-check
# How many tests run side by side, and what else pytest is told: make test ARGS='-k inbox'. They
# wait for pages and processes as much as they compute: on two cores three take 162 s, two 214.
WORKERS ?= 3
ARGS ?=
# What starts whole products, browsers and servers, or plays the whole table: left out by QUICK=1,
# as is each test that took longer than 0.3 s (tests/support/quick.py).
SLOW := browser flows supervisor servers faults jobs/test_ending.py architecture/test_hostile.py \
	architecture/test_fuzz.py web/test_slow_clients.py simulator notifications/test_model.py

help: ## This list
	@echo 'KaiVox Messaging. Usage: make TARGET'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-12s %s\n", $$1, $$2 }'

run: install ## Start everything, on http://127.0.0.1:8000 (another port: PORT=8010 make run)
	@exec $(BIN)/python -m app.supervisor --under-make

# Each process that has to compile all tests anew takes 2.4 s over it.
test: install-dev ## Run the tests, on servers that they start themselves (QUICK=1: without the slow ones)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) \
		$(if $(QUICK),--quick $(SLOW:%=--ignore=tests/%)) $(ARGS)

check: install-dev ## Format, lint, types, import directions, whether tests load, and models against migrations
	@echo 'ruff' && $(BIN)/ruff format --quiet --check . && $(BIN)/ruff check --quiet .
	@echo 'mypy' && $(BIN)/mypy
	@echo 'import-linter' && $(BIN)/lint-imports
	@echo 'pytest --collect-only' && PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --collect-only -qq >$(VENV)/.collected || { cat $(VENV)/.collected; exit 1; }
	@echo 'flask db check' && $(BIN)/python -m app.servers.throwaway -- $(BIN)/flask --app wsgi db check

faults: install ## Kill everything while messages flow, and check each (KILLS= MESSAGES= SEED= SECONDS=; or RESTARTS=20)
	@$(BIN)/python -m faults$(if $(MUTATIONS),.mutants --control)

cluster: install ## The product on eleven hosts of this machine; what breaks there (as root; KINDS= SEED= SYNC=off POOLER=off)
	@exec $(BIN)/python -m cluster

hostile: install-dev ## Try every route, role and foreign id for what leaks or changes (SECONDS= SAMPLE= SEED=)
	@$(BIN)/python -m hostile

fuzz: install-dev ## 100,000 webhooks of nonsense on every way in: no 5xx, no row of anybody who must not (COUNT= SEED= SECONDS=)
	@$(BIN)/python -m hostile.fuzz

bench: install-dev ## Measure it beside the least that could do the same, into bench/results.json (QUICK=1: the pages alone, in two minutes; GROWTH=1: with ten times the data, and more processes)
	@$(if $(QUICK),QUICK=1) $(if $(GROWTH),GROWTH=1) $(BIN)/python -m bench

install: $(VENV)/.installed ## What `make run` needs, in .venv

install-dev: $(VENV)/.installed-dev ## What `make test` and `make check` need, too

$(VENV)/.installed: requirements.txt
	@$(ENSURE_VENV)
	@echo 'Installing the requirements (about a minute the first time) …'
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt
	@$(ENSURE_VENV)
	@echo 'Installing the requirements for development (half a minute the first time) …'
	@$(PIP) -r requirements-dev.txt
	@touch $(VENV)/.installed $@

# A virtual environment that was left half-made is made anew.
ENSURE_VENV = $(BIN)/python -m pip --version >/dev/null 2>&1 || { $(CHECK_PYTHON); $(PYTHON) -m venv --clear $(VENV); }
CHECK_PYTHON = test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is missing. Install it, or name it: make run PYTHON=/path/to/python3' >&2; exit 1; }; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '$(PYTHON) is no Python 3.11 or newer' >&2; exit 1; }; \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo '$(PYTHON) cannot make virtual environments: apt install python3-venv' >&2; exit 1; }
