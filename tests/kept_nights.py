"""Histories of many nights, kept as runs keep them: what happened is planted, and told by the numbers of the nights."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from evidences import WHEN, chat, failed, models, skipped, timed
from kept_runs import compared, night, no_secret
from pasts import levels

from envcheck.history import keep, opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from envcheck.evidence import Evidence

FIRST: Final = WHEN.date()
STEP: Final = 28
"""The night from which on it is a fifth slower."""


def kept(path: Path, *runs: Sequence[Evidence]) -> Path:
    with opened(path) as history:
        for records in runs:
            keep(history, compared(records), records, check=no_secret)
    return path


def later(records: Sequence[Evidence], hours: int) -> list[Evidence]:
    """The same in another run of the same day."""
    run = {"generated_at": records[0].generated_at + timedelta(hours=hours), "run_id": f"{hours:016x}"}
    return [each.model_copy(update=run) for each in records]


def timed_night(number: int, ms: float, *, model: str = "gpt-4o", at: str = "https://one.example/v1") -> list[Evidence]:
    made = night(number, models("a"), chat(model=model, latency=timed(ms)))
    return [each.model_copy(update={"target": each.target.model_copy(update={"base_url": at})}) for each in made]


def forty_nights(path: Path) -> Path:
    """A model goes and comes, two nights of outage, one without a run, and a step from 240 to 288 ms in noise."""
    runs = []
    for number, ms in enumerate(levels((STEP, 240), (40 - STEP, 288))):
        checks = (models(*"ab" if number not in {20, 21} else "bc"), chat(latency=timed(ms)))
        if number in {5, 6}:
            checks = (failed("models", "network"), skipped("chat"))
        if number != 9:
            runs.append(night(number, *checks))
    return kept(path, *runs)
