"""The JSON reports: the records themselves, as `envcheck schema` describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.escape import for_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

SUFFIX: Final = "json"


def evidence(evidence: Evidence) -> str:
    """Render the record of one environment."""
    return for_json(evidence.model_dump_json(indent=2)) + "\n"


def comparison(comparison: Comparison, evidences: Sequence[Evidence]) -> str:  # noqa: ARG001 - one signature for every format
    """Render the comparison, which holds all that is shown of the evidence."""
    return for_json(comparison.model_dump_json(indent=2)) + "\n"
