"""Known differences: which findings an `[[accept]]` covers, and which entries did nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from envcheck.comparison import AcceptNotice, CellState, FindingState
from envcheck.judge.wording import own_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from envcheck.comparison import Finding
    from envcheck.judge.findings import Judgement
    from envcheck.policy import Accept


def with_accepted(judgement: Judgement, accepts: Sequence[Accept]) -> Judgement:
    """Mark the findings that an entry covers, and the cell where it covers them all."""
    findings = tuple(_accepted(finding, accepts) for finding in judgement.findings)
    if findings and all(finding.state is FindingState.ACCEPTED for finding in findings):
        cell = judgement.cell.model_copy(update={"state": CellState.ACCEPTED})
        return replace(judgement, findings=findings, cell=cell)
    return replace(judgement, findings=findings)


def in_force(accepts: Iterable[Accept], today: date) -> list[Accept]:
    """Give the entries that have not expired; the day of expiry is the last on which one holds."""
    return [accept for accept in accepts if not _has_expired(accept, today)]


def notices(
    accepts: Iterable[Accept], today: date, findings: Sequence[Finding], judged: frozenset[tuple[str, str]]
) -> Iterator[AcceptNotice]:
    """Tell of entries that have expired, and of those that covered nothing although their rule was judged.

    `judged` holds rule and environment. An entry about what this comparison did not get to judge is kept in silence.
    """
    for accept in accepts:
        expired = _has_expired(accept, today)
        if not expired and (
            (accept.rule, accept.environment) not in judged or any(covers(accept, f) for f in findings)
        ):
            continue
        yield AcceptNotice(
            rule=accept.rule,
            environment=accept.environment,
            reason=own_reason(accept),
            problem="expired" if expired else "unused",
            expires=accept.expires,
        )


def covers(accept: Accept, finding: Finding) -> bool:
    """Tell whether the entry is about this finding: its rule, its environment, and its value where one is named."""
    if (accept.rule, accept.environment) != (finding.rule, finding.environment):
        return False
    return accept.value is None or accept.value == finding.value


def _accepted(finding: Finding, accepts: Sequence[Accept]) -> Finding:
    accept = next((accept for accept in accepts if covers(accept, finding)), None)
    if accept is None:
        return finding
    return finding.model_copy(update={"state": FindingState.ACCEPTED, "reason": own_reason(accept)})


def _has_expired(accept: Accept, today: date) -> bool:
    return accept.expires is not None and accept.expires < today
