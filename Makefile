# Every command first sees to it that .venv and what it needs are there (.ci/prepare); when nothing
# has changed that costs some milliseconds.
#   make test ARGS="-k padding -x"          arguments go to the command that is run
#   make PYTHON=/path/to/python3.12 test    the interpreter that .venv is made from

# nbgrader starts alembic and jupyter by name, so ours have to come first on the PATH.
VENV := PATH="$(CURDIR)/.venv/bin:$$PATH"
ARGS ?=

.PHONY: help prepare demo lab test test-slow test-all bench lint format constraints

help: ## list the commands (what `make` alone does)
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

prepare: ## install what is missing, and nothing else
	@.ci/prepare

demo: prepare ## release the units, grade a made-up class, show the results
	@$(VENV) .venv/bin/convdims demo $(ARGS)

lab: prepare ## open JupyterLab on the units
	@$(VENV) .venv/bin/convdims lab $(ARGS)

# A worker runs whole files, so that a class of students that a file grades is graded once. The
# browser has the machine to itself; 5 is pytest's word for nothing to run, as with -k.
test: prepare ## run the everyday tests
	@$(VENV) .venv/bin/pytest -n auto --dist loadfile -m "not slow and not browser" $(ARGS) || [ $$? -eq 5 ]
	@$(VENV) .venv/bin/pytest -m "browser and not slow" $(ARGS) || [ $$? -eq 5 ]

test-slow: prepare ## run the tests that `make test` leaves out, without the benchmarks
	@$(VENV) .venv/bin/pytest -n auto --dist loadfile -m "slow and not browser" $(ARGS) || [ $$? -eq 5 ]
	@$(VENV) .venv/bin/pytest -m "slow and browser" $(ARGS) || [ $$? -eq 5 ]

test-all: prepare ## run every test, then the benchmarks
	@$(VENV) .venv/bin/pytest -m "" $(ARGS)
	@$(MAKE) --no-print-directory bench

bench: prepare ## run the benchmarks only
	@$(VENV) .venv/bin/pytest -m "" --benchmark-only tests/benchmarks $(ARGS)

lint: prepare ## check style, formatting and types
	@failed=; for check in "ruff check" "ruff format --check" mypy; do \
	    echo "$$check"; .venv/bin/$$check || failed=1; \
	done; [ -z "$$failed" ]

format: prepare ## format the code and mend what ruff can mend
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

constraints: ## write constraints.txt anew from what .venv holds now
	@{ sed -n '/^#/p' constraints.txt; \
	   .venv/bin/pip freeze --all --exclude-editable --exclude pip --exclude wheel \
	   | grep -E '^[A-Za-z0-9._-]+==' | LC_ALL=C sort -f; } > constraints.new
	@mv constraints.new constraints.txt
