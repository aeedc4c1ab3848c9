"""The report formats: a new one is one module here and one entry in `RENDERERS`.

A renderer is handed `Evidence` and `Comparison` and nothing else. It escapes for its format, and never redacts.
`envcheck --help` reads the names of the registry, so importing this package loads no pydantic and no tabulate.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from envcheck.render import json, markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence


class Renderer(Protocol):
    """The names that a format's module has."""

    @property
    def SUFFIX(self) -> str:  # noqa: N802 - a module-level constant
        """Of the report's file name, without the dot."""

    def evidence(self, evidence: Evidence) -> str:
        """Render the report of one environment, with a newline at its end."""

    def comparison(self, comparison: Comparison, evidences: Sequence[Evidence]) -> str:
        """Render the report of a run, with a newline at its end."""


RENDERERS: Final[Mapping[str, Renderer]] = MappingProxyType({"markdown": markdown, "json": json})
