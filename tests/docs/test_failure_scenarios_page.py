"""The page about failures says what the fleet shows."""

from __future__ import annotations

from gateways.fleet import SCENARIOS
from gateways.page import PAGE, page


def test_the_page_is_current() -> None:
    """The page is what the table makes of it; if not: `PYTHONPATH=tests python -m gateways.page`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_scenario_has_a_name_of_its_own() -> None:
    """A name stands for one scenario, and is a fit name for an environment."""
    names = [scenario.name for scenario in SCENARIOS]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 64 and name.replace("-", "").replace(".", "").isalnum() for name in names)
