from __future__ import annotations

import re
from pathlib import Path

import pytest

from envcheck.comparison import CellState, Verdict
from envcheck.judge.changes import MAX_NAMED
from envcheck.judge.latency import LEAST_SAMPLES, SIGNIFICANT
from envcheck.policy import DEFAULT_LATENCY_FLOOR_MS, DEFAULT_LATENCY_RATIO
from envcheck.probes import rules
from envcheck.probes.models import MAX_IDS

PAGE = (Path(__file__).parents[2] / "docs" / "how-envcheck-decides.md").read_text(encoding="utf-8")
SECTIONS = {
    name: " ".join(text.split())
    for name, text in re.findall(r"^### `([^`]+)`\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
}


def test_the_page_has_a_section_for_each_rule_and_no_other() -> None:
    """Whoever adds a rule documents it, in the order of the registry's families."""
    assert sorted(SECTIONS) == sorted(rules())


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_rule_is_documented_as_it_is_registered(name: str) -> None:
    """Severity, meaning and example are the registry's own."""
    rule, section = rules()[name], SECTIONS[name]
    default = f"Default: **{rule.severity.value}**"
    if rule.added_severity is not None:
        default += f"; where something was only added: **{rule.added_severity.value}**"
    assert section.startswith(f"{default}. Found when {rule.meaning}. Example: {rule.example}.")


def test_the_page_names_no_unknown_rule() -> None:
    """A rule that is mentioned anywhere on the page exists."""
    mentioned = set(re.findall(r"[`\"]((?:probe|models|chat|latency|target)\.[a-z_]+)[`\"]", PAGE))
    assert mentioned <= set(rules())


def test_the_page_has_the_numbers_that_are_in_force() -> None:
    """Thresholds and limits are not left behind when the code changes."""
    words = (
        f"at least **{LEAST_SAMPLES} samples**",
        f"`latency_ratio` ({DEFAULT_LATENCY_RATIO})",
        f"`latency_floor_ms` ({DEFAULT_LATENCY_FLOOR_MS:.0f})",
        f"below {SIGNIFICANT}",
        f"At most {MAX_NAMED} models are named",
        f"at most {MAX_IDS:,} ids",
    )
    text = " ".join(PAGE.split())
    assert [each for each in words if each not in text] == []


@pytest.mark.parametrize("word", [*CellState, *Verdict])
def test_the_page_explains_each_state_and_verdict(word: str) -> None:
    """Every word that a table or a summary may hold is on the page."""
    assert f"`{word}`" in PAGE
