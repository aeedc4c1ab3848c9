"""Findings of a saved comparison as `[[accept]]` entries: as few and as narrow as they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import STOOD_OPEN, Verdict
from envcheck.config.problems import suggestion
from envcheck.errors import ConfigError, EvidenceError
from envcheck.policy import Accept
from envcheck.probes import rules as all_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from envcheck.comparison import AcceptNotice, Comparison, Finding

ROOM_FOR_MORE: Final = 1.5
"""A latency is accepted up to this many times the ratio that was seen: it varies, and must not grow unseen."""
_PATTERN_CHARACTERS: Final = frozenset("*?[")


def accepts_for(
    comparison: Comparison,
    *,
    reason: str,
    expires: date | None = None,
    rules: Collection[str] = (),
    environments: Collection[str] = (),
) -> tuple[Accept, ...]:
    """Give entries for the findings that are there and not accepted yet; `rules` and `environments` narrow them.

    Many values of one rule in one environment are one entry. A value of which a part was redacted is kept in its
    redacted form, which is what the next comparison will hold it against. A latency is accepted up to `ROOM_FOR_MORE`
    times the ratio that was seen. What was undecided is not accepted, for nobody knows what it is.

    Raises:
        EvidenceError: the comparison was inconclusive, so its findings say nothing about the environments.
        ConfigError: there is nothing to accept, no reason is given, or a rule or environment is none.

    """
    _check_reason(reason)
    if comparison.summary.verdict is Verdict.INCONCLUSIVE:
        raise EvidenceError("the comparison was inconclusive, so there is nothing in it to accept; run it again")
    check_names(comparison, rules, environments)
    found = [
        finding
        for finding in comparison.findings
        if finding.state in STOOD_OPEN
        and not finding.is_undecided
        and (not rules or finding.rule in rules)
        and (not environments or finding.environment in environments)
    ]
    if not found:
        raise ConfigError("there is nothing to accept: no finding that is open, new or unchanged was chosen")
    return tuple(_entries(found, reason.strip(), expires))


def check_names(comparison: Comparison, rules: Collection[str], environments: Collection[str]) -> None:
    """Check what the command line narrows a comparison's findings by.

    Raises:
        ConfigError: a rule or an environment is none.

    """
    problems = [f"--rule: {suggestion(rule, list(all_rules()))}" for rule in rules if rule not in all_rules()]
    problems += [
        f"--environment: is not in this comparison; {suggestion(name, list(comparison.environments))}"
        for name in environments
        if name not in comparison.environments
    ]
    if problems:
        raise ConfigError(problems)


def chosen_notices(
    comparison: Comparison, problems: Collection[str], rules: Collection[str], environments: Collection[str]
) -> list[AcceptNotice]:
    """Give the entries that the last comparison told of with one of these problems.

    Raises:
        ConfigError: it told of none, or a rule or an environment is none.

    """
    check_names(comparison, rules, environments)
    chosen = [
        notice
        for notice in comparison.accept_notices
        if notice.problem in problems
        and (not rules or notice.rule in rules)
        and (not environments or notice.environment in environments)
    ]
    if not chosen:
        told = " or ".join(sorted(problem.replace("_", " ") for problem in problems))
        raise ConfigError(f"the last comparison told of no [[accept]] that is {told}; run again to look anew")
    return chosen


def _check_reason(reason: str) -> None:
    if not reason.strip() or not reason.isprintable():
        raise ConfigError("--reason: say in one line why the difference is accepted")


def _entries(found: Sequence[Finding], reason: str, expires: date | None) -> Iterator[Accept]:
    """Give one entry for each rule, environment and fact."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.rule, finding.environment, finding.field), []).append(finding)
    for (rule, environment, field), group in groups.items():
        ratio = group[0].ratio
        if ratio is not None:
            bound = round(ROOM_FOR_MORE * ratio, 2)
            yield Accept(rule, environment, reason, expires=expires, field=field, at_most_ratio=bound)
            continue
        values = list(dict.fromkeys(value for finding in group if (value := finding.value) is not None))
        of_fact = field if _is_shared(rule) else None
        if len(values) > 1 and len(values) == len(group):
            literal = tuple(map(_as_pattern, values))
            yield Accept(rule, environment, reason, expires=expires, values=literal, field=of_fact)
            continue
        for finding in group:
            yield Accept(rule, environment, reason, finding.value, expires, field=of_fact)


def _is_shared(rule: str) -> bool:
    """Tell whether several facts share a rule, so that an entry has to name the fact."""
    return rule.startswith("probe.")


def _as_pattern(value: str) -> str:
    """Let a value stand for itself among shell patterns."""
    return "".join(f"[{character}]" if character in _PATTERN_CHARACTERS else character for character in value)
