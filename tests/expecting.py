"""For each fact that can be expected: values that meet an expectation and that do not, and checks that have them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from evidences import WHEN, evidence, failed, passed, skipped, timed

from envcheck.evidence import Check, Latency, Measured
from envcheck.judge.duration import Duration
from envcheck.judge.members import Members
from envcheck.judge.scalar import Scalar
from envcheck.model import Outcome
from envcheck.policy import Expect, Operator
from envcheck.probes import PROBES
from envcheck.probes.expectable import FITTING, Kind, expectable
from envcheck.redact import Redacted
from envcheck.transport import TRANSPORT, TransportFacts

if TYPE_CHECKING:
    from envcheck.evidence import Evidence
    from envcheck.policy import Operand

TODAY: Final = WHEN.date()


class Case(NamedTuple):
    """One operator on one kind of fact."""

    operands: tuple[Operand, ...]
    meets: object
    fails: object


def days(number: int) -> object:
    return TODAY + timedelta(days=number)


CASES: Final = {
    (Kind.TRUTH, Operator.EQUALS): Case((True,), meets=True, fails=False),
    (Kind.TRUTH, Operator.NOT_EQUALS): Case((True,), meets=False, fails=True),
    (Kind.NUMBER, Operator.EQUALS): Case((7,), 7, 8),
    (Kind.NUMBER, Operator.NOT_EQUALS): Case((7,), 8, 7),
    (Kind.NUMBER, Operator.ONE_OF): Case((7, 9), 9, 8),
    (Kind.NUMBER, Operator.AT_LEAST): Case((7.0,), 7, 6),
    (Kind.NUMBER, Operator.AT_MOST): Case((7.0,), 7, 8),
    (Kind.NUMBER, Operator.MATCHES): Case(("4..",), 404, 4040),
    (Kind.DAY, Operator.EQUALS): Case((TODAY,), TODAY, days(1)),
    (Kind.DAY, Operator.NOT_EQUALS): Case((TODAY,), days(1), TODAY),
    (Kind.DAY, Operator.AT_LEAST_DAYS): Case((30,), days(30), days(29)),
    (Kind.TEXT, Operator.EQUALS): Case(("gpt-4o",), "gpt-4o", "o3"),
    (Kind.TEXT, Operator.NOT_EQUALS): Case(("gpt-4o",), "o3", "gpt-4o"),
    (Kind.TEXT, Operator.ONE_OF): Case(("o3", "gpt-4o"), "gpt-4o", "o1"),
    (Kind.TEXT, Operator.MATCHES): Case(("gpt-.",), "gpt-4", "gpt-4o"),
    (Kind.MEMBERS, Operator.CONTAINS): Case(("a", "b"), ("a", "b", "c"), ("a", "c")),
    (Kind.MEMBERS, Operator.EXCLUDES): Case(("a", "b"), ("c",), ("a", "c")),
    (Kind.DURATION, Operator.AT_MOST_MS): Case((800.0,), 800.0, 800.1),
    (Kind.DURATION, Operator.AT_LEAST_MS): Case((800.0,), 800.0, 799.9),
    (Kind.OUTCOME, Operator.EQUALS): Case(("pass",), Outcome.PASS, Outcome.FAIL),
    (Kind.OUTCOME, Operator.NOT_EQUALS): Case(("fail",), Outcome.UNSUPPORTED, Outcome.FAIL),
    (Kind.OUTCOME, Operator.ONE_OF): Case(("pass", "unsupported"), Outcome.UNSUPPORTED, Outcome.FAIL),
}
FITTING_PAIRS: Final = [(field, operator) for field, known in expectable().items() for operator in FITTING[known.kind]]
"""Every operator on every fact that it fits."""


def case_of(field: str, operator: Operator) -> Case:
    """Give the case of a fact; one of a few words has its own."""
    known = expectable()[field]
    if known.kind is not Kind.WORD:
        return CASES[known.kind, operator]
    one, other = known.words[:2]
    return {
        Operator.EQUALS: Case((one,), one, other),
        Operator.NOT_EQUALS: Case((one,), other, one),
        Operator.ONE_OF: Case((one,), one, other),
        Operator.MATCHES: Case((one,), one, other),
    }[operator]


def expected(field: str, operator: Operator) -> Expect:
    """Expect what `case_of` has."""
    return Expect(field, operator, case_of(field, operator).operands)


def record_of(field: str, *values: object, samples: int = 7) -> Evidence:
    """Give a record in which a fact took these values, one sample after the other."""
    known, (probe, fact) = expectable()[field], field.split(".")
    if known.kind is Kind.OUTCOME:
        return evidence("staging", _ended(probe, *values))
    if probe == TRANSPORT:
        over: dict[str, Any] = {fact: _typed(values[0])}
        facts = TransportFacts.model_construct(**over)
        return evidence("staging").model_copy(update={"transport": facts})
    if isinstance(known.field, Duration):
        return evidence("staging", _timed(probe, known.field, [float(str(each)) for each in values], samples))
    about: dict[str, Any] = {fact: _typed(values[0])}
    if known.set_by is not None:
        about[known.set_by.name] = (Redacted("x"),)
    if isinstance(known.field, Members) and known.field.total is not None and isinstance(values[0], tuple):
        about |= {known.field.total: len(values[0]), str(known.field.digest): "0" * 64}
    check = passed(probe, PROBES[probe].facts.model_construct(**about))
    if len(values) > 1:
        varies = {known.set_by.name: ("x",)} if known.set_by is not None else {fact: _varying(known.field, values)}
        check = check.model_copy(update={"varying": varies})
    return evidence("staging", check, samples=samples)


def ended(probe: str, outcome: Outcome) -> Check:
    """Give a check that learnt nothing."""
    return _ended(probe, outcome)


def _typed(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(Redacted, value))
    return Redacted(value) if isinstance(value, str) else value


def _varying(field: object, values: tuple[object, ...]) -> tuple[Redacted, ...]:
    """Give what evidence says of a fact that varies, by the field's own code."""
    assert isinstance(field, Scalar | Members)
    return tuple(Redacted(str(each)) for each in field.varying(values))


def _ended(probe: str, *outcomes: object) -> Check:
    first = outcomes[0]
    if first is Outcome.SKIPPED:
        return skipped(probe)
    if first is Outcome.FAIL:
        return failed(probe, "upstream_or_gateway", status=502)
    if first is Outcome.UNSUPPORTED:
        return Check(probe=probe, request=Redacted(f"GET /{probe}"), outcome=Outcome.UNSUPPORTED, http_status=404)
    about = PROBES[probe].facts.model_construct()
    failures = {"timeout": 1} if Outcome.FAIL in outcomes else {}
    return passed(probe, about, failed_samples=failures, tried=7)


def _timed(probe: str, field: Duration, values: list[float], samples: int) -> Check:
    times = tuple(values * samples)[: max(samples, len(values))]
    latency = timed(*times)
    if field.measure != "total":
        latency = Latency(measured={field.measure: Measured(samples_ms=times)}, samples=len(times), taken=len(times))
    return passed(probe, PROBES[probe].facts.model_construct(), latency=latency)
