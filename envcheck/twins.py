"""Candidates that point at their baseline, decided in memory: nothing that identifies a key is stored anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.compare import Twin
from envcheck.rules import SAME_ENDPOINT, SAME_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.model import Environment


def twins(environments: Sequence[Environment], baseline: str | None) -> tuple[Twin, ...]:
    """Name the candidates that share the baseline's base URL or its key."""
    return tuple(_twins(environments, baseline))


def _twins(environments: Sequence[Environment], baseline: str | None) -> Iterator[Twin]:
    original = next((each for each in environments if each.name == baseline), None)
    if original is None:
        return
    for candidate in environments:
        if candidate is original:
            continue
        if candidate.base_url.casefold() == original.base_url.casefold():
            yield Twin(SAME_ENDPOINT.name, candidate.name)
        if candidate.api_key is not None and candidate.api_key == original.api_key:
            yield Twin(SAME_KEY.name, candidate.name)
