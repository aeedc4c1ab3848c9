"""The Containerfile, built: `make test-container`."""
