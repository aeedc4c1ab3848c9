"""The Markdown page of one environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from markdown_pages import NASTY, assert_harmless, nasty_texts, tables, tokens
from render_samples import dead

from envcheck.demo.sample import sample_evidence, sample_evidences
from envcheck.evidence import Check, Evidence
from envcheck.model import Outcome
from envcheck.record import FailureName
from envcheck.redact import Redacted
from envcheck.render.markdown.evidence_page import page_of
from envcheck.render.markdown.markup import NOTHING

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

PASSED = "every probe got what its route promises"


def evidence_of(text: str) -> Evidence:
    """One in which a server has its word everywhere."""
    safe = Redacted(text)
    production = sample_evidence()
    models = production.checks[0]
    ids = tuple(Redacted(f"{text}{number}") for number in range(12))
    listing = models.model_copy(
        update={
            "facts": models.facts.model_copy(update={"model_ids": ids, "sample_model_ids": (safe,)}),
            "varying": {"model_ids": (safe,)},
        }
    )
    failed = Check(
        probe="chat",
        request=safe,
        outcome=Outcome.FAIL,
        failure_class=FailureName("auth"),
        failure_detail=safe,
        error_preview=safe,
    )
    target = production.target.model_copy(update={"base_url": safe, "selected_model": safe})
    return production.model_copy(update={"target": target, "checks": (listing, failed)})


def with_samples(*, failed: int = 0, passed_when_asked_again: bool = False, **latency: int) -> Evidence:
    """One whose chat passed, and of whose samples not all are in the medians."""
    production = sample_evidence()
    models, chat = production.checks
    flaky = chat.model_copy(
        update={
            "failed_samples": {FailureName("upstream_or_gateway"): failed} if failed else {},
            "passed_when_asked_again": passed_when_asked_again,
            "latency": chat.latency.model_copy(update={"failed": failed, **latency}),
        }
    )
    return production.model_copy(update={"checks": (models, flaky)})


def test_an_environment_that_passed(snapshot: SnapshotAssertion) -> None:
    """Status, facts, checks, what was found and what was left out."""
    assert page_of(sample_evidence()) == snapshot


def test_an_environment_that_failed(snapshot: SnapshotAssertion) -> None:
    """Also the class in a sentence, the first thing to check, and what the gateway said."""
    assert page_of(sample_evidences()[2]) == snapshot


def test_a_dead_environment_says_that_tls_was_not_verified(snapshot: SnapshotAssertion) -> None:
    """Before anything that such a connection can have told."""
    assert page_of(dead()) == snapshot


def test_failures_of_single_samples_are_no_pass_without_a_word() -> None:
    """A gateway that is well most of the time is not one that is well."""
    page = page_of(with_samples(failed=5, taken=15))
    assert "⚠️ **Passed, and not every time**: `chat`: 5 of 15 requests failed (`upstream_or_gateway`)." in page
    assert PASSED not in page
    assert PASSED in page_of(with_samples(taken=5))


def test_a_failure_is_told_with_the_failures_of_single_samples() -> None:
    """Neither hides the other."""
    flaky = with_samples(failed=5, taken=15)
    page = page_of(
        sample_evidences()[2].model_copy(update={"checks": (sample_evidences()[2].checks[1], flaky.checks[1])})
    )
    assert (
        "❌ **Failed**: `chat` as `rate_or_quota`. Other requests failed too: `chat`: 5 of 15 requests failed" in page
    )


def test_what_became_of_every_sample_is_said_in_words() -> None:
    """Where all are in the medians there is nothing to say."""
    page = page_of(with_samples(taken=15, failed=3, voided=4, retried=3))
    assert (
        "- `chat`: 15 requests sampled, 5 in the medians, 3 failed (`upstream_or_gateway`), "
        "4 void, for this machine was busy, 3 sent twice, for their connection was closed\n"
    ) in page
    assert "sampled" not in page_of(with_samples(taken=5))


def test_a_probe_that_passed_when_asked_again_says_so() -> None:
    """It is one that failed once."""
    page = page_of(with_samples(failed=1, taken=5, passed_when_asked_again=True))
    assert "its opening request failed, and passed when it was asked again" in page


def test_what_varied_is_told() -> None:
    """With the values that were seen."""
    production = sample_evidence()
    chat = production.checks[1].model_copy(
        update={
            "facts": production.checks[1].facts.model_copy(update={"model_answered": None}),
            "varying": {"finish_reason": (Redacted("length"), Redacted("stop"))},
        }
    )
    page = page_of(production.model_copy(update={"checks": (chat,)}))
    assert "- `finish_reason`: `length`, `stop`" in page
    assert ["model_answered", NOTHING] in tables(page)[1]


def test_made_up_evidence_says_so() -> None:
    """The sample is; what a gateway answered is not."""
    assert "Made-up evidence" in page_of(sample_evidence())
    assert "Made-up" not in page_of(dead())


def test_what_is_nasty_does_nothing() -> None:
    """One after the other, for a shape that random text rarely has."""
    for text in NASTY:
        assert_harmless(page_of(evidence_of(text)))


@given(nasty_texts)
@settings(max_examples=40, deadline=None)
def test_tables_keep_their_columns_and_rows_whatever_a_server_says(text: str) -> None:
    """No string of a server's adds a cell, a row, a heading, a link or an element."""
    page = page_of(evidence_of(text))
    assert_harmless(page)
    checks, facts, latency = tables(page)
    assert [len(cells) for cells in checks] == [6, 6, 6]
    assert {len(cells) for cells in facts} == {2}
    assert {len(cells) for cells in latency} == {10}
    headings = [token.content for token in tokens(page) if token.type == "inline" and token.level == 1]
    assert headings[0] == "envcheck: `production`"
