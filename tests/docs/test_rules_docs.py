from __future__ import annotations

import re

import pytest
from checkout import ROOT, imported

from envcheck.compare.acceptance import NOTICE_DAYS
from envcheck.compare.trends import NEWS_FOR, SAME_WITHIN
from envcheck.comparison import CellState, FindingState, Verdict
from envcheck.judge.chance_of_a_split import LEAST_NIGHTS_A_SIDE
from envcheck.judge.changes import MAX_NAMED
from envcheck.judge.samples import LEAST_SAMPLES
from envcheck.judge.slower import HANGS_TOGETHER, SIGNIFICANT
from envcheck.judge.splits import SIGNIFICANT as CHANGED
from envcheck.judge.stats import smallest_p
from envcheck.judge.trend import LEAST_RATIO
from envcheck.policy import DEFAULT_CONFIRM_OVER_S, DEFAULT_LATENCY_FLOOR_MS, DEFAULT_LATENCY_RATIO
from envcheck.probes import PROBES, rules
from envcheck.probes.models import MAX_IDS
from envcheck.render.checklist.seen import OF_EXPECTATIONS
from envcheck.rules import PROBE_FAILED

false_alarms = imported("benchmarks.false_alarms")
trends = imported("benchmarks.trends")
PAGE = (ROOT / "docs" / "how-envcheck-decides.md").read_text(encoding="utf-8")
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


def test_every_rule_that_can_be_judged_has_words_for_a_checklist() -> None:
    """A new probe needs no edit where checklists are made; a failure and what is undecided have items of their own."""
    judged = [rule for name, rule in rules().items() if not name.endswith(".undecided") and name != PROBE_FAILED.name]
    judged = [rule for rule in judged if not rule.name.startswith(OF_EXPECTATIONS)]
    assert [rule.name for rule in judged if not rule.holds.format(baseline="production") or not rule.mend] == []
    phrases = [rule.holds for rule in judged]
    assert sorted(set(phrases)) == sorted(phrases)
    assert [rule.name for rule in judged if not rule.of_itself and "{baseline}" not in rule.holds] == []


def test_the_page_names_no_unknown_rule() -> None:
    """A rule, or a field, that is mentioned anywhere on the page exists."""
    mentioned = set(re.findall(r"[`\"]((?:probe|models|chat|latency|target)\.[a-z_]+)[`\"]", PAGE))
    fields = {f"{name}.{field.name}" for name, probe in PROBES.items() for field in probe.judged}
    assert mentioned <= {*rules(), *fields}


def test_the_page_has_the_numbers_that_are_in_force() -> None:
    """Thresholds and limits are not left behind when the code changes."""
    words = (
        f"at least **{LEAST_SAMPLES} samples**",
        f"`latency_ratio` ({DEFAULT_LATENCY_RATIO})",
        f"`latency_floor_ms` ({DEFAULT_LATENCY_FLOOR_MS:.0f})",
        f"`confirm_over_s` ({DEFAULT_CONFIRM_OVER_S:.0f})",
        f"below {SIGNIFICANT}",
        f"a correlation of more than {HANGS_TOGETHER}",
        f"least p value that 5 samples a side can have is {smallest_p(5, 5):.4f}",
        f"enough for {int(SIGNIFICANT / smallest_p(5, 5))} latencies",
        f"6 samples are enough for {int(SIGNIFICANT / smallest_p(6, 6))}",
        f"expires within {NOTICE_DAYS} days",
        f"at least {LEAST_NIGHTS_A_SIDE} nights a side",
        f"With p < {CHANGED} it is a change",
        f"apart by {LEAST_RATIO - 1:.0%}".replace("%", " %"),
        f"It is a finding for {NEWS_FOR.days} days",
        f"within {SAME_WITHIN.days} days of one",
        f"At most {MAX_NAMED} models are named",
        f"at most {MAX_IDS:,} ids",
    )
    text = " ".join(PAGE.split())
    assert [each for each in words if each not in text] == []


_RATES = re.compile(r"\d\.\d{3} → (\d\.\d{3})")
_WITH_MEMORY = 0.1, 0.25
"""At most so many false alarms, in runs of noise with memory, with one candidate and with ten."""


@pytest.mark.parametrize("noise", false_alarms.NOISES)
def test_the_page_has_false_alarms_that_are_as_rare_as_promised(noise: str) -> None:
    """For each noise and number of candidates: 1 run in 100 of independent noise, and a little more with memory."""
    rows = [line for line in PAGE.splitlines() if line.startswith(f"| {noise} |")]
    alarms, found = rows[: len(false_alarms.CANDIDATES)], rows[len(false_alarms.CANDIDATES) :]
    one, many = _WITH_MEMORY if "AR(1)" in noise or "waves" in noise else (0.01, 0.01)
    for row, candidates in zip(alarms, false_alarms.CANDIDATES, strict=True):
        rates = [float(rate) for rate in _RATES.findall(row)]
        assert f"| {candidates} |" in row
        assert len(rates) == 3
        assert max(rates) <= (one if candidates == 1 else many)
    assert len(found) == len(false_alarms.RATIOS)


@pytest.mark.parametrize("noise", trends.NOISES)
def test_the_page_has_how_often_each_noise_looks_like_a_trend(noise: str) -> None:
    """Both tables name it; of what is promised, at most 2 false alarms in 100, and 75 hits after a week."""
    at_once, night_by_night = [line for line in PAGE.splitlines() if line.startswith(f"| {noise} |")]
    alarms, *hits, _ = [float(rate) for rate in re.findall(r"\d\.\d{3}", at_once)]
    assert len(hits) == len(trends.AFTER)
    assert len(re.findall(r"\d\.\d{3}", night_by_night)) == 3
    if noise == "5 %, AR(1) .3":
        assert alarms <= 0.02
        assert hits[trends.AFTER.index(7)] >= 0.75


@pytest.mark.parametrize("word", [*CellState, *Verdict, *sorted(set(FindingState) - {FindingState.OPEN})])
def test_the_page_explains_each_state_and_verdict(word: str) -> None:
    """Every word that a table or a summary may hold is on the page."""
    assert f"`{word}`" in PAGE
