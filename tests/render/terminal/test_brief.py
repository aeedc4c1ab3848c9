"""A comparison in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidences import chat, comparisons, evidence, models, timed
from hypothesis import given, settings
from hypothesis import strategies as st
from render_samples import alike, compared, four_environments

from envcheck.comparison import STOOD_OPEN, Comparison
from envcheck.policy import Accept, Policy
from envcheck.render.terminal import brief
from envcheck.render.terminal.layout import width_of
from envcheck.render.verdict import verdict

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from envcheck.evidence import Evidence


def test_a_run_in_brief(snapshot: SnapshotAssertion) -> None:
    """The verdict, and what and how much of each environment."""
    assert brief.render(four_environments(), width=100, color=False) == snapshot


def test_where_all_is_the_same_there_is_the_verdict_alone() -> None:
    """Nothing to read on."""
    assert brief.render(alike(3), width=100, color=False) == f"Verdict: {verdict(alike(3))}\n"


def test_in_colour() -> None:
    """The verdict and the severities."""
    painted = brief.render(four_environments(), width=100, color=True)
    assert painted.startswith("\x1b[1;31mVerdict: ")
    assert "\x1b[1;31merr\x1b[0m" in painted


def test_the_worst_comes_first_and_what_was_not_judged_last() -> None:
    """Each with its remedy."""
    usual = (240, 251, 244, 229, 262)
    comparison = compared(
        evidence("production", models("a"), chat(latency=timed(*usual)), samples=5),
        evidence("eu", models("a"), samples=5),
        evidence("us", models("a"), chat(latency=timed(*(10 * each for each in usual))), samples=5),
        evidence("asia", models("b"), chat(latency=timed(*usual)), samples=5),
        evidence("lab", models("a"), chat(latency=timed(*usual), failed_samples={"timeout": 2}), samples=5),
        evidence("dr", models("a"), chat(latency=timed(*usual)), samples=5),
    )
    lines = brief.render(comparison, width=100, color=False).partition("(exit 3).\n")[2].splitlines()
    assert lines == [
        "err   asia  models.removed a, models.added b",
        "warn  lab   chat: 2 of 5 failed: timeout",
        "info  us    undecided: chat 10× slower (slower, but sampled once only; run again)",
        "-     eu    not probed: chat",
    ]


def test_what_is_new_comes_first_and_says_so() -> None:
    """Whoever is woken by exit code 3 reads what is new, also where worse was known before."""
    before = compared(
        evidence("production", models("a", "b")), evidence("eu", models("a")), evidence("us", models("b"))
    )
    now = compared(
        evidence("production", models("a", "b")),
        evidence("eu", models("a")),
        evidence("us", models("b", "c")),
        earlier=before,
    )
    lines = brief.render(now, width=100, color=False).partition("(exit 3).\n")[2].splitlines()
    since = before.generated_at.date().isoformat()
    assert lines == [
        f"err  us  models.added c [new], models.removed a [still, since {since} (2 runs)]",
        f"err  eu  models.removed b [still, since {since} (2 runs)]",
    ]


def test_notices_are_told_in_brief_too() -> None:
    """What no line of an environment says, and whether there is anything to go by; `-q` leaves nothing else to read."""
    real = evidence("production", models("a", "b"))
    before = compared(real, evidence("eu", models("a")), evidence("us", models("a", "b")))
    accept = Accept(rule="models.removed", environment="eu", reason="moved")
    now = compared(real, evidence("eu", models("a", "b")), earlier=before, policy=Policy(accept=(accept,)))
    assert brief.render(now, width=140, color=False).splitlines()[1:] == [
        "! [[accept]] no. 1, models.removed in eu: covered nothing; `envcheck accept --prune` takes it out (moved)",
        "! us: takes no part any more; its earlier reports stay where they are",
        "! gone since the earlier comparison: eu models.removed b",
    ]
    other_question = compared(real, evidence("eu", models("a")), earlier=compared(evidence("us", models("a")), real))
    said = " ".join(brief.render(other_question, width=80, color=False).split())
    assert "! the earlier comparison was held against something else, so nothing is called new or unchanged" in said


def test_notices_in_brief_take_no_more_than_a_screen() -> None:
    """Those that are left out are counted."""
    before = compared(*(evidence(f"region-{number}", models("a")) for number in range(60)))
    now = compared(evidence("region-0", models("a")), evidence("region-1", models("a")), earlier=before)
    lines = brief.render(now, width=100, color=False).splitlines()
    assert len(lines) <= 24
    assert lines[-1] == "! … and 42 more; without --brief all are shown"


@given(comparisons(), st.integers(60, 200))
@settings(max_examples=60, deadline=None)
def test_every_environment_with_an_open_finding_has_one_line(
    made: tuple[Comparison, list[Evidence]], width: int
) -> None:
    """No wider than the terminal."""
    comparison, _ = made
    shown = brief.render(comparison, width=width, color=False)
    lines = shown.partition(f"(exit {comparison.summary.exit_code}).\n")[2].splitlines()
    named = [line.split()[1] for line in lines if not line.startswith(("!", "  "))]
    assert len(set(named)) == len(named)
    assert {each.environment for each in comparison.findings if each.state in STOOD_OPEN} <= set(named)
    assert max(map(width_of, shown.splitlines())) <= width
