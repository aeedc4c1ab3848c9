"""What 0.1.0 wrote: `tests/records/0.1.0` is its `run --sample -o`, as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from comparing import cell, compared, whys

from envcheck.comparison import CellState
from envcheck.policy import Policy
from envcheck.store import load_comparison, load_evidence, load_record, records_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from envcheck.evidence import Evidence

FOLDER = Path(__file__).parents[1] / "records" / "0.1.0"
SAMPLE = {
    ("probe.failed", "new-region"),
    ("models.removed", "staging"),
    ("models.added", "staging"),
    ("chat.model_answered", "staging"),
    ("chat.usage", "staging"),
}


@pytest.fixture(name="records")
def _records() -> Sequence[Evidence]:
    return sorted(map(load_record, records_in(FOLDER)), key=lambda record: record.environment != "production")


def test_a_record_of_the_first_release_loads(records: Sequence[Evidence]) -> None:
    """With all that it says, and without what is known only since then."""
    production, *_ = records
    assert [record.environment for record in records] == ["production", "new-region", "staging"]
    assert (production.run_id, production.made_up, production.asked) == (None, False, None)
    chat = production.check("chat")
    assert chat is not None
    assert (chat.latency.total_ms, chat.latency.again_ms, chat.latency.taken, chat.tried) == (244.1, (), 0, 0)


def test_a_comparison_of_the_first_release_loads() -> None:
    """Its cells and findings are words, and are kept as they are."""
    comparison = load_comparison(FOLDER)
    assert comparison.environments == ("production", "staging", "new-region")
    assert cell(comparison, "latency", probe="chat").value == "604 ms ±6.0 (n=5)"
    assert {(each.rule, each.environment) for each in comparison.findings} == {*SAMPLE, ("latency.slower", "staging")}
    assert (comparison.settings, comparison.summary.by_environment) == (None, {})


def test_its_findings_are_known_again(records: Sequence[Evidence]) -> None:
    """Held against the same evidence once more every difference is unchanged, by the fingerprint it had then."""
    comparison = compared(*records, earlier=load_comparison(FOLDER))
    unchanged = {(each.rule, each.environment) for each in comparison.findings if each.state.value == "unchanged"}
    assert unchanged == SAMPLE
    assert {each.rule for each in comparison.findings if each.state.value != "unchanged"} == {"latency.undecided"}
    once = compared(*records, earlier=load_comparison(FOLDER), policy=Policy(confirm_over_s=0))
    assert {(each.rule, each.state.value) for each in once.findings if each.environment == "staging"} == {
        *((rule, "unchanged") for rule, environment in SAMPLE if environment == "staging"),
        ("latency.slower", "unchanged"),
    }


def test_a_slow_latency_of_the_first_release_is_undecided(records: Sequence[Evidence]) -> None:
    """It was sampled once, so it is neither found nor the same; the finding of then is neither gone nor found."""
    comparison = compared(*records, earlier=load_comparison(FOLDER))
    latency = cell(comparison, "latency", probe="chat")
    assert (latency.state, whys(latency)) == (CellState.UNDECIDED, [("not_confirmed", None)])
    assert [each.rule for each in comparison.carried] == ["latency.slower"]
    assert comparison.summary.undecided == 1


def _of_a_newer_release(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "a_field_of_tomorrow": {"x": [1]}, "tool": {**document["tool"], "built_on": "a Tuesday"}}


@pytest.mark.parametrize(("name", "load"), [("staging", load_evidence), ("comparison", load_comparison)])
def test_what_a_newer_release_adds_is_ignored(name: str, load: Callable[[Path], Evidence], tmp_path: Path) -> None:
    """Anywhere in the record: a reader takes what it knows."""
    document = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    newer = tmp_path / f"{name}.json"
    newer.write_text(json.dumps(_of_a_newer_release(document)), encoding="utf-8")
    assert load(newer) == load(FOLDER / f"{name}.json")
