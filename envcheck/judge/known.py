"""What is known about the members of a set: which are always there, which come and go, what is not listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.judge.hidden import is_hidden, surely_missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from envcheck.evidence import Check
    from envcheck.judge.members import Members
    from envcheck.judge.names import Names
    from envcheck.redact import Redacted


MOST_VARYING: Final = 5000
"""Members named that come and go, the first in sorted order."""


@dataclass(frozen=True, slots=True)
class Known:
    """A set fact of one environment."""

    always: frozenset[Redacted]
    sometimes: frozenset[Redacted]
    listed: int
    total: int | None
    """Listed or not; None where only the listed ones are known."""
    last: Redacted | None
    """Past this one nothing is known, for the list was cut; None where it is whole."""
    digest: str | None
    unlisted: bool = False
    """Whether there were others that are not listed at all, wherever they would sort."""

    @property
    def ever(self) -> frozenset[Redacted]:
        """All that were seen."""
        return self.always | self.sometimes

    @property
    def redacted(self) -> int:
        """How many are redacted, in whole or in part, and so cannot be told from others that are alike."""
        return sum(map(is_hidden, self.ever))

    def lacks(
        self, other: Known, names: tuple[Names, Names] | None = None, always_listed: frozenset[str] = frozenset()
    ) -> list[Redacted]:
        """Give the members that are always in the other set and certainly not in this one, sorted.

        `names` is what is known in memory of this one's names and of the other's. Where as many plain ones are missing
        by that as by what is shown, none of them hides behind a redacted name, or among those that are not listed.
        Where some do, only what is `always_listed` is missing for sure; the others are told by number.
        """
        missing: Iterable[Redacted] = (member for member in other.always if self.last is None or member <= self.last)
        if names is not None and other.last is None:
            own, others = names
            plain = [member for member in other.always if not is_hidden(member) and member not in self.ever]
            if len(plain) == len(others.always - others.hidden - own.all):
                return sorted([*plain, *surely_missing(filter(is_hidden, missing), self.ever)])
        if names is not None and self.unlisted:
            return sorted(member for member in other.always - self.ever if member in always_listed)
        return surely_missing(missing, self.ever)


def known_members(check: Check, field: Members) -> Known:
    """Read a set fact, without what is not this field's to judge."""
    listed: Sequence[Redacted] = getattr(check.facts, field.name)
    varying = check.varying.get(field.name, ())
    sometimes = frozenset(member for member in varying if _is_judged(member, field))
    known = frozenset(listed)
    if field.leave_out_prefix or field.stands_for_unlisted is not None:
        known = frozenset(member for member in known if _is_judged(member, field))
    total: int | None = None if field.total is None else getattr(check.facts, field.total)
    digest: str | None = None if field.digest is None else getattr(check.facts, field.digest)
    is_cut = field.cut_at is not None and len(listed) >= field.cut_at and (total is None or total > len(listed))
    ends = [max(names) for names, is_cut in ((listed, is_cut), (varying, len(varying) >= MOST_VARYING)) if is_cut]
    return Known(
        always=known - sometimes,
        sometimes=sometimes,
        listed=len(known),
        total=total,
        last=min(ends, default=None),
        digest=digest,
        unlisted=field.stands_for_unlisted in {*listed, *varying},
    )


def unlisted_changes(
    before: Known, after: Known, removed: int, added: int, names: tuple[Names, Names] | None
) -> tuple[int, int]:
    """Give how many members must have gone, and come, that neither list names.

    The counts are over all members, so what the listed differences do not explain happened among the unlisted ones.
    `names` is what is known in memory of the two; where it is, it counts exactly.
    """
    if names is not None:
        was, now = names
        return max(0, len(was.always - now.all) - removed), max(0, len(now.always - was.all) - added)
    if before.sometimes or after.sometimes or before.total is None or after.total is None:
        return 0, 0
    unexplained = (before.total - after.total) - (removed - added)
    if unexplained:
        return max(unexplained, 0), max(-unexplained, 0)
    hidden = before.redacted or after.redacted
    swapped = not removed and not added and not hidden and before.digest != after.digest
    return (1, 1) if swapped else (0, 0)


def _is_judged(member: str, field: Members) -> bool:
    if member == field.stands_for_unlisted:
        return False
    prefixes = (left_out,) if isinstance(left_out := field.leave_out_prefix, str) else left_out
    return not any(member == prefix or member.startswith((f"{prefix}.", f"{prefix}[")) for prefix in prefixes)
