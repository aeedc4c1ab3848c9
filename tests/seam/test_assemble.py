"""From readings to the record: what is shown is of the gateway, and the counts add up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.model import Connection, Exchange, FailureClass, Request, Timing
from envcheck.probes.models import MODELS
from envcheck.record import FailureName
from envcheck.redact import Redactor
from envcheck.seam.assemble import check_of, latency_of
from envcheck.seam.normalize import Reading, normalize

GOOD = normalize(MODELS, Exchange(Request(MODELS.route), status=200, body=b'{"data": [{"id": "gpt-4o"}]}'), Redactor())

OTHER = normalize(MODELS, Exchange(Request(MODELS.route), status=200, body=b'{"data": [{"id": "o3"}]}'), Redactor())


def reading(
    total_ms: float = 100.0,
    *,
    connection: Connection = Connection.REUSED,
    voided: bool = False,
    failure: FailureClass | None = None,
) -> Reading:
    timing = Timing(total_ms=total_ms)
    if failure is not None:
        return Reading(status=500, failure=failure, timing=timing, connection=connection, voided=voided)
    return replace(GOOD, timing=timing, connection=connection, voided=voided)


READINGS = st.builds(
    reading,
    st.floats(1, 1000),
    connection=st.sampled_from(Connection),
    voided=st.booleans(),
    failure=st.none() | st.sampled_from([FailureClass.TIMEOUT, FailureClass.UPSTREAM_OR_GATEWAY]),
)


@given(first=st.lists(READINGS, min_size=1, max_size=12), again=st.lists(READINGS, max_size=12))
def test_what_was_taken_is_in_the_medians_or_left_out_for_one_reason(
    first: list[Reading], again: list[Reading]
) -> None:
    """Each sample is counted once, whatever came of it, and one that was sent twice is in neither batch."""
    latency = latency_of(reading(), first, again)
    assert latency.taken == len(first)
    assert latency.samples + latency.retried + latency.failed + latency.voided == latency.taken
    assert latency.samples == len(latency.totals_ms)
    assert latency.voided == sum(each.voided for each in first)
    resent = Connection.RETRIED
    good = [each for each in again if each.failure is None and not each.voided and each.connection is not resent]
    assert len(latency.again_ms) == len(good)


def test_the_opening_of_connections_is_in_every_sample_or_in_none() -> None:
    """Beside a slow gateway or between two batches a connection may be closed: no sample is lost for that."""
    cold = replace(reading(connection=Connection.NEW), timing=Timing(dns_ms=10, connect_ms=30, total_ms=100.0))
    warm = reading(60.0)
    assert latency_of(warm, [cold, cold], [cold]).totals_ms == (100.0, 100.0)
    assert latency_of(warm, [warm, warm], [warm]).connection is Connection.REUSED
    for first, again in (([cold, warm], [warm]), ([warm, warm], [cold]), ([cold, cold], [warm])):
        latency = latency_of(warm, first, again)
        assert (latency.connection, {*latency.totals_ms, *latency.again_ms}) == (Connection.MIXED, {60.0})
        assert latency.total_ms == pytest.approx(60.0)


def test_what_a_failed_sample_said_before_it_failed_is_held_against_nothing() -> None:
    """Facts that were learnt of half a reply would differ from those of a whole one."""
    assert OTHER.reply is not None
    broken_off = Reading(status=200, failure=FailureClass.TIMEOUT, reply=OTHER.reply)
    check = check_of(MODELS, [GOOD], [reading(), broken_off])
    assert check.varying == {}
    assert check_of(MODELS, [broken_off]).facts == OTHER.reply.facts


def test_a_void_opening_exchange_shows_no_time() -> None:
    """Neither by itself nor beside samples is it the gateway's."""
    alone = latency_of(reading(voided=True), [], [])
    assert (alone.samples, alone.taken, alone.voided, alone.total_ms, alone.totals_ms) == (0, 1, 1, None, ())
    assert latency_of(reading(voided=True), [reading(50.0)], []).first_ms is None
    assert latency_of(reading(80.0), [reading(50.0)], []).first_ms == pytest.approx(80.0)


def test_a_void_timeout_is_no_failure() -> None:
    """This process slept through it: it is counted as void, and under no failure class."""
    slept = reading(failure=FailureClass.TIMEOUT, voided=True)
    check = check_of(MODELS, [reading()], [slept, reading(failure=FailureClass.TIMEOUT), reading()], [slept])
    assert check.failed_samples == {"timeout": 1}
    assert (check.latency.failed, check.latency.voided, check.latency.samples) == (1, 1, 1)


def test_failures_of_both_batches_and_of_openings_are_told() -> None:
    """A check that passed in the end says how often it did not."""
    down = reading(failure=FailureClass.UPSTREAM_OR_GATEWAY)
    check = check_of(MODELS, [down, reading()], [down, reading()], [down, reading()])
    assert (check.outcome, check.passed_when_asked_again) == ("pass", True)
    assert check.failed_samples == {"upstream_or_gateway": 3}


def test_requests_of_one_reply_that_failed_are_counted_with_the_samples() -> None:
    """A probe of many small requests passes where some of them fail, and says how many of how many."""
    assert OTHER.reply is not None
    some = Reading(status=200, reply=replace(OTHER.reply, failed={FailureName("timeout"): 2}, tried=60))
    check = check_of(MODELS, [some], [reading()], [Reading(status=408, failure=FailureClass.TIMEOUT)])
    assert (check.failed_samples, check.tried) == ({"timeout": 3}, 62)
