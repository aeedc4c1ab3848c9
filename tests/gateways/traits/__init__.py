"""Gateways with one trait each, as data: what a comparison has to find of it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateways.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Trait:
    """One gateway that differs from its baseline in one way."""

    name: str
    probe: str
    """Which probe sees it; it is asked after `models` and `chat`."""
    gateway: Gateway
    finds: frozenset[tuple[str, str]]
    """Rules, each with its field."""
    baseline: Gateway
