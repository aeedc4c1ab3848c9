"""From readings to the record: a probe's readings become one check, an environment's checks its evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median, quantiles
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.evidence import LEFT_OUT, Check, Evidence, Latency, Measured, Safety, Summary, Target
from envcheck.model import Connection, FailureClass, Outcome
from envcheck.probes import planned_requests
from envcheck.record import Facts, FailureName
from envcheck.redact import Redacted
from envcheck.seam.classify import is_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from envcheck.model import Environment, Unplanned
    from envcheck.probes.base import Probe
    from envcheck.redact import Redactor
    from envcheck.seam.normalize import Reading
    from envcheck.transport import TransportFacts

_DIGITS: Final = 3
"""Microseconds: finer than any clock here tells."""


@dataclass(frozen=True, slots=True)
class Made:
    """How a record came to be."""

    at: datetime
    run_id: str | None = None
    made_up: bool = False
    vantage: str | None = None
    """Where was looked from; None where nobody said."""
    asked: str | None = None
    """A keyed hash over prompt and parameters."""
    sent: int | None = None
    """How many requests were sent."""
    unplanned: Mapping[Unplanned, int] = field(default_factory=lambda: MappingProxyType({}))
    """How many of those were not among the planned ones."""
    transport: TransportFacts | None = None
    """What the environment was reached over."""


def check_of(
    probe: Probe, openings: Sequence[Reading], first: Sequence[Reading] = (), again: Sequence[Reading] = ()
) -> Check:
    """Put one probe's readings into its check.

    Args:
        probe: what was asked.
        openings: the opening request's, asked again where it failed by a passing cause; the last one counts.
        first: samples for latency.
        again: those of a second batch, which was taken where the first one had something to say.

    """
    opening = openings[-1]
    later = [*first, *again]
    # What was learnt before a failure is held against nothing.
    replies = [each.reply for each in (*openings, *later) if each.failure is None and each.reply is not None]
    facts = [reply.facts for reply in replies]
    passed = opening.failure is None
    learnt = Facts() if opening.reply is None else opening.reply.facts
    failed = Counter(
        name for reading in (*openings, *later) if (name := reading.failure_name) is not None and not reading.voided
    )
    for reply in replies:
        failed.update(reply.failed)
    retried = len(openings) - 1 + sum(not reading.voided for reading in later)
    return Check(
        probe=probe.name,
        request=_own_request(probe),
        outcome=_outcome(opening),
        http_status=opening.status,
        failure_class=None if opening.is_unsupported else opening.failure_name,
        failure_detail=opening.detail,
        error_preview=opening.preview,
        facts=facts[0] if facts and passed else learnt,
        varying=_varying(probe, facts) if passed else {},
        failed_samples=failed if passed else {},
        tried=retried + sum(reply.tried for reply in replies) if passed else 0,
        passed_when_asked_again=passed and len(openings) > 1,
        latency=latency_of(opening, first, again) if passed else Latency(),
    )


def _outcome(opening: Reading) -> Outcome:
    if opening.failure is None:
        return Outcome.PASS
    return Outcome.UNSUPPORTED if opening.is_unsupported else Outcome.FAIL


def missing_key_check(probe: Probe, redactor: Redactor) -> Check:
    """Give the check of an environment whose key is not there, so that nothing was sent."""
    return Check(
        probe=probe.name,
        request=_own_request(probe),
        outcome=Outcome.FAIL,
        failure_class=FailureName(FailureClass.MISSING_KEY),
        failure_detail=redactor.own("the variable that api_key_env names is unset or empty; nothing was sent"),
    )


def skipped_check(probe: Probe, why: Redacted) -> Check:
    """Give the check of a probe that was not sent."""
    return Check(probe=probe.name, request=_own_request(probe), outcome=Outcome.SKIPPED, failure_detail=why)


def _own_request(probe: Probe) -> Redacted:
    return Redacted(str(probe.route))


def _varying(probe: Probe, facts: Sequence[Facts]) -> dict[str, tuple[Redacted, ...]]:
    first, *rest = facts
    others = [each for each in rest if each is not first]  # equal ones are one object: see `run.visit`
    if not others:
        return {}
    seen = {
        field.name: field.varying([getattr(each, field.name) for each in (first, *others)]) for field in probe.fields
    }
    return {name: tuple(Redacted(str(value)) for value in values) for name, values in seen.items() if values}


def latency_of(opening: Reading, first: Sequence[Reading], again: Sequence[Reading]) -> Latency:
    """Put the timings together, with the opening of connections in all of them or in none.

    A gateway may close its connections sooner than its turn comes again, beside a slow one, or between two batches. Of
    mixed samples the opening of connections is left out, so that all of them can be used.

    With no later samples the opening exchange is shown by itself; otherwise it is only labelled, for the first
    exchange after a start can take many times what the next ones do. A void one is not shown at all.
    """
    if not first:
        return Latency(taken=1, voided=1) if opening.voided else _medians([opening], opening.connection)
    good = _good(first)
    kept, second = _of_one_sending(good), _of_one_sending(_good(again))
    connection = _kind_of([*kept, *second])
    medians = _medians(kept, connection)
    return medians.model_copy(
        update={
            "again_ms": _totals(second, connection),
            "again_taken": len(again),
            "measured": {
                name: measured.model_copy(update={"again_ms": _measured(second, name)})
                for name, measured in medians.measured.items()
            },
            "first_ms": None if opening.voided else _rounded(opening.timing.total_ms),
            "taken": len(first),
            "retried": len(good) - len(kept),
            "failed": sum(reading.failure is not None and not reading.voided for reading in first),
            "voided": sum(reading.voided for reading in first),
        }
    )


def _good(readings: Sequence[Reading]) -> list[Reading]:
    return [reading for reading in readings if reading.failure is None and not reading.voided]


def _of_one_sending(good: Sequence[Reading]) -> list[Reading]:
    return [reading for reading in good if reading.connection is not Connection.RETRIED]


def _kind_of(readings: Sequence[Reading]) -> Connection | None:
    kinds = {reading.connection for reading in readings}
    return Connection.MIXED if len(kinds) > 1 else next(iter(kinds), None)


def _medians(readings: Sequence[Reading], connection: Connection | None) -> Latency:
    if not readings:
        return Latency()
    totals = _totals(readings, connection)
    measures = dict.fromkeys(name for reading in readings if reading.reply for name in reading.reply.measured)
    return Latency(
        samples=len(totals),
        connection=connection,
        dns_ms=_median(reading.timing.dns_ms for reading in readings),
        connect_ms=_median(reading.timing.connect_ms for reading in readings),
        ttfb_ms=_median(reading.timing.ttfb_ms for reading in readings),
        body_ms=_median(reading.timing.body_ms for reading in readings),
        total_ms=_median(totals),
        spread_ms=_spread(totals),
        totals_ms=totals,
        measured={
            name: Measured(median_ms=_median(times), samples_ms=times)
            for name in measures
            if (times := _measured(readings, name))
        },
        taken=len(readings),
    )


def _totals(readings: Sequence[Reading], connection: Connection | None) -> tuple[float, ...]:
    timings = [reading.timing for reading in readings]
    each = [timing.answered_ms if connection is Connection.MIXED else timing.total_ms for timing in timings]
    return tuple(round(took, _DIGITS) for took in each if took is not None)


def _measured(readings: Sequence[Reading], name: str) -> tuple[float, ...]:
    replies = (reading.reply for reading in readings if reading.reply is not None)
    return tuple(round(reply.measured[name], _DIGITS) for reply in replies if name in reply.measured)


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return _rounded(median(known)) if known else None


def _spread(values: Sequence[float]) -> float | None:
    if len(values) < 2:  # noqa: PLR2004 - one value has no spread
        return None
    lower, _, upper = quantiles(values, n=4, method="inclusive")
    return _rounded(upper - lower)


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, _DIGITS)


def _with_whose_key(checks: Sequence[Check], redactor: Redactor) -> tuple[Check, ...]:
    """Point past this key where it cannot be the one refused: the gateway accepted it a moment before.

    LiteLLM and others pass on their provider's 401 as their own.
    """
    accepted = False
    told: list[Check] = []
    for check in checks:
        refused = check.failure_class == FailureName(FailureClass.AUTH)
        is_upstreams = accepted and refused and check.failure_detail is None
        hint = redactor.own("another probe passed with this key, so the gateway's own key upstream may be refused")
        told.append(check.model_copy(update={"failure_detail": hint}) if is_upstreams else check)
        # A probe that asks to be refused passes without it.
        accepted = accepted or (check.outcome is Outcome.PASS and not is_refusal(check.http_status))
    return tuple(told)


def evidence_of(
    environment: Environment,
    checks: Sequence[Check],
    selected_model: str | None,
    redactor: Redactor,
    made: Made,
) -> Evidence:
    """Put the checks of one environment into its record."""
    passed = any(check.outcome is Outcome.PASS for check in checks)
    failed = next((check for check in checks if check.outcome is Outcome.FAIL), None)
    return Evidence(
        generated_at=made.at,
        run_id=made.run_id,
        made_up=made.made_up,
        asked=made.asked,
        environment=environment.name,
        vantage=made.vantage,
        target=Target(
            base_url=redactor.url(environment.base_url),
            api_key_env=environment.api_key_env,
            requested_model=None if environment.model is None else redactor.model_id(environment.model),
            selected_model=None if selected_model is None else redactor.model_id(selected_model),
            probes=environment.probes,
            timeout_s=environment.timeout_s,
            samples=environment.samples,
            planned_requests=planned_requests(environment),
            sent_requests=made.sent,
            unplanned_requests=made.unplanned,
            verify_tls=environment.verify_tls,
        ),
        safety=Safety(
            left_out=tuple(redactor.own(words) for words in LEFT_OUT),
            prompt_source="default" if environment.prompt is None else "custom",
            server_text="withheld" if redactor.withholds else "shown",
        ),
        transport=made.transport,
        checks=tuple(checks) if environment.api_key is None else _with_whose_key(checks, redactor),
        summary=Summary(ok=failed is None and passed, failure_class=None if failed is None else failed.failure_class),
    )
