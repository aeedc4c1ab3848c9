"""The checklist as people read it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from comparing import compared
from evidences import TODAY, chat, evidence, failed, models, skipped, timed
from hypothesis import given
from markdown_pages import NASTY, assert_harmless, nasty_texts, parser
from render_samples import MANY_REMOVED, WHEN, dead, summary

from envcheck.comparison import Answer, Comparison, Expectation, Item, ItemState, Note, Result, Verdict, Why
from envcheck.policy import NO_CHECKLIST, Accept, Policy, Rollout
from envcheck.redact import Redacted
from envcheck.render import FORMATS
from envcheck.render.checklist.items import with_checklist
from envcheck.render.checklist.page import is_ready, page_of
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syrupy.assertion import SnapshotAssertion

    from envcheck.evidence import Evidence

QUICK = timed(31.0, 30.0, 33.0, 32.0, 31.0, 30.0, 32.0)
USUAL = timed(240.0, 251.0, 244.0, 229.0, 262.0, 239.0, 246.0)
PRODUCTION = evidence("production", models("gpt-4o", "o3", latency=QUICK), chat(latency=USUAL), samples=7)
MANUAL = Rollout(manual=("Rollback plan is linked", "Support knows"))
O3_LATER = Accept("models.removed", "staging", "o3 is not on staging yet", value="o3", expires=date(2026, 3, 31))


def expectation(answer: Answer, title: str = "The rollout's models are listed", **more: object) -> Expectation:
    return Expectation(
        title=Redacted(title),
        environment="staging",
        field="models.model_ids",
        condition=Redacted("contains gpt-4o, text-embedding-3-large"),
        severity=Severity.ERR,
        answer=answer,
        fingerprint=f"{len(title):016x}",
        **more,  # type: ignore[arg-type]  # checked by pydantic
    )


def page(
    *records: Evidence,
    rollout: Rollout = NO_CHECKLIST,
    policy: Policy | None = None,
    expectations: Sequence[Expectation] = (),
) -> str:
    comparison = compared(*records, policy=policy or Policy(), today=TODAY)
    comparison = comparison.model_copy(update={"expectations": tuple(expectations)})
    return page_of(with_checklist(comparison, records, rollout))


def test_a_rollout_that_is_ready(snapshot: SnapshotAssertion) -> None:
    """Everything is as in production or accepted, and what is left is a person's."""
    staging = evidence("staging", models("gpt-4o", latency=QUICK), chat(latency=USUAL), samples=7)
    met = expectation(Answer.MET)
    assert page(PRODUCTION, staging, rollout=MANUAL, policy=Policy(accept=(O3_LATER,)), expectations=[met]) == snapshot


def test_a_rollout_that_is_not_ready(snapshot: SnapshotAssertion) -> None:
    """Each thing that is open has what to do on its own line, however much of it there is."""
    few = evidence(
        "staging",
        models("gpt-4o", "gpt-5-preview", latency=timed(60.0)),
        chat(usage=None, finish="length", varying={"content_kind": ("empty", "text")}, latency=timed(900.0)),
        samples=1,
    )
    production = evidence("production", models("gpt-4o", *MANY_REMOVED, latency=QUICK), chat(latency=USUAL), samples=7)
    expectations = [
        expectation(Answer.UNMET, missing=(Redacted("text-embedding-3-large"),)),
        expectation(Answer.UNMET, "No preview is offered", unwanted=(Redacted("gpt-5-preview"),)),
        expectation(Answer.UNKNOWN, "The certificate holds", note=Note(why=Why.NO_FACTS)),
    ]
    assert page(production, few, rollout=MANUAL, expectations=expectations) == snapshot


def test_a_baseline_that_failed(snapshot: SnapshotAssertion) -> None:
    """One line says so, and not one for each fact that could not be held against it."""
    production = evidence("production", failed("models", "auth", status=401), skipped("chat"))
    staging = evidence("staging", models("gpt-4o"), chat())
    assert page(production, staging) == snapshot


def test_a_single_environment(snapshot: SnapshotAssertion) -> None:
    """Held against nothing, it is only said what it answers."""
    assert page(PRODUCTION) == snapshot


def test_several_environments_stand_under_their_names(snapshot: SnapshotAssertion) -> None:
    """One of them failed before anything else could be asked."""
    staging = evidence("staging", models("gpt-4o", "o3", latency=QUICK), chat(latency=USUAL), samples=7)
    assert page(PRODUCTION, staging, dead(), rollout=MANUAL) == snapshot


def hostile(text: str) -> str:
    """A page in which a server, or whoever edited a saved record, has a word everywhere."""
    production = evidence("production", models("gpt-4o", text or "x"), chat(answered=text, finish="stop"))
    staging = evidence("staging", models("gpt-4o", f"{text}2"), chat(answered="gpt-4o", finish=text))
    expectations = [
        expectation(Answer.UNMET, text, missing=(Redacted(text),), unwanted=(Redacted(text),)),
        expectation(Answer.MET, f"{text}!", actual=Redacted(text)),
    ]
    rollout = Rollout(title=f"T {text}", manual=(f"M {text}",))
    accept = Accept("chat.model_answered", "staging", f"R {text}")
    return page(production, staging, rollout=rollout, policy=Policy(accept=(accept,)), expectations=expectations)


def test_hostile_names(snapshot: SnapshotAssertion) -> None:
    """They are code, and stay on their line."""
    assert hostile("](http://evil.example) `|<b>@all #1\n- [x] forged") == snapshot


@given(nasty_texts)
def test_no_name_does_harm(text: str) -> None:
    """Nothing that a server chose becomes markup, a link, a mention or a line of its own."""
    written = hostile(text)
    assert_harmless(written.replace(" *(for a person)*", ""))  # the one emphasis that is ours
    assert written.count("\n- [") == hostile("harmless").count("\n- [")


def test_what_somebody_wrote_into_a_saved_record_does_no_harm() -> None:
    """Titles and details are read from a file, and escaped like anything else."""
    for text in NASTY:
        item = Item(id="0" * 16, title=Redacted(text), state=ItemState.OPEN, detail=Redacted(f"`{text}` {text}"))
        comparison = Comparison(
            generated_at=WHEN,
            baseline=None,
            environments=("staging",),
            rows=(),
            findings=(),
            checklist=(item,),
            summary=summary(Verdict.SAME, 0),
        )
        assert_harmless(page_of(comparison))


def test_a_forge_reads_one_list_with_a_task_a_line() -> None:
    """Each line begins as GitHub's and GitLab's task lists do."""
    staging = evidence("staging", models("gpt-4o"), chat())
    lines = [line for line in page(PRODUCTION, staging, rollout=MANUAL).splitlines() if line.startswith("- ")]
    assert all(line.startswith(("- [x] ", "- [ ] ")) for line in lines)
    items = [token for token in parser.parse("\n".join(lines)) if token.type == "list_item_open"]
    assert len(items) == len(lines)


def test_made_up_evidence_says_so() -> None:
    """Nobody signs a sample."""
    made_up = [evidence(name, models("gpt-4o"), chat(), made_up=True) for name in ("production", "staging")]
    assert "⚠️ **Made-up evidence**: no gateway was asked." in page(*made_up).splitlines()
    assert "Made-up" not in page(PRODUCTION)


def test_the_format_makes_the_list_where_nobody_did() -> None:
    """A library that hands a comparison to the format gets what the command line writes."""
    records = (PRODUCTION, evidence("staging", models("gpt-4o"), chat()))
    comparison = compared(*records)
    [(name, text)] = FORMATS["checklist"].files(Result(records, comparison))
    assert (name, text) == ("checklist.md", page_of(with_checklist(comparison, records, NO_CHECKLIST)))
    assert list(FORMATS["checklist"].files(Result(records))) == []


@pytest.mark.parametrize(
    "rest", [(), (Item(id="0123456789abcdef", title=Redacted("by hand"), state=ItemState.MANUAL),)]
)
def test_a_list_on_which_nothing_was_judged_is_not_ready(rest: tuple[Item, ...]) -> None:
    """As of a record that was damaged."""
    comparison = compared(PRODUCTION).model_copy(update={"checklist": rest})
    assert "**Not ready: nothing was judged.**" in page_of(comparison)
    assert not is_ready(comparison.checklist)
