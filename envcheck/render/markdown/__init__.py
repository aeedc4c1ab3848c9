"""The Markdown reports, for tickets and pull requests on GitHub and GitLab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

SUFFIX: Final = "md"


def evidence(evidence: Evidence) -> str:
    """Render the report of one environment."""
    from envcheck.render.markdown.evidence_page import page_of  # noqa: PLC0415 - `envcheck --help` imports this module

    return page_of(evidence)


def comparison(comparison: Comparison, evidences: Sequence[Evidence]) -> str:
    """Render the report of a run."""
    from envcheck.render.markdown.comparison_page import page_of  # noqa: PLC0415 - `envcheck --help` imports this module

    return page_of(comparison, evidences)
