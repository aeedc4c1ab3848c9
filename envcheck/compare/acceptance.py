"""Known differences: which findings an `[[accept]]` covers, and which entries did nothing or soon will not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from envcheck.comparison import AcceptNotice, CellState, FindingState
from envcheck.redact import Redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from envcheck.comparison import Finding
    from envcheck.judge.judgement import Judgement
    from envcheck.policy import Accept

NOTICE_DAYS: Final = 14
"""So many days before an entry expires it is told of, so that somebody can renew it in time."""


def with_accepted(judgement: Judgement, accepts: Sequence[Accept]) -> Judgement:
    """Mark the findings that an entry covers, and the cell where it covers them all."""
    findings = tuple(accepted(finding, accepts) for finding in judgement.findings)
    if findings and all(finding.state is FindingState.ACCEPTED for finding in findings):
        cell = judgement.cell.model_copy(update={"state": CellState.ACCEPTED})
        return replace(judgement, findings=findings, cell=cell)
    return replace(judgement, findings=findings)


def accepted(finding: Finding, accepts: Sequence[Accept]) -> Finding:
    """Mark the finding where an entry covers it."""
    accept = next((accept for accept in accepts if accept.covers(finding)), None)
    if accept is None:
        return finding
    covered = {"state": FindingState.ACCEPTED, "reason": Redacted(accept.reason), "expires": accept.expires}
    return finding.model_copy(update=covered)


def in_force(accepts: Sequence[Accept], today: date) -> list[Accept]:
    """Give the entries that have not expired; the day of expiry is the last on which one holds."""
    return [accept for accept in accepts if not _has_expired(accept, today)]


def notices(
    accepts: Sequence[Accept], today: date, findings: Sequence[Finding], judged: frozenset[tuple[str, str]]
) -> Iterator[AcceptNotice]:
    """Tell of entries that have expired or soon will, and of those that covered nothing although their rule was judged.

    `findings` are this comparison's, with what is accepted marked; `judged` holds rule and environment. An entry about
    what this comparison did not get to judge is kept in silence.
    """
    for place, accept in enumerate(accepts, start=1):
        problem = _problem(accept, today, findings, judged)
        if problem is not None:
            yield AcceptNotice(
                rule=accept.rule,
                environment=accept.environment,
                field=accept.field,
                value=None if accept.value is None else Redacted(accept.value),
                reason=Redacted(accept.reason),
                problem=problem,
                expires=accept.expires,
                position=accept.position or place,
            )


def _problem(
    accept: Accept, today: date, findings: Sequence[Finding], judged: frozenset[tuple[str, str]]
) -> Literal["expired", "unused", "expires_soon"] | None:
    if _has_expired(accept, today):
        return "expired"
    covered = any(finding.state is FindingState.ACCEPTED and accept.covers(finding) for finding in findings)
    if (accept.rule, accept.environment) in judged and not covered:
        return "unused"
    is_soon = accept.expires is not None and accept.expires - today <= timedelta(days=NOTICE_DAYS)
    return "expires_soon" if is_soon else None


def _has_expired(accept: Accept, today: date) -> bool:
    return accept.expires is not None and accept.expires < today
