"""deploy/slurm in a real Slurm: `make test-engine`."""
