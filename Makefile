# Two commands do everything on a fresh machine: `make run` and `make test`.
# Both first build .venv from requirements.lock (names, versions, hashes) with python3.11 and pip alone:
# pip brings the locked uv, which installs the rest side by side; where uv does not reach the registry, pip does it.
SHELL := /bin/sh
PY ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1
DROP ?=

.PHONY: help setup run test check proof faults up bench docs pictures lock clean
help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# Both keep a cache of downloads, so an interrupted set-up goes on where it stopped.
$(STAMP): requirements.lock pyproject.toml
	@"$(PY)" -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "acpgvc needs Python 3.11, found " + sys.version.split()[0] + ": install it or run make PY=/path/to/python3.11")'
	@echo "set-up 1/3: virtual environment in $(VENV)"
	@test -x $(BIN)/python || "$(PY)" -m venv $(VENV)
	@echo "set-up 2/3: installing $$(grep -c '==' requirements.lock) pinned packages (about a minute, once)"
	@awk '/^[a-z]/ {keep = /^uv==/} keep' requirements.lock > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --progress-bar off --no-deps --require-hashes -r $(VENV)/uv.txt
	@UV_SYSTEM_CERTS=1 $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install --quiet --progress-bar off --no-deps --require-hashes -r requirements.lock
	@echo "set-up 3/3: acpgvc itself"
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

setup: $(STAMP)  ## build .venv from the lock (the other commands do it when needed)

run: $(STAMP)  ## the main job: on the built-in sample, or on official downloads with DROP=folder
	@$(BIN)/acpgvc run $(if $(DROP),--drop "$(DROP)",--profile sample)

test: $(STAMP)  ## all tests but the long proofs
	@$(BIN)/python -m pytest

proof: $(STAMP)  ## long proofs: kills, damage, second run, one changed year, one line each; every year of the real tables; Dagster events as of dbt's command line
	@$(BIN)/python -m tests.proof $(ARGS)
	@test -n "$(ARGS)" || $(BIN)/python -m pytest -m proof tests/unit

faults: $(STAMP)  ## every fault that publishers are known for, played on every live source over real sockets; ARGS=backfill: a long fetch, killed and resumed
	@$(BIN)/python -m tests.faults $(ARGS)

check: $(STAMP)  ## linters: ruff, types, SQL
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/ty check && $(BIN)/sqlfluff lint dbt_project/models dbt_project/tests --processes 2 --disable-progress-bar

up: $(STAMP)  ## web interface of the orchestrator on http://127.0.0.1:3000
	@$(BIN)/acpgvc up

docs: $(STAMP)  ## one offline page with every model, column and test (dbt docs)
	@$(BIN)/acpgvc docs

pictures: $(STAMP)  ## draw the pictures of the docs anew from the sample release (after `make run`)
	@$(BIN)/python docs/pictures/make_pictures.py

bench: $(STAMP)  ## benchmarks: ratios to a floor or a peer measured in the same run; one of them: make bench-icio, bench-trade, bench-ingest, bench-rebuild
	@for b in benchmarks/bench_*.py; do $(BIN)/python $$b; done

bench-%: $(STAMP)
	@$(BIN)/python benchmarks/bench_$*.py

lock:  ## write requirements.lock anew after a change of pyproject.toml
	UV_SYSTEM_CERTS=1 $(BIN)/uv pip compile pyproject.toml --all-extras --generate-hashes --no-emit-index-url --no-header -p 3.11 -o requirements.lock

clean:  ## remove the environment; data and releases stay
	rm -rf $(VENV) dbt_project/target
