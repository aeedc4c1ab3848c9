"""The sections of the benchmark, in the order of the page."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from benchmarks.sections import endpoint, fidelity, keys, rendering, sampling, startup, weight, width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.bench import Bench


class Section(Protocol):
    """The names that a section's module has."""

    @property
    def TITLE(self) -> str:  # noqa: N802 - a module-level constant
        """Its heading."""

    @property
    def ABOUT(self) -> str:  # noqa: N802 - a module-level constant
        """What is measured, and against what."""

    def run(self, bench: Bench) -> list[str]:
        """Measure, and give the lines of Markdown below the heading."""


SECTIONS: Final[Mapping[str, Section]] = MappingProxyType(
    {
        "startup": startup,
        "endpoint": endpoint,
        "width": width,
        "keys": keys,
        "weight": weight,
        "fidelity": fidelity,
        "sampling": sampling,
        "rendering": rendering,
    }
)
