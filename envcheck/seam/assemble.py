"""From readings to the record: a probe's readings become one check, an environment's checks its evidence."""

from __future__ import annotations

from collections import Counter
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final, assert_never

from envcheck.evidence import LEFT_OUT, MAX_VARYING, Check, Evidence, FailureName, Latency, Safety, Summary, Target
from envcheck.model import Connection, FailureClass, Outcome
from envcheck.probes import PROBES
from envcheck.probes.base import Facts, ScalarField, SetField
from envcheck.redact import Redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from envcheck.model import Environment
    from envcheck.probes.base import Field
    from envcheck.redact import Redactor
    from envcheck.seam.normalize import Reading

_DIGITS: Final = 3
"""Microseconds: finer than any clock here tells."""


def check_of(probe: str, readings: Sequence[Reading]) -> Check:
    """Put one probe's readings, the opening one first, into its check."""
    opening, *later = readings
    facts = [reading.facts for reading in readings if reading.facts is not None]
    return Check(
        probe=probe,
        request=_own_request(probe),
        outcome=Outcome.PASS if opening.failure is None else Outcome.FAIL,
        http_status=opening.status,
        failure_class=opening.failure_name,
        failure_detail=opening.detail,
        error_preview=opening.preview,
        facts=facts[0] if facts else Facts(),
        varying=_varying(PROBES[probe].FIELDS, facts),
        failed_samples=Counter(name for reading in later if (name := reading.failure_name) is not None),
        latency=latency_of(opening, later),
    )


def missing_key_check(probe: str, redactor: Redactor) -> Check:
    """Give the check of an environment whose key is not there, so that nothing was sent."""
    return Check(
        probe=probe,
        request=_own_request(probe),
        outcome=Outcome.FAIL,
        failure_class=FailureName(FailureClass.MISSING_KEY),
        failure_detail=redactor.own("the variable that api_key_env names is unset or empty; nothing was sent"),
    )


def skipped_check(probe: str, why: Redacted) -> Check:
    """Give the check of a probe that was not sent."""
    return Check(probe=probe, request=_own_request(probe), outcome=Outcome.SKIPPED, failure_detail=why)


def _own_request(probe: str) -> Redacted:
    return Redacted(PROBES[probe].REQUEST)


def _varying(fields: Sequence[Field], facts: Sequence[Facts]) -> dict[str, tuple[Redacted, ...]]:
    varying: dict[str, tuple[Redacted, ...]] = {}
    first = facts[0] if facts else None
    others = [each for each in facts if each is not first]  # equal ones are one object: see `runner`
    if not others or first is None:
        return varying
    for field in fields:
        values = [getattr(each, field.name) for each in (first, *others)]
        match field:
            case ScalarField():
                seen = sorted({_in_words(value) for value in values})
                if len(seen) > 1:
                    varying[field.name] = tuple(seen)
            case SetField():
                members = [frozenset(value) for value in values]
                unsteady = frozenset.union(*members) - frozenset.intersection(*members)
                if unsteady:
                    varying[field.name] = tuple(sorted(unsteady)[:MAX_VARYING])
            case _ as never:
                assert_never(never)
    return varying


def _in_words(value: Redacted | int | None) -> Redacted:
    """Spell a scalar fact, which is a number, a word of an enum or already redacted."""
    return Redacted("null" if value is None else str(value))


def latency_of(opening: Reading, later: Sequence[Reading]) -> Latency:
    """Put the timings together, never cold and warm ones in one median.

    With no later samples the opening exchange is shown by itself; otherwise it is only labelled, for the first
    exchange after a start can take many times what the next ones do.
    """
    if not later:
        return _medians([opening]) if opening.failure is None else Latency()
    good = [reading for reading in later if reading.failure is None and not reading.voided]
    warm = [reading for reading in good if reading.connection is Connection.REUSED]
    cold = [reading for reading in good if reading.connection is Connection.NEW]
    kept = warm if len(warm) >= len(cold) else cold
    return _medians(kept).model_copy(
        update={
            "first_ms": _rounded(opening.timing.total_ms),
            "retried": sum(reading.connection is Connection.RETRIED for reading in good),
            "voided": sum(reading.voided for reading in later),
        }
    )


def _medians(readings: Sequence[Reading]) -> Latency:
    if not readings:
        return Latency()
    totals = [total for reading in readings if (total := reading.timing.total_ms) is not None]
    return Latency(
        samples=len(totals),
        connection=readings[0].connection,
        dns_ms=_median(reading.timing.dns_ms for reading in readings),
        connect_ms=_median(reading.timing.connect_ms for reading in readings),
        ttfb_ms=_median(reading.timing.ttfb_ms for reading in readings),
        body_ms=_median(reading.timing.body_ms for reading in readings),
        total_ms=_median(totals),
        spread_ms=_spread(totals),
        totals_ms=tuple(round(total, _DIGITS) for total in totals),
    )


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
        accepted = accepted or check.outcome is Outcome.PASS
    return tuple(told)


def evidence_of(
    environment: Environment,
    checks: Sequence[Check],
    selected_model: str | None,
    redactor: Redactor,
    generated_at: datetime,
) -> Evidence:
    """Put the checks of one environment into its record."""
    passed = any(check.outcome is Outcome.PASS for check in checks)
    failed = next((check for check in checks if check.outcome is Outcome.FAIL), None)
    return Evidence(
        generated_at=generated_at,
        environment=environment.name,
        target=Target(
            base_url=redactor.url(environment.base_url),
            api_key_env=environment.api_key_env,
            requested_model=None if environment.model is None else redactor.model_id(environment.model),
            selected_model=None if selected_model is None else redactor.model_id(selected_model),
            probes=environment.probes,
            timeout_s=environment.timeout_s,
            samples=environment.samples,
            planned_requests=environment.planned_requests,
            verify_tls=environment.verify_tls,
        ),
        safety=Safety(
            left_out=tuple(redactor.own(words) for words in LEFT_OUT),
            prompt_source="default" if environment.prompt is None else "custom",
            server_text="withheld" if redactor.withholds else "shown",
        ),
        checks=tuple(checks) if environment.api_key is None else _with_whose_key(checks, redactor),
        summary=Summary(ok=failed is None and passed, failure_class=None if failed is None else failed.failure_class),
    )
