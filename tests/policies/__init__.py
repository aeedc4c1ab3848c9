"""A policy checker over the manifests: `make test-manifests`."""
