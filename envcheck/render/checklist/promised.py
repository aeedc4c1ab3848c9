"""The items about what people said: what they expect, what they accepted, and what only they can say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.comparison import Answer, FindingState, Item, ItemState
from envcheck.redact import Redacted
from envcheck.render.checklist.seen import OF_EXPECTATIONS
from envcheck.render.checklist.wording import (
    ACCEPT,
    and_remedy,
    few,
    fingerprint,
    found,
    joined,
    quoted,
    telling_of,
)
from envcheck.render.reasons import Reason, reason_of
from envcheck.render.words import value_in_words
from envcheck.rules import PROBE_FAILED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Comparison, Expectation, Finding


def items_of_expectations(comparison: Comparison, environment: str) -> Iterator[Item]:
    """Yield an item for each `[[expect]]` about an environment; one that is not met may be accepted."""
    accepted = {each.fingerprint: each for each in comparison.findings if each.state is FindingState.ACCEPTED}
    for expected in comparison.expectations:
        if expected.environment == environment:
            yield _of_expectation(expected, accepted.get(expected.fingerprint))


def _of_expectation(expected: Expectation, acceptance: Finding | None) -> Item:
    title, state, detail = expected.title, *_answered(expected)
    if state is not ItemState.DONE and acceptance is not None:
        title, state = _known(acceptance), ItemState.ACCEPTED
        what = _unmet(expected) if expected.answer is Answer.UNMET else f"could not tell: {_doubt(expected).what}"
        detail = joined(_until(acceptance), expected.title, what)
    return Item(
        id=expected.fingerprint,
        title=title,
        environment=expected.environment,
        state=state,
        detail=Redacted(detail) if detail else None,
        probe=expected.field.partition(".")[0],
        rule=None if expected.answer is Answer.MET else f"{OF_EXPECTATIONS}{expected.answer}",
        severity=expected.severity,
        expected=expected.condition,
        actual=Redacted(value_in_words(expected.actual)) if expected.actual is not None else None,
    )


def _answered(expected: Expectation) -> tuple[ItemState, str]:
    match expected.answer:
        case Answer.MET:
            return ItemState.DONE, _value(expected)
        case Answer.UNMET:
            remedy = "roll it out" if expected.missing else "mend it"
            return ItemState.OPEN, and_remedy(_unmet(expected), f"{remedy}, or {ACCEPT}")
        case _:
            return ItemState.UNKNOWN, and_remedy(*_doubt(expected))


def _doubt(expected: Expectation) -> Reason:
    """Say why it could not be told; a record of a newer release may say it in words of its own."""
    what, remedy = Reason("") if expected.note is None else reason_of(expected.note)
    return Reason(what or "nobody knows why", remedy or "look at it, and run again")


def _unmet(expected: Expectation) -> str:
    parts = [
        f"{expected.environment} lacks {few([quoted(name) for name in expected.missing])}" if expected.missing else "",
        f"{expected.environment} has {few([quoted(name) for name in expected.unwanted])}" if expected.unwanted else "",
    ]
    said = " and ".join(part for part in parts if part)
    return said or f"{expected.field} is {_value(expected) or 'not there'} (expected: {expected.condition})"


def _value(expected: Expectation) -> str:
    """Say what is there, where it is not a set: of that the title says what matters."""
    is_of_members = getattr(expected.actual, "kind", None) == "members"
    return "" if expected.actual is None or is_of_members else quoted(value_in_words(expected.actual))


def items_of_known(comparison: Comparison, environment: str) -> Iterator[Item]:
    """Yield an item for each reason for which what a rule found is accepted."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for each in comparison.findings:
        is_known = each.environment == environment and each.state is FindingState.ACCEPTED
        if is_known and not each.rule.startswith(OF_EXPECTATIONS):
            alike.setdefault((each.rule, each.reason or ""), []).append(each)
    for (rule, reason), findings in alike.items():
        yield Item(
            id=fingerprint("known", environment, rule, reason),
            title=_known(findings[0]),
            environment=environment,
            state=ItemState.ACCEPTED,
            detail=Redacted(joined(_until(*findings), _accepted(comparison, findings))),
            probe=findings[0].field.partition(".")[0],
            rule=rule,
            severity=findings[0].severity,
        )


def _accepted(comparison: Comparison, findings: Sequence[Finding]) -> str:
    if findings[0].rule == PROBE_FAILED.name:
        return few([f"{each.field.removesuffix('.outcome')} failed as {quoted(str(each.actual))}" for each in findings])
    return found(findings, telling_of(comparison))


def _known(finding: Finding) -> Redacted:
    return Redacted(f"known: {finding.reason or finding.rule}")


def _until(*findings: Finding) -> str:
    """Say when the first acceptance ends."""
    ends = [finding.expires for finding in findings if finding.expires is not None]
    return f"until {min(ends).isoformat()}" if ends else "for good"


def items_of_persons(manual: Sequence[str]) -> Iterator[Item]:
    """Yield an item for each line that only a person ticks."""
    for title in manual:
        yield Item(id=fingerprint("manual", title), title=Redacted(title), state=ItemState.MANUAL)
