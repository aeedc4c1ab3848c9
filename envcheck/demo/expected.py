"""What the demo has to find, and nothing else: the differences that were put into its gateways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.demo.manners import MANNERS
from envcheck.model import FailureClass
from envcheck.probes import chat, models
from envcheck.rules import PROBE_FAILED

if TYPE_CHECKING:
    from envcheck.comparison import Comparison
    from envcheck.rules import Rule


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One finding, in the three words that tell it from every other of the demo."""

    environment: str
    rule: str
    value: str
    """What the environment has; for what it lacks, what the baseline has."""


def _difference(environment: str, rule: Rule, value: str) -> Difference:
    return Difference(environment, rule.name, value)


EXPECTED: Final = frozenset(
    {
        _difference("staging", models.REMOVED, "o3-mini"),
        _difference("staging", models.ADDED, "gpt-5-preview"),
        _difference("staging", chat.MODEL_ANSWERED, MANNERS["staging"].answered_model),
        _difference("staging", chat.USAGE, "missing"),
        _difference("new-region", PROBE_FAILED, FailureClass.RATE_OR_QUOTA),
        _difference("vendor", PROBE_FAILED, FailureClass.AUTH),
    }
)


def differences(comparison: Comparison) -> frozenset[Difference]:
    """Give the findings of a comparison, to be held against `EXPECTED`."""
    return frozenset(
        Difference(finding.environment, finding.rule, finding.value or "") for finding in comparison.findings
    )
