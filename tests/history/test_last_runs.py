"""Which earlier runs a run goes by: of each environment the last one that looked at it, and that asked the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidences import chat, failed, models
from kept_runs import compared, night, no_secret

from envcheck.history import Question, keep, last_comparison, last_evidence, opened

if TYPE_CHECKING:
    from pathlib import Path

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check, Evidence

ALL = ("production", "staging", "eu")


def kept(
    path: Path, number: int, *names: str, lacks: str | None = None, tracked: bool = True, checks: tuple[Check, ...] = ()
) -> None:
    """Keep a night of these environments; one of them lacks usage."""
    records = [
        each.model_copy(update={"checks": (models("a", "b"), chat(usage=None))}) if each.environment == lacks else each
        for each in night(number, *checks, names=names)
    ]
    comparison = compared(records).model_copy(update={"is_tracked": tracked})
    with opened(path) as history:
        assert keep(history, comparison, records, check=no_secret, is_partial=set(names) != set(ALL))


def last(path: Path, *names: str, partial: bool = False, tracked: bool = True) -> Comparison | None:
    with opened(path) as history:
        return last_comparison(history, Question(names, partial, tracked))


def answered(path: Path, *names: str, tracked: bool = True) -> dict[str, Evidence]:
    with opened(path) as history:
        return dict(last_evidence(history, Question(names, is_partial=False, is_tracked=tracked)))


def found(comparison: Comparison | None) -> set[str]:
    assert comparison is not None
    return {finding.environment for finding in comparison.findings}


def test_what_a_run_of_some_did_not_look_at_stays_known(tmp_path: Path) -> None:
    """Of each environment its own last run is gone by: eu still lacks something, and staging no longer does."""
    path = tmp_path / "history"
    kept(path, 1, *ALL, lacks="eu")
    kept(path, 2, "production", "staging", lacks="staging")
    comparison = last(path, *ALL)
    assert comparison is not None
    assert (comparison.environments, found(comparison)) == (ALL, {"eu", "staging"})
    kept(path, 3, "production", "staging")
    assert found(last(path, *ALL)) == {"eu"}


def test_a_run_of_some_goes_by_what_is_known_of_these(tmp_path: Path) -> None:
    """It has nothing to say of the others, so they are not gone either."""
    path = tmp_path / "history"
    kept(path, 1, *ALL, lacks="eu")
    comparison = last(path, "production", "staging", partial=True)
    assert comparison is not None
    assert (comparison.environments, found(comparison)) == (("production", "staging"), set())


def test_an_environment_that_comes_anew_was_in_no_run(tmp_path: Path) -> None:
    """One that has gone from the file is known of until the night that tells of it."""
    path = tmp_path / "history"
    kept(path, 1, *ALL)
    comparison = last(path, "production", "staging", "us")
    assert comparison is not None
    assert comparison.environments == ALL


def test_what_was_tried_by_day_was_told_to_nobody(tmp_path: Path) -> None:
    """A night goes by the last night, and a run by day by the last run."""
    path = tmp_path / "history"
    kept(path, 1, *ALL)
    kept(path, 2, *ALL, lacks="staging", tracked=False)
    assert found(last(path, *ALL)) == set()
    assert found(last(path, *ALL, tracked=False)) == {"staging"}
    for tracked in (True, False):
        _, seen = answered(path, "staging", tracked=tracked)["staging"].checks
        assert seen.facts.model_dump()["usage_present"] is tracked


def test_where_no_run_was_tracked_the_last_one_is_gone_by(tmp_path: Path) -> None:
    """The first night with --against last knows what was kept before."""
    path = tmp_path / "history"
    kept(path, 1, *ALL, tracked=False)
    kept(path, 2, *ALL, lacks="staging", tracked=False)
    assert found(last(path, *ALL)) == {"staging"}


def test_a_run_that_asked_something_else_is_gone_by_only_where_there_is_no_other(tmp_path: Path) -> None:
    """Held against another baseline, or against nothing: its findings say nothing of this one."""
    path = tmp_path / "history"
    kept(path, 1, *ALL, lacks="staging")
    kept(path, 2, "staging", "production", "eu")
    kept(path, 3, "production")
    assert found(last(path, *ALL)) == {"staging"}
    other = last(path, "eu", "production", "staging")
    assert other is not None
    assert other.baseline == "staging"


def test_each_probe_is_known_from_when_it_last_passed(tmp_path: Path) -> None:
    """A night on which chat failed says what models answers, and the one before what chat does."""
    path = tmp_path / "history"
    kept(path, 1, *ALL)
    kept(path, 2, *ALL, checks=(models("c"), failed("chat", "timeout")))
    kept(path, 3, *ALL, checks=(failed("models", "network"),))
    record = answered(path, "staging")["staging"]
    assert record.generated_at == night(2)[0].generated_at
    assert [(check.probe, check.outcome.value) for check in record.checks] == [("models", "pass"), ("chat", "pass")]
    assert record.checks[0].facts.model_dump()["model_ids"] == ("c",)
    assert record.target.probes == ("models", "chat")
    assert record.summary.ok
    assert answered(path, "us") == {}
