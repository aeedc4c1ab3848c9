"""Whether what an `[[expect]]` says holds in one environment: yes, no, or nobody can tell, and then why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Final

from envcheck.compare.holding import holds, number_of, value_of
from envcheck.comparison import Answer, DayValue, DurationValue, MembersValue, Note, OutcomeValue, SeveralValue, Why
from envcheck.judge.duration import Duration
from envcheck.judge.hidden import is_hidden, may_be_one
from envcheck.judge.known import known_members
from envcheck.judge.members import Members
from envcheck.judge.samples import LEAST_SAMPLES, is_mostly_void
from envcheck.model import Outcome
from envcheck.policy import Operator
from envcheck.probes.expectable import Expectable, Kind, expectable
from envcheck.redact import Redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from envcheck.comparison import Scalar, Value
    from envcheck.evidence import Check, Evidence
    from envcheck.policy import Expect

_SURELY: Final = 2
"""By so many times a latency has to keep or to miss its bound where it is of few samples."""
_NOTHING_LEARNT: Final = {
    Outcome.SKIPPED: Why.SKIPPED,
    Outcome.FAIL: Why.FAILED,
    Outcome.UNSUPPORTED: Why.UNSUPPORTED,
}

_OF_A_STAND_IN: Final = Expectable(Kind.OTHER)
"""What is known of the facts of a plug-in's probe that could not be loaded."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an expectation."""

    answer: Answer
    actual: Value = None
    note: Note | None = None
    """Why it could not be told."""
    missing: tuple[Redacted, ...] = ()
    unwanted: tuple[Redacted, ...] = ()
    n: int = 1
    """How many samples it rests on."""


def answer_of(expect: Expect, evidence: Evidence) -> Answered:
    """Judge an expectation on the evidence of one environment."""
    check = evidence.check(expect.probe)
    if check is None:
        return _unknown(Why.NOT_PROBED)
    known = expectable().get(expect.field, _OF_A_STAND_IN)
    if known.kind is Kind.OUTCOME:
        return _of_outcome(expect, check, evidence, known)
    if check.outcome in _NOTHING_LEARNT:
        return _unknown(_NOTHING_LEARNT[check.outcome])
    if isinstance(known.field, Duration):
        return _of_latency(expect, check, evidence, known.field)
    if expect.fact not in type(check.facts).model_fields:
        return _unknown(Why.NO_FACTS)
    return (
        _of_members(expect, check, known) if known.kind is Kind.MEMBERS else _of_scalar(expect, check, evidence, known)
    )


def _unknown(why: Why, actual: Value = None, number: int | None = None, n: int = 1) -> Answered:
    return Answered(Answer.UNKNOWN, actual, Note(why=why, number=number), n=n)


def _of_outcome(expect: Expect, check: Check, evidence: Evidence, known: Expectable) -> Answered:
    """Judge how a probe ended; failures of single samples beside a pass are both."""
    actual = OutcomeValue(
        outcome=check.outcome,
        failure_class=check.failure_class,
        http_status=check.http_status,
        failed=check.failed_samples,
        taken=check.tried,
    )
    if check.outcome is Outcome.SKIPPED:
        return _unknown(Why.SKIPPED, actual)
    ends = {check.outcome, *((Outcome.FAIL,) if check.failed_samples else ())}
    return _together(
        [holds(expect, end.value, known, evidence.generated_at.date()) for end in sorted(ends)],
        actual,
        max(1, check.tried),
    )


def _of_latency(expect: Expect, check: Check, evidence: Evidence, field: Duration) -> Answered:
    times = check.latency.series(field.measure).first_ms
    if is_mostly_void(check, evidence.target.samples) or (not times and check.latency.voided):
        return _unknown(Why.VOIDED, number=check.latency.voided, n=len(times))
    if not times:
        return _unknown(Why.NOT_SAID, n=0)
    middle = median(times)
    actual = DurationValue(median_ms=round(middle, 3), n=len(times))
    if evidence.transport is not None and check.probe in evidence.transport.cache:
        return _unknown(Why.CACHED, actual, n=len(times))
    margin = _SURELY if len(times) < LEAST_SAMPLES else 1
    is_kept = _is_kept(expect, middle, margin)
    if is_kept is None:
        return _unknown(Why.FEW_SAMPLES, actual, len(times), len(times))
    return Answered(Answer.MET if is_kept else Answer.UNMET, actual, n=len(times))


def _is_kept(expect: Expect, middle: float, margin: int) -> bool | None:
    """Tell whether a bound is kept or missed by that margin; None where it is neither."""
    bound = number_of(expect.operands[0])
    if expect.operator is Operator.AT_MOST_MS:
        is_kept, is_missed = middle * margin <= bound, middle > bound * margin
    else:
        is_kept, is_missed = middle >= bound * margin, middle * margin < bound
    return is_kept if is_kept or is_missed else None


def _of_scalar(expect: Expect, check: Check, evidence: Evidence, known: Expectable) -> Answered:
    since = evidence.generated_at.date()
    n = max(1, check.latency.samples)
    value: Scalar | date = getattr(check.facts, expect.fact)
    seen = check.varying.get(expect.fact)
    if seen:
        actual = SeveralValue(values=tuple(seen))
        return _together([holds(expect, value_of(each, known), known, since) for each in seen], actual, n)
    if known.set_by is not None and check.varying.get(known.set_by.name):
        return _unknown(Why.VARIES, n=n)
    return _together([holds(expect, value, known, since)], _shown(value), n)


def _together(answers: Sequence[Why | bool], actual: Value, n: int) -> Answered:
    """Put together what each of the values seen says: all have to say the same."""
    doubt = next((each for each in answers if isinstance(each, Why)), None)
    if doubt is not None:
        return _unknown(doubt, actual, answers.count(doubt) if doubt is Why.REDACTED else None, n)
    if len(set(answers)) > 1:
        return _unknown(Why.VARIES, actual, n=n)
    return Answered(Answer.MET if answers[0] else Answer.UNMET, actual, n=n)


def _shown(value: Scalar | date) -> Value:
    if isinstance(value, date):
        return DayValue(day=value)
    return Redacted(str(value)) if isinstance(value, str) else value


def _of_members(expect: Expect, check: Check, known: Expectable) -> Answered:
    listed: Sequence[Redacted] = getattr(check.facts, expect.fact)
    sometimes = frozenset(check.varying.get(expect.fact, ()))
    always = frozenset(listed) - sometimes
    field = known.field if isinstance(known.field, Members) else None
    total = None if field is None or field.total is None else getattr(check.facts, field.total, None)
    actual = MembersValue(
        noun="name" if field is None else field.noun, total=len(listed) if total is None else int(total)
    )
    n = max(1, check.latency.samples)
    there: list[Redacted] = []
    gone: list[Redacted] = []
    doubts: list[Why] = []
    for name in map(str, expect.operands):
        match _is_there(name, always, sometimes, check, field):
            case True:
                there.append(Redacted(name))
            case False:
                gone.append(Redacted(name))
            case doubt:
                doubts.append(doubt)
    missing, unwanted = (tuple(gone), ()) if expect.operator is Operator.CONTAINS else ((), tuple(there))
    if missing or unwanted:
        return Answered(Answer.UNMET, actual, missing=missing, unwanted=unwanted, n=n)
    if doubts:
        redacted = max(1, sum(map(is_hidden, {*listed, *sometimes})))
        return _unknown(doubts[0], actual, redacted if doubts[0] is Why.REDACTED else None, n)
    return Answered(Answer.MET, actual, n=n)


def _is_there(
    name: str, always: Iterable[str], sometimes: Iterable[str], check: Check, field: Members | None
) -> bool | Why:
    """Tell whether a set has a member, or why nobody can tell."""
    ever = [*always, *sometimes]
    if is_hidden(name):
        return Why.REDACTED
    if name in sometimes:
        return Why.VARIES
    if name in always:
        return True
    if any(is_hidden(other) and may_be_one(name, other) for other in ever):
        return Why.REDACTED
    if field is None:
        return False
    known = known_members(check, field)
    is_past_the_cut = known.last is not None and name > known.last
    is_always_listed = field.needed is not None and name in field.needed
    return Why.NAMED_IN_PART if is_past_the_cut or (known.unlisted and not is_always_listed) else False
