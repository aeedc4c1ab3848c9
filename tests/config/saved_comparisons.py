"""Saved comparisons made by hand, for tests of what is accepted of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from envcheck.comparison import AcceptNotice, Comparison, ComparisonSummary, Finding, FindingState, Verdict
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence


def finding(
    rule: str,
    expected: str | None = None,
    actual: str | None = None,
    state: FindingState = FindingState.OPEN,
    of: str = "staging",
    *,
    field: str = "models.model_ids",
    ratio: float | None = None,
    unnamed: int | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.WARN,
        environment=of,
        baseline="production",
        field=field,
        expected=None if expected is None else Redacted(expected),
        actual=None if actual is None else Redacted(actual),
        expected_ms=None if ratio is None else 32.0,
        actual_ms=None if ratio is None else 32.0 * ratio,
        ratio=ratio,
        unnamed=unnamed,
        n=1,
        state=state,
        fingerprint="0" * 16,
    )


def notice(
    position: int,
    problem: Literal["expired", "unused", "expires_soon"] = "expired",
    *,
    rule: str = "models.removed",
    environment: str = "staging",
    value: str | None = None,
    field: str | None = None,
    reason: str = "r",
    expires: date | None = None,
) -> AcceptNotice:
    return AcceptNotice(
        rule=rule,
        environment=environment,
        field=field,
        value=None if value is None else Redacted(value),
        reason=Redacted(reason),
        problem=problem,
        expires=expires,
        position=position,
    )


def comparison(
    *findings: Finding, verdict: Verdict = Verdict.DIFFERS, notices: Sequence[AcceptNotice] = ()
) -> Comparison:
    return Comparison(
        generated_at=datetime(2026, 1, 1, tzinfo=UTC),
        baseline="production",
        environments=("production", "staging", "dev"),
        rows=(),
        findings=findings,
        accept_notices=tuple(notices),
        summary=ComparisonSummary(
            verdict=verdict, counted=1, err=0, warn=1, info=0, accepted=0, fail_on="warn", exit_code=3
        ),
    )
