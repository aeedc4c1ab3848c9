"""Hand-made records: what the formats are given, without probing or comparing anything; and a fleet compared."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, Literal

from evidences import TODAY, USAGE, chat, evidence, failed, models, skipped, timed

from envcheck.compare import compare
from envcheck.comparison import (
    AcceptNotice,
    Cell,
    CellState,
    Comparison,
    ComparisonSummary,
    DurationValue,
    Finding,
    FindingState,
    HeldAgainst,
    MembersValue,
    Note,
    Notice,
    OutcomeValue,
    Row,
    Settings,
    Verdict,
    Why,
)
from envcheck.demo.sample import sample_evidences
from envcheck.evidence import Check, Evidence, Safety, Summary, Target
from envcheck.model import Outcome
from envcheck.policy import Policy
from envcheck.record import FailureName
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Value

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
MANY_REMOVED = tuple(f"o{number}" for number in range(1, 46))
SETTINGS = Settings(latency_ratio=1.25, latency_floor_ms=50, confirm_over_s=15)


def cell(value: Value | str, state: CellState = CellState.SAME, *notes: Note, expected: Value | str = None) -> Cell:
    return Cell(value=_safe(value), state=state, expected=_safe(expected), notes=notes)


def _safe(value: Value | str) -> Value:
    return Redacted(value) if isinstance(value, str) else value


def duration(median_ms: float, half_iqr_ms: float | None = None, *, n: int = 1, **more: float) -> DurationValue:
    return DurationValue(median_ms=median_ms, half_iqr_ms=half_iqr_ms, n=n, **more)  # type: ignore[arg-type]  # floats


def members(
    total: int | None,
    noun: str = "model",
    *,
    removed: Sequence[str] = (),
    added: Sequence[str] = (),
    varying: Sequence[str] = (),
    unnamed_removed: int = 0,
) -> MembersValue:
    return MembersValue(
        noun=noun,
        total=total,
        removed=tuple(map(Redacted, removed)),
        added=tuple(map(Redacted, added)),
        varying=tuple(map(Redacted, varying)),
        unnamed_removed=unnamed_removed,
    )


def outcome(
    failure: str | None = None, status: int | None = None, detail: str | None = None, **counts: int
) -> OutcomeValue:
    """How a probe ended; `counts` are failures of single samples by class, and `taken`."""
    taken = counts.pop("taken", 0)
    return OutcomeValue(
        outcome=Outcome.PASS if failure is None else Outcome.SKIPPED if failure == "skipped" else Outcome.FAIL,
        failure_class=None if failure in (None, "skipped") else FailureName(failure),
        http_status=status,
        detail=None if detail is None else Redacted(detail),
        failed={FailureName(name): number for name, number in counts.items()},
        taken=taken,
    )


def row(probe: str, field: str, **cells: Cell) -> Row:
    return Row(probe=probe, field=field, cells={name.replace("_", "-"): each for name, each in cells.items()})


def finding(
    rule: str,
    environment: str,
    field: str,
    expected: str | None = None,
    actual: str | None = None,
    *,
    severity: Severity = Severity.ERR,
    state: FindingState = FindingState.OPEN,
    reason: str | None = None,
    counted: bool = True,
    n: int = 1,
    **numbers: object,
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
        state=state,
        reason=None if reason is None else Redacted(reason),
        counted=counted and state not in (FindingState.ACCEPTED, FindingState.ABSENT),
        fingerprint="0123456789abcdef",
        **numbers,  # type: ignore[arg-type]  # checked by pydantic
    )


def slower(ratio: float = 2.475, **more: object) -> Finding:
    """A latency that is slower, or with a note may be."""
    numbers: dict[str, object] = {"expected_ms": 244.1, "actual_ms": 604.2, "ratio": ratio, "p": 0.008, "n": 5}
    rule = "latency.undecided" if "note" in more else "latency.slower"
    severity = Severity.INFO if "note" in more else Severity.WARN
    return finding(rule, "staging", "chat.latency", severity=severity, **(numbers | more))  # type: ignore[arg-type]  # as above


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


def summary(
    verdict: Verdict,
    exit_code: int,
    *,
    fail_on: Literal["err", "warn", "info", "never"] = "warn",
    counted: int = 0,
    err: int = 0,
    warn: int = 0,
    info: int = 0,
    accepted: int = 0,
) -> ComparisonSummary:
    return ComparisonSummary(
        verdict=verdict,
        fail_on=fail_on,
        exit_code=exit_code,
        counted=counted,
        err=err,
        warn=warn,
        info=info,
        accepted=accepted,
    )


def four_evidences() -> tuple[Evidence, ...]:
    return (*sample_evidences(), dead())


def four_environments() -> Comparison:
    """A baseline, one that differs in every way, one that failed half-way, one that is dead."""
    differs, error, noisy = CellState.DIFFERS, CellState.ERROR, CellState.NOISY
    failed_cell, not_sent = cell(None, error), cell(None, CellState.NOT_PROBED)
    lists = members(13, removed=MANY_REMOVED, added=("gpt-5-preview",))
    rows = (
        row(
            "models",
            "latency",
            production=cell(duration(31.2, 0.8, n=5)),
            staging=cell(duration(33.1, 1.7, n=5, p=0.421, ratio=1.06)),
            new_region=cell(duration(60.1, n=1), noisy),
            vendor=failed_cell,
        ),
        row(
            "models",
            "outcome",
            production=cell(outcome()),
            staging=cell(outcome()),
            new_region=cell(outcome(taken=5, timeout=1), noisy),
            vendor=cell(outcome("network", detail="connection refused"), error),
        ),
        row(
            "models",
            "model_ids",
            production=cell(members(57)),
            staging=cell(lists, differs),
            new_region=cell(members(58, added=("mistral-small-2506",)), CellState.ADDED),
            vendor=failed_cell,
        ),
        row(
            "chat",
            "outcome",
            production=cell(outcome()),
            staging=cell(outcome()),
            new_region=cell(outcome("rate_or_quota", 429), error),
            vendor=cell(outcome("skipped", detail="models failed as network"), CellState.NOT_PROBED),
        ),
        *(
            row("chat", field, production=production, staging=staging, new_region=failed_cell, vendor=not_sent)
            for field, production, staging in (
                ("model_answered", cell("gpt-4o-mini-2024-07-18"), cell("gpt-4o-mini", CellState.ACCEPTED)),
                ("finish_reason", cell("stop"), cell("length, stop", noisy)),
                ("content_kind", cell("text"), cell("text")),
                ("usage_fields", cell(members(3, "field")), cell(members(None, "field"), CellState.REMOVED)),
                (
                    "latency",
                    cell(duration(244.1, 6.8, n=5)),
                    cell(duration(604.2, 6.0, n=5, p=0.008, ratio=2.475), differs),
                ),
            )
        ),
    )
    return Comparison(
        generated_at=WHEN,
        baseline="production",
        environments=("production", "staging", "new-region", "vendor"),
        rows=rows,
        findings=_findings(),
        notices=(Notice(environment="vendor", note=Note(why=Why.URL_CHANGED)),),
        accept_notices=(
            AcceptNotice(
                rule="models.removed",
                environment="staging",
                reason=Redacted("o3 comes later"),
                problem="unused",
                position=2,
            ),
            AcceptNotice(
                rule="chat.usage",
                environment="new-region",
                reason=Redacted("the vendor is working on it"),
                problem="expired",
                expires=date(2026, 2, 1),
                position=3,
            ),
        ),
        settings=SETTINGS,
        summary=summary(Verdict.FAILED, 4, counted=49, err=48, warn=1, info=2, accepted=1),
    )


def _findings() -> tuple[Finding, ...]:
    info, warn = Severity.INFO, Severity.WARN
    still, since = FindingState.UNCHANGED, date(2026, 2, 28)
    return (
        *(finding("models.removed", "staging", "models.model_ids", name) for name in MANY_REMOVED),
        finding("models.added", "staging", "models.model_ids", None, "gpt-5-preview", severity=info, counted=False),
        finding("models.added", "new-region", "models.model_ids", None, "o5", severity=info, counted=False),
        finding(
            "chat.model_answered",
            "staging",
            "chat.model_answered",
            "gpt-4o-mini-2024-07-18",
            "gpt-4o-mini",
            severity=warn,
            state=FindingState.ACCEPTED,
            reason="staging answers with the alias",
        ),
        finding("chat.usage", "staging", "chat.usage_fields", "present", "missing", state=FindingState.NEW),
        slower(),
        finding("probe.failed", "new-region", "chat.outcome", "pass", "rate_or_quota"),
        finding("probe.failed", "vendor", "models.outcome", "pass", "network", state=still, first_seen=since, runs=5),
        finding(
            "chat.response_fields",
            "staging",
            "chat.response_fields",
            "choices[].message.refusal",
            state=FindingState.ABSENT,
            change="removed",
        ),
    )


def dead_baseline() -> Comparison:
    """Nothing of a probe can be held against a baseline in which it failed."""
    why = Note(why=Why.FAILED_THERE)
    return Comparison(
        generated_at=WHEN,
        baseline="vendor",
        environments=("vendor", "production"),
        rows=(
            row(
                "models",
                "outcome",
                vendor=cell(outcome("network", detail="connection refused"), CellState.ERROR),
                production=cell(outcome(), CellState.INCOMPARABLE, why),
            ),
            row(
                "models",
                "model_ids",
                vendor=cell(None, CellState.ERROR),
                production=cell(members(13), CellState.INCOMPARABLE, why),
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
            row("models", "model_ids", production=cell(members(13))),
            row("chat", "finish_reason", production=cell("stop")),
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
            Row(probe=probe, field=field, cells={name: cell(value) for name in names})
            for probe, field, value in (("models", "model_ids", members(13)), ("chat", "finish_reason", "stop"))
        ),
        findings=(),
        summary=summary(Verdict.SAME, 0),
    )


def compared(
    *evidences: Evidence,
    policy: Policy | None = None,
    earlier: Comparison | None = None,
    seen_before: Sequence[Evidence] = (),
) -> Comparison:
    """What the comparison really makes of evidence; `seen_before` are records of earlier."""
    return compare(
        evidences,
        baseline=None,
        policy=policy or Policy(),
        earlier=earlier,
        generated_at=WHEN,
        today=TODAY,
        itself_earlier={record.environment: record for record in seen_before},
    )


_VENDORS: Final = ("openai", "anthropic", "meta-llama", "mistralai", "google", "qwen")
_FAMILIES: Final = ("chat", "instruct", "reasoner", "embed", "vision")
_NAMES: Final = (
    "staging",
    "new-region",
    "canary",
    "vendor-eu-west-1",
    "vendor-us-east-2",
    "lab",
    "dr-site",
    "partner-gateway",
    "beta",
    "edge-1",
    "edge-2",
)
_MODELS: Final = tuple(f"{_VENDORS[number % 6]}/{_FAMILIES[number % 5]}-{number:03}" for number in range(300))
_QUICK: Final = (31.0, 30.0, 33.0, 32.0, 31.0, 30.0, 32.0)
_USUAL: Final = (240.0, 251.0, 244.0, 229.0, 262.0, 239.0, 246.0)
_SLOW: Final = (603.0, 587.0, 641.0, 610.0, 598.0, 620.0, 611.0)
_SCATTERED: Final = (420.0, 220.0, 680.0, 330.0, 910.0, 230.0, 490.0)


def fleet(number: int) -> list[Evidence]:
    """So many environments with 300 models: each candidate lacks 35 and has 3 more, and its chat differs as well."""
    first = chat(latency=timed(*_USUAL, again_ms=_USUAL))
    return [
        evidence("production", models(*_MODELS, latency=timed(*_QUICK)), first, samples=len(_USUAL)),
        *(_candidate(name, index) for index, name in enumerate(_NAMES[: number - 1], start=1)),
    ]


def _candidate(name: str, index: int) -> Evidence:
    if name == "edge-1":
        return evidence(name, failed("models", "auth", status=401), skipped("chat"), samples=len(_USUAL))
    # Three regions lack the same.
    begin = 7 * min(index, 8)
    gone = {(begin + 3 * step) % len(_MODELS) for step in range(35)}
    kept = [model for position, model in enumerate(_MODELS) if position not in gone]
    latency = timed(*_SLOW, again_ms=_SLOW) if index % 2 else timed(*_SCATTERED)
    return evidence(
        name,
        models(*kept, *(f"preview/new-{min(index, 8)}-{each}" for each in range(3)), latency=timed(*_QUICK)),
        chat(
            finish="length" if index % 3 else "stop",
            answered="gpt-4o-2024-11-20" if index % 2 else "gpt-4o",
            usage=None if index % 5 == 0 else USAGE,
            latency=latency,
        ),
        samples=len(_USUAL),
    )
