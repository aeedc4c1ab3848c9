"""Typed values in words: the one place where a count, a duration or a reason becomes a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from envcheck.comparison import (
        AcceptNotice,
        Cell,
        Comparison,
        DurationValue,
        MembersValue,
        Note,
        Notice,
        OutcomeValue,
        Value,
    )
    from envcheck.record import FailureName

_WHOLE_FROM_MS: Final = 10
TIMES: Final = "\N{MULTIPLICATION SIGN}"


def counted(number: int, noun: str) -> str:
    """Say a number of things: `1 model`, `2 models`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def milliseconds(value: float) -> str:
    """Say a duration with the digits that mean something."""
    return f"{value:.0f} ms" if value >= _WHOLE_FROM_MS else f"{value:.1f} ms"


def times(ratio: float) -> str:
    """Say how many times as much."""
    return f"{ratio:.1f}{TIMES}" if ratio < 10 else f"{ratio:.0f}{TIMES}"  # noqa: PLR2004 - two digits are enough


def probability(p: float) -> str:
    """Say a p value with the digits that mean something."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"  # noqa: PLR2004 - the least that three decimals can show


def value_in_words(value: Value) -> str:
    """Say a value in one line."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case _:
            return _typed_in_words(value)


def _typed_in_words(value: object) -> str:
    from envcheck import comparison  # noqa: PLC0415 - `envcheck --help` imports this package

    match value:
        case comparison.OutcomeValue():
            return _outcome(value)
        case comparison.MembersValue():
            return _members(value)
        case comparison.DurationValue():
            return _duration(value)
        case comparison.SeveralValue():
            return ", ".join(value_in_words(each) for each in value.values)
        case comparison.DayValue():
            return value.day.isoformat()
        case comparison.TallyValue():
            return ", ".join(f"{word} {number}" for word, number in value.counts.items())
        case _:
            raise TypeError("a value of a kind that has no words")


def _outcome(value: OutcomeValue) -> str:
    if value.outcome == "skipped":
        return "skipped"
    if value.outcome == "pass":
        failed = sum(value.failed.values())
        return f"pass, {failed} of {value.taken} failed: {', '.join(sorted(value.failed))}" if failed else "pass"
    name = value.failure_class or "failed"
    return name if value.http_status is None or name.startswith("http_") else f"{name} (HTTP {value.http_status})"


def _members(value: MembersValue) -> str:
    if value.total is None:
        return "missing"
    changes = " ".join(f"{sign}{number}" for sign, number in changes_of(value) if number)
    total = counted(value.total, value.noun)
    return f"{total} ({changes})" if changes else total


def changes_of(value: MembersValue) -> Iterator[tuple[str, int]]:
    """Give how many members went, came and come and go, each with its sign."""
    yield "-", len(value.removed) + value.unnamed_removed
    yield "+", len(value.added) + value.unnamed_added
    yield "~", len(value.varying)


def _duration(value: DurationValue) -> str:
    spread = "" if value.half_iqr_ms is None else f" ±{_digits(value.half_iqr_ms)}"
    return f"{milliseconds(value.median_ms)}{spread} (n={value.n})"


def _digits(value: float) -> str:
    return milliseconds(value).removesuffix(" ms")


def members_of(cell: Cell) -> tuple[list[str], int]:
    """Give the members of a set that a cell names, with their signs, and how many there are, named or not."""
    value = cell.value
    if getattr(value, "kind", "") != "members":
        return [], 0
    members: MembersValue = value  # type: ignore[assignment]  # told by its kind: importing it here would be slow
    named = [
        f"{sign}{member}"
        for sign, of_it in (("-", members.removed), ("+", members.added), ("~", members.varying))
        for member in of_it
    ]
    return named, sum(number for _, number in changes_of(members))


def notes_of(cell: Cell) -> list[str]:
    """Give what there is to say beside a cell's value and its members, such as why it was not judged."""
    told = [note_in_words(note) for note in cell.notes]
    value = cell.value
    match getattr(value, "kind", ""):
        case "duration":
            p = getattr(value, "p", None)
            return [*([] if p is None else [probability(p)]), *told]
        case "outcome":
            detail = getattr(value, "detail", None)
            return [*([] if detail is None else [str(detail)]), *told]
        case _:
            return told


def note_in_words(note: Note) -> str:  # noqa: C901, PLR0911, PLR0912 - one branch for each thing there is to know
    """Say why something was not judged, or what to know about it, with its remedy."""
    from envcheck.comparison import Why  # noqa: PLC0415 - `envcheck --help` imports this package

    number = note.number or 0
    match note.why:
        case Why.SWITCHED_OFF:
            return f"{note.word} is switched off"
        case Why.FEW_ASKED:
            return "not judged: 5 samples are needed, use --samples auto"
        case Why.TOO_FEW:
            return f"undecided: too few samples could be used; use --samples {number}"
        case Why.FEW_LEFT:
            return "not judged: too few samples could be used"
        case Why.NOT_SIGNIFICANT:
            return f"undecided: may be chance; use --samples {number}"
        case Why.NOT_SEEN_TWICE:
            return "slower at first, not when sampled again"
        case Why.NOT_CONFIRMED:
            return "undecided: slower, but sampled once only; run again"
        case Why.DRIFTING:
            return f"undecided: slower twice, but no more than they drift by themselves; use --samples {number}"
        case Why.VOIDED:
            return f"undecided: this machine was busy, {counted(number, 'sample')} void; run when it is idle"
        case Why.COLD_AND_WARM:
            return "new connections against open ones, so not comparable"
        case Why.DIFFERENT_RUNS:
            return "not judged: taken in different runs"
        case Why.OTHER_MODEL:
            return "another model was asked, so not comparable"
        case Why.OTHER_PROMPT:
            return "another prompt or other parameters were sent, so not comparable"
        case Why.REDACTED:
            return f"{counted(number, 'name')} redacted, in whole or in part"
        case Why.REDACTED_ALIKE:
            return "undecided: redacted names look alike across saved files; compare them within one run"
        case Why.CUT:
            return "the list is cut; compared by name as far as it goes, and past that by count"
        case Why.NO_FACTS:
            return "the record holds nothing to compare here"
        case Why.NOT_PROBED_THERE:
            return "not probed on the other side"
        case Why.FAILED_THERE:
            return "the probe failed on the other side"
        case Why.NOT_ASKED:
            return "only the other side was asked for this probe"
        case Why.ONLY_EARLIER:
            return "probed in the earlier run only, so not compared"
        case Why.NOTHING_PASSED:
            return "no probe passed on both sides, so not compared"
        case Why.EARLIER_MADE_UP:
            return (
                "made-up evidence is never held against real evidence, so nothing is called new or unchanged;"
                " name an earlier comparison of the same kind"
            )
        case Why.OTHER_QUESTION:
            return (
                "the earlier comparison was held against something else, so nothing is called new or unchanged;"
                " name one with the same baseline"
            )
        case Why.LATENCY_NOT_JUDGED:
            return f"latency is not judged: {counted(number, 'sample')}; --samples auto judges it"
        case Why.MODEL_CHANGED:
            return "another model is asked than in the earlier run"
        case Why.PROMPT_CHANGED:
            return "the prompt is another one than in the earlier run"
        case Why.URL_CHANGED:
            return "base_url is another one than in the earlier run"
        case Why.GONE:
            return "takes no part any more; its earlier reports stay where they are"
        case _ as never:
            assert_never(never)


def notice_in_words(notice: Notice) -> str:
    """Say a notice, without the environment that it is about."""
    return "see the release that wrote it" if notice.note is None else note_in_words(notice.note)


def accept_notice_in_words(notice: AcceptNotice) -> str:
    """Say what is wrong with an `[[accept]]`, and what to do about it."""
    which = f"[[accept]] no. {notice.position}, {notice.rule} in {notice.environment}"
    about = notice.value or notice.field
    which += f" ({about})" if about else ""
    match notice.problem:
        case "expired":
            when = f" on {notice.expires.isoformat()}" if notice.expires else ""
            return f"{which}: expired{when}; `envcheck accept --renew` or `--prune` it ({notice.reason})"
        case "expires_soon":
            when = f" on {notice.expires.isoformat()}" if notice.expires else ""
            return f"{which}: expires{when}; `envcheck accept --renew` it while it is true ({notice.reason})"
        case _:
            return f"{which}: covered nothing; `envcheck accept --prune` takes it out ({notice.reason})"


def tallied(failed: Mapping[FailureName, int], taken: int) -> str:
    """Say how many requests failed: `5 of 15 failed: upstream_or_gateway`."""
    return f"{sum(failed.values())} of {taken} failed: {', '.join(sorted(failed))}"


def other_side(comparison: Comparison) -> str:
    """Name what environments are held against."""
    return "its earlier run" if comparison.baseline is None else comparison.baseline
