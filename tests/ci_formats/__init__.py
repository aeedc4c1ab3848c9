"""What CIs and monitors make of our formats: `make test-ci-formats` installs their programs and runs these."""
