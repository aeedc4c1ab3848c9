"""Outages as they are told night by night: an environment that is down, or a probe that fails by what may pass.

They are told in every run that they last.
Whatever else fails is a finding like others: an opt-in probe that a gateway never had is no outage.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from envcheck.compare.outages import is_down
from envcheck.comparison import STOOD_OPEN, FindingState, OutcomeValue
from envcheck.comparison.news import OFTEN, WINDOW, Lately, Outage
from envcheck.model import PASSING_CAUSES, Outcome
from envcheck.rules import PROBE_FAILED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from envcheck.comparison import Comparison, Finding
    from envcheck.comparison.news import Known

_NOTHING: Final = Lately(())


def down_in(comparison: Comparison) -> dict[str, Outage]:
    """Give the outages that a comparison shows, accepted or not, as if they had begun with it, by environment."""
    found: dict[str, Outage] = {}
    for name in comparison.environments:
        outcomes = dict(_outcomes(comparison, name))
        failed = {probe: str(each.failure_class) for probe, each in outcomes.items() if each.outcome is Outcome.FAIL}
        is_whole = is_down(outcomes.values())
        by_outage = tuple((probe, why) for probe, why in failed.items() if is_whole or why in PASSING_CAUSES)
        if by_outage:
            found[name] = Outage(name, None, 1, by_outage, is_whole)
    return found


def lasting(comparison: Comparison, past: Known, today: date) -> list[Outage]:
    """Give the outages that a run found and that nobody accepted, with since when they last."""
    failed = {
        each.environment for each in comparison.findings if each.rule == PROBE_FAILED.name and each.state in STOOD_OPEN
    }
    return [
        _lasting(found, past.lately.get(name, _NOTHING), today, is_another_day=past.last.get(name) != today)
        for name, found in down_in(comparison).items()
        if name in failed
    ]


def _lasting(found: Outage, lately: Lately, today: date, *, is_another_day: bool) -> Outage:
    comes_and_goes = _comes_and_goes((True, *lately.was_down))
    if lately.since is None:
        return found._replace(since=today, comes_and_goes=comes_and_goes)
    return found._replace(since=lately.since, nights=lately.nights + int(is_another_day), comes_and_goes=comes_and_goes)


def over(comparison: Comparison, past: Known) -> Iterator[Outage]:
    """Give the outages of the run before that are over in this one, and those that came and went and have settled.

    An environment that nothing was asked of, for its key is missing, does not answer; nor does anybody know of one
    whose failing probe was not asked.
    """
    down = down_in(comparison)
    unknown = {each.environment for each in comparison.carried if each.rule == PROBE_FAILED.name}
    for name in comparison.environments:
        lately = past.lately.get(name, _NOTHING)
        has_passed = any(each.outcome is Outcome.PASS for _, each in _outcomes(comparison, name))
        if name in down or name in unknown or not has_passed or not lately.was_down:
            continue
        comes_and_goes = _comes_and_goes((False, *lately.was_down))
        has_settled = _comes_and_goes(lately.was_down) and not comes_and_goes
        if lately.was_down[0] or has_settled:
            yield Outage(name, lately.since, lately.nights, comes_and_goes=comes_and_goes)


def is_of_an_outage(finding: Finding, lasting: Collection[Outage], over: Collection[Outage]) -> bool:
    """Tell whether a finding is a probe's failure that is told as an outage, or as the end of one."""
    if finding.rule != PROBE_FAILED.name:
        return False
    probe, _, _ = finding.field.partition(".")
    if finding.state is FindingState.ABSENT:
        return any(each.environment == finding.environment for each in over)
    return any(each.environment == finding.environment and probe in dict(each.failed) for each in lasting)


def _outcomes(comparison: Comparison, name: str) -> Iterator[tuple[str, OutcomeValue]]:
    for row in comparison.rows:
        value = row.cells[name].value if name in row.cells else None
        if isinstance(value, OutcomeValue):
            yield row.probe, value


def _comes_and_goes(down: Sequence[bool]) -> bool:
    """Tell whether it changed often within so many runs, the last of which stands first."""
    return sum(now != before for now, before in pairwise(down[: WINDOW + 1])) >= OFTEN
