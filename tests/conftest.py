from __future__ import annotations

import os

from hypothesis import settings

# A change that has to land is judged by the same examples twice; anywhere else each run looks at new ones.
settings.register_profile("repeatable", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("repeatable")
