"""The numbers of a verdict: how many errors, warnings and infos, which of them are new, and what did not count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from envcheck.comparison import STOOD_OPEN, FindingState
from envcheck.render.words import counted, in_words
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.comparison import Comparison, Finding

_MOST_NAMED: Final = 3
_NOUNS: Final = {Severity.ERR: "error", Severity.WARN: "warning", Severity.INFO: "info"}
_RANKS: Final = {severity.value: rank for rank, severity in enumerate(Severity)}


def counts_in_words(comparison: Comparison, named: Callable[[str], str] = str) -> str:
    """Say what was found in numbers, and why it does not count where it does not; empty where nothing was."""
    summary = comparison.summary
    if summary.counted and _known_before(comparison):
        return _what_is_new(comparison, named)
    numbered = zip((summary.err, summary.warn, summary.info), _NOUNS.values(), strict=True)
    counts = [counted(number, word) for number, word in numbered if number]
    # Where nothing else was found, what is accepted has been said.
    counts += [f"{summary.accepted:,} accepted"] if counts and summary.accepted else []
    said = ", ".join(counts)
    if summary.exit_code or not (summary.err or summary.warn or summary.info):
        return said
    return f"{said}; none counted{_why_not_counted(comparison)}"


def _what_is_new(comparison: Comparison, named: Callable[[str], str]) -> str:
    """Say what counted and where, apart from what was known before and so did not."""
    found = [each for each in comparison.findings if each.state in STOOD_OPEN]
    counting = [each for each in found if each.counted]
    kinds = Counter("undecided" if each.is_undecided else _NOUNS[each.severity] for each in counting)
    new = (f"{n:,} new {kind}" if kind == "undecided" else counted(n, f"new {kind}") for kind, n in kinds.items())
    where = dict.fromkeys(f"{named(each.environment)} {named(each.field)}" for each in counting)
    known = len(_known_before(comparison))
    below = sum(not each.counted and not each.is_undecided for each in found) - known
    also = f" and {below:,} below --fail-on {comparison.summary.fail_on}" if below else ""
    accepted = f"; {comparison.summary.accepted:,} accepted" if comparison.summary.accepted else ""
    return (
        f"{', '.join(new)}: {in_words(list(where), _MOST_NAMED)}; {known:,} known before{also}, not counted{accepted}"
    )


def _known_before(comparison: Comparison) -> list[Finding]:
    """Give what would count if it were new."""
    fail_on = comparison.summary.fail_on
    if fail_on == "never":
        return []
    return [
        each
        for each in comparison.findings
        if each.state is FindingState.UNCHANGED
        and not each.counted
        and not each.is_undecided
        and _RANKS[each.severity] <= _RANKS[fail_on]
    ]


def _why_not_counted(comparison: Comparison) -> str:
    if _known_before(comparison):
        return ": all of it was known before (--fail-on-new)"
    return f" with --fail-on {comparison.summary.fail_on}"
