"""What changed since the last run, and outages, as every format tells of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from comparing import compared
from evidences import TODAY, WHEN, chat, evidence, failed, models, passed, skipped, stream
from html_pages import Parsed

from envcheck.comparison import FindingState, Result
from envcheck.evidence import Check
from envcheck.model import Outcome
from envcheck.policy import NO_CHECKLIST, Accept, Policy
from envcheck.probes.base import Answer
from envcheck.probes.embeddings import EmbeddingsFacts
from envcheck.probes.pace import Pace
from envcheck.redact import Redacted
from envcheck.render import FORMATS
from envcheck.render.changes import changes_in_words
from envcheck.render.checklist.items import with_checklist
from envcheck.render.github.annotations import annotations_of
from envcheck.render.html.pages import comparison_page
from envcheck.render.markdown.comparison_page import page_of
from envcheck.render.terminal import brief, table
from envcheck.render.verdict import verdict

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

UNSUPPORTED = Check(probe="stream", request=Redacted("POST /x"), outcome=Outcome.UNSUPPORTED, http_status=404)
NAMES = ("production", "staging", "new-region")
OF_NEW = Policy(only_new_count=True)


def _embedding(*sketch: float) -> Check:
    facts = EmbeddingsFacts(
        model=Redacted("small"),
        model_answered=Redacted("small"),
        dimensions=2,
        sketch=sketch,
        unit_length=True,
        encoding_float=Answer.HONOURED,
        encoding_base64=Answer.HONOURED,
        usage_present=False,
        usage_fields=(),
    )
    return passed("embeddings", facts)


def fleet(*checks: Check) -> list[Evidence]:
    return [evidence(name, *checks) for name in NAMES]


def of_last_night(records: list[Evidence]) -> list[Evidence]:
    return [record.model_copy(update={"generated_at": WHEN - timedelta(days=1)}) for record in records]


def a_night(policy: Policy = OF_NEW) -> tuple[Comparison, list[Evidence]]:
    """All lost o3; production's answers end otherwise, and staging has a new model that is accepted."""
    was = fleet(models("gpt-4o", "o3"), chat())
    tonight = [
        evidence("production", models("gpt-4o"), chat(finish="length")),
        evidence("staging", models("gpt-4o", "gpt-5"), chat(finish="length")),
        evidence("new-region", models("gpt-4o"), chat(finish="length")),
    ]
    return compared(*tonight, seen_before=of_last_night(was), policy=policy), tonight


def below_the_table(comparison: Comparison, records: list[Evidence]) -> str:
    shown = table.render(comparison, records, width=100, color=False, only_differences=True)
    return shown[shown.index("Since the last run") :]


def test_the_section_of_a_terminal(snapshot: SnapshotAssertion) -> None:
    """By environment and rule like all that is found, with the day of the record that each was held against."""
    assert below_the_table(*a_night()) == snapshot
    assert below_the_table(*a_night(Policy())) == snapshot


def test_a_night_in_brief(snapshot: SnapshotAssertion) -> None:
    """A line for each environment that changed, though it does not differ from its baseline."""
    assert brief.render(a_night()[0], width=100, color=False) == snapshot


def test_the_section_of_a_page(snapshot: SnapshotAssertion) -> None:
    """Markdown has it as a chapter, with the same columns."""
    page = page_of(*a_night())
    assert page[page.index("## Since the last run") : page.index("## Notices")] == snapshot


def test_the_section_of_a_page_for_a_browser() -> None:
    """A table under its own heading, and the verdict above all."""
    comparison, records = a_night()
    page = comparison_page(comparison, records)
    assert "<h3>Since the last run, and counted for the exit code</h3>" in page
    said = Parsed(page).said
    assert verdict(comparison) in said
    assert "changed since 2026-03-03" in said


def test_annotations_say_what_changed(snapshot: SnapshotAssertion) -> None:
    """Beside a pull request it is told like any other finding, with the day."""
    assert annotations_of(a_night()[0]) == snapshot


def test_metrics_count_changes_apart() -> None:
    """An alert on findings is about differences; one on changes has a number of its own."""
    comparison, records = a_night()
    ((_, text),) = FORMATS["prometheus"].files(Result(records, comparison))
    assert 'envcheck_changes{environment="production"} 2.0' in text
    assert 'envcheck_findings{environment="production",severity="err"} 0.0' in text
    alone = compared(*records)
    ((_, text),) = FORMATS["prometheus"].files(Result(records, alone))
    assert "envcheck_changes" not in text


def test_a_checklist_asks_for_no_change() -> None:
    """Whether staging is as production is does not depend on what both were yesterday."""
    comparison, records = a_night(Policy(accept=(Accept("models.removed", "staging", "known"),)))
    assert [(each.state, each.is_a_change) for each in comparison.findings if each.reason] == [
        (FindingState.ACCEPTED, True)
    ]
    alone = compared(*records)
    asked = [with_checklist(each, records, NO_CHECKLIST).checklist for each in (comparison, alone)]
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ((models("a", "o3"),), (models("a"),), "all 3 environments lost o3"),
        ((models("a", "b", "c"),), (models("a"),), "all 3 environments lost b and 1 more"),
        ((models("a"),), (models("a", "b"),), "all 3 environments gained b"),
        ((chat(),), (chat(answered="o9"),), "chat.model_answered gpt-4o → o9 in all 3 environments"),
        ((chat(),), (chat(usage=None),), "all 3 environments lost chat.usage_fields"),
        ((chat(),), (chat(shape=("id",)),), "all 3 environments lost choices and 2 more in chat"),
        ((stream(),), (stream(arrival=Pace.AT_ONCE),), "stream.arrival incremental → at_once in all 3 environments"),
        (
            (models(*(f"m{number:03}" for number in range(250))),),
            (models("m000"),),
            "all 3 environments lost m001 and 248 more",
        ),
        ((models("a", total=5),), (models("a", total=3),), "all 3 environments lost 2 that are not named"),
        ((stream(),), (UNSUPPORTED,), "all 3 environments stopped serving stream"),
        ((UNSUPPORTED,), (stream(),), "all 3 environments began to serve stream"),
        ((_embedding(1.0, 0.0),), (_embedding(0.0, 1.0),), "embeddings.sketch changed in all 3 environments"),
    ],
)
def test_changes_in_one_sentence(before: tuple[Check, ...], now: tuple[Check, ...], said: str) -> None:
    """Who, and what it lost, gained or answers otherwise."""
    comparison = compared(*fleet(*now), seen_before=of_last_night(fleet(*before)))
    assert changes_in_words(comparison) == f"since the last run: {said}"


def test_the_verdict_says_what_changed_where_environments_agree() -> None:
    """No difference between them is half of the truth where production lost a model."""
    was, now = fleet(models("a", "o3")), fleet(models("a"))
    seen = of_last_night(was)
    held = "2 environments held against production: no difference found"
    latency = "latency not judged"
    silent = verdict(compared(*now, seen_before=seen))
    assert silent == f"{held}; since the last run: all 3 environments lost o3 (exit 0)."
    counted = verdict(compared(*now, seen_before=seen, policy=OF_NEW))
    assert counted == f"{held}; since the last run, counted with --fail-on-new: all 3 environments lost o3 (exit 3)."
    assert latency not in counted
    single = verdict(compared(now[0], seen_before=seen))
    assert single == "production passed every probe; since the last run: production lost o3 (exit 0)."
    assert "since" not in verdict(compared(*was, seen_before=seen))


def night(number: int, earlier: Comparison | None, *checks: Check) -> Comparison:
    records = evidence("production", models("a"), chat()), evidence("staging", *checks)
    return compared(*records, earlier=earlier, today=TODAY + timedelta(days=number))


def outages(comparison: Comparison) -> list[str]:
    page = page_of(comparison, [])
    return [line.removeprefix("- ").replace("`", "") for line in page.splitlines() if "down since" in line]


def test_an_outage_is_told_while_it_lasts_and_when_it_ends() -> None:
    """From the first night on, however its failures differ, and once more when a probe passes again."""
    dead = failed("models", "network"), skipped("chat")
    first = night(0, night(0, None, models("a"), chat()), *dead)
    second = night(1, first, failed("models", "timeout"), skipped("chat"))
    back = night(2, second, models("a"), chat())
    assert [outages(each) for each in (first, second, back)] == [
        ["staging: down since 2026-03-04, 1 run"],
        ["staging: down since 2026-03-04, 2 runs"],
        ["staging: answers again, after 2 runs (down since 2026-03-04)"],
    ]
    assert outages(night(3, back, models("a"), chat())) == []
    assert outages(night(0, None, *dead)) == []


def test_an_outage_that_nobody_told_of_began_with_the_run_before() -> None:
    """A first run has no run before it, and so no notice; the second one knows."""
    dead = failed("models", "network"), skipped("chat")
    assert outages(night(1, night(0, None, *dead), *dead)) == ["staging: down since 2026-03-04, 2 runs"]


@pytest.mark.parametrize(
    "checks",
    [
        (models("a"), failed("chat", "timeout")),
        (failed("models", "missing_key"), skipped("chat")),
        (failed("wrong_key", "not_refused"),),
        (stream(),),
    ],
    ids=["a probe passes", "the key is not set", "too lenient", "another probe"],
)
def test_what_is_no_outage(checks: tuple[Check, ...]) -> None:
    """One probe that fails, a variable of ours, or a gateway that serves too much is told of in its finding."""
    first = night(0, None, *checks)
    assert outages(night(1, first, *checks)) == []


def test_a_finding_knows_in_how_many_runs_it_is() -> None:
    """Through a night that could not look, which is none of them; when it comes back it is one again."""

    def models_of(number: int, earlier: Comparison | None, *ids: str) -> Comparison:
        records = evidence("production", models("a", "o3")), evidence("staging", models(*ids))
        return compared(*records, earlier=earlier, today=TODAY + timedelta(days=number))

    first = models_of(0, None, "a")
    second = models_of(1, first, "a")
    looked_away = compared(
        evidence("production", models("a", "o3")), evidence("staging", failed("models", "timeout")), earlier=second
    )
    third = models_of(3, looked_away, "a")
    gone = models_of(4, third, "a", "o3")
    back = models_of(5, models_of(5, gone, "a", "o3"), "a")
    found = [each.findings[0] for each in (first, second, third, gone, back)]
    assert [(each.state.value, each.runs) for each in found] == [
        ("open", 1),
        ("unchanged", 2),
        ("unchanged", 3),
        ("absent", 3),
        ("new", 1),
    ]
    assert "[still, since 2026-03-04 (3 runs)]" in brief.render(third, width=100, color=False)
    old = second.model_copy(update={"findings": (second.findings[0].model_copy(update={"runs": None}),)})
    assert models_of(2, old, "a").findings[0].runs is None
