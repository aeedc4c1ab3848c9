"""What a probe is, and how it says which of its facts are compared and under which rules.

A probe is a module with the names of `Probe` at its top level, listed in `envcheck.probes.PROBES`. Nothing else
knows a probe by name: the command line, the configuration, the comparison, the renderers and the documentation's
tests read the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from envcheck.http import Gateway
    from envcheck.model import Environment, Observation
    from envcheck.redact import Redactor


class Severity(StrEnum):
    """How much a finding matters, most first; `NONE` switches a rule off."""

    ERR = "err"
    WARN = "warn"
    INFO = "info"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a candidate can differ from its baseline."""

    name: str
    severity: Severity
    """The default; `[compare] severity` overrides it."""
    meaning: str
    """One sentence: when this is a finding."""
    example: str
    """One finding of it, as a person would say it."""
    added_severity: Severity | None = None
    """The default where something was only added, for a rule that tells the two directions apart."""

    @property
    def when_added(self) -> Rule:
        """The rule as it stands where something was added."""
        return self if self.added_severity is None else replace(self, severity=self.added_severity)


@dataclass(frozen=True, slots=True)
class ScalarField:
    """A fact with one value, held against the baseline's by equality."""

    name: str
    """The attribute of the probe's facts."""
    rule: Rule
    comparable_when_same: str | None = None
    """Another fact: where it differs between the two (another model was asked), this one proves nothing."""


@dataclass(frozen=True, slots=True)
class SetField:
    """A fact that is a set of strings, held against the baseline's member by member."""

    name: str
    removed: Rule
    added: Rule
    presence: str | None = None
    """A boolean fact: where it flips, that is the one finding, not one for each member."""
    leave_out_prefix: str | None = None
    """Members equal to this, or below it in a key path, are another field's to judge."""
    stands_for_unlisted: str | None = None
    """A member that only says that there was more; it proves nothing."""
    noun: str = "field"
    """What one member is, for people."""
    cut_at: int | None = None
    """How many members are listed at most, the first in sorted order: past the last one nothing is known."""
    total: str | None = None
    """Another fact: how many members there are, listed or not."""
    digest: str | None = None
    """Another fact: a hash over all members, listed or not."""


Field: TypeAlias = ScalarField | SetField


class Facts(BaseModel):
    """The base of every probe's facts: typed, frozen, and safe to share."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Probe(Protocol):
    """The names a probe's module has."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module-level constant
        """As the file, evidence and rules spell it."""

    @property
    def REQUEST(self) -> str:  # noqa: N802 - a module-level constant
        """Method and route below the base URL, for people: `GET /models`."""

    @property
    def FACTS(self) -> type[Facts]:  # noqa: N802 - a module-level constant
        """The type of what it reads."""

    @property
    def FIELDS(self) -> tuple[Field, ...]:  # noqa: N802 - a module-level constant
        """Which of its facts are compared, and how."""

    async def run(self, gateway: Gateway, environment: Environment, model: str | None) -> Observation:
        """Send the one request; whatever goes wrong is in the observation, never raised."""

    def read(self, observation: Observation, redactor: Redactor) -> Facts:
        """Turn a 2xx reply into facts.

        Raises:
            ReplyRejected: the body is not what the route promises.

        """
