"""What a client of these servers needs to be told: an `Environment` in the process, TOML for the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from envcheck.model import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.model import JsonValue
    from gateways.server import Server

KEY = "made-up-Key-for-the-fleet-0123456789"
KEY_VARIABLE = "FLEET_API_KEY"


def environment(name: str, server: Server, *, model: str | None, timeout_s: float) -> Environment:
    """Give the environment of a server, with a made-up key."""
    settings = server.settings
    proxy, ca_file = settings.get("proxy"), settings.get("ca_file")
    return Environment(
        name=name,
        base_url=server.base_url,
        api_key_env=KEY_VARIABLE,
        api_key=SecretStr(KEY),
        model=model,
        timeout_s=timeout_s,
        proxy=SecretStr(proxy) if isinstance(proxy, str) else None,
        ca_file=Path(ca_file) if isinstance(ca_file, str) else None,
        verify_tls=settings.get("verify_tls") is not False,
    )


def toml(name: str, server: Server, *, model: str | None, timeout_s: float) -> str:
    """Give the same as a table of environments.toml."""
    settings: dict[str, JsonValue] = {**server.settings, "api_key_env": KEY_VARIABLE, "timeout_s": timeout_s}
    if model is not None:
        settings["model"] = model
    return _table(f"environments.{name}", settings)


def _table(name: str, settings: Mapping[str, JsonValue]) -> str:
    # A string, a number or a truth value is spelt the same in JSON and in TOML.
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    return "\n".join([f"[{name}]", *lines, ""])
