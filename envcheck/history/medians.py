"""The latencies of a record, one number for each, and what tells apart those that cannot be held together."""

from __future__ import annotations

import hashlib
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic_core import to_json

from envcheck.evidence import TOTAL
from envcheck.judge.duration import Duration
from envcheck.judge.samples import asked_model
from envcheck.model import Connection
from envcheck.probes import PROBES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.evidence import Check, Evidence

_LENGTH: Final = 8


class Median(NamedTuple):
    """One latency of one environment in one run."""

    field: str
    """Probe and latency, such as `chat.latency` or `stream.first_content`."""
    asked: bytes
    """The same where the same was asked of the same endpoint, as far as a record says so."""
    median_ms: float
    samples: int
    """How many the median is of."""


def medians_of(evidence: Evidence, check: Check) -> Iterator[Median]:
    """Give each latency of a check that passed; none where a cache answered, for its time is not the gateway's.

    Nothing of the time that it took to open connections is in a total, so that nights which opened them can be held
    against nights which found them open.
    """
    probe = PROBES.get(check.probe)
    if probe is None or (evidence.transport is not None and check.probe in evidence.transport.cache):
        return
    latency = check.latency.without_opening()
    for field in probe.judged:
        if isinstance(field, Duration) and (times := latency.series(field.measure).first_ms):
            name = f"{check.probe}.{field.name}"
            yield Median(name, _asked(evidence, check, field), round(median(times), 3), len(times))


def _asked(evidence: Evidence, check: Check, field: Duration) -> bytes:
    """Make a short hash of what makes one latency another one: see `judge.samples.what_is_unlike`."""
    told: list[object] = [evidence.target.base_url]
    if field.of_a_model:
        told += [asked_model(evidence, check), evidence.safety.prompt_source]
    if field.measure != TOTAL:  # of these nobody can tell how much was the opening
        told.append(check.latency.connection is Connection.NEW)
    return hashlib.sha256(to_json(told)).digest()[:_LENGTH]
