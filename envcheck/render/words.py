"""Typed values in words: the one place where a count, a duration or a set becomes something to read.

Why something was not judged is said in `reasons`. Nobody reads these words back: what a server wrote is in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from envcheck.comparison import (
    DayValue,
    DurationValue,
    MembersValue,
    OutcomeValue,
    SeveralValue,
    TallyValue,
    VectorValue,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from envcheck.comparison import Cell, Typed, Value
    from envcheck.record import FailureName

TIMES: Final = "×"
ELLIPSIS: Final = "…"
ARROW: Final = "→"
_WHOLE_FROM: Final = 10
"""From here on a duration or a ratio needs no decimals to be told from another."""
_COMPONENTS_SHOWN: Final = 3
_TIMES_FROM: Final = 2
"""From here on how many times says more than how many per cent."""
_LEAST_P: Final = 0.001
"""The least that three decimals can show."""


def counted(number: int, noun: str) -> str:
    """Say a number of things: `1 model`, `2 models`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_words(names: Sequence[str], most: int, *, unnamed: int = 0) -> str:
    """Name the first few, and say how many more there are; `unnamed` are some whose names nobody has."""
    more = len(names) - most + unnamed
    # To name one more takes no more room than to say that there is one.
    if more <= 1 and not unnamed:
        return ", ".join(names)
    return f"{', '.join(names[:most])}, {ELLIPSIS} and {more:,} more"


def milliseconds(value: float) -> str:
    """Say a duration with the digits that mean something."""
    return f"{_digits(value)} ms"


def times(ratio: float) -> str:
    """Say how many times as much."""
    return f"{_digits(ratio)}{TIMES}"


def slower_or_faster(ratio: float) -> str:
    """Say how much more time something takes, or how much less: `24 % slower`, `2.6× slower`, `20 % faster`."""
    if ratio >= _TIMES_FROM:
        return f"{times(ratio)} slower"
    return f"{abs(ratio - 1):.0%} {'slower' if ratio > 1 else 'faster'}".replace("%", " %")


def probability(p: float) -> str:
    """Say a p value with the digits that mean something."""
    return "p < 0.001" if p < _LEAST_P else f"p = {p:.3f}"


def tallied(failed: Mapping[FailureName, int], taken: int, named: Callable[[str], str] = str) -> str:
    """Say how many requests failed: `5 of 15 failed: upstream_or_gateway`; `named` writes a class."""
    return f"{sum(failed.values())} of {taken:,} failed: {', '.join(map(named, sorted(failed)))}"


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


def _typed_in_words(value: Typed) -> str:
    match value:
        case OutcomeValue():
            return _outcome(value)
        case MembersValue():
            return _members(value)
        case DurationValue():
            return _duration(value)
        case SeveralValue():
            return ", ".join(map(value_in_words, value.values))
        case _:
            return _rarer_in_words(value)


def _rarer_in_words(value: DayValue | TallyValue | VectorValue) -> str:
    match value:
        case DayValue():
            return value.day.isoformat()
        case TallyValue():
            return f"{counted(sum(value.counts.values()), 'answer')}, {len(value.counts)} different"
        case VectorValue():
            return _vector(value)
        case _ as never:
            assert_never(never)


def change_in_words(expected: Value, actual: Value) -> str:
    """Say what was expected and what is there: `57 → 13 models (-45 +1)`.

    What cannot have changed into the other, such as a value into none, is said alone.
    """
    match expected, actual:
        case (None, _) | (OutcomeValue(), _):
            return value_in_words(actual)
        case DurationValue(), DurationValue():
            return _slower_or_faster(expected, actual)
        case MembersValue(), MembersValue() if expected.total is not None and actual.total is not None:
            before = "" if expected.total == actual.total else f"{expected.total:,} {ARROW} "
            return f"{before}{_members(actual)}"
        case _:
            before, after = value_in_words(expected), value_in_words(actual)
            return after if before == after else f"{before} {ARROW} {after}"


def _slower_or_faster(expected: DurationValue, actual: DurationValue) -> str:
    ratio = "" if actual.ratio is None else f"{times(actual.ratio)}, "
    return f"{milliseconds(expected.median_ms)} {ARROW} {milliseconds(actual.median_ms)} ({ratio}n={actual.n})"


def changes_of(value: MembersValue) -> Iterator[tuple[str, int]]:
    """Give how many members went, came and come and go, each with its sign."""
    yield "-", len(value.removed) + value.unnamed_removed
    yield "+", len(value.added) + value.unnamed_added
    yield "~", len(value.varying)


def members_of(cell: Cell) -> tuple[list[str], int]:
    """Give the members of a set that a cell names, with their signs, and how many there are, named or not."""
    value = cell.value
    if not isinstance(value, MembersValue):
        return [], 0
    signed = ("-", value.removed), ("+", value.added), ("~", value.varying)
    named = [f"{sign}{member}" for sign, members in signed for member in members]
    return named, sum(number for _, number in changes_of(value))


def _outcome(value: OutcomeValue) -> str:
    if value.outcome == "skipped":
        return "skipped"
    if value.outcome == "unsupported":
        return "unsupported" if value.http_status is None else f"unsupported (HTTP {value.http_status})"
    if value.outcome == "pass":
        return f"pass, {tallied(value.failed, value.taken)}" if value.failed else "pass"
    name = value.failure_class or "failed"
    return name if value.http_status is None or name.startswith("http_") else f"{name} (HTTP {value.http_status})"


def _members(value: MembersValue) -> str:
    if value.total is None:
        return "missing"
    changes = " ".join(f"{sign}{number:,}" for sign, number in changes_of(value) if number)
    total = counted(value.total, value.noun)
    return f"{total} ({changes})" if changes else total


def _duration(value: DurationValue) -> str:
    spread = "" if value.half_iqr_ms is None else f" ±{_digits(value.half_iqr_ms)}"
    return f"{milliseconds(value.median_ms)}{spread} (n={value.n})"


def cosine_in_words(cosine: float) -> str:
    """Say how near two vectors' directions are."""
    return f"cosine {cosine:.2f}"


def _vector(value: VectorValue) -> str:
    if value.cosine is not None:
        return cosine_in_words(value.cosine)
    return " ".join((*(f"{each:.2f}" for each in value.components[:_COMPONENTS_SHOWN]), ELLIPSIS))


def _digits(value: float) -> str:
    return f"{value:.0f}" if round(value, 1) >= _WHOLE_FROM else f"{value:.1f}"
