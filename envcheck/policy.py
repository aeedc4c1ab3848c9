"""What the user of a comparison decides: thresholds, severities, accepted differences, expectations, the checklist."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from envcheck.comparison import Finding
    from envcheck.rules import Severity

DEFAULT_LATENCY_RATIO: Final = 1.25
DEFAULT_LATENCY_FLOOR_MS: Final = 50.0
DEFAULT_CONFIRM_OVER_S: Final = 15.0
"""Seconds over which the second batch of samples is spread: longer than most slow waves of a gateway."""

DEFAULT_TLS_DAYS: Final = 21
"""Days before a certificate expires from which on that is a finding: most are renewed when 30 are left."""


class FailOn(StrEnum):
    """The least severity that makes an exit code other than 0; `never` silences 3 and 4, and no other code."""

    ERR = "err"
    WARN = "warn"
    INFO = "info"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Accept:
    """One `[[accept]]`: a known difference, still shown and never counted."""

    rule: str
    environment: str
    reason: str
    value: str | None = None
    """This value and no other; without `values` too, whatever the rule finds in that environment."""
    expires: date | None = None
    """The last day on which it holds."""
    _: KW_ONLY
    values: tuple[str, ...] = ()
    """Shell patterns on the value as it is shown."""
    field: str | None = None
    """This fact and no other, such as `chat.latency`."""
    at_most_ratio: float | None = None
    """A latency up to this many times the baseline's, and no more."""
    position: int = dataclass_field(default=0, compare=False)
    """Which `[[accept]]` of the file it is, counted from 1; 0 where it is of no file."""

    def covers(self, finding: Finding) -> bool:
        """Tell whether the entry is about this finding, and the finding is within its bounds."""
        if (self.rule, self.environment) != (finding.rule, finding.environment):
            return False
        if self.field not in (None, finding.field):
            return False
        if self.at_most_ratio is not None and (finding.ratio is None or finding.ratio > self.at_most_ratio):
            return False
        if self.value is None and not self.values:
            return True
        value = finding.value
        return value is not None and (
            value == self.value or any(fnmatchcase(value, pattern) for pattern in self.values)
        )


class Operator(StrEnum):
    """What an `[[expect]]` says of a fact; the file's key for it."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    EXCLUDES = "excludes"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    AT_LEAST_MS = "at_least_ms"
    AT_MOST_MS = "at_most_ms"
    AT_LEAST_DAYS = "at_least_days"
    """From the day of the run to a day that something ends on."""
    MATCHES = "matches"
    """A regular expression, which takes in the whole value."""


Operand: TypeAlias = "bool | int | float | str | date"


@dataclass(frozen=True, slots=True)
class Expect:
    """One `[[expect]]`: what has to hold of a fact, for each environment by itself."""

    field: str
    """Probe and fact, such as `models.model_ids`."""
    operator: Operator
    operands: tuple[Operand, ...]
    """One, or for an operator that takes a list, any number."""
    _: KW_ONLY
    title: str | None = None
    environments: tuple[str, ...] = ()
    """None stands for every one, the baseline too."""
    severity: Severity | None = None
    """None for what `[compare] severity` says of the rule."""

    @property
    def probe(self) -> str:
        """The probe that the fact is of."""
        return self.field.partition(".")[0]

    @property
    def fact(self) -> str:
        """The fact's own name."""
        return self.field.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Rollout:
    """What the file says of the checklist that somebody signs."""

    title: str | None = None
    environments: tuple[str, ...] = ()
    """Who is rolled out; none stands for all but the baseline."""
    manual: tuple[str, ...] = ()
    """What only a person can say."""
    is_asked_for: bool = False
    """Whether the file has a `[checklist]` or an `[[expect]]`, so that the checklist is written by default."""


NO_CHECKLIST: Final = Rollout()
"""Where there is no file."""


DEFAULT_KEEP_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where every run is kept, and for how long."""

    path: Path | None
    """The history; None keeps none."""
    days: int | None = DEFAULT_KEEP_DAYS
    """For how many runs are kept whole; None for ever."""


NOTHING_KEPT: Final = Keeping(None)
"""Where there is no file."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the evidence is judged."""

    latency_ratio: float = DEFAULT_LATENCY_RATIO
    latency_floor_ms: float = DEFAULT_LATENCY_FLOOR_MS
    confirm_over_s: float = DEFAULT_CONFIRM_OVER_S
    """0 for no second batch: what was slower once is then found."""
    tls_days: int = DEFAULT_TLS_DAYS
    """0 for no finding before a certificate has expired."""
    severity: Mapping[str, Severity] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    """Overrides by rule name, for both directions of a rule that has two."""
    accept: tuple[Accept, ...] = ()
    expect: tuple[Expect, ...] = ()
    fail_on: FailOn = FailOn.WARN
    only_new_count: bool = False
    fail_on_undecided: bool = False
    """Whether what could not be decided counts, whatever its severity."""
