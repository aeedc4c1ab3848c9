"""What a run tells while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names


class Progress(Protocol):
    """What a run tells while it goes on: to a display, or to nobody."""

    def exchanged(self, environment: str) -> None:
        """One request to an environment is over."""

    def expect_more(self, requests: int) -> None:
        """So many requests are sent that were not among those announced: they are asked again, or taken again."""

    def sampling(self, requests: int, seconds: float) -> None:
        """From here on samples are taken: so many requests, which take about so long."""

    def confirming(self, latencies: int, requests: int, seconds: float) -> None:
        """So many latencies were slow once, and are sampled a second time."""

    def finished(self, evidence: Evidence, names: Mapping[str, Names]) -> None:
        """One environment is done: this is its record, and what is known in memory of its names."""

    def broke(self, environment: str, error: Exception) -> None:
        """A fault of ours happened in one environment; the exception may hold anything."""
