# Every command a person needs. `make` alone lists them.

PYTHON ?= python3
COMPILE = .venv/bin/python -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

PROCESSES ?= 2

.DEFAULT_GOAL := help
.PHONY: help run demo test faults check bench messages environment compile-requirements

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 32

run: ## install what is missing, prepare the database, and serve http://127.0.0.1:8080
	@"$(PYTHON)" tools/environment.py requirements.txt
	@exec .venv/bin/python run.py

demo: ## fill an empty database with a shop chain that does not exist (DEMO_ARGS="--postings 200000" for more)
	@"$(PYTHON)" tools/environment.py requirements.txt
	@.venv/bin/flask --app run prepare
	@.venv/bin/flask --app run demo load $(DEMO_ARGS)

test: environment ## run the whole suite on SQLite and PostgreSQL (PYTEST_ARGS="tests/ledger -x" for a part, PROCESSES=0 for one process)
	@.venv/bin/python -m pytest --numprocesses $(PROCESSES) --no-loadscope-reorder $(PYTEST_ARGS)

faults: environment ## kill, cut off and starve what is served, at full size (FAULTS_ARGS="-k storm" for a part)
	@FAULTS=full .venv/bin/python -m pytest tests/faults $(FAULTS_ARGS)

check: environment ## linters, types, import rules, the laws of the source, and that the migrations match the models
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m ruff format --check --quiet .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/python -m pytest -q tests/house/test_verbs.py tests/house/test_plan.py tests/house/test_requirements.py
	@.venv/bin/python -m pytest -q tests/house/test_migrations.py -k "models_say or one_line"

bench: environment ## measure every row of docs/performance.md (BENCH_ARGS="postings pages" for some; sizes there)
	@.venv/bin/python -m bench $(BENCH_ARGS)

messages: environment ## gather new messages into app/translations and compile what is translated there
	@.venv/bin/python tools/messages.py

environment:
	@"$(PYTHON)" tools/environment.py requirements-dev.txt requirements.txt

compile-requirements: environment ## pin requirements*.in again (UPGRADE="--upgrade" for newer versions)
	@$(COMPILE) $(UPGRADE) --output-file requirements.txt requirements.in
	@$(COMPILE) $(UPGRADE) --output-file requirements-dev.txt requirements-dev.in
