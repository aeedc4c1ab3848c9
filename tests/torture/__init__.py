"""Runs that are ended at random moments; `make test-torture` runs these."""
