"""The only place in this room that makes `Redacted` text: our own words around parts that are safe already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias

from envcheck.redact import Redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from envcheck.evidence import FailureName
    from envcheck.policy import Accept
    from envcheck.probes.base import Rule

Safe: TypeAlias = "Redacted | FailureName"
Scalar: TypeAlias = "Redacted | int | None"
"""A fact with one value: redacted text, a word of one of our enums, a number or a truth."""

_WHOLE_FROM_MS: Final = 10


def phrase(template: LiteralString, *parts: Safe | int) -> Redacted:
    """Put safe parts into words of ours."""
    return Redacted(template.format(*parts))


def ours(words: LiteralString) -> Redacted:
    """Take a word that stands in our code: a rule's, a probe's or a fact's name."""
    return Redacted(words)


def switched_off(rule: Rule) -> Redacted:
    """Say why there is no finding of it."""
    return phrase("{} is switched off", ours(rule.name))


def listed(parts: Iterable[Safe]) -> Redacted:
    """Name them, sorted, so that their order never makes a difference."""
    return Redacted(", ".join(sorted(parts)))


def in_order(parts: Iterable[Redacted]) -> Redacted:
    """Put them one after the other, as they come."""
    return Redacted(" ".join(parts))


def spelled(value: Scalar) -> Redacted:
    """Spell a fact the way `Check.varying` does."""
    return Redacted("null" if value is None else str(value))


def duration(milliseconds: float) -> Redacted:
    """Give a duration with the digits that mean something."""
    return Redacted(f"{milliseconds:.0f}" if milliseconds >= _WHOLE_FROM_MS else f"{milliseconds:.1f}")


def probability(p: float) -> Redacted:
    """Give a p value with the digits that mean something."""
    return Redacted("p < 0.001" if p < 0.001 else f"p = {p:.3f}")  # noqa: PLR2004 - the least that three digits show


def own_reason(accept: Accept) -> Redacted:
    """Give the reason, which is the user's own sentence: what no server wrote needs no redaction."""
    return Redacted(accept.reason)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a comparison speaks: of a baseline, or of the same environment in an earlier run."""

    shown: Callable[[Redacted, Redacted], Redacted]
    """Makes the value of a cell from what was expected and what is there."""
    not_probed_there: Redacted
    failed_there: Redacted
    notice_of_failure: Redacted | None
    """None where what the candidate is held against has a column and a finding of its own."""


def _arrow(expected: Redacted, actual: Redacted) -> Redacted:
    return actual if expected == actual else phrase("{} → {}", expected, actual)


AGAINST_BASELINE: Final = Manner(
    shown=lambda _, actual: actual,
    not_probed_there=phrase("not probed in the baseline"),
    failed_there=phrase("the probe failed in the baseline"),
    notice_of_failure=None,
)
AGAINST_EARLIER: Final = Manner(
    shown=_arrow,  # there is no column for the earlier run
    not_probed_there=phrase("not probed in the earlier run"),
    failed_there=phrase("the probe failed in the earlier run"),
    notice_of_failure=phrase("a probe failed in the earlier run, so not all is compared"),
)
