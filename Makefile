# `make` lists the targets. Nothing is needed beforehand but Python 3.11 or later, git, make and a package index: each
# target makes the environments that it needs.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Without bytecode every start compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

# A command that only answers with an error, such as a version manager's shim, is not a Python.
usable = $(shell for name in $(1); do if $$name -c 'import ensurepip, venv' >/dev/null 2>&1; then command -v $$name; break; fi; done)
PYTHON ?= $(call usable,python3.14 python3.13 python3.12 python3.11)

STAGE ?= dev
RESOURCE ?= customers
FILE ?=
ACTION ?= merge

# Environments are made again when their requirements change; one that is a link belongs to another worktree.
own = $(if $(shell test -L $(1) && echo link),,$(1)/.stamp)

# Running takes a fifth of what testing takes.
TO_RUN = $(call own,.venv-run) $(call own,.emulator)
TO_TEST = $(call own,.venv) $(call own,.emulator)

# Tests of deployed stacks wait a lot, so that three go side by side on two cores; each takes 4 GB.
STACKS := $(shell awk '/^MemAvailable/ {print ($$2 >= 14000000) ? 3 : 2}' /proc/meminfo 2>/dev/null | grep . || echo 2)

RUN := .venv-run/bin/python
TEST := .venv/bin/python

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(TO_RUN) ## Serve the whole stack on this machine; FILE=… RESOURCE=… ACTION=… imports a file of yours
	@$(RUN) -m local.run $(if $(FILE),--file "$(FILE)" --resource "$(RESOURCE)" --action "$(ACTION)")

.PHONY: test
test: check ## Everything: the gates and all tests, those of the deployed stack included
	$(TEST) -m pytest -n 2 tests/unit tests/contract tests/faults
	-@$(MAKE) generators
	$(TEST) -m pytest -n $(STACKS) --dist loadfile tests/e2e

.PHONY: clients
clients: $(TO_TEST) $(call own,.clients) ## Generate clients in other languages, and import through each; `make test` does, too
	$(TEST) -m pytest tests/e2e/test_generated_clients.py tests/e2e/test_hal_clients.py

SEEDS ?= 10000

.PHONY: faults
faults: $(TO_TEST) ## Every fault case and SEEDS=10000 random schedules; `make test` runs a part of them
	$(TEST) -m pytest -n 2 tests/faults --every-case --seeds $(SEEDS)
	$(TEST) -m pytest -s tests/faults/test_weak_stores.py

SIZE ?= usual
ONLY ?=

.PHONY: bench
bench: $(TO_TEST) $(call own,.venv-run) $(call own,.bench) ## Measure against the usual libraries; SIZE=small|usual|full, ONLY=name; writes docs/performance.md
	@.bench/bin/python -m bench --size $(SIZE) $(if $(ONLY),--only $(ONLY))

FUZZ ?= 200

.PHONY: fuzz
fuzz: $(TO_TEST) ## FUZZ=200 random requests for each operation, hundreds as many damaged files, ten years of schedules, every preview
	FUZZ=$(FUZZ) $(TEST) -m pytest tests/unit/imports/test_previews.py tests/unit/imports/test_retries_of_random_rows.py
	FUZZ=$(FUZZ) $(TEST) -m pytest tests/unit/schedules/test_recurrence_by_the_minute.py
	FUZZ=$(FUZZ) $(TEST) -m pytest -s tests/unit/formats/csv/test_pollution.py
	FUZZ=$(FUZZ) $(TEST) -m pytest tests/unit/formats/workbooks/test_mutated_workbooks.py
	FUZZ=$(FUZZ) $(TEST) -m pytest tests/unit/imports/test_overwrites_of_any_bytes.py
	FUZZ=$(FUZZ) $(TEST) -m pytest tests/unit/imports/test_hostile_sources.py
	FUZZ=$(FUZZ) $(TEST) -m pytest tests/contract/test_document_holds.py tests/e2e/test_schemathesis.py

.PHONY: soak
soak: $(TO_TEST) ## Kill `make run` at thirteen moments, and see that the next start goes on; send 5 GB; deploy during 60,000 rows; preview, import and undo 200,000; `make test` does a part
	SOAK=1 $(TEST) -m pytest -s tests/e2e/test_kills.py
	SOAK=1 $(TEST) -m pytest -s tests/e2e/test_large_uploads.py
	SOAK=1 $(TEST) -m pytest -s tests/e2e/test_deployments.py
	SOAK=1 $(TEST) -m pytest -s tests/e2e/test_large_rounds.py

MUTANTS ?= 1500
SEED ?= 1
OF ?=

.PHONY: mutants
mutants: $(TO_TEST) ## MUTANTS=1500 small changes by SEED=1, each of which tests must notice; OF=path: of those modules
	@$(TEST) -m tests.mutants --mutants $(MUTANTS) --seed $(SEED) --of "$(OF)"

.PHONY: check
check: $(TO_TEST) ## The gates: format, lint, types, import direction, the packaged template
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(TEST) -m local.package local
	.venv/bin/cfn-lint build/local/template.json

.PHONY: package
package: $(TO_RUN) ## Make build/STAGE for AWS, STAGE=dev or prod
	@$(RUN) -m local.package $(STAGE)

STACK ?=
ENDPOINT ?=
YES ?=
DATA ?=
PARAMETERS ?=
there = --stage $(STAGE) $(if $(STACK),--stack $(STACK)) $(if $(ENDPOINT),--endpoint $(ENDPOINT)) $(if $(YES),--yes)

.PHONY: deploy
deploy: $(TO_RUN) ## Deploy STAGE=dev|prod to AWS and test it there; PARAMETERS="Name=value file.json", ENDPOINT=, YES=1
	@$(RUN) -m local.deploying.deploy $(there) $(PARAMETERS)

.PHONY: destroy
destroy: $(TO_RUN) ## Take the stack of STAGE down; DATA=1: with the tables and the bucket that prod keeps
	@$(RUN) -m local.deploying.destroy $(there) $(if $(DATA),--data)

.PHONY: migrate
migrate: $(TO_RUN) ## Bring what older code has stored up to date: says what it would do, DO=--apply does it; DO="--stack NAME" on AWS
	@$(RUN) -m local.migrate $(DO)

.PHONY: admin
admin: $(TO_RUN) ## Tenants, keys, stuck imports, dead letters, usage: DO="tenants list"; DO="--stack NAME …" on AWS; DO=--help tells all
	@$(RUN) -m local.administration.command $(or $(DO),--help)

.PHONY: lock
lock: ## Pin what requirements*.in ask for, with hashes; LOCK=--upgrade takes the newest
	$(PYTHON) -m local.installer
	$(PIN) local/installer-requirements.in -o local/installer-requirements.txt
	$(PIN) local/emulator-requirements.in -o local/emulator-requirements.txt
	$(PIN) requirements.in -o requirements.txt
	$(PIN) requirements-dev.in -o requirements-dev.txt
	$(PIN) local/run-requirements.in -o local/run-requirements.txt
	$(PIN) bench/requirements.in -o bench/requirements.txt
	$(PIN) tests/clients/requirements.in -o tests/clients/requirements.txt
PIN = .uv/bin/uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 $(LOCK)

.PHONY: pages
pages: $(TO_TEST) ## Write the pages of docs/ that are made from the code
	$(TEST) -m local.pages

.PHONY: snapshots
snapshots: $(TO_TEST) ## Record anew what callers see; tests hold the code against tests/contract/snapshots/
	$(TEST) -m tests.snapshots

.PHONY: screens
screens: $(TO_TEST) ## Photograph every screen of the console into docs/screens, on a stack that is deployed for it
	$(TEST) -m tests.e2e.console_screens

.PHONY: clean
clean: ## Remove what was built, the caches, and the records of the local stack
	rm -rf build .sluice .chalice/deployments .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find app.py bench chalicelib local tests -name __pycache__ -prune -exec rm -rf {} +

.PHONY: environments
environments: $(TO_TEST)

.PHONY: generators
generators: $(call own,.clients)

.venv/.stamp: requirements-dev.txt requirements.txt
	$(call make_environment,.venv,requirements-dev.txt)

.venv-run/.stamp: local/run-requirements.txt
	$(call make_environment,.venv-run,local/run-requirements.txt)

# Functions run in this one and are measured in the next: both are of the same Python.
.emulator/.stamp: local/emulator-requirements.txt
	$(call make_environment,.emulator,local/emulator-requirements.txt)

.bench/.stamp: bench/requirements.txt
	$(call make_environment,.bench,bench/requirements.txt)

# Node comes from here, too; npm compares what it fetches with the hashes in package-lock.json.
.clients/.stamp: tests/clients/requirements.txt tests/clients/package-lock.json
	$(call make_environment,.clients,tests/clients/requirements.txt)
	@cp tests/clients/package*.json .clients/
	@PATH="$(CURDIR)/.clients/bin:$$PATH" npm ci --prefix .clients --ignore-scripts --no-audit --no-fund --loglevel error || { rm $@; exit 1; }

define make_environment
@$(if $(PYTHON),,echo "No usable Python from 3.11 on; name one with PYTHON=…" >&2; exit 1)
@$(PYTHON) -m local.environments $(1) $(2)
endef
