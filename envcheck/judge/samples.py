"""Whether two checks' samples can be held against each other at all, before anybody looks at how long they took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import Why

if TYPE_CHECKING:
    from envcheck.evidence import Check, Evidence
    from envcheck.judge.columns import Column, Pair

LEAST_SAMPLES: Final = 5
"""A side; with fewer no difference between two environments can be significant."""


def asked_model(evidence: Evidence, check: Check) -> str | None:
    """Give the model that a check's request named: a probe may have its own, and says so in its facts."""
    own: str | None = getattr(check.facts, "model", None)
    return evidence.target.selected_model if own is None else own


def what_is_unlike(column: Column, pair: Pair) -> Why | None:
    """Tell what makes two latencies unlike: another model, prompt or parameters were asked."""
    before = None if column.against is None else column.against.evidence
    after = column.evidence
    if before is None or after is None:
        return None
    if asked_model(before, pair.before) != asked_model(after, pair.after):
        return Why.OTHER_MODEL
    if before.asked is not None and after.asked is not None:
        return None if before.asked == after.asked else Why.OTHER_PROMPT
    return None if before.safety.prompt_source == after.safety.prompt_source else Why.OTHER_PROMPT


def is_out_of_a_cache(column: Column, probe: str) -> bool:
    """Tell whether a cache answered a probe, on one side at least: its time is not the gateway's."""
    evidences = (column.evidence, None if column.against is None else column.against.evidence)
    return any(each is not None and each.transport is not None and probe in each.transport.cache for each in evidences)


def is_mostly_void(check: Check, asked: int) -> bool:
    """Tell whether more than half of the samples that were asked for stayed void, though they were taken again."""
    latency = check.latency
    # A record of 0.1.0 does not say how many were taken.
    kept = latency.taken - latency.voided if latency.taken else latency.samples
    return asked >= LEAST_SAMPLES and 2 * min(latency.voided, asked - kept) > asked


def has_none_left(pair: Pair) -> bool:
    """Tell whether samples were taken of either side, and not one of them can be used."""
    return any(check.latency.samples == 0 < check.latency.taken for check in pair)
