"""The demo's gateways as environments: what environments.toml would have said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.demo.manners import MANNERS, MODEL
from envcheck.model import Environment
from envcheck.probes import PROBES, default_probes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from envcheck.demo.serve import DemoGateway

BASELINE: Final = next(iter(MANNERS))

_TIMEOUT_S: Final = 5.0


def environments(gateways: Mapping[str, DemoGateway], more: Collection[str] = ()) -> tuple[Environment, ...]:
    """Give an environment for each running gateway, baseline first; `more` names probes beside the usual ones."""
    probes = tuple(name for name in PROBES if name in {*default_probes(), *more})
    return tuple(
        Environment(
            name=name,
            base_url=gateway.base_url,
            api_key_env=f"{name.upper().replace('-', '_')}_API_KEY",
            api_key=gateway.key,
            model=MODEL,
            timeout_s=_TIMEOUT_S,
            probes=probes,
        )
        for name, gateway in gateways.items()
    )
