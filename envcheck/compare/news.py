"""What changed since the run before, for whoever hears of a run only then: pure, like all that is compared.

A finding is news when it comes and when it goes, unless it does so all the time; an outage is news in every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.compare.nightly_outages import down_in, is_of_an_outage, lasting, over
from envcheck.comparison import STOOD_OPEN, FindingState, Verdict, Why
from envcheck.comparison.news import OFTEN, WINDOW, Changing, Known, Lately, News, Weight, key_of
from envcheck.rules import PROBE_FAILED, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from envcheck.comparison import Comparison, Finding
    from envcheck.comparison.news import Key, Outage

_CHANGED: Final = frozenset({FindingState.NEW, FindingState.ABSENT})
_MOST_FIRST: Final = tuple(Severity)


def news_of(comparison: Comparison, past: Known, *, today: date, remind_days: int | None) -> News:
    """Say what there is to tell of a run.

    Args:
        comparison: what the run came to, held against the run before where there is one.
        past: what the runs before it found.
        today: the day of the run, as its findings have it.
        remind_days: after so many days what stands unchanged is told again; None for never.

    """
    down, up = lasting(comparison, past, today), list(over(comparison, past))
    found = [each for each in comparison.findings if _is_told(each) and not is_of_an_outage(each, down, up)]
    changing = _changing(found, past, _judged(comparison, down))
    restless = {key for key, each in changing.items() if _is_often(each.ago, since=0)}
    was_restless = {key for key, each in changing.items() if _is_often(each.ago, since=1)}
    calm = [each for each in found if key_of(each) not in restless | was_restless]
    unchanged = _in_state(calm, FindingState.UNCHANGED)
    graver = tuple(each for each in unchanged if _is_graver(each, past))
    unchanged = tuple(each for each in unchanged if each not in graver)
    due = tuple(each for each in unchanged if _is_due(each, past, today, remind_days))
    return News(
        since=max(past.last.values(), default=None),
        found=_in_state(calm, FindingState.OPEN),
        new=_in_state(calm, FindingState.NEW),
        graver=graver,
        gone=_in_state(calm, FindingState.ABSENT),
        begun=tuple(each for key, each in changing.items() if key in restless - was_restless),
        settled=tuple(each for key, each in changing.items() if key in was_restless - restless),
        outages=tuple(down),
        over=tuple(each for each in up if not each.comes_and_goes),
        joined=tuple(name for name in comparison.environments if past.last and name not in past.last),
        left=tuple(_left(comparison)),
        due=due,
        standing=tuple(each for each in unchanged if each not in due),
        is_conclusive=comparison.summary.verdict is not Verdict.INCONCLUSIVE,
    )


def known_from(earlier: Comparison, day: date) -> Known:
    """Give what the one comparison that a run is held against knows of the past.

    How long an outage lasts is known as far as its findings say, and what comes and goes takes a history.

    Args:
        earlier: the comparison.
        day: the day of its run.

    """
    down = down_in(earlier)
    stood = [each for each in earlier.findings if each.state in STOOD_OPEN]
    return Known(
        last=dict.fromkeys(earlier.environments, day),
        seen={key_of(each): day for each in stood},
        weighed={key_of(each): Weight(each.severity, each.counted) for each in stood},
        lately={
            name: Lately((True,), _known_since(earlier, name) or day, 1) if name in down else Lately((False,))
            for name in earlier.environments
        },
    )


def _is_told(finding: Finding) -> bool:
    """Tell whether there is something to tell.

    What is accepted is known, what could not be decided says nothing unless it counts, and a change since an
    environment was last seen, which is seen again after an outage, was told in the run that saw it first.
    """
    if finding.state is FindingState.ACCEPTED or (finding.is_a_change and finding.state is FindingState.UNCHANGED):
        return False
    return finding.counted or not finding.is_undecided


def _in_state(findings: Sequence[Finding], state: FindingState) -> tuple[Finding, ...]:
    return tuple(each for each in findings if each.state is state)


def _judged(comparison: Comparison, down: Sequence[Outage]) -> set[str]:
    """Name the environments of which something was learnt."""
    return set(comparison.environments).difference(each.environment for each in down if each.is_whole)


def _changing(found: Sequence[Finding], past: Known, judged: Collection[str]) -> Mapping[Key, Changing]:
    """Add what changed in this run to what changed before it, in the environments that were judged."""
    changing = {key: each for key, each in past.changing.items() if each.environment in judged}
    for each in found:
        if each.state in _CHANGED and each.rule != PROBE_FAILED.name and not each.is_undecided:
            key = key_of(each)
            before = changing[key].ago if key in changing else ()
            is_there = each.actual is not None if each.is_a_change else each.state is FindingState.NEW
            changing[key] = Changing(each.environment, each.rule, each.field, each.value, (0, *before), is_there)
    return changing


def _is_often(ago: Sequence[int], *, since: int) -> bool:
    """Tell whether it changed often within so many runs, the last of which was so many runs ago."""
    return sum(since <= each < since + WINDOW for each in ago) >= OFTEN


def _is_graver(finding: Finding, past: Known) -> bool:
    """Tell whether it counts and did not, or is of a higher severity: a certificate's last days, or another policy."""
    before = past.weighed.get(key_of(finding))
    if before is None:
        return False
    is_more_severe = _MOST_FIRST.index(finding.severity) < _MOST_FIRST.index(before.severity)
    return is_more_severe or (finding.counted and not before.counted)


def _is_due(finding: Finding, past: Known, today: date, remind_days: int | None) -> bool:
    """Tell whether a period since it was first seen has ended since a run found it last, and so told it if need was."""
    first = finding.first_seen
    if remind_days is None or first is None:
        return False
    last = past.seen.get(key_of(finding), first)
    return (today - first).days // remind_days > (last - first).days // remind_days


def _left(comparison: Comparison) -> Iterator[str]:
    for notice in comparison.notices:
        if notice.note is not None and notice.note.why is Why.GONE and notice.environment is not None:
            yield notice.environment


def _known_since(earlier: Comparison, name: str) -> date | None:
    days = [
        each.first_seen
        for each in earlier.findings
        if each.rule == PROBE_FAILED.name and each.environment == name and each.first_seen is not None
    ]
    return min(days, default=None)
