from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from saved_comparisons import comparison, finding, notice

from envcheck.comparison import FindingState, HeldAgainst, Verdict
from envcheck.config.accept import Narrowed, accepts_for, chosen_notices
from envcheck.errors import ConfigError, EvidenceError
from envcheck.policy import Accept

if TYPE_CHECKING:
    from envcheck.comparison import Finding

LAST_DAY = date(2027, 1, 31)


def accepted(*findings: Finding, known: tuple[Accept, ...] = ()) -> tuple[Accept, ...]:
    return accepts_for(comparison(*findings), known, reason="known").entries


def test_a_removed_or_changed_value_is_accepted_and_no_other() -> None:
    """What is missing is named by the baseline's side, what is there by the candidate's."""
    found = accepts_for(
        comparison(
            finding("models.removed", "o3", None),
            finding("models.added", None, "gpt-5", FindingState.UNCHANGED),
            finding("chat.finish_reason", "stop", "length", FindingState.NEW),
            finding("probe.failed", "pass", "timeout", of="dev", field="chat.outcome"),
            finding("target.same_key", field="target.key"),
        ),
        reason=" known ",
        expires=LAST_DAY,
    )
    assert found.entries == (
        Accept("models.removed", "staging", "known", "o3", LAST_DAY),
        Accept("models.added", "staging", "known", "gpt-5", LAST_DAY),
        Accept("chat.finish_reason", "staging", "known", "length", LAST_DAY),
        Accept("probe.failed", "dev", "known", "timeout", LAST_DAY, field="chat.outcome"),
        Accept("target.same_key", "staging", "known", None, LAST_DAY),
    )


def test_what_changed_since_the_last_run_is_not_accepted() -> None:
    """By the next run it is how things are, and an entry would cover what is lost later."""
    lost = finding("models.removed", "o3").model_copy(update={"held_against": HeldAgainst.ITSELF_EARLIER})
    assert accepted(lost, finding("models.added", None, "gpt-5")) == (
        Accept("models.added", "staging", "known", "gpt-5"),
    )
    with pytest.raises(ConfigError, match="there is nothing to accept"):
        accepted(lost)


def test_many_values_are_one_entry_that_covers_these_and_no_other() -> None:
    """Forty models are one thing to say; a value with a pattern's signs in it stands for itself."""
    values = ["o3", "[redacted]", "a*b", "o3", "wh?"]
    (entry,) = accepted(*(finding("models.removed", value) for value in values))
    assert entry.values == ("o3", "[[]redacted]", "a[*]b", "wh[?]")
    assert all(entry.covers(finding("models.removed", value)) for value in values)
    others = ["o3-mini", "o", "axb", "a**b", "redacted", "r", "who"]
    assert not any(entry.covers(finding("models.removed", value)) for value in others)


def test_two_environments_and_two_rules_are_entries_of_their_own() -> None:
    """An entry is about one rule in one environment."""
    entries = accepted(
        finding("models.removed", "o3"),
        finding("models.removed", "o3", of="dev"),
        finding("models.added", None, "o3"),
        finding("models.removed", "o4"),
    )
    assert [(entry.rule, entry.environment, entry.value or entry.values) for entry in entries] == [
        ("models.removed", "staging", ("o3", "o4")),
        ("models.removed", "dev", "o3"),
        ("models.added", "staging", "o3"),
    ]


def test_a_latency_is_accepted_up_to_a_bound_and_no_other_probes() -> None:
    """At 32 to 88 ms it may vary, and 32 to 707 ms is another thing; so is another probe."""
    (entry,) = accepted(finding("latency.slower", field="chat.latency", ratio=88 / 32))
    assert entry == Accept("latency.slower", "staging", "known", field="chat.latency", at_most_ratio=4.12)
    assert entry.covers(finding("latency.slower", field="chat.latency", ratio=4.12))
    assert not entry.covers(finding("latency.slower", field="chat.latency", ratio=4.13))
    assert not entry.covers(finding("latency.slower", field="chat.latency", ratio=707 / 32))
    assert not entry.covers(finding("latency.slower", field="models.latency", ratio=88 / 32))


def test_failures_of_two_probes_are_two_entries() -> None:
    """Whoever accepts that models fails has not accepted that chat does."""
    entries = accepted(
        finding("probe.failed", "pass", "timeout", field="models.outcome"),
        finding("probe.failed", "pass", "timeout", field="chat.outcome"),
    )
    assert [entry.field for entry in entries] == ["models.outcome", "chat.outcome"]


@pytest.mark.parametrize(
    "known",
    [
        Accept("models.removed", "staging", "another reason", "o3", date(2020, 1, 1)),
        Accept("models.removed", "staging", "r", values=("o*",)),
        Accept("models.removed", "staging", "r"),
        Accept("models.removed", "staging", "r", "o3", field="models.model_ids"),
    ],
    ids=["expired", "pattern", "whatever", "field"],
)
def test_what_an_entry_of_the_file_covers_is_not_added_again(known: Accept) -> None:
    """An entry without an end beside one that has expired would win for ever."""
    held = comparison(finding("models.removed", "o3"), finding("models.removed", "gpt-5"))
    accepting = accepts_for(held, [known], reason="known")
    covers_all = known.value is None and not known.values
    assert accepting.there_already == (2 if covers_all else 1)
    assert accepting.entries == (() if covers_all else (Accept("models.removed", "staging", "known", "gpt-5"),))


def test_a_latency_beyond_its_bound_is_accepted_anew() -> None:
    """The entry that is there does not cover it."""
    known = Accept("latency.slower", "staging", "r", field="chat.latency", at_most_ratio=2.0)
    held = comparison(finding("latency.slower", field="chat.latency", ratio=3.0))
    accepting = accepts_for(held, [known], reason="known")
    assert (accepting.there_already, accepting.entries[0].at_most_ratio) == (0, 4.5)


def test_members_that_no_list_names_are_left_out_and_told() -> None:
    """An entry for them would have no value, and so cover whatever else is removed."""
    unnamed = finding("models.removed", unnamed=4096)
    accepting = accepts_for(comparison(finding("models.removed", "o3"), unnamed), reason="known")
    assert accepting.entries == (Accept("models.removed", "staging", "known", "o3"),)
    assert accepting.unnamed == (unnamed,)


def test_rules_and_environments_narrow_what_is_accepted() -> None:
    """Who accepts one difference does not accept the rest."""
    held = comparison(
        finding("models.removed", "o3"), finding("models.removed", "o3", of="dev"), finding("chat.usage", "a")
    )
    found = accepts_for(held, reason="known", narrowed=Narrowed(["models.removed"], ["staging"]))
    assert found.entries == (Accept("models.removed", "staging", "known", "o3"),)


@pytest.mark.parametrize(
    ("narrowed", "sentence"),
    [
        (Narrowed(rules=["models.remove"]), '--rule "models.remove": is not a rule; did you mean "models.removed"?'),
        (
            Narrowed(rules=["latency"]),
            (
                "--rule latency: is only the beginning of a rule's name; known here:"
                ' "latency.slower", "latency.undecided"'
            ),
        ),
        (
            Narrowed(environments=["stagin"]),
            '--environment stagin: is not in this comparison; did you mean "staging"?',
        ),
        (
            Narrowed(rules=["chat.usage"]),
            (
                "there is nothing to accept: no finding that is open, new or unchanged was chosen; there are"
                " models.removed in staging, models.removed in dev"
            ),
        ),
    ],
)
def test_a_name_that_is_none_is_answered_with_the_nearest(narrowed: Narrowed, sentence: str) -> None:
    """And one that is right, and finds nothing, with what there is."""
    held = comparison(finding("models.removed", "o3"), finding("models.removed", "o3", of="dev"))
    with pytest.raises(ConfigError) as caught:
        accepts_for(held, reason="known", narrowed=narrowed)
    assert str(caught.value) == sentence


def test_of_many_places_the_first_are_named() -> None:
    """The sentence stays one."""
    held = comparison(*(finding("models.removed", "a", of=f"e{number}") for number in range(8)))
    with pytest.raises(ConfigError, match=r"in e4 and 3 more$"):
        accepts_for(held, reason="r", narrowed=Narrowed(rules=["chat.usage"]))


@pytest.mark.parametrize("state", [FindingState.ACCEPTED, FindingState.ABSENT])
def test_what_is_accepted_or_gone_is_nothing_to_accept(state: FindingState) -> None:
    """An entry for it would be reported as unused."""
    with pytest.raises(ConfigError, match="nothing to accept"):
        accepted(finding("chat.usage", "a", None, state))


def test_what_is_undecided_is_nothing_to_accept() -> None:
    """Nobody knows what it is."""
    with pytest.raises(ConfigError, match="nothing to accept"):
        accepted(finding("latency.undecided", field="chat.latency", ratio=3.0))


def test_an_inconclusive_comparison_is_refused() -> None:
    """Where the baseline failed, nothing was found out about the others."""
    held = comparison(finding("chat.usage", "a"), verdict=Verdict.INCONCLUSIVE)
    with pytest.raises(EvidenceError, match="inconclusive"):
        accepts_for(held, reason="known")


def test_notices_are_chosen_by_their_problem_and_narrowed() -> None:
    """What is to be renewed is not what is to be taken out."""
    there = [notice(1, "expired"), notice(2, "unused", environment="dev"), notice(3, "expires_soon")]
    held = comparison(notices=there)
    assert chosen_notices(held, {"expired", "unused"}) == there[:2]
    assert chosen_notices(held, {"expired", "unused"}, Narrowed(environments=["dev"])) == [there[1]]
    with pytest.raises(ConfigError, match=r"told of no \[\[accept\]\] that is expired or unused; run again"):
        chosen_notices(held, {"expired", "unused"}, Narrowed(rules=["chat.usage"]))
    with pytest.raises(ConfigError, match='did you mean "staging"'):
        chosen_notices(held, {"expired"}, Narrowed(environments=["stagin"]))
