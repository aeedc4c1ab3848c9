"""What a client of these servers is told: an `Environment` in the process, TOML for the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from envcheck.model import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from envcheck.model import JsonValue
    from gateways.scenario import Scenario
    from gateways.server import Server

KEY: Final = "made-up-Key-of-the-fleet-0123456789"
KEY_VARIABLE: Final = "FLEET_API_KEY"

PATIENCE_S: Final = 30.0
"""The deadline of a scenario that is not to reach it, however busy the machine is."""


def environment(scenario: Scenario, server: Server, *, deadline_s: float) -> Environment:
    """Give a scenario as an environment; `deadline_s` is for those that are to reach it."""
    settings = server.settings
    proxy, ca_file = settings.get("proxy"), settings.get("ca_file")
    return Environment(
        name=scenario.name,
        base_url=server.base_url,
        api_key_env=KEY_VARIABLE,
        api_key=SecretStr(KEY),
        model=scenario.model,
        timeout_s=_timeout_s(scenario, deadline_s),
        proxy=SecretStr(proxy) if isinstance(proxy, str) else None,
        ca_file=Path(ca_file) if isinstance(ca_file, str) else None,
        verify_tls=settings.get("verify_tls") is not False,
    )


def environments_toml(fleet: Iterable[tuple[Scenario, Server]], *, baseline: str, deadline_s: float) -> str:
    """Give the same as a file for the command line."""
    tables = (_table(scenario, server, _timeout_s(scenario, deadline_s)) for scenario, server in fleet)
    return "\n".join([f'baseline = "{baseline}"', "", *tables])


def _timeout_s(scenario: Scenario, deadline_s: float) -> float:
    return deadline_s if scenario.to_the_deadline else PATIENCE_S


def _table(scenario: Scenario, server: Server, timeout_s: float) -> str:
    settings: dict[str, JsonValue] = {**server.settings, "api_key_env": KEY_VARIABLE, "timeout_s": timeout_s}
    if scenario.model is not None:
        settings["model"] = scenario.model
    # A string, a number or a truth value is spelt the same in JSON and in TOML.
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    return "\n".join([f'[environments."{scenario.name}"]', *lines, ""])
