# Two commands for a fresh machine with Python 3.11 or newer:
#   make run PHOTOS=~/Pictures QUERY="a dog on a beach"
#   make test
# On Windows without make, the plain way in README.md does the same.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
QUERY ?= a cat
DEMO := .clipsearch-demo

.PHONY: run test test-lowest bench check docs clean

run: $(VENV)/run.done
ifdef PHOTOS
	$(BIN)/clipsearch index "$(PHOTOS)"
	$(BIN)/clipsearch search "$(QUERY)"
	@echo
	@echo 'For the page: $(BIN)/clipsearch ui'
else
	$(BIN)/python -c "import pathlib, skimage, sklearn; \
	  print(pathlib.Path(skimage.__file__).parent / 'data', end='\0'); \
	  print(pathlib.Path(sklearn.__file__).parent / 'datasets' / 'images', end='\0')" > $(VENV)/samples.txt
	xargs -0 $(BIN)/clipsearch index --library $(DEMO) < $(VENV)/samples.txt
	$(BIN)/clipsearch search --library $(DEMO) "$(QUERY)"
	@echo
	@echo 'These were sample photos. Your own: make run PHOTOS=~/Pictures QUERY="a dog on a beach"'
	@echo 'For the page: $(BIN)/clipsearch ui --library $(DEMO)'
endif

test: $(VENV)/test.done
	$(BIN)/python -m pytest $(TESTS)

# On the lowest versions that pyproject.toml names, except for those in NEWEST.
NEWEST ?=
test-lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet uv
	$(VENV)-lowest/bin/uv pip compile --quiet --resolution lowest-direct --extra dev \
	  --output-file $(VENV)-lowest/all.txt pyproject.toml
	$(VENV)-lowest/bin/python tools/lowest.py $(VENV)-lowest/all.txt $(NEWEST) > $(VENV)-lowest/pins.txt
	$(VENV)-lowest/bin/python -m pip install --quiet -r $(VENV)-lowest/pins.txt --editable '.[dev]'
	$(VENV)-lowest/bin/python -m pytest $(TESTS)

bench: $(VENV)/test.done
	for name in cold decode encode index scan; do $(BIN)/python -m benchmarks.bench_$$name || exit 1; echo; done
	$(BIN)/python -m benchmarks.bench_vectors --count 100000

# Node comes with the Python packages, for these checks only.
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"

check: $(VENV)/test.done node_modules/done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) npm run --silent check

node_modules/done: $(VENV)/test.done package.json package-lock.json
	$(NODE) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# The site, in build/docs; a warning is an error. All pages, since each has the list of all.
docs: $(VENV)/docs.done
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --fresh-env --write-all \
	  --conf-dir docs --doctree-dir build/doctrees --builder html . build/docs
	@echo 'Open build/docs/index.html'

$(VENV)/python.done:
	$(PYTHON) -c "import sys; sys.exit('Python 3.11 or newer is needed; name it: make PYTHON=python3.12 ...' if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/run.done: $(VENV)/python.done pyproject.toml
	@echo 'Installing clipsearch and what it needs into $(VENV): 2 GB or more, some minutes, this once ...'
	$(BIN)/python -m pip install --quiet --editable '.[samples,languages]'
	touch $@

$(VENV)/test.done: $(VENV)/python.done pyproject.toml
	@echo 'Installing clipsearch and what its tests need into $(VENV): 3 GB or more, some minutes, this once ...'
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

$(VENV)/docs.done: $(VENV)/python.done pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-lowest $(DEMO) node_modules build dist *.egg-info
