"""What a judgement is, and how a finding is made, with the fingerprint by which it is known again in another run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, Finding
from envcheck.judge.wording import phrase
from envcheck.probes.base import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.judge.wording import Safe
    from envcheck.probes.base import Rule
    from envcheck.redact import Redacted

_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Judgement:
    """One environment's cell, and the findings that it stands for."""

    cell: Cell
    findings: tuple[Finding, ...] = ()
    settled: frozenset[str] = frozenset()
    """The rules that were judged: no finding of theirs here means that there is no such difference."""
    unsure: frozenset[str] = frozenset()
    """Values that come and go, about which nothing is settled."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about."""

    environment: str
    baseline: str
    field: str
    """Probe and fact, such as `models.model_ids`."""
    n: int
    severities: Mapping[str, Severity]
    """The user's overrides, by the rule's name."""

    def is_off(self, rule: Rule) -> bool:
        """Whether the user has switched the rule off."""
        return self.severities.get(rule.name) is Severity.NONE

    def finding(
        self,
        rule: Rule,
        expected: Redacted | None,
        actual: Safe | None,
        *,
        p: float | None = None,
        known_by: Sequence[str | None] | None = None,
    ) -> Finding:
        """Make a finding of a rule that is not switched off.

        `known_by` stands in the fingerprint in place of the two values, where these differ from run to run.
        """
        names = [rule.name, self.environment, self.baseline, self.field]
        facts = [expected, actual] if known_by is None else known_by
        return Finding(
            rule=rule.name,
            severity=self.severities.get(rule.name, rule.severity),
            environment=self.environment,
            baseline=self.baseline,
            field=self.field,
            expected=expected,
            actual=None if actual is None else phrase("{}", actual),
            n=self.n,
            p=p,
            fingerprint=hashlib.sha256(json.dumps([*names, *facts]).encode()).hexdigest()[:_DIGITS],
        )
