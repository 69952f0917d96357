# The newcomer's two commands: `make app` serves the site on synthetic sample data, `make test` passes the tests.
# They need Python 3.11 or newer and nothing else; the second time they skip what is already done.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# The data folder of the tests; everybody else's is MANGETAMAIN_DATA or the user's own.
TESTDATA := $(CURDIR)/.data/test
PORT   ?= 8866
UPGRADE ?= --upgrade
UV     := UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy $(BIN)/python -m uv
# Processes of ours find their compiled modules again, whatever the machine says.
export PYTHONDONTWRITEBYTECODE=
# Of small matrices the threads of OpenBLAS wait for each other, spinning: a simulated cycle took three times the processor.
test duckdb2: export OPENBLAS_NUM_THREADS = 1

.PHONY: app test duckdb2 containers sites docs pages lab lock check setup sample notebooks translations vendor help
help:
	@echo "make app   set up and serve the site     make test  set up and run the tests"
	@echo "make lab   open the notebooks in Lab     make check quick checks: style, types, layers"
	@echo "make duckdb2   what asks the engine something, on DuckDB 2"
	@echo "make lock  renew requirements.lock       make translations  renew the French catalogue"
	@echo "make sites SOURCE=sample   both sites in containers   make containers  the tests of them (Docker)"
	@echo "make docs  the documentation, warnings are errors"
	@echo "make notebooks  run them and store the sentences and tables that the tests compare"

app: setup
	@echo "==> serving the site"
	@$(BIN)/mangetamain serve --sample --port $(PORT)

lab: setup
	@$(BIN)/mangetamain lab --sample

test: check sample
	@echo "==> notebooks: every stored sentence and table against a fresh run (nbval)"
	@PYTHONSAFEPATH=1 MANGETAMAIN_DATA=$(TESTDATA) $(BIN)/python -m pytest notebooks --nbval --nbval-current-env \
		-n 2 --dist loadscope -q
	@echo "==> tests: package, reports, site, pages in Chromium"
	@MANGETAMAIN_DATA=$(TESTDATA) $(BIN)/python -m pytest tests -n 3 --dist loadscope -m "not containers" \
		--cov --cov-report=term --cov-fail-under=95 $(ARGS)

# Both sites from nothing but this checkout and a data source: sample, a folder, a zip, s3://bucket/prefix.
SOURCE ?= sample
sites: setup
	@docker/sites.sh "$(SOURCE)"

# What the engine's next series, which goes before the locked one on the path, could answer otherwise: builds, tables and
# SQL of every question, selections, published numbers. Left out is what is the same program on either, as a server, a
# report or a delivery: finding files and versions, wording and drawing, and processes that are killed or race.
NEXT := $(CURDIR)/.data/duckdb2
NOT_ASKING := published/test_analyses.py \
	$(addprefix questions/test_,described.py gaps.py headlines.py hostile_names.py names_like_words.py pace.py) warehouse/s3 \
	$(addprefix warehouse/test_,finding_files.py fingerprint.py folder.py fuzz.py growth.py no_data.py pins.py sources.py \
	status.py switch.py)
duckdb2: setup sample
	@test $(NEXT)/.ready -nt requirements.lock || { rm -rf $(NEXT) && \
		$(UV) pip install --quiet --python $(BIN)/python --target $(NEXT) 'duckdb>=2.0,<2.1' && touch $(NEXT)/.ready; }
	@PYTHONPATH=$(NEXT) $(BIN)/python -c 'import duckdb; print("==> tests: warehouse, questions, published numbers on DuckDB", \
		duckdb.__version__); assert duckdb.__version__ > "2"'
	@PYTHONPATH=$(NEXT) MANGETAMAIN_DATA=$(TESTDATA) $(BIN)/python -m pytest tests/warehouse tests/questions tests/published \
		tests/test_selection.py -n 2 --dist loadscope -q -p no:cacheprovider -m "not slow" \
		-k "not killed_midway and not seven_rebuilds and not threads_may_share" $(addprefix --ignore=tests/,$(NOT_ASKING))

# On whatever Docker Engine there is; .ci/run finds one. Much of it is waiting: three workers on two cores.
containers: setup
	@echo "==> tests: image, both sites and their delivery, on a Docker Engine"
	@MANGETAMAIN_DATA=$(TESTDATA) $(BIN)/python -m pytest tests/containers -m containers -n 3 --dist loadscope \
		--durations=12 $(ARGS)
ifdef GITHUB_ACTIONS
	@echo "==> tests: the machine's own engine is stopped and started, which nobody else may use meanwhile"
	@$(BIN)/python -m pytest tests/containers/test_engine.py -m containers
endif

check: setup
	@echo "==> style";  $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "==> types";  $(BIN)/mypy && $(BIN)/python -m tools.node types
	@echo "==> layers"; $(BIN)/lint-imports
	@echo "==> workflows, images, scripts"; PATH="$(CURDIR)/$(BIN):$$PATH" tools/checkers.sh

sample: setup $(TESTDATA)/.sample
# What decides what is in it, as the fingerprint of a warehouse does (READS in build.py).
$(TESTDATA)/.sample: $(shell find mangetamain/warehouse -name "*.py" ! -path "*/reader/*" ! -path "*/versions/*" ! -name status.py)
	@echo "==> making the full-size synthetic sample for the tests"
	@mkdir -p $(@D) && MANGETAMAIN_DATA=$(TESTDATA) $(BIN)/mangetamain build sample >/dev/null && touch $@

setup: $(READY)
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Mangetamain needs Python 3.11 or newer: set PYTHON=/path/to/python3"; exit 2; }
	@echo "==> setting up $(VENV) with $$($(PYTHON) --version)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@echo "==> installing the locked packages"
	@$(UV) pip sync --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --quiet -e .
	@touch $@

lock: setup
	@$(UV) pip compile pyproject.toml --all-extras --group dev --group docs --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --quiet $(UPGRADE) -o requirements.lock
	@$(UV) pip compile pyproject.toml binder/requirements.in --extra lab --extra site --extra report --constraint requirements.lock \
		--python-version 3.13 --generate-hashes --no-annotate --no-header --quiet -o binder/requirements.lock
	@$(UV) pip compile docker/build.in --constraint requirements.lock --python-version 3.13 --python-platform linux \
		--generate-hashes --no-annotate --no-header --quiet -o docker/build.lock
	@$(UV) pip compile pyproject.toml docker/checks.in --extra site --extra report --extra s3 --constraint requirements.lock \
		--python-version 3.13 --python-platform linux --generate-hashes --no-annotate --no-header --quiet -o docker/requirements.lock

notebooks: setup sample
	@MANGETAMAIN_DATA=$(TESTDATA) $(BIN)/python -m tools.notebooks run notebooks/*.ipynb

docs: setup sample
	@echo "==> building the documentation"
	@MANGETAMAIN_DATA=$(TESTDATA) $(BIN)/python -m sphinx -q -n -W --keep-going -d .data/doctrees docs .data/pages
	@echo "==> it is in .data/pages/index.html"

# What is published: the documentation, and below it the plan's reports and a copy of the site.
pages: docs
	@MANGETAMAIN_DATA=$(TESTDATA) $(BIN)/mangetamain report --grid docs/plan.yaml --formats html --to .data/pages/reports
	@rm -rf .data/pages/site && MANGETAMAIN_DATA=$(TESTDATA) MANGETAMAIN_DOCS=../ \
		$(BIN)/mangetamain export site .data/pages/site

translations: setup
	@$(BIN)/python -m tools.translations

vendor: setup
	@$(BIN)/python -m tools.vendor
