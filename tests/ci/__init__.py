"""What CI reads: the action, the hook of pre-commit, the pipelines of the documentation."""
