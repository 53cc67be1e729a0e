# connect: `make help` lists what can be done. Everything is set up on first use, inside this folder.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
WEB_PROCESSES ?= 2
HOST ?= 0.0.0.0
PORT ?= 5001
# An interpreter of 3.12 that is installed is found; none is downloaded.
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.installed: requirements-dev.lock .python-version
	@uv=$$(command -v uv || true); \
	if [ -z "$$uv" ]; then \
	  [ -x .uv/bin/uv ] || { echo "Installing uv into .uv/"; \
	    python3 -m venv .uv && .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"; } || exit 1; \
	  uv=.uv/bin/uv; \
	fi; \
	echo "Installing the pinned packages into .venv/"; \
	{ [ -x $(PY) ] || "$$uv" venv --quiet .venv; } && \
	"$$uv" pip sync --quiet --compile-bytecode --require-hashes --python $(PY) requirements-dev.lock
	@touch $@

.PHONY: dev-install
dev-install: .venv/.installed ## set up the environment in .venv

.PHONY: demo
demo: .venv/.installed ## try connect in a browser, without any account (ONCE=1: play it in the terminal and end)
	@$(PY) app.py demo $(if $(ONCE),--once)

.PHONY: run
run: .venv/.installed ## run the service with the settings of .env
	@$(PY) app.py

.PHONY: run-dev
run-dev: .venv/.installed ## run it with debug logs
	@CONNECT_DEBUG=true $(PY) app.py

.PHONY: run-prod
run-prod: .venv/.installed ## run it under gunicorn: WEB_PROCESSES, HOST, PORT
	@$(PY) app.py db upgrade
	@exec .venv/bin/gunicorn "app:wsgi()" --worker-class gthread --workers $(WEB_PROCESSES) --threads 16 \
	  --bind $(HOST):$(PORT) --graceful-timeout 25 --no-control-socket

.PHONY: worker
worker: .venv/.installed ## run worker threads alone, beside `serve --no-workers`
	@$(PY) app.py worker

.PHONY: db-init
db-init: .venv/.installed ## bring the database up to date
	@$(PY) app.py db upgrade

.PHONY: db-reset
db-reset: .venv/.installed ## empty the database: everything in it is lost
	@$(PY) app.py db reset

.PHONY: test
test: .venv/.installed ## all tests
	@$(PY) -m pytest -q -n auto

.PHONY: test-fast
test-fast: .venv/.installed ## the tests that need no database server
	@$(PY) -m pytest -q -n auto -k "not mysql"

.PHONY: chaos
chaos: .venv/.installed ## break it on purpose and count what is lost or doubled: ONLY=storm, DATABASE=mysql, SEED=7, SHORT=1
	@$(PY) -m chaos

.PHONY: bench
bench: .venv/.installed ## measure it beside plain apps, as ratios: ONLY="accept slack" (or start, servers, commands, slow, queue, claims)
	@$(PY) -m benchmarks $(ONLY)

.PHONY: screenshots
screenshots: .venv/.installed ## play the journeys in Chromium: a picture of each step in screenshots/, README's in docs/pictures/
	@$(PY) -m tests.page.screenshots

.PHONY: lint-fix
lint-fix: .venv/.installed ## format, and mend what can be mended
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

.PHONY: type-check
type-check: .venv/.installed ## pyright
	@.venv/bin/pyright

.PHONY: check-all
check-all: .venv/.installed ## what CI runs: format, lint, types, import contracts, all tests
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/pyright
	.venv/bin/lint-imports
	$(PY) -m pytest -q -n auto

.PHONY: coverage
coverage: .venv/.installed ## all tests, and the lines that none of them reaches
	@$(PY) -m coverage erase
	@$(PY) -m pytest -q -n auto --cov --cov-report=term

.PHONY: docker-build
docker-build: ## build the image `connect`
	docker build --tag connect .

.PHONY: docker-run
docker-run: ## run the image with the settings of .env, its data in the volume `connect-data`
	docker run --rm --publish $(PORT):5001 --env-file .env --volume connect-data:/data connect

.PHONY: clean
clean: ## remove what was built or installed here (not the database)
	rm -rf .venv .uv .pytest_cache .ruff_cache .import_linter_cache .hypothesis screenshots htmlcov .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
