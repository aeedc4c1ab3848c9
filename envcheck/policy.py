"""What the user of a comparison decides: thresholds, severities, accepted differences, what fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from envcheck.probes.base import Severity

DEFAULT_LATENCY_RATIO: Final = 1.25
DEFAULT_LATENCY_FLOOR_MS: Final = 50.0


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
    """This value and no other; None accepts whatever the rule finds in that environment."""
    expires: date | None = None
    """The last day on which it holds."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the evidence is judged."""

    latency_ratio: float = DEFAULT_LATENCY_RATIO
    latency_floor_ms: float = DEFAULT_LATENCY_FLOOR_MS
    severity: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    """Overrides by rule name, for both directions of a rule that has two."""
    accept: tuple[Accept, ...] = ()
    fail_on: FailOn = FailOn.WARN
    only_new_count: bool = False
