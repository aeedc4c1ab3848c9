"""What a run will do, for `envcheck check-config` and for the line that is printed before a run starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.probes import planned_requests, requests_with_key

if TYPE_CHECKING:
    from envcheck.config.load import Config


@dataclass(frozen=True, slots=True)
class Description:
    """One environment as the file has it, without any secret's value but what its base URL itself may hold."""

    name: str
    is_baseline: bool
    base_url: str
    """To be shown through a redactor, for a variable may have put anything into its path."""
    api_key_env: str | None
    """None for an endpoint that needs no key."""
    key_is_set: bool
    model: str | None
    probes: tuple[str, ...]
    samples: int
    verify_tls: bool
    requests: int
    """What one run sends, void samples that are taken again aside."""
    requests_with_key: int
    """What it sends once the key's variable is set."""

    @property
    def key_is_missing(self) -> bool:
        """Whether nothing is sent for want of a key."""
        return self.api_key_env is not None and not self.key_is_set


def describe(config: Config) -> list[Description]:
    """Give one description for each environment, in the order of the table."""
    return [
        Description(
            name=environment.name,
            is_baseline=environment.name == config.baseline,
            base_url=environment.base_url,
            api_key_env=environment.api_key_env,
            key_is_set=environment.api_key is not None,
            model=environment.model,
            probes=environment.probes,
            samples=environment.samples,
            verify_tls=environment.verify_tls,
            requests=planned_requests(environment),
            requests_with_key=requests_with_key(environment),
        )
        for environment in config.environments
    ]
