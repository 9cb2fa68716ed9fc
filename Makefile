# Everything a developer types. On a fresh machine: Python 3.11 or newer, make, and nothing else.
#
#   make demo     set up, then hear and see the main job in a minute
#   make test     set up, then everything that must hold
#
PYTHON ?= python3
VENV   := .venv
BIN    := $(if $(filter Windows_NT,$(OS)),$(VENV)/Scripts,$(VENV)/bin)
STAMP  := $(VENV)/.installed
WARM   := $(VENV)/.warm
MODELS := $(VENV)/.models
# An interpreter that is not this project's, for models that bring their own: numpy and nothing else.
OTHER  := build/other-python
PY     := $(BIN)/python
CODE   := middleware tests benchmarks listening .ci
SOUNDS := $(shell find middleware/roomtone/dsp middleware/roomtone/synths middleware/roomtone/texture middleware/roomtone/layers -name "*.py")

.DEFAULT_GOAL := help
.PHONY: help setup models warm demo bake test engines check format lint types contract bench sound-report schema clean

help:  ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

setup: $(STAMP) $(WARM)  ## make .venv, install the pinned dependencies, compile the kernels

models: $(MODELS)  ## install what neural models and clusters need as well: PyTorch, diffusers, audiocraft, Ray

demo: $(STAMP) $(WARM)  ## walk from a rainy street into a café and a forest: demo/walk.wav, demo/walk.png
	$(BIN)/roomtone demo --out demo

bake: $(STAMP) $(WARM)  ## bake the example scenes into baked/, and open the report
	$(BIN)/roomtone bake scenes -o baked --open

test: $(STAMP) $(MODELS) $(OTHER)/.installed lint types contract $(WARM) engines  ## format, lint, types, import contract and every test
	$(PY) -m pytest

engines:  ## fetch what the clients are tried in, a real Godot and mono, into a folder outside the checkout
	@# Where they cannot be had, the tests of the clients say so; on a machine with CI=true they fail.
	-@bash .ci/engines

check: $(STAMP) lint types  ## the quick loop: lint, types and the tests that open no socket
	$(PY) -m pytest -q -x -m "not system"

format: $(STAMP)  ## put the code into the house format
	$(PY) -m ruff format $(CODE)
	$(PY) -m ruff check --fix $(CODE)

lint: $(STAMP)
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m ruff check $(CODE)

types: $(STAMP)
	$(PY) -m mypy

contract: $(STAMP)
	$(BIN)/lint-imports

bench: $(STAMP) $(MODELS) $(WARM)  ## measure: benchmarks/RESULTS.md and JSON
	$(PY) -m benchmarks

sound-report: $(STAMP) $(WARM)  ## measure every sound: build/sound-report/index.html, with players and pictures
	$(PY) -m listening report

schema: $(STAMP)  ## write the schemas that are made from the code: scene files and messages
	$(PY) -m roomtone.scene_schema protocol/scene.schema.json
	$(PY) -m roomtone.wire.schema protocol/messages.json

clean:  ## forget everything that make has made
	rm -rf $(VENV) build demo baked benchmarks/out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find middleware tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Kernels are compiled once and kept on disk; a change of the code compiles what it touched again.
$(WARM): $(STAMP) $(SOUNDS)
	@echo "Compiling the kernels: this takes about a minute, once."
	$(BIN)/roomtone doctor --warm
	@touch $@

# Everything is installed at the versions of constraints.txt, the build backend included: without build isolation
# there is no second, unpinned download.
$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || \
	  { echo "There is no '$(PYTHON)' here. Install Python 3.11 or newer, or name yours: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) .ci/check_python.py
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt setuptools
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev,demo,bake]'
	@touch $@

# audiocraft and demucs ask for versions that no longer install together; what they need to make sound comes with the extra.
$(MODELS): $(STAMP)
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[models,farm]'
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-deps audiocraft demucs
	@touch $@

$(OTHER)/.installed: constraints.txt
	$(PYTHON) -m venv $(OTHER)
	$(OTHER)/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check -c constraints.txt numpy
	@touch $@
