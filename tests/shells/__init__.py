"""Completion as it is typed: `make test-shells`."""
