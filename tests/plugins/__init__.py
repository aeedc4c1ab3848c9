"""Packages that bring probes and formats: what works, and everything that may be wrong with them."""
