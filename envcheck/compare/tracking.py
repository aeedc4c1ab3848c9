"""Over time: which findings are new, which an earlier comparison had too, and which are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import FindingState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from envcheck.compare.findings import Judgement
    from envcheck.comparison import Comparison, Finding

STOOD_OPEN: Final = frozenset({FindingState.OPEN, FindingState.NEW, FindingState.UNCHANGED})
"""An accepted one did not: when its acceptance ends, it is news."""


def tagged(findings: Sequence[Finding], earlier: Comparison) -> list[Finding]:
    """Tag the open findings as new, or as unchanged since the earlier comparison."""
    known = {finding.fingerprint for finding in earlier.findings if finding.state in STOOD_OPEN}
    return [
        finding.model_copy(
            update={"state": FindingState.UNCHANGED if finding.fingerprint in known else FindingState.NEW}
        )
        if finding.state is FindingState.OPEN
        else finding
        for finding in findings
    ]


def resolved(
    findings: Collection[Finding], earlier: Comparison, judgements: Mapping[tuple[str, str], Judgement]
) -> list[Finding]:
    """Give the earlier findings that are gone.

    `judgements` are by environment and the finding's field. What could not be judged now is not gone but unknown.
    """
    found = {finding.fingerprint for finding in findings}
    return [
        finding.model_copy(update={"state": FindingState.ABSENT})
        for finding in earlier.findings
        if finding.state in STOOD_OPEN
        and finding.fingerprint not in found
        and _is_settled(finding, judgements.get((finding.environment, finding.field)))
    ]


def _is_settled(finding: Finding, judgement: Judgement | None) -> bool:
    return judgement is not None and finding.rule in judgement.settled and finding.value not in judgement.unsure
