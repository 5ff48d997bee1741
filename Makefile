.PHONY: check test lint bench lock clean

check: ## install, check the mocked App-Oint, and say where the report is
	@scripts/venv
	@scripts/tools promtool amtool
	@.venv/bin/plimsoll check app-oint --mock

test: ## install what the tests need, and pass them
	@scripts/venv
	@scripts/tools
	@.venv/bin/pytest -q -n 2 --dist loadfile tests/unit tests/meta
	@.venv/bin/pytest -q tests/browser tests/tools tests/worlds

lint: ## format, lint, types, coverage of the pure layers
	@scripts/venv
	@scripts/check

bench: ## measure, as ratios
	@scripts/venv
	@.venv/bin/python -m benchmarks

lock: ## pin every package again
	@scripts/lock

clean: ## remove what is made, not what is written
	rm -rf .venv .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
