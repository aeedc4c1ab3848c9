"""The hostile fleet: one table of scenarios and of what each must be called.

The tests drive every row of it, and docs/failure-scenarios.md is made from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateways.fleet import (
    bodies,
    broken,
    chat_shapes,
    connecting,
    echoes,
    headers,
    models_shapes,
    proxies,
    redirects,
    silence,
    statuses,
    texts,
)

if TYPE_CHECKING:
    from gateways.scenario import Scenario

GROUPS: Final[dict[str, tuple[Scenario, ...]]] = {
    "Connecting and TLS": connecting.SCENARIOS,
    "Proxies": proxies.SCENARIOS,
    "Silence": silence.SCENARIOS,
    "Broken replies": broken.SCENARIOS,
    "Headers": headers.SCENARIOS,
    "Statuses": statuses.SCENARIOS,
    "Error texts": texts.SCENARIOS,
    "Redirects": redirects.SCENARIOS,
    "Bodies": bodies.SCENARIOS,
    "Keys given back": echoes.SCENARIOS,
    "Shapes of a list of models": models_shapes.SCENARIOS,
    "Shapes of a completion": chat_shapes.SCENARIOS,
}

SCENARIOS: Final[tuple[Scenario, ...]] = tuple(scenario for group in GROUPS.values() for scenario in group)
