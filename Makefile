# The workshop of rssim. `make` alone lists what there is.

PYTHON ?= python3
VENV   := .venv
RUN    := $(VENV)/bin/python
BOOK   := book/_build/html
PYTEST := $(RUN) -m pytest -n auto --maxprocesses=8

# Without compiled bytecode every build and test takes two to three times as long.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The same commit gives the same pages, byte for byte.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || date +%s)

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast lint format book site bench clean

help:  ## list these targets
	@echo "rssim: what you can make"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo "Everything is installed into $(VENV); PYTHON=python3.12 chooses another interpreter."

# A bare Debian has no python3-venv (then the environment is made without pip, and the system's pip
# works on it from outside) and refuses to install outside an environment (so we never do).
define install
	@echo "Installing $(1) into $(VENV) (about a minute the first time, then nothing to do)"
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	  || $(PYTHON) -m venv --clear --without-pip $(VENV)
	@if $(RUN) -m pip --version >/dev/null 2>&1; \
	  then $(RUN) -m pip install -q -c constraints.txt -e "$(1)"; \
	  else $(PYTHON) -m pip --python $(RUN) install -q -c constraints.txt -e "$(1)"; fi
	@touch $@
endef

# Two steps, so that a first look does not wait for the book's tools.
$(VENV)/.run: pyproject.toml constraints.txt
	$(call install,.)
$(VENV)/.dev: pyproject.toml constraints.txt
	$(call install,.[dev])
	@touch $(VENV)/.run

demo: $(VENV)/.run  ## run one reform from start to result
	@echo "Running one reform beside the baseline"
	@$(VENV)/bin/rssim demo

test: $(VENV)/.dev  ## run every test, the slow ones and the pages of the book too
	@echo "Running every test (for a quick answer: make test-fast)"
	@$(PYTEST)
	@echo "Every test passed. Next: make lint, make book; or make demo to see a result."

test-fast: $(VENV)/.dev  ## run the tests that take about a minute together
	@echo "Running the fast tests"
	@$(PYTEST) -m "not slow"
	@echo "The fast tests passed. Next: make test runs the slow ones too."

lint: $(VENV)/.dev  ## check style, types and the direction of imports
	@echo "Checking style (ruff)"
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@echo "Checking types (mypy)"
	@$(VENV)/bin/mypy
	@echo "Checking the direction of imports (import-linter)"
	@$(VENV)/bin/lint-imports --no-logo
	@echo "Nothing to complain about. Next: make test."

format: $(VENV)/.dev  ## let ruff set the code right
	@echo "Sorting imports and formatting"
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

book: $(VENV)/.dev  ## build the book; a warning is an error
	@echo "Building the book; only pages that changed are run again"
	@$(VENV)/bin/jupyter-book build book -W --keep-going -n || { \
	  rm -rf book/_build/.doctrees; exit 1; }  # else the next build forgets the warnings of this one
	@echo "The book is in $(BOOK)/index.html: open it in a browser, it needs no network."

site: book  ## pack the built book into one zip, ready for any web host
	@echo "Packing the book"
	@mkdir -p dist
	@$(RUN) -c "import shutil; shutil.make_archive('dist/rssim-book', 'zip', '$(BOOK)')"
	@echo "dist/rssim-book.zip holds plain files with relative links: unpack it on any host."

bench: $(VENV)/.dev  ## measure the speed and memory that we claim
	@echo "Measuring (use an idle machine)"
	@test -d benchmarks || { echo "There is no folder benchmarks/ in this checkout."; exit 1; }
	@for script in benchmarks/*.py; do echo "-- $$script"; $(RUN) "$$script" || exit 1; done

clean:  ## remove what was built and cached, but not .venv
	@echo "Removing built files and caches (rm -r $(VENV) removes the environment as well)"
	@rm -rf book/_build dist .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find rssim tests book benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
