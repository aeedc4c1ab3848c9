"""Shards put together into one comparison, the same that a single run of the whole fleet would have made.

Each shard probed the baseline beside its own environments, and each environment is held against the baseline's record
of its own shard: only those two were asked side by side. Most of what a shard judged stands as it is. That goes also
for what only its process could know: names that are redacted, keys and base URLs that are shared, differences that the
file accepts. What rests on chance is judged once more, for a false alarm must stay as unlikely among all environments
of the fleet as it was among those of one shard.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from envcheck.compare.assembly import Occasion, assemble
from envcheck.compare.elsewhere import facts_apart
from envcheck.compare.grid import Circumstances, judge
from envcheck.compare.in_the_clear import judge_schemes
from envcheck.compare.of_a_shard import Judged, as_judged
from envcheck.compare.targets import judge_targets
from envcheck.comparison import HeldAgainst, Merged, MergedShard, Note, Notice, Why
from envcheck.judge.columns import Against, Column
from envcheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from envcheck.compare.shards import Part
    from envcheck.comparison import AcceptNotice, Comparison
    from envcheck.evidence import Evidence
    from envcheck.policy import Policy

# What was asked is saved nowhere; whether two were asked the same, their shard's comparison says.
_ASKED_ALIKE: Final = "0" * 16
_ASKED_OTHERWISE: Final = "1" * 16


@dataclass(frozen=True, slots=True)
class Counting:
    """What decides about the exit code, and what findings are new against; each shard had its own, or none."""

    policy: Policy
    generated_at: datetime
    today: date
    earlier: Comparison | None = None


def merge(parts: Sequence[Part], counting: Counting, not_probed: tuple[str, ...] = ()) -> Comparison:
    """Put shards of one configuration together, each of which is there once.

    Where the baseline answered otherwise in another shard than in the one whose record of it is shown, a notice says
    so.
    """
    shown = whose_baseline_is_shown(parts)
    policy = _judged_by(shown.comparison, counting.policy)
    own = _owners(parts, shown)
    columns = list(_columns(own))
    grid = judge(columns, Circumstances(policy, counting.today))
    grid |= judge_targets(columns, (), policy)
    grid |= judge_schemes(columns, policy)
    judged = {name: Judged(part.comparison, name) for name, part in own.items()}
    whole = assemble(
        columns,
        as_judged(grid, judged),
        Occasion(
            policy,
            HeldAgainst.BASELINE,
            counting.generated_at,
            counting.today,
            counting.earlier,
            judges_latency=True,
            told={name: each.told for name, each in judged.items()},
        ),
    )
    notices = [notice for notice in whole.notices if not _is_gone(notice, not_probed)]
    return whole.model_copy(
        update={
            "accept_notices": tuple(_accept_notices(parts, own, shown)),
            "notices": (*notices, *_where_the_baseline_varies(parts, shown, policy, counting.today)),
            "merged": _merged(parts, shown, not_probed),
        }
    )


def _is_gone(notice: Notice, not_probed: Sequence[str]) -> bool:
    """Tell whether an environment is called gone that only nobody looked at."""
    return notice.note is not None and notice.note.why is Why.GONE and notice.environment in not_probed


def whose_baseline_is_shown(parts: Sequence[Part]) -> Part:
    """Return the first shard in which the baseline failed a probe, so that no failure is hidden, else the first."""
    return next((part for part in parts if _fails(part.evidences[part.shard.baseline])), parts[0])


def _fails(evidence: Evidence) -> bool:
    return any(check.outcome is Outcome.FAIL for check in evidence.checks)


def _judged_by(comparison: Comparison, counting: Policy) -> Policy:
    """Judge as the shards did, and count as this command is told; what is accepted and expected they judged already."""
    settings = comparison.settings
    if settings is None:  # a record that somebody edited
        return counting
    return replace(
        counting,
        latency_ratio=settings.latency_ratio,
        latency_floor_ms=settings.latency_floor_ms,
        confirm_over_s=settings.confirm_over_s,
        tls_days=counting.tls_days if settings.tls_days is None else settings.tls_days,
        severity=settings.severity,
    )


def _owners(parts: Sequence[Part], shown: Part) -> dict[str, Part]:
    """Say which shard's record each environment has, the baseline first and then in the file's order."""
    baseline = shown.shard.baseline
    found = {name: part for part in parts for name in part.evidences if name != baseline}
    return {baseline: shown, **{name: found[name] for name in shown.shard.fleet if name in found}}


def _columns(own: Mapping[str, Part]) -> Iterator[Column]:
    """Give the baseline, and each environment with the baseline's record of its own shard."""
    for name, part in own.items():
        baseline = part.shard.baseline
        if name == baseline:
            yield Column(name, part.evidences[name])
        else:
            before = part.evidences[baseline].model_copy(update={"asked": _ASKED_ALIKE})
            after = part.evidences[name].model_copy(update={"asked": _asked(part.comparison, name)})
            yield Column(name, after, Against(baseline, before))


def _asked(comparison: Comparison, name: str) -> str:
    notes = (note for row in comparison.rows if name in row.cells for note in row.cells[name].notes)
    return _ASKED_OTHERWISE if any(note.why is Why.OTHER_PROMPT for note in notes) else _ASKED_ALIKE


def _accept_notices(parts: Sequence[Part], own: Mapping[str, Part], shown: Part) -> list[AcceptNotice]:
    """Tell of each entry what the shard says that probed its environment, in the order of the file.

    That an entry has expired every shard can say, so that it is told too where its environment's shard is missing.
    """
    told = [
        notice
        for part in parts
        for notice in part.comparison.accept_notices
        if own.get(notice.environment, shown) is part
    ]
    return sorted(told, key=lambda notice: notice.position)


def _where_the_baseline_varies(parts: Sequence[Part], shown: Part, policy: Policy, today: date) -> Iterator[Notice]:
    baseline = shown.shard.baseline
    reference = Against(baseline, shown.evidences[baseline])
    others = [
        Column(str(part.shard.number), part.evidences[baseline], reference) for part in parts if part is not shown
    ]
    apart = facts_apart(others, policy, today) if others else {}
    for (probe, field), row in apart.items():
        number = sum(any(not each.is_undecided for each in judgement.findings) for judgement in row.values())
        if number:
            note = Note(why=Why.BASELINE_VARIES, word=f"{probe}.{field}", number=number)
            yield Notice(environment=baseline, note=note)


def _merged(parts: Sequence[Part], shown: Part, not_probed: tuple[str, ...]) -> Merged:
    return Merged(
        of=shown.shard.of,
        configuration=shown.shard.configuration,
        shards=tuple(
            MergedShard(
                number=part.shard.number,
                run_id=part.comparison.run_id,
                probed_at=part.probed_at,
                environments=len(part.evidences) - 1,
            )
            for part in parts
        ),
        baseline_from=shown.shard.number,
        not_probed=not_probed,
    )
