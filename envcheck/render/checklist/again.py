"""What a file said of the checklist, taken from the checklists that were made by it: for those of a fleet's shards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.comparison import ItemState
from envcheck.policy import NO_CHECKLIST, Rollout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison

_MADE_UP_OF_NAMES = "Rollout checklist: "


def rollout_of(comparisons: Sequence[Comparison]) -> Rollout:
    """Return what all of them were made by; as if nobody asked for a checklist where one of them has none."""
    heads = [comparison.checklist_head for comparison in comparisons]
    there = [head for head in heads if head is not None]
    if len(there) < len(heads):
        return NO_CHECKLIST
    named = {head.environments for head in there}
    is_the_files = len(named) == 1 and len(there) > 1
    title = there[0].title
    return Rollout(
        title=None if title.startswith(_MADE_UP_OF_NAMES) else title,
        environments=there[0].environments if is_the_files else (),
        manual=tuple(item.title for item in comparisons[0].checklist if item.state is ItemState.MANUAL),
        is_asked_for=True,
    )
