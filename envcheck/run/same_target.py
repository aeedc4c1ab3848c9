"""Candidates that point at their baseline, decided in memory: nothing that identifies a key is stored anywhere."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from envcheck.comparison import Twin
from envcheck.rules import SAME_ENDPOINT, SAME_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.model import Environment

_DEFAULT_PORTS: Final = MappingProxyType({"http": 80, "https": 443})


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
        if _endpoint(candidate.base_url) == _endpoint(original.base_url):
            yield Twin(SAME_ENDPOINT.name, candidate.name)
        if candidate.api_key is not None and candidate.api_key == original.api_key:
            yield Twin(SAME_KEY.name, candidate.name)


def _endpoint(base_url: str) -> tuple[str, str | None, int | None, str]:
    """Give what makes two URLs one endpoint: the host's case and a spelled-out default port do not count."""
    parts = urlsplit(base_url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme), parts.path
