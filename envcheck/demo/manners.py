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
    """Lists its models and refuses every honest chat."""
    lets_in: bool = True
    """Whether the key that the demo has is the right one."""
    streams_as_it_goes: bool = True
    """Without, a stream comes in one piece when all of it is there, as behind a proxy that buffers."""
    calls_tools: bool = True
    knows_schemas: bool = True
    """Without, it refuses `response_format`."""
    has_responses: bool = True
    refuses_unknown_models: bool = True
    """Without, another model answers in their place."""
    refuses_broken_bodies: bool = True
    """Without, a body that is no JSON breaks it."""
    answers_at_random: bool = True
    """Without, the same question has the same answer each time, as out of a cache."""


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
        streams_as_it_goes=False,
        calls_tools=False,
        knows_schemas=False,
        has_responses=False,
        refuses_unknown_models=False,
        refuses_broken_bodies=False,
        answers_at_random=False,
    ),
    "new-region": replace(_PRODUCTION, rate_limited=True),
    "vendor": replace(_PRODUCTION, lets_in=False),
}
"""Baseline first."""
