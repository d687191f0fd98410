# `make` lists the targets. Nothing is needed beforehand but Python 3.11 or later, git, make and a package index.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# A command that only answers with an error, such as a version manager's shim, is not a Python.
usable = $(shell for name in $(1); do if $$name -c 'import ensurepip, venv' >/dev/null 2>&1; then command -v $$name; break; fi; done)
PYTHON ?= $(call usable,python3.14 python3.13 python3.12 python3.11)
AWS_PYTHON ?= $(call usable,python3.13)

STAGE ?= dev
RESOURCE ?= customers
FILE ?=
ACTION ?= merge

# Environments are made again when their requirements change; one that is a link belongs to another worktree.
own = $(if $(shell test -L $(1) && echo link),,$(1)/.stamp)

RUN := .venv/bin/python

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: environments ## Serve the whole stack on this machine; FILE=… RESOURCE=… ACTION=… imports a file of yours
	@$(RUN) -m local.run $(if $(FILE),--file "$(FILE)" --resource "$(RESOURCE)" --action "$(ACTION)")

.PHONY: test
test: check ## Everything: the gates and all tests, those of the deployed stack included
	$(RUN) -m pytest -n 2 tests/unit tests/contract tests/faults
	$(RUN) -m pytest tests/e2e

SEEDS ?= 10000

.PHONY: faults
faults: environments ## Every fault case and SEEDS=10000 random schedules; `make test` runs a part of them
	$(RUN) -m pytest -n 2 tests/faults --every-case --seeds $(SEEDS)
	$(RUN) -m pytest -s tests/faults/test_weak_stores.py

SIZE ?= usual
ONLY ?=

.PHONY: bench
bench: environments $(call own,.bench) ## Measure against the usual libraries; SIZE=small|usual|full, ONLY=name; writes docs/performance.md
	@.bench/bin/python -m bench --size $(SIZE) $(if $(ONLY),--only $(ONLY))

FUZZ ?= 200

.PHONY: fuzz
fuzz: environments ## FUZZ=200 random requests for each operation, hundreds as many damaged files, ten years of schedules
	FUZZ=$(FUZZ) $(RUN) -m pytest tests/unit/schedules/test_recurrence_by_the_minute.py
	FUZZ=$(FUZZ) $(RUN) -m pytest -s tests/unit/formats/csv/test_pollution.py
	FUZZ=$(FUZZ) $(RUN) -m pytest tests/unit/formats/workbooks/test_mutated_workbooks.py
	FUZZ=$(FUZZ) $(RUN) -m pytest tests/unit/imports/test_overwrites_of_any_bytes.py
	FUZZ=$(FUZZ) $(RUN) -m pytest tests/unit/imports/test_hostile_sources.py
	FUZZ=$(FUZZ) $(RUN) -m pytest tests/contract/test_document_holds.py tests/e2e/test_schemathesis.py

.PHONY: soak
soak: environments ## Kill `make run` at thirteen moments, and see that the next start goes on; `make test` does two of them
	SOAK=1 $(RUN) -m pytest -s tests/e2e/test_kills.py

MUTANTS ?= 1500
SEED ?= 1
OF ?=

.PHONY: mutants
mutants: environments ## MUTANTS=1500 small changes by SEED=1, each of which tests must notice; OF=path: of those modules
	@$(RUN) -m tests.mutants --mutants $(MUTANTS) --seed $(SEED) --of "$(OF)"

.PHONY: check
check: environments ## The gates: format, lint, types, import direction, the packaged template
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(RUN) -m local.package local
	.venv/bin/cfn-lint build/local/template.json

.PHONY: package
package: .venv-aws/.stamp ## Make build/STAGE for AWS, STAGE=dev or prod; needs Python 3.13
	.venv-aws/bin/python -m local.package $(STAGE)

.PHONY: keys
keys: environments ## Create, list, revoke, rotate API keys: DO="create --tenant UUID --kind sk_live"; DO=--help tells all
	@$(RUN) -m local.keys $(or $(DO),--help)

.PHONY: redrive
redrive: environments ## Send events again that failed to the last try: DO=--dry-run shows them; DO="--stack NAME" on AWS
	@$(RUN) -m local.redrive $(DO)

.PHONY: lock
lock: build/uv/.stamp ## Pin what requirements*.in ask for, with hashes; LOCK=--upgrade takes the newest
	build/uv/bin/uv $(PIN) local/emulator-requirements.in -o local/emulator-requirements.txt
	build/uv/bin/uv $(PIN) requirements.in -o requirements.txt
	build/uv/bin/uv $(PIN) requirements-dev.in -o requirements-dev.txt
	build/uv/bin/uv $(PIN) bench/requirements.in -o bench/requirements.txt
PIN = pip compile --quiet --no-header --generate-hashes --python-version 3.11 $(LOCK)

.PHONY: pages
pages: environments ## Write the pages of docs/ that are made from the code
	$(RUN) -m local.pages

.PHONY: snapshots
snapshots: environments ## Record anew what callers see; tests hold the code against tests/contract/snapshots/
	$(RUN) -m tests.snapshots

.PHONY: clean
clean: ## Remove what was built, the caches, and the records of the local stack
	rm -rf build .sluice .chalice/deployments .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find app.py bench chalicelib local tests -name __pycache__ -prune -exec rm -rf {} +


.PHONY: environments
environments: $(call own,.venv) $(call own,.emulator)

.venv/.stamp: requirements-dev.txt requirements.txt
	@$(if $(PYTHON),,echo "No usable Python from 3.11 on; name one with PYTHON=…" >&2; exit 1)
	$(call make_environment,.venv,$(PYTHON),requirements-dev.txt)

# These are of the Python that the bundle is made for: the functions run in one, their start is measured in the other.
.bench/.stamp: bench/requirements.txt $(call own,.venv)
	$(call make_environment,.bench,.venv/bin/python,bench/requirements.txt)

.emulator/.stamp: local/emulator-requirements.txt $(call own,.venv)
	$(call make_environment,.emulator,.venv/bin/python,local/emulator-requirements.txt)

.venv-aws/.stamp: requirements-dev.txt requirements.txt
	@$(if $(AWS_PYTHON),,echo "AWS runs Python 3.13 and none is usable here; name one with AWS_PYTHON=…" >&2; exit 1)
	$(call make_environment,.venv-aws,$(AWS_PYTHON),requirements-dev.txt)

build/uv/.stamp:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet uv
	@touch $@

define make_environment
@echo "making $(1) with $$($(2) --version)"
@rm -rf $(1)
@$(2) -m venv $(1)
@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(3)
@touch $(1)/.stamp
endef
