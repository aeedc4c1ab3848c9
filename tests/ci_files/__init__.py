"""What others' tools say of the files that CI and editors read: actionlint, taplo and pre-commit."""
