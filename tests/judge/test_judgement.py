from __future__ import annotations

import pytest
from comparing import held
from evidences import chat, models, safe

from envcheck.judge.judgement import Subject
from envcheck.redact import Redacted
from envcheck.rules import LATENCY_SLOWER, PROBE_FAILED, Severity

SUBJECT = Subject("staging", "production", "chat.latency", 7, {"latency.slower": Severity.ERR})


def test_the_fingerprint_is_the_same_in_every_version() -> None:
    """An earlier comparison's findings are known again, so the fingerprint of a given difference is pinned."""
    assert held(models("gpt-4o", "o3"), models("gpt-4o")).findings[0].fingerprint == "6b81aad488a0b08a"


def test_a_typed_value_has_the_fingerprint_that_its_words_had() -> None:
    """0.1.0 kept a number of choices as text, and its findings are known again."""
    number, text = (SUBJECT.finding(PROBE_FAILED, *values).fingerprint for values in ((1, 2), safe("1", "2")))
    assert number == text
    assert (
        SUBJECT.finding(PROBE_FAILED, None, 2).fingerprint
        != SUBJECT.finding(PROBE_FAILED, Redacted("None"), 2).fingerprint
    )


@pytest.mark.parametrize("name", ["environment", "baseline", "field"])
def test_whatever_makes_another_difference_makes_another_fingerprint(name: str) -> None:
    """The two environments and the field are in it, beside the rule and the values."""
    other = Subject(**{**{each: getattr(SUBJECT, each) for each in Subject.__slots__}, name: "another"})
    assert (
        other.finding(PROBE_FAILED, *safe("a", "b")).fingerprint
        != SUBJECT.finding(PROBE_FAILED, *safe("a", "b")).fingerprint
    )
    assert SUBJECT.finding(PROBE_FAILED).fingerprint != SUBJECT.finding(LATENCY_SLOWER).fingerprint


def test_what_stands_for_the_values_takes_their_place() -> None:
    """Values that are others every night are left out of the fingerprint, and stay in the finding."""
    one, other = (SUBJECT.finding(PROBE_FAILED, value, None, known_by=("x",)) for value in safe("a", "b"))
    assert one.fingerprint == other.fingerprint
    assert (one.expected, other.expected) == ("a", "b")


def test_the_users_severity_goes_before_the_rules_own() -> None:
    """And only `none` switches a rule off."""
    assert SUBJECT.finding(LATENCY_SLOWER).severity is Severity.ERR
    assert SUBJECT.finding(PROBE_FAILED).severity is PROBE_FAILED.severity
    assert not SUBJECT.is_off(LATENCY_SLOWER)
    assert Subject("a", "b", "c", 0, {"probe.failed": Severity.NONE}).is_off(PROBE_FAILED)


def test_equal_evidence_gives_no_finding() -> None:
    """The plainest promise of all."""
    assert held(chat(), chat()).findings == ()
