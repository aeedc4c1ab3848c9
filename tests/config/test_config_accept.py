from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.comparison import Comparison, ComparisonSummary, Finding, FindingState, Verdict
from envcheck.config import load
from envcheck.config.accept import accepts_for, add_accepts, diff
from envcheck.errors import ConfigError, EvidenceError
from envcheck.policy import Accept
from envcheck.redact import Redacted
from envcheck.rules import Severity

ENTRY = Accept("models.removed", "staging", "not rolled out", "o3", date(2027, 1, 31))
RENDERED = """[[accept]]
rule = "models.removed"
environment = "staging"
value = "o3"
reason = "not rolled out"
expires = 2027-01-31
"""
TABLE = "[environments.staging]"
FILE = """# ours
baseline = "production"   # the one

[environments.production]
base_url = "https://gateway.test/v1"
[environments.staging]
base_url   =   "https://staging.test/v1"
"""


def finding(
    rule: str, expected: str | None, actual: str | None, state: FindingState = FindingState.OPEN, of: str = "staging"
) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.WARN,
        environment=of,
        baseline="production",
        field="models.model_ids",
        expected=None if expected is None else Redacted(expected),
        actual=None if actual is None else Redacted(actual),
        n=1,
        state=state,
        fingerprint="0" * 16,
    )


def comparison(*findings: Finding, verdict: Verdict = Verdict.DIFFERS) -> Comparison:
    return Comparison(
        generated_at=datetime(2026, 1, 1, tzinfo=UTC),
        baseline="production",
        environments=("production", "staging", "dev"),
        rows=(),
        findings=findings,
        summary=ComparisonSummary(
            verdict=verdict, counted=1, err=0, warn=1, info=0, accepted=0, fail_on="warn", exit_code=3
        ),
    )


def test_an_entry_comes_after_what_is_there() -> None:
    """The file is kept byte for byte, comments and odd spacing included."""
    after = add_accepts(FILE, [ENTRY])
    assert after == FILE + "\n" + RENDERED
    config = load(after, variables={}, folder=Path("nowhere"))
    assert config.policy.accept == (ENTRY,)


def test_entries_come_after_those_that_are_there() -> None:
    """Also where other tables stand between them."""
    text = RENDERED + FILE.partition("\n\n")[2].replace(
        "[environments.s", "[compare]\nlatency_ratio = 2\n[environments.s"
    )
    other = Accept("chat.usage", "staging", 'a "reason" with \\ and \u00e4')
    after = add_accepts(text, [ENTRY, other, other])
    assert after.startswith(text)
    assert [entry["rule"] for entry in tomli.loads(after)["accept"]] == ["models.removed", "chat.usage"]
    assert tomli.loads(after)["accept"][1]["reason"] == other.reason


def test_what_is_there_already_is_not_added_again() -> None:
    """Accepting the same comparison twice changes nothing."""
    once = add_accepts(FILE, [ENTRY])
    assert add_accepts(once, [ENTRY]) == once


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (TABLE, TABLE + "\n\n" + RENDERED),
        (TABLE + "\n", TABLE + "\n\n" + RENDERED),
        (TABLE + "\n\n", TABLE + "\n\n" + RENDERED),
        (TABLE + "\r\na = 1", TABLE + "\r\na = 1\r\n\r\n" + RENDERED.replace("\n", "\r\n")),
        (TABLE + "\r\n", TABLE + "\r\n\r\n" + RENDERED.replace("\n", "\r\n")),
        ("\ufeff" + TABLE + "\n", "\ufeff" + TABLE + "\n\n" + RENDERED),
    ],
)
def test_the_files_line_ends_are_kept(text: str, after: str) -> None:
    """One empty line stands between, whatever the file ended with."""
    assert add_accepts(text, [ENTRY]) == after


@pytest.mark.parametrize(
    "text",
    ["accept = []  # none\n[environments]\n", 'accept = [\n  { rule = "a" },  # one\n]\n', "\ufeffaccept = []\n"],
)
def test_an_inline_array_is_added_to(text: str) -> None:
    """TOML has two ways of writing it, and a file may use one of them only."""
    after = add_accepts(text + TABLE, [ENTRY])
    assert tomli.loads(after.removeprefix("\ufeff"))["accept"][-1] == tomli.loads(RENDERED)["accept"][0]
    assert [part for part in ("# none", "# one", "\ufeff") if part in text and part not in after] == []


@pytest.mark.parametrize(
    "text", ["a = ", "accept = 1\n" + TABLE, TABLE + "\n[accept]", "a = " + "[" * 5000, "", "environments = 1"]
)
def test_a_file_that_cannot_be_edited_is_left_alone(text: str) -> None:
    """The sentence says so, and quotes nothing of the file."""
    with pytest.raises(ConfigError):
        add_accepts(text, [ENTRY])


def test_a_removed_or_changed_value_is_accepted_and_no_other() -> None:
    """What is missing is named by the baseline's side, what is there by the candidate's."""
    found = accepts_for(
        comparison(
            finding("models.removed", "o3", None),
            finding("models.removed", "[redacted]", None, FindingState.NEW),
            finding("models.added", None, "gpt-5", FindingState.UNCHANGED),
            finding("chat.finish_reason", "stop", "length"),
            finding("probe.failed", "pass", "timeout", of="dev"),
            finding("latency.slower", "200 ms", "900 ms"),
            finding("target.same_key", None, None),
        ),
        reason=" known ",
        expires=date(2027, 1, 31),
    )
    assert [(each.rule, each.environment, each.value) for each in found] == [
        ("models.removed", "staging", "o3"),
        ("models.removed", "staging", "[redacted]"),
        ("models.added", "staging", "gpt-5"),
        ("chat.finish_reason", "staging", "length"),
        ("probe.failed", "dev", "timeout"),
        ("latency.slower", "staging", None),
        ("target.same_key", "staging", None),
    ]
    assert {(each.reason, each.expires) for each in found} == {("known", date(2027, 1, 31))}


def test_rules_and_environments_narrow_what_is_accepted() -> None:
    """Who accepts one difference does not accept the rest."""
    held = comparison(
        finding("models.removed", "o3", None),
        finding("models.removed", "o3", None),
        finding("models.removed", "o3", None, of="dev"),
        finding("chat.usage", "a", None),
    )
    found = accepts_for(held, reason="known", rules=["models.removed"], environments=["staging"])
    assert found == (Accept("models.removed", "staging", "known", "o3"),)


@pytest.mark.parametrize("state", [FindingState.ACCEPTED, FindingState.ABSENT])
def test_what_is_accepted_or_gone_is_nothing_to_accept(state: FindingState) -> None:
    """An entry for it would be reported as unused."""
    with pytest.raises(ConfigError, match="nothing to accept"):
        accepts_for(comparison(finding("chat.usage", "a", None, state)), reason="known")


def test_an_inconclusive_comparison_is_refused() -> None:
    """Where the baseline failed, nothing was found out about the others."""
    held = comparison(finding("chat.usage", "a", None), verdict=Verdict.INCONCLUSIVE)
    with pytest.raises(EvidenceError, match="inconclusive"):
        accepts_for(held, reason="known")


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines"])
def test_a_reason_is_needed(reason: str) -> None:
    """One line that the next reader understands."""
    with pytest.raises(ConfigError, match="--reason"):
        accepts_for(comparison(finding("chat.usage", "a", None)), reason=reason)


def test_the_diff_shows_what_is_added_and_nothing_around_it() -> None:
    """Lines of the file that stay may hold what no terminal should show, and a missing line end is no change."""
    before = FILE.rstrip()
    shown = diff(before, add_accepts(before, [ENTRY]), "environments.toml")
    assert shown.startswith("--- a/environments.toml\n+++ b/environments.toml\n@@")
    assert "staging.test" not in shown
    assert [line for line in shown.splitlines() if line.startswith("-")] == ["--- a/environments.toml"]
    assert "+" + RENDERED.splitlines()[0] in shown.splitlines()


@settings(max_examples=100, deadline=None)
@given(
    value=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    reason=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    crlf=st.booleans(),
)
def test_any_value_survives_the_file(value: str, reason: str, crlf: bool) -> None:  # noqa: FBT001 - Hypothesis passes it
    """What is written is what is read again, whatever signs it holds."""
    text = FILE.replace("\n", "\r\n") if crlf else FILE
    entry = Accept("chat.usage", "staging", reason, value)
    after = add_accepts(text, [entry])
    assert after.startswith(text)
    (read,) = tomli.loads(after)["accept"]
    assert (read["value"], read["reason"]) == (value, reason)
    assert add_accepts(after, [entry]) == after
