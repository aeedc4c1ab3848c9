"""What a judgement is, and how a finding is made, with the fingerprint by which it is known again in another run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from envcheck.comparison import Cell, Finding, Note, Why
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.comparison import Scalar
    from envcheck.record import FailureName
    from envcheck.rules import Rule

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
class Measured:
    """The numbers of a finding that has some."""

    expected_ms: float | None = None
    actual_ms: float | None = None
    ratio: float | None = None
    p: float | None = None
    change: Literal["removed", "added"] | None = None
    unnamed: int | None = None
    failed: Mapping[FailureName, int] = field(default_factory=lambda: MappingProxyType({}))
    cosine: float | None = None
    note: Note | None = None


NO_NUMBERS: Final = Measured()


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
        expected: Scalar = None,
        actual: Scalar = None,
        *,
        numbers: Measured = NO_NUMBERS,
        known_by: Sequence[str | None] | None = None,
    ) -> Finding:
        """Make a finding of a rule that is not switched off.

        `known_by` stands in the fingerprint in place of the two values, where these differ from run to run.
        """
        names = [rule.name, self.environment, self.baseline, self.field]
        facts = [_spelled(expected), _spelled(actual)] if known_by is None else list(known_by)
        return Finding(
            rule=rule.name,
            severity=self.severities.get(rule.name, rule.severity),
            environment=self.environment,
            baseline=self.baseline,
            field=self.field,
            expected=expected,
            actual=actual,
            change=numbers.change,
            unnamed=numbers.unnamed,
            expected_ms=numbers.expected_ms,
            actual_ms=numbers.actual_ms,
            ratio=numbers.ratio,
            failed=numbers.failed,
            cosine=numbers.cosine,
            note=numbers.note,
            n=self.n,
            p=numbers.p,
            fingerprint=hashlib.sha256(json.dumps([*names, *facts]).encode()).hexdigest()[:_DIGITS],
        )


def switched_off(rule: Rule) -> Note:
    """Say why there is no finding of it."""
    return Note(why=Why.SWITCHED_OFF, word=rule.name)


def _spelled(value: Scalar) -> str | None:
    """Spell a value as fingerprints always did."""
    return None if value is None else str(value)
