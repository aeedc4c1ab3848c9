"""What the demo has to find, and nothing else: the differences that were put into its gateways."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.demo.manners import MANNERS
from envcheck.model import FailureClass
from envcheck.probes import chat, identity, models, refusal, stream_rules, tools
from envcheck.rules import CAPABILITY_REMOVED, PROBE_FAILED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from envcheck.comparison import Comparison
    from envcheck.rules import Rule


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One finding, in the words that tell it from every other of the demo."""

    environment: str
    rule: str
    probe: str
    value: str
    """What the environment has; for what it lacks, what the baseline has."""


_OTHER_MODEL: Final = MANNERS["staging"].answered_model
_BY_PROBE: Final[Mapping[str, tuple[tuple[str, Rule, str], ...]]] = MappingProxyType(
    {
        "models": (
            ("staging", models.REMOVED, "o3-mini"),
            ("staging", models.ADDED, "gpt-5-preview"),
            ("vendor", PROBE_FAILED, FailureClass.AUTH),
        ),
        "chat": (
            ("staging", chat.MODEL_ANSWERED, _OTHER_MODEL),
            ("staging", chat.USAGE, "missing"),
            ("new-region", PROBE_FAILED, FailureClass.RATE_OR_QUOTA),
        ),
        "stream": (
            ("staging", stream_rules.ARRIVAL, "at_once"),
            ("staging", stream_rules.MODEL_ANSWERED, _OTHER_MODEL),
            ("staging", stream_rules.STREAM_USAGE, "none"),
        ),
        "tools": (("staging", tools.HONOURED, "ignored"),),
        "structured": (("staging", CAPABILITY_REMOVED, "unsupported"),),
        "responses": (("staging", CAPABILITY_REMOVED, "unsupported"),),
        "unknown_model": (("staging", PROBE_FAILED, FailureClass.NOT_REFUSED),),
        "bad_request": (("staging", refusal.STATUS, "500"),),
        "identity": (("staging", identity.DIFFERS, ""),),
    }
)
_LIMITED: Final = ("stream", "tools", "structured", "identity")
"""In the order in which they are asked; a gateway that limits the rate of requests refuses them."""
_REFUSED_BEFORE: Final = "unknown_model"
"""Asked before `identity`, which is then skipped: its refusal may have put the gateway into cool-down."""


def expected(probes: Collection[str]) -> frozenset[Difference]:
    """Give what these probes find when all of them are asked."""
    found = {
        Difference(environment, rule.name, probe, value)
        for probe, known in _BY_PROBE.items()
        if probe in probes
        for environment, rule, value in known
    }
    first = next((name for name in (*_LIMITED[:-1], _REFUSED_BEFORE, _LIMITED[-1]) if name in probes), None)
    if first in _LIMITED:
        found.add(Difference("new-region", PROBE_FAILED.name, first, FailureClass.RATE_OR_QUOTA))
    return frozenset(found)


def differences(comparison: Comparison) -> frozenset[Difference]:
    """Give the findings of a comparison, to be held against what is `expected`."""
    return frozenset(
        Difference(finding.environment, finding.rule, finding.field.partition(".")[0], finding.value or "")
        for finding in comparison.findings
    )
