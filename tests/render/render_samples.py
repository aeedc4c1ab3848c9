"""Hand-made records: what the renderers are given, without probing or comparing anything."""

from __future__ import annotations

from datetime import UTC, date, datetime

from envcheck.comparison import (
    AcceptNotice,
    Cell,
    CellState,
    Comparison,
    ComparisonSummary,
    Finding,
    FindingState,
    HeldAgainst,
    Notice,
    Row,
    Verdict,
)
from envcheck.demo.sample import sample_evidences
from envcheck.evidence import Check, Evidence, FailureName, Safety, Summary, Target
from envcheck.model import Outcome
from envcheck.redact import Redacted
from envcheck.rules import Severity

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
MANY_REMOVED = tuple(f"o{number}" for number in range(1, 46))


def cell(value: str | None, state: CellState = CellState.SAME, *detail: str) -> Cell:
    return Cell(value=None if value is None else Redacted(value), state=state, detail=tuple(map(Redacted, detail)))


def row(probe: str, field: str, **cells: Cell) -> Row:
    return Row(probe=probe, field=field, cells={name.replace("_", "-"): each for name, each in cells.items()})


def finding(
    rule: str,
    environment: str,
    field: str,
    expected: str | None,
    actual: str | None,
    *,
    severity: Severity = Severity.ERR,
    state: FindingState = FindingState.OPEN,
    reason: str | None = None,
    n: int = 1,
    p: float | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        environment=environment,
        baseline="production",
        field=field,
        expected=None if expected is None else Redacted(expected),
        actual=None if actual is None else Redacted(actual),
        n=n,
        p=p,
        state=state,
        reason=None if reason is None else Redacted(reason),
        fingerprint="0123456789abcdef",
    )


def dead(name: str = "vendor", *, verify_tls: bool = False) -> Evidence:
    """An environment of which not one probe came back."""
    failure = FailureName("network")
    return Evidence(
        generated_at=WHEN,
        environment=name,
        target=Target(
            base_url=Redacted("https://llm.vendor.example:8443/v1"),
            api_key_env=None,
            requested_model=None,
            selected_model=None,
            probes=("models", "chat"),
            timeout_s=2.5,
            samples=1,
            planned_requests=2,
            verify_tls=verify_tls,
        ),
        safety=Safety(left_out=(Redacted("the prompt"),), prompt_source="custom", server_text="withheld"),
        checks=(
            Check(
                probe="models",
                request=Redacted("GET /models"),
                outcome=Outcome.FAIL,
                failure_class=failure,
                failure_detail=Redacted("connection refused"),
            ),
            Check(
                probe="chat",
                request=Redacted("POST /chat/completions"),
                outcome=Outcome.SKIPPED,
                failure_detail=Redacted("models failed as network"),
            ),
        ),
        summary=Summary(ok=False, failure_class=failure),
    )


def summary(verdict: Verdict, exit_code: int, **counts: int) -> ComparisonSummary:
    numbers = {"counted": 0, "err": 0, "warn": 0, "info": 0, "accepted": 0} | counts
    return ComparisonSummary(verdict=verdict, fail_on="warn", exit_code=exit_code, **numbers)


def four_evidences() -> tuple[Evidence, ...]:
    return (*sample_evidences(), dead())


def four_environments() -> Comparison:
    """A baseline, one that differs in every way, one that failed half-way, one that is dead."""
    differs, error = CellState.DIFFERS, CellState.ERROR
    noisy, not_probed = CellState.NOISY, CellState.NOT_PROBED
    failed, skipped = cell(None, error), cell(None, not_probed)
    removed = cell("13 models (-45 +1)", CellState.REMOVED, *(f"-{name}" for name in MANY_REMOVED), "+gpt-5-preview")
    added = cell("58 models (+1)", CellState.ADDED, "+mistral-small-2506")
    unsure = cell("~60 ms (n=1)", noisy, "needs 5 samples a side")
    return Comparison(
        generated_at=WHEN,
        baseline="production",
        environments=("production", "staging", "new-region", "vendor"),
        rows=(
            row(
                "models",
                "latency",
                production=cell("31 ms ±0.8 (n=5)"),
                staging=cell("33 ms ±1.7 (n=5)", CellState.SAME, "p = 0.421"),
                new_region=unsure,
                vendor=failed,
            ),
            row(
                "models",
                "outcome",
                production=cell("pass"),
                staging=cell("pass"),
                new_region=cell("pass, 1 of 5 failed: timeout", noisy),
                vendor=cell("network", error, "connection refused"),
            ),
            row(
                "models",
                "model_ids",
                production=cell("57 models"),
                staging=removed,
                new_region=added,
                vendor=failed,
            ),
            row(
                "chat",
                "outcome",
                production=cell("pass"),
                staging=cell("pass"),
                new_region=cell("rate_or_quota (HTTP 429)", error),
                vendor=cell("skipped", not_probed, "models failed as network"),
            ),
            row(
                "chat",
                "model_answered",
                production=cell("gpt-4o-mini-2024-07-18"),
                staging=cell("gpt-4o-mini", CellState.ACCEPTED),
                new_region=failed,
                vendor=skipped,
            ),
            row(
                "chat",
                "finish_reason",
                production=cell("stop"),
                staging=cell("length, stop", noisy),
                new_region=failed,
                vendor=skipped,
            ),
            row(
                "chat",
                "content_kind",
                production=cell("text"),
                staging=cell("text"),
                new_region=failed,
                vendor=skipped,
            ),
            row(
                "chat",
                "usage_fields",
                production=cell("3 fields"),
                staging=cell("missing", CellState.REMOVED),
                new_region=failed,
                vendor=skipped,
            ),
            row(
                "chat",
                "latency",
                production=cell("244 ms ±6.8 (n=5)"),
                staging=cell("604 ms ±6.0 (n=5)", differs, "p = 0.008"),
                new_region=failed,
                vendor=skipped,
            ),
        ),
        findings=(
            *(finding("models.removed", "staging", "models.model_ids", name, None) for name in MANY_REMOVED),
            finding("models.added", "staging", "models.model_ids", None, "gpt-5-preview", severity=Severity.INFO),
            finding(
                "models.added", "new-region", "models.model_ids", None, "mistral-small-2506", severity=Severity.INFO
            ),
            finding(
                "chat.model_answered",
                "staging",
                "chat.model_answered",
                "gpt-4o-mini-2024-07-18",
                "gpt-4o-mini",
                severity=Severity.WARN,
                state=FindingState.ACCEPTED,
                reason="staging answers with the alias",
            ),
            finding("chat.usage", "staging", "chat.usage_fields", "present", "missing", state=FindingState.NEW),
            finding(
                "latency.slower", "staging", "chat.latency", "244 ms", "604 ms", severity=Severity.WARN, n=5, p=0.008
            ),
            finding("probe.failed", "new-region", "chat.outcome", "pass", "rate_or_quota"),
            finding("probe.failed", "vendor", "models.outcome", "pass", "network", state=FindingState.UNCHANGED),
            finding(
                "chat.response_fields",
                "staging",
                "chat.response_fields",
                "choices[].message.refusal",
                None,
                state=FindingState.ABSENT,
            ),
        ),
        notices=(Notice(environment="vendor", text=Redacted("probed in the earlier run only, so not compared")),),
        accept_notices=(
            AcceptNotice(
                rule="models.removed", environment="staging", reason=Redacted("o3 comes later"), problem="unused"
            ),
            AcceptNotice(
                rule="chat.usage",
                environment="new-region",
                reason=Redacted("the vendor is working on it"),
                problem="expired",
                expires=date(2026, 2, 1),
            ),
        ),
        summary=summary(Verdict.FAILED, 4, counted=49, err=48, warn=1, info=2, accepted=1),
    )


def dead_baseline() -> Comparison:
    """Nothing of a probe can be held against a baseline in which it failed."""
    why = "the probe failed in the baseline"
    return Comparison(
        generated_at=WHEN,
        baseline="vendor",
        environments=("vendor", "production"),
        rows=(
            row(
                "models",
                "outcome",
                vendor=cell("network", CellState.ERROR, "connection refused"),
                production=cell("pass", CellState.INCOMPARABLE, why),
            ),
            row(
                "models",
                "model_ids",
                vendor=cell(None, CellState.ERROR),
                production=cell("13 models", CellState.INCOMPARABLE, why),
            ),
        ),
        findings=(finding("probe.failed", "vendor", "models.outcome", "pass", "network"),),
        summary=summary(Verdict.INCONCLUSIVE, 5, err=1, counted=1),
    )


def alone() -> Comparison:
    """One environment, which is shown and not compared."""
    return Comparison(
        generated_at=WHEN,
        held_against=HeldAgainst.NOTHING,
        baseline=None,
        environments=("production",),
        rows=(
            row("models", "model_ids", production=cell("13", CellState.SAME)),
            row("chat", "finish_reason", production=cell("stop", CellState.SAME)),
        ),
        findings=(),
        summary=summary(Verdict.SAME, 0),
    )


def alike(number: int) -> Comparison:
    """A baseline and `number` others that are the same."""
    names = ("production", *(f"region-{index}" for index in range(1, number + 1)))
    return Comparison(
        generated_at=WHEN,
        baseline="production",
        environments=names,
        rows=tuple(
            Row(
                probe=probe,
                field=field,
                cells={name: cell(value) for name in names},
            )
            for probe, field, value in (("models", "model_ids", "13"), ("chat", "finish_reason", "stop"))
        ),
        findings=(),
        summary=summary(Verdict.SAME, 0),
    )
