"""The registry of every rule a finding can come from: those of the core, and those the probes' fields name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.probes import PROBES
from envcheck.probes.base import Rule, ScalarField, SetField, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROBE_FAILED: Final = Rule(
    "probe.failed",
    Severity.ERR,
    "a probe failed in the candidate; one finding, whatever else could not be compared",
    "staging: chat failed as rate_or_quota",
)
LATENCY_SLOWER: Final = Rule(
    "latency.slower",
    Severity.WARN,
    "the candidate's median is slower by the ratio, by the floor, and significantly, over at least 5 samples a side",
    "staging: chat takes 610 ms, production 240 ms",
)
SAME_ENDPOINT: Final = Rule(
    "target.same_endpoint",
    Severity.WARN,
    "the candidate has the baseline's base URL, so it is compared with itself",
    "staging points at production's base URL",
)
SAME_KEY: Final = Rule(
    "target.same_key",
    Severity.WARN,
    "the candidate uses the baseline's key",
    "staging uses production's key",
)


def _rules() -> Iterator[Rule]:
    yield PROBE_FAILED
    for probe in PROBES.values():
        for field in probe.FIELDS:
            match field:
                case ScalarField(rule=rule):
                    yield rule
                case SetField(removed=removed, added=added):
                    yield from (removed, added)
    yield from (LATENCY_SLOWER, SAME_ENDPOINT, SAME_KEY)


RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in _rules()})
