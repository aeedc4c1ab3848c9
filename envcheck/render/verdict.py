"""The verdict of a comparison in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.render.digest import PROBE_FAILED, SETTLED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence


def verdict(comparison: Comparison, evidences: Sequence[Evidence], named: Callable[[str], str] = str) -> str:
    """Say in one sentence what the summary says in numbers; `named` writes an environment's name."""
    summary = comparison.summary
    counts = ", ".join(_counts(comparison))
    said = "; ".join(_statements(comparison, evidences, named))
    return f"{said}{': ' if counts else ''}{counts} (exit {summary.exit_code})."


def _counts(comparison: Comparison) -> Iterator[str]:
    summary = comparison.summary
    numbered = (summary.err, "err"), (summary.warn, "warn"), (summary.info, "info"), (summary.accepted, "accepted")
    yield from (f"{number} {word}" for number, word in numbered if number)


def _statements(comparison: Comparison, evidences: Sequence[Evidence], named: Callable[[str], str]) -> Iterator[str]:
    failed = [evidence.environment for evidence in evidences if not evidence.summary.ok]
    total = len(comparison.environments)
    if comparison.held_against == "nothing":
        name = named(comparison.environments[0])
        yield f"{name} failed a probe" if failed else f"{name} passed every probe"
        return
    if comparison.summary.verdict == "inconclusive":
        yield _why_inconclusive(comparison, failed, named)
        failed = [name for name in failed if name != comparison.baseline]
    if failed:
        yield f"{named(failed[0])} failed" if len(failed) == 1 else f"{len(failed)} of {total} environments failed"
    differing = _differing(comparison)
    if differing == 1:
        other = "its earlier run" if comparison.baseline is None else named(comparison.baseline)
        yield f"1 of {total} environments differs from {other}"
    elif differing or comparison.summary.verdict == "same":
        other = "their earlier run" if comparison.baseline is None else named(comparison.baseline)
        but = " but what is accepted" if comparison.summary.accepted else ""
        nothing = f"{total} environments, no difference from {other}{but}"
        yield f"{differing} of {total} environments differ from {other}" if differing else nothing


def _why_inconclusive(comparison: Comparison, failed: Sequence[str], named: Callable[[str], str]) -> str:
    if comparison.baseline is None or comparison.baseline not in failed:
        return "inconclusive because nothing could be held against anything"
    return f"inconclusive because the baseline {named(comparison.baseline)} failed"


def _differing(comparison: Comparison) -> int:
    found = (each for each in comparison.findings if each.state not in SETTLED and each.rule != PROBE_FAILED)
    return len({finding.environment for finding in found})
