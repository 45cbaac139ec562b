# remixgraph: every task of the project. `make` alone lists them.
#
# A fresh clone needs Python 3.11 or newer and make, nothing else: the environment lives in .venv
# and holds exactly what requirements/*.txt lock. `make PYTHON=/some/python3 app` picks the Python.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
UV := .venv/bin/uv
TESTS := $(PY) -m pytest --numprocesses auto --dist worksteal --durations 20 --cov --cov-report term
SCRIPTS := $(wildcard benchmarks/*.py docs/*.py snapshots/*.py)

.PHONY: help app test test-deep check bench docs snapshot lock chromium clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

app: .venv/.app-installed ## open the app, on the demo snapshot if there is no graph yet
	.venv/bin/remixgraph app

test: check chromium ## run every check and every test, with coverage; laws and real data sampled
	$(TESTS)

test-deep: check chromium ## the same with everything: many examples, all recorded data (an hour)
	REMIXGRAPH_TESTS=deep $(TESTS)

check: .venv/.dev-installed ## run the static checks: lint, format, layers, types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports --no-logo
	$(PY) -m mypy graph ingest ui tests $(SCRIPTS)

bench: .venv/.dev-installed ## measure speed and memory on a made graph
	$(PY) benchmarks/run.py

docs: .venv/.dev-installed chromium ## write anew what is generated in docs, and the README's picture
	@set -e; for script in docs/*.py; do echo "$(PY) $$script"; $(PY) "$$script"; done

snapshot: .venv/.dev-installed ## build the demo snapshot anew
	$(PY) snapshots/build.py

# The lock files hold for every supported Python and system, and name no place to install from.
LOCK := $(UV) pip compile --quiet --system-certs --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	$(if $(UPGRADE),--upgrade)

lock: .venv/.dev-installed ## write the lock files anew (UPGRADE=1 takes the newest versions)
	$(LOCK) --group pyproject.toml:installer --output-file requirements/installer.txt
	$(LOCK) pyproject.toml --group build --output-file requirements/app.txt
	$(LOCK) pyproject.toml --group dev --constraints requirements/app.txt \
		--output-file requirements/dev.txt
	echo olah==0.5.4 | $(LOCK) - --output-file requirements/olah.txt

chromium: ## see that there is a Chromium for the browser tests (installs Debian's where it may)
	@if command -v chromium || command -v chromium-browser || command -v google-chrome; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get; then \
		apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; \
	else false; fi >/dev/null </dev/null || \
	echo "WARNING: no Chromium: the browser tests will be skipped (and fail where CI=true)." \
		"Install Debian's chromium package to run them." >&2

clean: ## remove the environment, the caches and what was built
	rm -rf .venv build dist *.egg-info .coverage* .hypothesis .import_linter_cache
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find graph ingest ui tests benchmarks docs snapshots -name __pycache__ -prune \
		-exec rm -rf {} + 2>/dev/null || true

# --- the environment: a stamp file for each of its two states --------------------------------------

.venv/.app-installed: $(PY) pyproject.toml requirements/app.txt requirements/installer.txt
	$(call install,requirements/app.txt)
	@touch $@

.venv/.dev-installed: $(PY) pyproject.toml requirements/dev.txt requirements/installer.txt
	$(call install,requirements/dev.txt)
	@touch $@ .venv/.app-installed

# uv does in seconds what pip does in most of a minute; where uv cannot be had, pip does it.
define install
@echo "Installing $(1) into .venv (once; some 150 MB) ..."
@$(PIP) install --quiet --require-hashes --no-deps --only-binary :all: -r requirements/installer.txt \
	&& $(UV) pip install --quiet --system-certs --python $(PY) --require-hashes --no-deps -r $(1) \
	|| { echo "uv could not; pip takes over." >&2; \
	$(PIP) install --quiet --require-hashes --no-deps -r $(1); }
@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
endef

# The first Python that is new enough and can make environments; a clear line if there is none.
$(PY):
	@old=; bare=; \
	for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
		command -v "$$python" >/dev/null 2>&1 || continue; \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			|| { old="$$old $$python"; continue; }; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || { bare="$$python"; continue; }; \
		exec "$$python" -m venv --clear .venv; \
	done; \
	if [ -n "$$bare" ]; then \
		echo "error: $$bare cannot make environments (no ensurepip): install its venv package" \
			"(Debian: apt-get install python3-venv), then run make again." >&2; \
	else \
		echo "error: remixgraph needs Python 3.11 or newer and found none$${old:+ (too old:$$old)}:" \
			"install one, or name it with make PYTHON=/its/path." >&2; \
	fi; \
	exit 1
