# The commands of this repository; CI runs the same ones. Each sets up what it needs first, and only what is missing.
#
#   make demo              the main job: a project from nothing to a served model, on this machine
#   make test              every test; those on LocalStack need Python 3.13, and without it are reported as not run
#   make test-localstack   those on LocalStack alone
#   make check             lint, types and the fast tests
#   make bench             measurements, each a ratio of one run        (writes bench/README.md)
#   make docs              pages from the code: commands, settings, resource types, policies    (writes docs/)
#
# PYTHON=/path/to/python chooses the interpreter; otherwise the first of python3, python3.14 … 3.11 that is new enough.
# PYTHON313=/path/to/python3.13 chooses LocalStack's; otherwise one is looked for on the PATH, at pyenv's and at uv's.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test test-localstack check bench docs

# Where it is set, every start compiles everything again: three times the imports.
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV
export PYTHON

INSTALLED := .venv/.installed
LOCALSTACK := .venv-localstack/requirements.lock
BIN := $(CURDIR)/.venv/bin
# Without what make says to a make below it: a project's own Makefile is run by the tests of the template.
PYTEST := env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

help:
	sed -n '2,12s/^# \{0,1\}//p' Makefile

demo: $(INSTALLED)
	PATH="$(BIN):$$PATH" bash docs/demo.sh build/demo

test: $(INSTALLED) $(LOCALSTACK)
	$(PYTEST)

test-localstack: $(INSTALLED) $(LOCALSTACK)
	$(PYTEST) tests/localstack

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) tests/unit

bench: $(INSTALLED)
	$(BIN)/python bench/run.py

docs: $(INSTALLED)
	$(BIN)/python -m typer mlstead_toolkit.cli.main utils docs --name mlstead --title Commands --output docs/commands.md
	sed -i.old "s/&#x27;/'/g; s/&quot;/\"/g; s/&lt;/</g; s/&gt;/>/g" docs/commands.md && rm docs/commands.md.old
	$(BIN)/python -m mlstead_toolkit.pages docs
	$(BIN)/python tests/unit/jobs/personal/measurement.py docs/personal-data.md

$(LOCALSTACK): tests/localstack/requirements.lock | $(INSTALLED)
	bash .ci/localstack $(BIN)/uv

$(INSTALLED): requirements.lock pyproject.toml
	python=$$(bash .ci/find-python)
	uv=$$(command -v uv || true)
	if [ -z "$$uv" ]; then
	    uv=.uv/bin/uv
	    if ! .uv/bin/uv --version >/dev/null 2>&1; then
	        echo "installing uv into .uv" >&2
	        rm -rf .uv && "$$python" -m venv .uv
	        awk '/^[a-z]/ { ours = /^uv==/ } ours' requirements.lock > .uv/uv.lock
	        .uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .uv/uv.lock
	    fi
	fi
	echo "installing what requirements.lock names into .venv" >&2
	"$$uv" venv --quiet --clear --python "$$python" .venv
	sync() { "$$uv" pip sync --quiet --python .venv/bin/python --require-hashes "$$@" requirements.lock; }
	sync --offline 2>/dev/null || sync
	"$$uv" pip install --quiet --python .venv/bin/python --offline --no-deps --no-build-isolation --editable .
	touch $@
