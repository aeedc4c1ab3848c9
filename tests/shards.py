"""Fleets made by hand, what a single run makes of one, and what its shards do."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from evidences import TODAY, USAGE, WHEN, chat, evidence, failed, models, skipped, timed

from envcheck.compare import Memory, compare
from envcheck.compare.merging import Counting, merge
from envcheck.compare.shards import Part
from envcheck.comparison import Comparison, Shard
from envcheck.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.comparison import Twin
    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names

BASELINE: Final = "production"
CONFIGURATION: Final = "c0ffee" + "0" * 10
SAMPLES: Final = 12
_TIMES: Final = "generated_at", "run_id", "merged", "shard"


@dataclass(frozen=True)
class Fleet:
    """Everything that is known while its run lasts."""

    records: Sequence[Evidence]
    policy: Policy = field(default_factory=Policy)
    twins: Sequence[Twin] = ()
    names: Mapping[str, Mapping[str, Names]] | None = None

    def compared(self, records: Sequence[Evidence], earlier: Comparison | None = None) -> Comparison:
        """Give what a run makes of these records of it."""
        names = None if self.names is None else {each.environment: self.names[each.environment] for each in records}
        there = {each.environment for each in records}
        return compare(
            records,
            baseline=BASELINE if len(records) > 1 else None,
            policy=self.policy,
            earlier=earlier,
            memory=Memory([twin for twin in self.twins if twin.environment in there], names),
            generated_at=WHEN,
            today=TODAY,
        )

    def part(self, number: int, of: int, *, late_s: float = 0.0, configuration: str = CONFIGURATION) -> Part:
        """Give what one shard leaves behind, as it is read back from its files."""
        fleet = tuple(each.environment for each in self.records)
        shard = Shard(number=number, of=of, configuration=configuration, baseline=BASELINE, fleet=fleet)
        names = frozenset(shard.environments())
        own = [each for each in self.records if each.environment in names]
        comparison = self.compared(own).model_copy(update={"shard": shard})
        late = timedelta(seconds=late_s)
        made = {"run_id": f"{number:016x}", "asked": None}  # of what was asked, no file says anything
        saved = [each.model_copy(update={**made, "generated_at": each.generated_at + late}) for each in own]
        return Part(f"shard-{number}", shard, read_back(comparison), {each.environment: each for each in saved})

    def parts(self, of: int) -> list[Part]:
        """Give what each of so many shards leaves behind."""
        return [self.part(number, of) for number in range(1, of + 1)]

    def merged(self, of: int) -> Comparison:
        """Give what so many shards come to."""
        return merged(self.parts(of))


def merged(parts: Sequence[Part], *, policy: Policy | None = None, earlier: Comparison | None = None) -> Comparison:
    """Put parts together, counted as a run counts by default."""
    return merge(parts, Counting(policy or Policy(), WHEN, TODAY, earlier))


def read_back(comparison: Comparison) -> Comparison:
    """Give a comparison as its file has it."""
    return Comparison.model_validate_json(comparison.model_dump_json())


def but_for_times(comparison: Comparison) -> dict[str, object]:
    """Give all of a comparison that has to be the same however many processes made it."""
    document: dict[str, object] = json.loads(comparison.model_dump_json())
    return {name: value for name, value in document.items() if name not in _TIMES}


def judged(comparison: dict[str, object]) -> dict[str, object]:
    """Give what a comparison says, but for how long things took, which of them were void, and when."""
    whole = Comparison.model_validate(comparison)
    rows = [row for row in whole.rows if row.field != "latency"]
    return {
        "environments": whole.environments,
        "rows": [(row.probe, row.field, {name: cell.state for name, cell in row.cells.items()}) for row in rows],
        "facts": [row for row in rows if row.field != "outcome"],
        "findings": whole.findings,
        "notices": whole.notices,
        "settings": whole.settings,
        "expectations": whole.expectations,
        "summary": whole.summary,
    }


def fleet_of(size: int, seed: int = 1) -> list[Evidence]:
    """Give a baseline and so many environments, of which each tenth or so is wrong in one way or another."""
    draw = random.Random(seed)
    return [_environment(BASELINE, draw, "")] + [
        _environment(f"gateway-{number:04}", draw, _fault(number)) for number in range(1, size)
    ]


def _fault(number: int) -> str:
    digest = hashlib.sha256(str(number).encode()).digest()
    return ("lacks", "adds", "slow", "down", "other", "flaps", "no-usage")[digest[1] % 7] if digest[0] < 26 else ""


def _environment(name: str, draw: random.Random, fault: str) -> Evidence:
    if fault == "down":
        return evidence(
            name, failed("models", "network", detail="connection refused"), skipped("chat"), samples=SAMPLES
        )
    ids = {"lacks": ("gpt-4o",), "adds": ("gpt-4o", "o3", "o4")}.get(fault, ("gpt-4o", "o3"))
    around_ms = 900.0 if fault == "slow" else 300.0
    first, again = ([round(draw.gauss(around_ms, 20.0), 3) for _ in range(SAMPLES)] for _ in range(2))
    latency = timed(*first, again_ms=again if fault == "slow" or name == BASELINE else ())
    return evidence(
        name,
        models(*ids, varying={"model_ids": ["o3"]} if fault == "flaps" else {}, latency=timed(*first)),
        chat(
            answered="gpt-4o-2024" if fault == "other" else "gpt-4o",
            usage=None if fault == "no-usage" else USAGE,
            latency=latency,
        ),
        samples=SAMPLES,
        selected_model="gpt-4o",
        asked="a" * 16,
    )
