"""What a history says of the past is what every comparison in it says, found the long way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from evidences import WHEN, chat, evidence, failed, models, skipped
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_runs import no_secret
from known_pasts import past_from

from envcheck.compare import compare
from envcheck.comparison.news import Known
from envcheck.history import keep, known_before, opened
from envcheck.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

STATES = {
    "usual": (models("a", "b"), chat()),
    "lacks b": (models("a"), chat()),
    "lacks usage": (models("a", "b"), chat(usage=None)),
    "down": (failed("models", "network"), skipped("chat")),
    "shut": (failed("models", "auth", status=401), skipped("chat")),
    "keyless": (failed("models", "missing_key"), skipped("chat")),
    "chat down": (models("a", "b"), failed("chat", "upstream_or_gateway", status=502)),
    "no chat": (models("a", "b"), failed("chat", "base_url_or_route", status=404)),
}
_STATES = st.sampled_from([*STATES])
NAMES = ("production", "staging")


def in_utc(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def night(number: int, states: Sequence[str], *, hours: int = 24) -> list[Evidence]:
    moment = WHEN + timedelta(hours=number * hours)
    run = {"generated_at": moment, "run_id": f"{number:016x}"}
    return [evidence(name, *STATES[state]).model_copy(update=run) for name, state in zip(NAMES, states, strict=True)]


def kept(
    path: Path, nights: Sequence[Sequence[str]], *, hours: int = 24, is_tracked: bool = True
) -> tuple[list[Comparison], Known]:
    """Keep a run for each night, held against the one before and each against itself; give them and the past."""
    runs: list[Comparison] = []
    seen: dict[str, Evidence] = {}
    with opened(path) as history:
        for number, states in enumerate(nights):
            records = night(number, states, hours=hours)
            moment = records[0].generated_at
            run = compare(
                records,
                baseline="production",
                policy=Policy(),
                generated_at=moment,
                today=moment.date(),
                earlier=runs[-1] if runs else None,
                itself_earlier=seen,
            ).model_copy(update={"is_tracked": is_tracked})
            keep(history, run, records, check=no_secret)
            runs.append(run)
            seen |= {each.environment: each for each in records if each.summary.ok}
        return runs, known_before(history, NAMES, in_utc)


@settings(max_examples=15)
@given(st.lists(st.tuples(_STATES, _STATES), max_size=14), st.sampled_from([5, 24]))
def test_the_past_is_that_of_every_comparison(nights: list[tuple[str, str]], hours: int) -> None:
    """The same days, outages and changes, whatever happened; also where there are several runs a day."""
    with TemporaryDirectory() as folder:
        runs, past = kept(Path(folder) / "history", nights, hours=hours)
    assert past == past_from(runs)


def test_runs_that_were_held_against_none_are_passed_over(tmp_path: Path) -> None:
    """Nobody was told what is new in a run by hand, unless there are no others."""
    path = tmp_path / "history"
    by_hand = kept(path, [("usual", "lacks b")], is_tracked=False)[1]
    assert by_hand.last == dict.fromkeys(NAMES, WHEN.date())
    assert len(by_hand.seen) == 1
    with opened(path) as history:
        records = night(1, ("usual", "usual"))
        moment = records[0].generated_at
        run = compare(records, baseline=None, policy=Policy(), generated_at=moment, today=moment.date())
        keep(history, run.model_copy(update={"is_tracked": True}), records, check=no_secret)
        past = known_before(history, NAMES, in_utc)
    assert past.last == dict.fromkeys(NAMES, moment.date())
    assert past.seen == {}


def test_an_environment_that_no_run_looked_at_has_no_past(tmp_path: Path) -> None:
    """It joins; and before the first run nothing has one."""
    assert kept(tmp_path / "history", [])[1] == Known()
    kept(tmp_path / "history", [("usual", "usual")])
    with opened(tmp_path / "history") as history:
        assert known_before(history, ["canary"], in_utc).last == {}
