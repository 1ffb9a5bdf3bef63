# Everything below needs Python 3.11 or newer, make and a package index, and sets itself up in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SECONDS ?= 600
RELEASE := .venv/release
# The pip of the lock, which takes a third of the time of the one that comes with Python 3.11, for every environment. What is installed is
# compiled when it is first used: most of it never is.
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := install --quiet --no-compile

.PHONY: help demo test compiled meaning browser browser-email browser-site browser-docs lint format reference docs wheel try-wheel try-oldest release packaging image audit soak sweep lock clean

help: ## what each of these does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/runs ## the whole job on the sample newsroom; its digest is left under out/
	$(BIN)/digestbot demo --out out

test: .venv/develops ## every test
	$(BIN)/python -m pytest -n auto --dist worksteal

# Four workers that compile each test at once do so four times.
compiled: .venv/develops
	@$(BIN)/python -m pytest -qqq --collect-only >.venv/collected || { tail -n 60 .venv/collected; false; }

# The extra digestbot[meaning]: 91 MB in a folder of its own, so that `make test` keeps testing what works without it.
meaning: .venv/meaning ## the tests of the extra digestbot[meaning]
	PYTHONPATH=.venv/meaning $(BIN)/python -m pytest tests/meaning

# Every state of the email, and a reader's way through the site, in a real browser: looks, accessibility, valid HTML. Wants Chromium and
# npm, says so without them.
browser: browser-email browser-site ## every state of the email and the site in Chromium

browser-email: .venv/develops
	$(BIN)/python tests/browser/check.py out/browser

browser-site: .venv/develops
	$(BIN)/python tests/browser/walk.py out/browser/site

browser-docs: docs .venv/develops ## the docs as a site in Chromium, and questions asked of its search
	$(BIN)/python tests/browser/docs_site.py

lint: .venv/develops ## ruff and mypy --strict
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/develops ## ruff mends what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# docs/reference anew from the code: settings, commands, JSON fields, log lines, the Python API. A `?` waits for a meaning of yours.
reference: .venv/develops ## docs/reference anew from the code
	$(BIN)/python tests/reference.py

# The docs as a site in out/docs, which needs no network and no server: warnings are errors, links are checked. Sphinx lies in a folder of
# its own, so that nothing of it reaches the program.
DOCS ?= .venv/docs
docs: $(DOCS)/ready ## the docs as a site in out/docs
	$(DOCS)/bin/sphinx-build -q -n -W --keep-going -b html docs out/docs
	$(DOCS)/bin/python tests/built_site.py out/docs

wheel: .venv/develops ## sdist and wheel into dist/
	$(BIN)/python -m build --no-isolation --outdir dist

# The wheel as people install it, on every Python there is from 3.11 to 3.13, and with the oldest libraries that it allows.
try-wheel: wheel $(RELEASE)/made ## install the wheel away from here, on each Python and with the oldest libraries
	$(RELEASE)/bin/python packaging/try_wheel.py dist/*.whl

try-oldest: wheel $(RELEASE)/made ## the same, and a part of the tests with the oldest libraries: some minutes
	$(RELEASE)/bin/python packaging/try_wheel.py dist/*.whl --tests

release: $(RELEASE)/made ## what a release consists of, built twice and compared, into dist/release
	$(RELEASE)/bin/python packaging/release.py dist/release

packaging: $(RELEASE)/made ## the image's recipe, compose.yaml, kubernetes.yaml and the units, checked
	$(RELEASE)/bin/hadolint packaging/Dockerfile
	$(RELEASE)/bin/check-jsonschema --builtin-schema vendor.compose-spec packaging/compose.yaml
	$(RELEASE)/bin/kubernetes-validate --strict packaging/kubernetes.yaml

# As root, with buildah and mmdebstrap; says so without them. Some minutes.
image: wheel ## the image, built and tried without a daemon; figures in out/image
	packaging/image.sh out/image || test $$? = 77

# Asks a service of known weaknesses, so it needs the internet.
audit: .venv/develops ## known weaknesses of the libraries
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock

# Longer proofs: faults at random for ten minutes (make soak SECONDS=3600 SEED=7); every zone of the world for a year; laws on thousands of new examples.
soak: .venv/develops ## faults at random for ten minutes
	$(BIN)/python benchmarks/soak.py $(SECONDS) $(SEED)

sweep: .venv/develops ## every zone for a year, and laws on thousands of examples
	$(BIN)/python benchmarks/sweep.py
	$(BIN)/python -m pytest -n auto -m "hypothesis or long" --hypothesis-profile search

# The locks: exact versions with hashes, for every platform. Needs uv, once: pip install uv
lock: ## the locks anew, after a change of dependencies
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--extra postgres --extra dkim --extra dns --extra bounces --group build pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--extra postgres --extra dkim --extra dns --extra bounces --group build --group dev pyproject.toml --output-file requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--no-deps --group pyproject.toml:meaning --output-file requirements-meaning.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--group pyproject.toml:docs --output-file requirements-docs.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--extra postgres --extra dkim --extra dns --extra bounces --group pyproject.toml:release pyproject.toml --output-file requirements-release.lock

$(RELEASE)/made: requirements-release.lock | .venv/created
	@echo "Installing what a release needs (once)"
	@$(BIN)/python -m venv --without-pip $(RELEASE)
	@$(PIP) --python $(RELEASE) $(INSTALL) --require-hashes -r requirements-release.lock
	@touch $@

.venv/created:
	@echo "Setting up .venv with $(PYTHON)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "digestbot needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv .venv
	@awk '/^pip==/,!/\\$$/' requirements-dev.lock > .venv/pip.lock
	@$(PIP) $(INSTALL) --require-hashes -r .venv/pip.lock
	@touch $@

.venv/runs: requirements.lock pyproject.toml | .venv/created
	@echo "Installing what digestbot needs (once)"
	@$(PIP) $(INSTALL) --require-hashes -r requirements.lock
	@$(PIP) $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/meaning: requirements-meaning.lock .venv/develops
	@$(PIP) $(INSTALL) --require-hashes --no-deps --upgrade --target $@ -r requirements-meaning.lock
	@touch $@

$(DOCS)/ready: requirements-docs.lock | .venv/created
	@echo "Installing what the docs site needs (once)"
	@$(PYTHON) -m venv --without-pip $(DOCS)
	@$(PIP) --python $(DOCS) $(INSTALL) --require-hashes -r requirements-docs.lock
	@touch $@

.venv/develops: requirements-dev.lock .venv/runs
	@echo "Installing what its tests need (once)"
	@$(PIP) $(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

clean: ## take away what was made here
	rm -rf .venv out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
