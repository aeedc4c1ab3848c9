"""The Markdown reports, for tickets and pull requests on GitHub and GitLab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render import comparison_page, evidence_page
from envcheck.render.markup import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

SUFFIX: Final = "md"


def evidence(evidence: Evidence) -> str:
    """Render the report of one environment."""
    return page(evidence_page.blocks(evidence))


def comparison(comparison: Comparison, evidences: Sequence[Evidence]) -> str:
    """Render the report of a run."""
    return page(comparison_page.blocks(comparison, evidences))
