"""Pasts made by hand: what a history says of some nights, told by their numbers."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from envcheck.judge.trend import Night, Nights, changes
from envcheck.past import EnvironmentPast, FactChange, LatencyPast, NightOutcome, Outage, Past
from envcheck.record import FailureName
from envcheck.redact import Redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST: Final = date(2026, 9, 28)
FLOOR_MS: Final = 50.0


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def days(number: int) -> tuple[date, ...]:
    return tuple(map(day, range(number)))


def members(*names: str) -> tuple[Redacted, ...]:
    return tuple(map(Redacted, names))


def latency(environment: str, medians: Sequence[float | None], probe: str = "chat") -> LatencyPast:
    nights = Nights(environment, probe, "latency", tuple(map(Night, days(len(medians)), medians)))
    return LatencyPast(nights, tuple(changes(nights.nights, FLOOR_MS)))


def levels(*lengths: tuple[int, float], seed: int = 1, noise: float = 0.03) -> list[float]:
    random = Random(seed)
    return [round(level * random.gauss(1, noise), 1) for length, level in lengths for _ in range(length)]


def sixty_nights() -> Past:
    """One that is always the same, and one with gaps and every kind of night that gets slower."""
    kinds = list(NightOutcome)
    steady = levels((60, 120))
    slower: list[float | None] = [*levels((51, 240), (9, 288), seed=2)]
    slower[9] = slower[10] = None
    return Past(
        days(60),
        (
            EnvironmentPast("production", (NightOutcome.SAME,) * 60, latencies=(latency("production", steady),)),
            EnvironmentPast(
                "staging",
                tuple(kinds[index % 4] for index in range(60)),
                (
                    FactChange(day(3), "models.model_ids", members("a", "o3"), members("a", "o4-mini", "o4")),
                    FactChange(day(5), "chat.model_answered", Redacted("gpt-4o"), Redacted("gpt-4o-2024-11-20")),
                    FactChange(day(7), "models.context_length", None, 128_000),
                ),
                (
                    Outage(day(9), day(10), 2, is_over=True, probes=("chat",), failures=(FailureName("timeout"),)),
                    Outage(
                        day(58),
                        day(59),
                        2,
                        is_over=False,
                        probes=("models",),
                        failures=(FailureName("network"), FailureName("http_418")),
                    ),
                ),
                (latency("staging", slower),),
            ),
        ),
    )
