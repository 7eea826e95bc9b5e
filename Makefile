# What there is to do with Messenger Admin; `make help` lists it.

SHELL := /bin/sh
PY := .venv/bin/python
MO := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
LOCKS := uv.lock requirements.txt requirements-dev.txt
# What the checks of a production installation need; none of it is used for anything else.
PRODUCTION := ENVIRONMENT=production ALLOWED_HOSTS=example.com DATABASE_URL=sqlite:////nowhere/nothing.sqlite3 \
	CELERY_BROKER_URL=amqp://nobody@127.0.0.1// ENV_FILE=/dev/null
DATABASE_URL_FOR_SERVICES := $(if $(DATABASE_URL),$(DATABASE_URL),postgres://postgres@127.0.0.1:5432/messenger_admin)

.DEFAULT_GOAL := help
.PHONY: help run test check test-services format lock messages faults never bench bench-quick clean

help: ## This list
	@echo "Messenger Admin"; echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24
	@echo; echo "  PORT=9000 make run chooses the port; docs/operations.md has every setting."

run: .venv/run.stamp $(MO) ## Run everything on this machine: http://127.0.0.1:8000 (PORT)
	@exec $(PY) manage.py up

test: .venv/dev.stamp $(MO) ## All tests, on SQLite; no server needed
	@$(PY) -m pytest -n 2 $(PYTEST)

test-services: .venv/dev.stamp $(MO) ## What a server can change, on PostgreSQL, RabbitMQ, Redis and Chromium; nothing is skipped
	@TEST_SERVICES=1 DATABASE_URL=$(DATABASE_URL_FOR_SERVICES) $(PY) -m pytest -n 2 $(PYTEST)

faults: .venv/dev.stamp $(MO) ## Kill, freeze and restart everything while it sends, and compare (SEED=n draws it again)
	@TEST_SERVICES=1 SEED=$(SEED) DATABASE_URL=$(DATABASE_URL_FOR_SERVICES) $(PY) -m pytest tests/faults $(PYTEST)

never: .venv/dev.stamp $(MO) ## Random histories: is anybody written to who did not agree? (SEED=n, NEVER_EXAMPLES=200)
	@SEED=$(or $(SEED),$(shell date +%s)) NEVER_EXAMPLES=$(or $(NEVER_EXAMPLES),200) NEVER_STEPS=$(or $(NEVER_STEPS),40) \
		$(PY) -m pytest -s tests/notifications/never $(PYTEST)

check: .venv/dev.stamp $(MO) ## Format, lint, types, architecture, deployment, migrations, translations
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy .
	@.venv/bin/lint-imports
	@$(PRODUCTION) SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		TOKEN_KEYS=$$($(PY) -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
		$(PY) manage.py check --deploy --fail-level WARNING
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py translations --check
	@$(PY) -m pytest --quiet tests/messenger_admin/test_requirements.py

format: .venv/dev.stamp ## Write the code the way `make check` wants it
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

messages: .venv/dev.stamp ## Bring the French catalogue up to date with the code
	@$(PY) manage.py translations

bench: .venv/dev.stamp $(MO) ## How fast it is, against what else there is: PostgreSQL, RabbitMQ, 15 minutes
	@$(PY) -m bench $(BENCH)

bench-quick: .venv/dev.stamp $(MO) ## A tenth of it, in two minutes
	@$(PY) -m bench --quick $(BENCH)

lock: ## Resolve the dependencies anew (needs uv)
	uv lock --upgrade
	uv export --quiet --frozen --no-default-groups --no-emit-project --no-header --output-file requirements.txt
	uv export --quiet --frozen --no-emit-project --no-header --output-file requirements-dev.txt

clean: ## Remove what was built; the data folder stays
	rm -rf .venv staticfiles $(MO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than the locks it was built from, so that a second start builds nothing.
.venv/run.stamp: $(LOCKS)
	@.ci/venv run
	@touch $@

.venv/dev.stamp: $(LOCKS)
	@.ci/venv dev
	@touch .venv/run.stamp $@

%.mo: %.po | .venv/run.stamp
	@$(PY) manage.py translations --compile
	@touch $@
