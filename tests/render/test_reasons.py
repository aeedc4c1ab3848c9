"""Why something was not judged, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import pytest
from render_samples import cell, duration, outcome

from envcheck.comparison import AcceptNotice, CellState, Note, Notice, Why
from envcheck.redact import Redacted
from envcheck.render.reasons import (
    REASONS,
    accept_notice_in_words,
    certainty_of,
    note_in_words,
    notes_of,
    notice_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_every_reason_has_words_of_its_own() -> None:
    """Whatever a comparison can note is told, and none of it like another."""
    said = [note_in_words(Note(why=why, number=7, word="models.removed")) for why in Why]
    assert len(set(said)) == len(said)
    assert set(REASONS) == set(Why)
    assert not any("{" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (Note(why=Why.NOT_SIGNIFICANT, number=6), "may be chance; use --samples 6"),
        (Note(why=Why.LATENCY_NOT_JUDGED, number=1), "latency is not judged: 1 sample; --samples auto judges it"),
        (Note(why=Why.VOIDED, number=4), "this machine was busy, 4 samples void; run again when it is idle"),
        (Note(why=Why.REDACTED, number=1), "1 name redacted, in whole or in part"),
        (Note(why=Why.SWITCHED_OFF, word="models.removed"), "models.removed is switched off"),
    ],
)
def test_a_note_says_its_number_and_its_remedy(note: Note, words: str) -> None:
    """In one line, and with nouns that agree."""
    assert note_in_words(note) == words


@pytest.mark.parametrize(
    ("state", "notes", "said"),
    [
        (CellState.UNDECIDED, [Note(why=Why.NOT_CONFIRMED)], ["undecided: slower, but sampled once only; run again"]),
        (CellState.NOISY, [Note(why=Why.NOT_SEEN_TWICE)], ["slower at first, not when sampled again"]),
        (CellState.SAME, [], []),
    ],
)
def test_an_undecided_cell_says_that_it_is(state: CellState, notes: Sequence[Note], said: Sequence[str]) -> None:
    """A mark alone is too little to go by."""
    assert notes_of(cell(duration(240, n=5, p=0.2), state, *notes)) == said


def test_a_failure_notes_its_detail_and_a_latency_its_certainty() -> None:
    """The certainty apart, for few want to see it."""
    assert notes_of(cell(outcome("network", detail="connection refused"), CellState.ERROR)) == ["connection refused"]
    assert certainty_of(cell(duration(240, n=5, p=0.0004))) == ["p < 0.001"]
    assert certainty_of(cell(duration(240, n=5))) == []


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("expired", "expired on 2027-01-31; `envcheck accept --renew` or `--prune` it"),
        ("expires_soon", "expires on 2027-01-31; `envcheck accept --renew` it while it is true"),
        ("unused", "covered nothing; `envcheck accept --prune` takes it out"),
    ],
)
def test_an_entry_is_named_by_its_place_in_the_file(
    problem: Literal["expired", "unused", "expires_soon"], words: str
) -> None:
    """Counted from 1, with what it is about and what to do."""
    notice = AcceptNotice(
        rule="models.removed",
        environment="staging",
        value=Redacted("o3"),
        reason=Redacted("comes later"),
        problem=problem,
        expires=date(2027, 1, 31),
        position=2,
    )
    assert accept_notice_in_words(notice) == f"[[accept]] no. 2, models.removed in staging (o3): {words} (comes later)"
    of_an_old_record = notice.model_copy(update={"position": 0, "value": None})
    assert accept_notice_in_words(of_an_old_record).startswith("[[accept]], models.removed in staging: ")


def test_a_notice_of_an_old_record_has_no_words_here() -> None:
    """0.1.0 kept a sentence in the place of a reason."""
    assert notice_in_words(Notice(environment="staging")) == "see the release that wrote it"
    gone = Notice(environment="staging", note=Note(why=Why.GONE))
    assert notice_in_words(gone) == "takes no part any more; its earlier reports stay where they are"
