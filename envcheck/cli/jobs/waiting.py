"""Waiting for a rollout: rounds of probing until nothing counts, or until the time is up.

Most rounds take no samples: whether models, usage or a route are there shows at once, and a gateway that is not ready
need not be timed. The last round takes them, so that what counts in the end was judged as in a run without waiting:
the one after a round that looked ready, or the one that begins when the time is up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

import anyio

from envcheck.cli.jobs.inputs import counted
from envcheck.cli.jobs.probing import until_signalled
from envcheck.config.problems import listed
from envcheck.errors import ConfigError, ExitCode
from envcheck.rules import EXPECT_UNKNOWN, PROBE_FAILED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.probing import Probed
    from envcheck.cli.signals import Interruption
    from envcheck.comparison import Comparison, Finding
    from envcheck.evidence import Evidence
    from envcheck.model import Environment

DEFAULT_EVERY_S: Final = 15.0
_COULD_NOT_TELL: Final = EXPECT_UNKNOWN.name
"""What an expectation of a latency comes to in a round without samples."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long is waited, and how often is looked; both in seconds, of a clock that nobody sets."""

    for_s: float
    every_s: float
    """From the start of a round to that of the next; one that takes longer is followed at once."""

    @classmethod
    def of(cls, for_s: float | None, every_s: float | None) -> Waiting | None:
        """Give what the command line asks for; None where it asks for one round.

        Raises:
            ConfigError: it says how often, and not for how long.

        """
        if for_s is None:
            if every_s is not None:
                raise ConfigError("--every: there is nothing to repeat; add --wait DURATION")
            return None
        return cls(for_s, DEFAULT_EVERY_S if every_s is None else every_s)


@dataclass(frozen=True, slots=True)
class Round:
    """What came of probing every environment once."""

    probed: Probed
    evidences: Sequence[Evidence]
    comparison: Comparison | None
    """None where a signal ended it before every environment had answered."""


def without_samples(environments: Sequence[Environment]) -> list[Environment]:
    """Give the same environments, each probe of which is asked once."""
    return [replace(each, samples=1) for each in environments]


def until_ready(
    waiting: Waiting,
    environments: Sequence[Environment],
    look: Callable[[Sequence[Environment]], Round],
    console: Console,
    interruption: Interruption,
) -> Round:
    """Look again and again, one round after the other, and give the round that counts.

    It is the first whole one in which nothing counts, or else the last one; where a signal came, the last that was
    finished, and the first one as far as it got where none was. A key whose variable is unset ends the waiting too,
    for no round can change that.
    """
    quick = without_samples(environments)
    keyless = [each.name for each in environments if each.key_is_missing]
    due = monotonic()
    ends = due + waiting.for_s
    number = 0
    latest: Round | None = None
    looks_ready = False
    before: Comparison | None = None
    while True:
        is_whole = looks_ready or due >= ends or quick == list(environments)
        began = monotonic()
        found = look(environments if is_whole else quick)
        if latest is not None and not found.probed.complete:
            console.complain(f"stopped by a signal in round {number + 1}: what round {number} found stands")
            return latest
        if found.comparison is None:
            return found
        number += 1
        console.note(f"round {number}: {_in_words(found.comparison, before)}")
        before, latest = found.comparison, found
        is_vain = _is_vain(found.comparison, keyless)
        if is_whole and (is_vain or _is_ready(found.comparison) or monotonic() >= ends):
            _say_why_it_ended(console, found.comparison, waiting, keyless if is_vain else ())
            return found
        looks_ready = not is_whole and (is_vain or _looks_ready(found.comparison))
        if not looks_ready:
            due = max(min(began + waiting.every_s, ends), monotonic())
            anyio.run(until_signalled, partial(anyio.sleep, max(0.0, due - monotonic())), interruption)
        if interruption.code is not None:
            console.complain(f"stopped by a signal: what round {number} found stands")
            return found


def _is_ready(comparison: Comparison) -> bool:
    return comparison.summary.exit_code == ExitCode.OK


def _looks_ready(comparison: Comparison) -> bool:
    """Tell whether nothing counts but what samples may decide."""
    may_be_decided = all(each.is_undecided or each.rule == _COULD_NOT_TELL for each in _counted(comparison))
    return _is_ready(comparison) or (comparison.summary.exit_code == ExitCode.DIFFERS and may_be_decided)


def _is_vain(comparison: Comparison, keyless: Sequence[str]) -> bool:
    """Tell whether it counts that a key's variable is unset, which stays so for as long as this process runs."""
    return comparison.baseline in keyless or any(
        each.rule == PROBE_FAILED.name and each.environment in keyless for each in _counted(comparison)
    )


def _say_why_it_ended(console: Console, comparison: Comparison, waiting: Waiting, keyless: Sequence[str]) -> None:
    if keyless:
        console.complain(f"waiting is of no use: the variable that holds the key is unset for {listed(keyless)}")
    elif not _is_ready(comparison):
        console.note(f"not ready when {waiting.for_s:g} s were over")


def _counted(comparison: Comparison) -> list[Finding]:
    return [finding for finding in comparison.findings if finding.counted]


def _in_words(comparison: Comparison, before: Comparison | None) -> str:
    """Say how many findings count, and which are gone or new since the round before."""
    now = _counted(comparison)
    return ", ".join([_how_many(comparison, now), *([] if before is None else _changes(now, _counted(before)))])


def _how_many(comparison: Comparison, now: Sequence[Finding]) -> str:
    if now:
        return counted(len(now), "finding")
    return "nothing counts" if _is_ready(comparison) else comparison.summary.verdict.value


def _changes(now: Sequence[Finding], before: Sequence[Finding]) -> Iterator[str]:
    for these, others, word in ((before, now, "gone"), (now, before, "new")):
        known = {finding.fingerprint for finding in others}
        rules = Counter(finding.rule for finding in these if finding.fingerprint not in known)
        for rule, times in rules.items():
            yield f"{rule} {word}" if times == 1 else f"{times} {rule} {word}"
