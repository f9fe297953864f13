# Each command prepares what it needs; dev/ holds them. ODOO_HOME=/path uses an Odoo 19
# that is already there.

PYTHON ?= python3

.PHONY: run test histories upgrade reinstall translations lint sandbox shell bench screenshots clean

STORE = $(if $(SEED),--seed "$(SEED)") $(if $(SCALE),--scale "$(SCALE)")

run:  ## Odoo with an instance connected: ONCE=1 PORT= SEED= SCALE=
	@exec $(PYTHON) dev/run.py $(if $(ONCE),--once) $(if $(PORT),--port "$(PORT)") $(STORE)

test:  ## Every test, on all cores: ARGS="tests/test_instance.py -k name" WORKERS=1
	@exec $(PYTHON) dev/test.py --arguments="$(ARGS)" \
		$(if $(WORKERS),--workers "$(WORKERS)")

histories:  ## Random histories, which both sides survive in agreement: N=1000 SEED=1
	@exec $(PYTHON) dev/test.py --arguments="tests/test_histories.py --timeout=0" \
		--histories "$(or $(N),1000)" $(if $(SEED),--seed "$(SEED)")

upgrade:  ## An update of a database that the last release filled: SINCE=commit
	@exec $(PYTHON) dev/upgrade.py $(if $(SINCE),--since "$(SINCE)")

reinstall:  ## Install, update twice, uninstall, install again
	@exec $(PYTHON) dev/reinstall.py

translations:  ## The translation template; CHECK=1 says whether it is up to date
	@exec $(PYTHON) dev/translations.py $(if $(CHECK),--check)

lint:  ## ruff, pylint-odoo and OCA's checks
	@exec $(PYTHON) dev/lint.py

sandbox:  ## The sandbox store alone: PORT= SEED= SCALE=
	@exec $(PYTHON) dev/store.py $(if $(PORT),--port "$(PORT)") $(STORE)

shell:  ## An Odoo shell on the database of `make run`
	@exec $(PYTHON) dev/shell.py

bench:  ## The benchmark
	@exec $(PYTHON) dev/benchmark.py

screenshots:  ## Pictures for the README: TO=folder
	@exec $(PYTHON) dev/screenshots.py $(if $(TO),--to "$(TO)")

clean:  ## Delete all that was installed
	@exec $(PYTHON) dev/clean.py
