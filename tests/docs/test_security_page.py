from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_security_page_names_is_there() -> None:
    """A promise points at what holds it."""
    named = set(re.findall(r"`(tests/[a-z_/.]+)`", (ROOT / "SECURITY.md").read_text()))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
