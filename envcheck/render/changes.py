"""What changed since the last run, in as few words as a sentence has room for: `production lost o3`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import FindingState
from envcheck.probes.models import MODELS
from envcheck.render.digest import grouped
from envcheck.render.telling import Telling
from envcheck.render.words import in_words
from envcheck.rules import CAPABILITY_ADDED, CAPABILITY_REMOVED

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.comparison import Comparison
    from envcheck.render.digest import Group

_MOST_NAMED: Final = 3
_VERBS: Final = {"removed": "lost", "added": "gained"}
_OF_A_PROBE: Final = {CAPABILITY_REMOVED.name: "stopped serving", CAPABILITY_ADDED.name: "began to serve"}


def changes_in_words(comparison: Comparison, named: Callable[[str], str] = str) -> str:
    """Say what is new since the last run, worst first; empty where nothing is. `named` writes words of the record."""
    news = (each for each in comparison.findings if each.is_a_change and each.state is FindingState.NEW)
    telling = Telling.of(comparison, named)
    said = [_said(group, _who(group, comparison, named), telling) for group in grouped(news)]
    lead = "since the last run"
    if any(each.is_a_change and each.counted for each in comparison.findings):
        lead += ", counted with --fail-on-new"
    return f"{lead}: {in_words(said, _MOST_NAMED)}" if said else ""


def _who(group: Group, comparison: Comparison, named: Callable[[str], str]) -> str:
    names = group.environments
    if len(names) > 1 and len(names) == len(comparison.environments):
        return f"all {len(names):,} environments"
    return in_words(list(map(named, names)), _MOST_NAMED)


def _said(group: Group, who: str, telling: Telling) -> str:
    first = group.findings[0]
    field, probe = telling.named(first.field), telling.named(first.field.partition(".")[0])
    if first.rule in _OF_A_PROBE:
        return f"{who} {_OF_A_PROBE[first.rule]} {probe}"
    if first.expected is None and first.actual is None and first.change is None:
        return f"{field} changed in {who}"
    if first.change is None:
        told = telling.told(first)
        return f"{told if told.startswith(field) else f'{field} {told}'} in {who}"
    verb = _VERBS[first.change]
    if first.value is None:
        return f"{who} {verb} {telling.told(first)}"
    if first.expected is not None and first.actual is not None:  # the set as a whole
        return f"{who} {verb} {field}"
    more = f" and {group.total - 1:,} more" if group.total > 1 else ""
    where = "" if probe == telling.named(MODELS.name) else f" in {probe}"
    return f"{who} {verb} {telling.named(first.value)}{more}{where}"
