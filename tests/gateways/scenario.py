"""What a scenario is: a gateway that misbehaves in one way, and what that must be called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from gateways.good import good_gateway

if TYPE_CHECKING:
    from gateways.gateway import Behaviour, Gateway

Probe: TypeAlias = Literal["models", "chat"]

MODEL: Final = "gpt-4o-mini"
PASS: Final = "pass"
SKIPPED: Final = "skipped"

SPARE_CHAT: Final = frozenset({"auth", "missing_key", "network", "timeout", "rate_or_quota", "upstream_or_gateway"})
"""The classes of a failed `models` after which `chat` is not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One way to misbehave, at one probe."""

    name: str
    description: str
    """What the server does, to follow "a gateway that"."""
    probe: Probe
    expected: str
    """The failure class of the probe that is hit, or `pass`."""
    gateway: Gateway
    detail: str = ""
    """Words that `failure_detail` must hold."""
    to_the_deadline: bool = False
    """Whether the client is left waiting until its deadline."""
    model: str | None = MODEL
    """The model that is configured; None leaves it to the first that is listed."""

    @property
    def checks(self) -> dict[str, str]:
        """What each probe must come to: `pass`, `skipped` or a failure class."""
        if self.probe == "chat":
            return {"models": PASS, "chat": self.expected}
        spared = self.expected in SPARE_CHAT or (self.expected != PASS and self.model is None)
        return {"models": self.expected, "chat": SKIPPED if spared else PASS}


def at_models(
    name: str, description: str, expected: str, behaviour: Behaviour, *, detail: str = "", to_the_deadline: bool = False
) -> Scenario:
    """Let the list of models misbehave, and nothing else."""
    return Scenario(
        name=f"models-{name}",
        description=description,
        probe="models",
        expected=expected,
        gateway=replace(good_gateway(), models=behaviour),
        detail=detail,
        to_the_deadline=to_the_deadline,
    )


def at_chat(
    name: str, description: str, expected: str, behaviour: Behaviour, *, detail: str = "", to_the_deadline: bool = False
) -> Scenario:
    """Let the chat misbehave, and nothing else."""
    return Scenario(
        name=f"chat-{name}",
        description=description,
        probe="chat",
        expected=expected,
        gateway=replace(good_gateway(), chat=behaviour),
        detail=detail,
        to_the_deadline=to_the_deadline,
    )


def at_both(
    name: str, description: str, expected: str, behaviour: Behaviour, *, detail: str = "", to_the_deadline: bool = False
) -> tuple[Scenario, Scenario]:
    """Give the same misbehaviour at each of the two probes."""
    return (
        at_models(name, description, expected, behaviour, detail=detail, to_the_deadline=to_the_deadline),
        at_chat(name, description, expected, behaviour, detail=detail, to_the_deadline=to_the_deadline),
    )


def at_the_door(name: str, description: str, expected: str, gateway: Gateway, *, detail: str = "") -> Scenario:
    """Let the gateway misbehave before any request is read, which the first probe meets."""
    return Scenario(
        name=name,
        description=description,
        probe="models",
        expected=expected,
        gateway=gateway,
        detail=detail,
        to_the_deadline=expected == "timeout",
    )
