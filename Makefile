# Byakassan. `make demo` shows it, `make test` proves it; the rest is for those who change it.
PY  ?= python3
BIN := .venv/bin
PORT ?= 8000
.DEFAULT_GOAL := demo
.PHONY: demo test bench lint messages sentences lock clean

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
