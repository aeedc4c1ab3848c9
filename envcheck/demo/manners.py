"""What each of the demo's gateways offers, and where it is known to differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

MODEL: Final = "gpt-4o-mini"


@dataclass(frozen=True, slots=True)
class Manners:
    """How one gateway answers."""

    models: tuple[str, ...]
    answered_model: str
    """What it says it answered with, whatever was asked for."""
    reports_usage: bool = True
    rate_limited: bool = False
    """Lists its models and refuses every chat."""
    lets_in: bool = True
    """Whether the key that the demo has is the right one."""


_PRODUCTION: Final = Manners(
    models=("gpt-4o", MODEL, "o3-mini", "text-embedding-3-small"),
    answered_model="gpt-4o-mini-2024-07-18",
)

MANNERS: Final = {
    "production": _PRODUCTION,
    "staging": replace(
        _PRODUCTION,
        models=("gpt-4o", MODEL, "gpt-5-preview", "text-embedding-3-small"),
        answered_model="gpt-4o-mini-2025-11-03",
        reports_usage=False,
    ),
    "new-region": replace(_PRODUCTION, rate_limited=True),
    "vendor": replace(_PRODUCTION, lets_in=False),
}
"""Baseline first."""
