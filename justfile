# What a developer runs; `just --list` shows it.

# Install phusa and its tools into .venv
setup:
    python3 -m venv .venv && .venv/bin/pip install --quiet --editable '.[dev]'

# Everything that CI checks
check:
    .ci/run

# The tests, on two processes
test *args:
    .venv/bin/pytest -n 2 -q {{args}}

# Format, and mend what can be mended
fix:
    .venv/bin/ruff format && .venv/bin/ruff check --fix

# Build the seeds into dist/
seeds:
    .venv/bin/phusa build --overwrite

# Documents per CPU second
bench:
    .venv/bin/python benchmarks/speed.py

# Wheel and source archive, into build/
wheel:
    .venv/bin/pip wheel --no-deps --wheel-dir build .
