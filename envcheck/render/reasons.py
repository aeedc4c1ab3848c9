"""Why something was not judged, and what to know or to do about it, in words."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import CellState, DurationValue, OutcomeValue, TallyValue, Why
from envcheck.render.words import counted, probability

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from envcheck.comparison import AcceptNotice, Cell, Note, Notice


class Reason(NamedTuple):
    """Two halves of a sentence; what stands in braces, such as `{samples}` or `{word}`, is what a note holds."""

    what: str
    remedy: str = ""


REASONS: Final[Mapping[Why, Reason]] = MappingProxyType(
    {
        Why.SWITCHED_OFF: Reason("{word} is switched off"),
        Why.FEW_ASKED: Reason("not judged: fewer than 5 samples", "use --samples auto"),
        Why.TOO_FEW: Reason("too few samples could be used", "use --samples {number}"),
        Why.FEW_LEFT: Reason("not judged: too few samples could be used"),
        Why.NOT_SIGNIFICANT: Reason("may be chance", "use --samples {number}"),
        Why.NOT_SEEN_TWICE: Reason("slower at first, not when sampled again"),
        Why.NOT_CONFIRMED: Reason("slower, but sampled once only", "run again"),
        Why.DRIFTING: Reason("slower twice, but no more than they drift by themselves", "use --samples {number}"),
        Why.VOIDED: Reason("this machine was busy, {samples} void", "run again when it is idle"),
        Why.CACHED: Reason("a cache answered, so it says nothing of the gateway"),
        Why.DIFFERENT_RUNS: Reason("taken in different runs"),
        Why.OTHER_MODEL: Reason("another model was asked"),
        Why.OTHER_PROMPT: Reason("another prompt or other parameters were sent"),
        Why.SAYS_NOTHING: Reason("one side says too little to be compared"),
        Why.OTHER_FACT: Reason("not judged: {word} differs"),
        Why.ONE_ANSWER: Reason("always the same answer: likely a cache, or temperature 0"),
        Why.ONE_ANSWER_THERE: Reason("always the same answer on the other side: likely a cache, or temperature 0"),
        Why.NO_ANSWERS: Reason("most answers are none of those asked for", "ask a model that answers in one word"),
        Why.REDACTED: Reason("{names} redacted, in whole or in part"),
        Why.REDACTED_ALIKE: Reason("redacted names look alike across saved files", "compare them within one run"),
        Why.NOT_LISTED: Reason("not every name is shown, and saved files hold no more", "compare them within one run"),
        Why.CUT: Reason("the list is cut: compared by name as far as it goes, and past that by count"),
        Why.UNREAD: Reason("{records} could not be read, so not compared", "give what envcheck wrote"),
        Why.SHARD_MISSING: Reason("shard {number} is missing", "its environments are not compared: run it again"),
        Why.SHARD_TWICE: Reason("shard {number} is there more than once", "the newest counts: give each once"),
        Why.SHARD_OTHER_CONFIGURATION: Reason(
            "shard {number} is of another configuration than the others", "it is left out: run it again"
        ),
        Why.SHARD_OLDER: Reason("shard {number} is of an earlier run than the others", "it is left out: run it again"),
        Why.BASELINE_VARIES: Reason("{word} was another one in {shards} than in the one shown"),
        Why.SAID_BY_ONE: Reason("one side alone says it"),
        Why.UNLISTED: Reason("not in the list of models"),
        Why.DAYS_LEFT: Reason("in {days}"),
        Why.DAYS_AGO: Reason("{days} ago"),
        Why.NO_FACTS: Reason("the record holds nothing to compare here"),
        Why.NO_PROBE: Reason(
            "{word} is a probe that is not known here, so its facts are shown and not judged",
            "name its package in `plugins`",
        ),
        Why.PLUGIN_BROKE: Reason(
            "its plug-in is wrong about this fact, so nobody can judge it", "tell whoever makes it"
        ),
        Why.NOT_PROBED_THERE: Reason("not probed on the other side"),
        Why.FAILED_THERE: Reason("the probe failed on the other side"),
        Why.UNSUPPORTED_THERE: Reason("the other side does without it"),
        Why.NOT_ASKED: Reason("only the other side was asked for this probe"),
        Why.NOT_PROBED: Reason("the probe was not asked", "add it to `probes`"),
        Why.SKIPPED: Reason("the probe was skipped", "mend what failed before it"),
        Why.FAILED: Reason("the probe failed", "mend that first"),
        Why.UNSUPPORTED: Reason("the gateway does without it"),
        Why.NOT_SAID: Reason("there is none, or the gateway does not say"),
        Why.SAYS_TOO_LITTLE: Reason("what is there says too little"),
        Why.VARIES: Reason("some samples say so, and some do not"),
        Why.FEW_SAMPLES: Reason("{samples}, and 5 are needed", "use --samples 5"),
        Why.NAMED_IN_PART: Reason("the list does not name everything"),
        Why.TOO_LONG: Reason("the value is too long for a pattern"),
        Why.ONLY_EARLIER: Reason("probed in the earlier run only, so not compared"),
        Why.NOTHING_PASSED: Reason("no probe passed on both sides, so not compared"),
        Why.EARLIER_MADE_UP: Reason(
            "made-up evidence is never held against real evidence, so nothing is called new or unchanged",
            "name an earlier comparison of the same kind",
        ),
        Why.OTHER_QUESTION: Reason(
            "the earlier comparison was held against something else, so nothing is called new or unchanged",
            "name one with the same baseline",
        ),
        Why.LATENCY_NOT_JUDGED: Reason("latency is not judged: {samples}", "--samples auto judges it"),
        Why.MODEL_CHANGED: Reason("another model is asked than in the earlier run"),
        Why.PROMPT_CHANGED: Reason("the prompt is another one than in the earlier run"),
        Why.URL_CHANGED: Reason("base_url is another one than in the earlier run"),
        Why.OTHER_RELEASE: Reason(
            "the last run was made by another release of envcheck, which may have read the same replies otherwise"
        ),
        Why.DOWN: Reason("down since {day}, {runs}"),
        Why.ANSWERS_AGAIN: Reason("answers again, after {runs} (down since {day})"),
        Why.GONE: Reason("takes no part any more", "its earlier reports stay where they are"),
        Why.FEW_NIGHTS: Reason("only {nights} so far: a trend takes 12"),
        Why.SINCE: Reason("since {day}"),
    }
)


def note_in_words(note: Note) -> str:
    """Say why something was not judged, or what to know about it, with its remedy."""
    what, remedy = reason_of(note)
    return f"{what}; {remedy}" if remedy else what


def reason_of(note: Note) -> Reason:
    """Give the reason, and the remedy where there is one."""
    number = note.number or 0
    filled = {
        "number": number,
        "samples": counted(number, "sample"),
        "names": counted(number, "name"),
        "records": counted(number, "record"),
        "days": counted(number, "day"),
        "nights": counted(number, "night"),
        "runs": counted(number, "run"),
        "shards": counted(number, "shard"),
        "word": note.word or "",
        "day": "an unknown night" if note.day is None else note.day.isoformat(),
    }
    return Reason(*(half.format(**filled) for half in REASONS[note.why]))


def notes_of(cell: Cell) -> list[str]:
    """Give what there is to say beside a cell's value and its members, such as why it was not judged."""
    details = [str(cell.value.detail)] if isinstance(cell.value, OutcomeValue) and cell.value.detail else []
    undecided = "undecided: " if cell.state is CellState.UNDECIDED else ""
    return [*details, *(f"{undecided}{note_in_words(note)}" for note in cell.notes)]


def certainty_of(cell: Cell) -> list[str]:
    """Give how likely chance alone does as much, where that was asked."""
    match cell.value:
        case DurationValue(p=float(p)) | TallyValue(p=float(p)):
            return [probability(p)]
        case _:
            return []


def notice_in_words(notice: Notice) -> str:
    """Say a notice, without the environment that it is about."""
    return "see the release that wrote it" if notice.note is None else note_in_words(notice.note)


def accept_notice_in_words(notice: AcceptNotice, named: Callable[[str], str] = str) -> str:
    """Say what is wrong with an `[[accept]]`, and what to do about it; `named` writes what its author wrote."""
    about = notice.value or notice.field
    number = f" no. {notice.position}" if notice.position else ""
    what = f"{named(notice.rule)} in {named(notice.environment)}{f' ({named(about)})' if about else ''}"
    when = f" on {notice.expires.isoformat()}" if notice.expires else ""
    match notice.problem:
        case "expired":
            said = f"expired{when}; `envcheck accept --renew` or `--prune` it"
        case "expires_soon":
            said = f"expires{when}; `envcheck accept --renew` it while it is true"
        case _:
            said = "covered nothing; `envcheck accept --prune` takes it out"
    return f"{named('[[accept]]')}{number}, {what}: {said} ({named(notice.reason)})"
