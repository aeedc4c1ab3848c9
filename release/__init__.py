"""What a release of envcheck is made with, beside the build itself: `make dist`, `make man`, `make release-notes`.

Nothing of it is installed. Each module is run by its name (`python -m release.notes`) from the root of the checkout.
"""
