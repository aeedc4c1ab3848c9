"""envcheck as its users get it: `make test-packages`."""
