# Byakassan. `make demo` shows it, `make test` proves it; the rest is for those who change it.
PY  ?= python3
BIN := .venv/bin
PORT ?= 8000
.DEFAULT_GOAL := demo
.PHONY: demo test soak coverage cover-sqlite cover-postgres bench lint messages sentences lock clean

# Compiled once, not anew by each of the many processes that a demo or a proof starts.
unexport PYTHONDONTWRITEBYTECODE

# pip brings uv, uv brings the rest by hash; where uv does not run, pip does it slower.
.venv/.ok: requirements.lock
	$(PY) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9 \
	  && VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install -q --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# Message catalogues are compiled by Babel, so no system gettext is needed.
messages: .venv/.ok
	@for app in config pools invest reports; do \
	  if [ -d $$app/locale/sv ]; then $(BIN)/pybabel -q compile -d $$app/locale -D django; fi; done

# Gather new sentences into the catalogues, for somebody to translate. Needs GNU gettext.
sentences: .venv/.ok
	@for app in config pools invest reports; do \
	  (cd $$app && ../$(BIN)/python ../manage.py makemessages -v 0 -l sv --no-location --no-wrap --no-obsolete); done

demo: .venv/.ok messages
	$(BIN)/python manage.py demo --serve --port $(PORT)

lint: .venv/.ok
	$(BIN)/ruff format --check . && $(BIN)/ruff check .
	$(BIN)/mypy config pools invest reports manage.py
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet config/templates invest/templates reports/templates
	$(BIN)/python manage.py makemigrations --check --dry-run

# Everything on PostgreSQL, then on SQLite what differs by database (tests/proof.py).
# Chromium and PostgreSQL are used where they are found; a loud line says what was left out.
test: .venv/.ok messages lint
	$(BIN)/python -m tests.proof

# Whatever is tried at random, tried fifty times as often, on both databases. Takes an evening.
soak: .venv/.ok messages
	$(BIN)/python -m tests.proof soak

# Every line and branch of the book is run by its own tests, on the two databases together (SQLite alone reaches 98 %).
# Left to `make test`, for they are slow and reach nothing more: the book played at random, a server that must not start.
COVER := $(BIN)/python -m pytest -q -p no:cacheprovider --cov=pools --cov-report= \
  -k "not follows_its_model and not server_does_not_start"
coverage: .venv/.ok messages
	@rm -f .coverage.sqlite .coverage.postgres
	$(MAKE) -j2 cover-sqlite cover-postgres
	@least=100; test -f .coverage.postgres || least=98; \
	  $(BIN)/coverage combine -q && $(BIN)/coverage report --skip-covered --show-missing --fail-under=$$least
cover-sqlite:
	COVERAGE_FILE=.coverage.sqlite $(COVER) tests/pools
cover-postgres:
	COVERAGE_FILE=.coverage.postgres $(BIN)/python -m tests.postgres -- $(COVER) tests/pools/test_guards.py

# The full hall, through the server as it is shipped. Needs PostgreSQL; about a minute.
bench: .venv/.ok messages
	$(BIN)/python -m tests.bench.hall

# Resolve anew and write the hashed lock (no addresses in it). Needs the network.
lock: .venv/.ok
	@t=$$(mktemp -d) && cp pyproject.toml CHANGELOG.md $$t/ && sed -i 's/^dynamic.*/version = "0"/' $$t/pyproject.toml \
	  && $(CURDIR)/$(BIN)/uv lock -q --project $$t \
	  && $(CURDIR)/$(BIN)/uv export -q --no-header --project $$t --frozen --all-groups --no-emit-project -o $(CURDIR)/requirements.lock \
	  && rm -rf $$t

clean:
	rm -rf .venv db.sqlite3* static
