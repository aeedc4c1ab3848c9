"""What a run has to say to somebody who hears of it only when something changed, and what it has to know for that.

What was told is nowhere written down. It follows from what is kept of the runs: what is new is told in the run that
finds it, and what stands is told again in the first run after each `--remind` period since. A run that was killed kept
nothing, so the next one tells what that one would have told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from envcheck.comparison.findings import Finding
    from envcheck.rules import Severity

WINDOW: Final = 7
"""The runs, this one among them, in which what changes often is said to come and go."""
OFTEN: Final = 3
"""So many changes within these runs are often."""

Key: TypeAlias = tuple[str, str]
"""By which the same is known in every run: a finding's rule and fingerprint, or for a change what it is about."""


def change_key(environment: str, field: str, expected: str | None, actual: str | None) -> Key:
    """Give what a change since an environment was last seen is known by: a member that is lost and found is the same.

    Of a fact with one value it is the fact, and of a set the member.
    """
    member = (actual if expected is None else expected) if expected is None or actual is None else None
    return "", "\0".join((environment, field, *([] if member is None else [member])))


def key_of(finding: Finding) -> Key:
    """Give what a finding is known by."""
    if not finding.is_a_change:
        return finding.rule, finding.fingerprint
    expected, actual = (None if each is None else str(each) for each in (finding.expected, finding.actual))
    return change_key(finding.environment, finding.field, expected, actual)


class Weight(NamedTuple):
    """How much a finding mattered in a run."""

    severity: Severity
    counted: bool


class Changing(NamedTuple):
    """Something that came or went in the latest runs that looked at its environment."""

    environment: str
    rule: str
    field: str
    value: str | None
    ago: tuple[int, ...]
    """The runs in which it came or went, by how many runs ago: 0 is this one, 1 the last before it.

    A run that learnt nothing of its environment is none of them.
    """
    is_there: bool
    """Whether it was there after the latest of them."""


class Outage(NamedTuple):
    """An environment that does not answer, or of which a probe fails by what may pass."""

    environment: str
    since: date | None
    """The first day of the runs in a row that found it so; None where that is long over."""
    nights: int
    """On how many days runs found it so."""
    failed: tuple[tuple[str, str], ...] = ()
    """Probe and failure class, as this run found them; empty where it is over."""
    is_whole: bool = True
    """Whether no probe passed."""
    comes_and_goes: bool = False


class Lately(NamedTuple):
    """What earlier runs found of an environment's outages."""

    was_down: tuple[bool, ...]
    """In each of the latest runs that looked at it, `WINDOW` and one, the last one first."""
    since: date | None = None
    """The first day of the outage that the last run found; None where it found none."""
    nights: int = 0
    """On how many days runs found it so, up to the last run."""


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs found, as far as it decides what is news."""

    last: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    """The day of the last run that looked at an environment, by its name."""
    seen: Mapping[Key, date] = field(default_factory=lambda: MappingProxyType({}))
    """The day of the last run that found a difference, which may be before a night on which nobody could tell."""
    weighed: Mapping[Key, Weight] = field(default_factory=lambda: MappingProxyType({}))
    """How much each of these differences mattered in that run."""
    lately: Mapping[str, Lately] = field(default_factory=lambda: MappingProxyType({}))
    """By the environment's name."""
    changing: Mapping[Key, Changing] = field(default_factory=lambda: MappingProxyType({}))
    """What changed in the last `WINDOW` runs before this one."""


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell of a run; each thing stands in one place."""

    since: date | None
    """The day of the last run before; None where there is none to hold this one against."""
    found: tuple[Finding, ...] = ()
    """What nobody can tell to be new or known."""
    new: tuple[Finding, ...] = ()
    graver: tuple[Finding, ...] = ()
    """What was there before, and now counts or is of a higher severity."""
    gone: tuple[Finding, ...] = ()
    begun: tuple[Changing, ...] = ()
    """What comes and goes from this run on, and is not told again until it settles."""
    settled: tuple[Changing, ...] = ()
    """What came and went, and no longer does."""
    outages: tuple[Outage, ...] = ()
    over: tuple[Outage, ...] = ()
    joined: tuple[str, ...] = ()
    """Environments that no earlier run looked at."""
    left: tuple[str, ...] = ()
    """Environments that the last run looked at, and that are no longer there."""
    due: tuple[Finding, ...] = ()
    """What stands unchanged and is told again in this run."""
    standing: tuple[Finding, ...] = ()
    """What stands unchanged besides, and is told where anything is."""
    is_conclusive: bool = True

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to tell, so that the run prints nothing."""
        told = (self.found, self.new, self.graver, self.gone, self.begun, self.settled, self.outages, self.over)
        others = (self.joined, self.left, self.due)
        return self.since is not None and self.is_conclusive and not any((*told, *others))
