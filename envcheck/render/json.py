"""The JSON reports: the records themselves, as `envcheck schema` describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

SUFFIX: Final = "json"


def evidence(evidence: Evidence) -> str:
    """Render the record of one environment."""
    return _escaped(evidence.model_dump_json(indent=2))


def comparison(comparison: Comparison, evidences: Sequence[Evidence]) -> str:  # noqa: ARG001 - one signature for every format
    """Render the comparison, which holds all that is shown of the evidence."""
    return _escaped(comparison.model_dump_json(indent=2))


def _escaped(document: str) -> str:
    from envcheck.render.escape import for_json  # noqa: PLC0415 - `envcheck --help` imports this module

    return for_json(document) + "\n"
