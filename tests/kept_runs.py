"""Runs for a history, made by hand: each night is told from the others by its day, and may change what is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from evidences import TODAY, WHEN, chat, evidence, models

from envcheck.compare import compare
from envcheck.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check, Evidence


def night(number: int, *checks: Check, names: Sequence[str] = ("production", "staging")) -> list[Evidence]:
    """Give the records of a night, the same for each environment."""
    run = {"generated_at": WHEN + timedelta(days=number), "run_id": f"{number:016x}"}
    made = [evidence(name, *(checks or (models("a", "b"), chat()))) for name in names]
    return [each.model_copy(update=run) for each in made]


def compared(records: Sequence[Evidence]) -> Comparison:
    """Give what a night came to."""
    return compare(records, baseline=None, policy=Policy(), generated_at=records[0].generated_at, today=TODAY)


def no_secret(_text: str) -> None:
    """Be a tripwire that finds nothing."""
