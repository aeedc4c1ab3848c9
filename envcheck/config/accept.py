"""Findings of a saved comparison as `[[accept]]` entries: as few and as narrow as they can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.comparison import STOOD_OPEN, Verdict
from envcheck.config.fields import no_rule
from envcheck.config.problems import shown, suggestion
from envcheck.errors import ConfigError, EvidenceError
from envcheck.policy import Accept
from envcheck.probes import rules as all_rules
from envcheck.rules import OF_EXPECTATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from envcheck.comparison import AcceptNotice, Comparison, Finding

ROOM_FOR_MORE: Final = 1.5
"""A latency is accepted up to this many times the ratio that was seen: it varies, and must not grow unseen."""
_PLACES_NAMED: Final = 5
_PATTERN_CHARACTERS: Final = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the command line narrows a comparison's findings by; nothing stands for all."""

    rules: Collection[str] = ()
    environments: Collection[str] = ()

    def includes(self, each: Finding | AcceptNotice) -> bool:
        """Tell whether a finding, or a notice of an entry, is meant."""
        return (not self.rules or each.rule in self.rules) and (
            not self.environments or each.environment in self.environments
        )

    def check(self, comparison: Comparison) -> None:
        """Check the names.

        Raises:
            ConfigError: a rule or an environment is none; each with the nearest that is one.

        """
        problems = [f"--rule {shown(rule)}: {no_rule(rule)}" for rule in self.rules if rule not in all_rules()]
        problems += [
            f"--environment {shown(name)}: is not in this comparison; {suggestion(name, comparison.environments)}"
            for name in self.environments
            if name not in comparison.environments
        ]
        if problems:
            raise ConfigError(problems)


ALL: Final = Narrowed()


@dataclass(frozen=True, slots=True)
class Accepting:
    """What becomes of the findings that were chosen."""

    entries: tuple[Accept, ...]
    """To be added to the file."""
    there_already: int = 0
    """How many an entry of the file covers, in force or not: one without an end must not stand beside one that has
    expired."""
    unnamed: tuple[Finding, ...] = ()
    """Of members that no list names: an entry for them would cover whatever else the rule finds."""


def accepts_for(
    comparison: Comparison,
    known: Sequence[Accept] = (),
    *,
    reason: str,
    expires: date | None = None,
    narrowed: Narrowed = ALL,
) -> Accepting:
    """Give entries for the findings that are there and not accepted yet; `known` are the file's.

    Many values of one rule in one environment are one entry. A value of which a part was redacted is kept in its
    redacted form, which is what the next comparison will hold it against. A latency is accepted up to `ROOM_FOR_MORE`
    times the ratio that was seen. What was undecided is not accepted, for nobody knows what it is, nor what changed
    since the last run, for by the next one it is how things are.

    Raises:
        EvidenceError: the comparison was inconclusive, so its findings say nothing about the environments.
        ConfigError: there is nothing to accept, or a rule or environment is none.

    """
    if comparison.summary.verdict is Verdict.INCONCLUSIVE:
        raise EvidenceError("the comparison was inconclusive, so there is nothing in it to accept; run it again")
    narrowed.check(comparison)
    still_open = [each for each in comparison.findings if _is_to_accept(each)]
    chosen = [finding for finding in still_open if narrowed.includes(finding)]
    if not chosen:
        raise ConfigError(_nothing_to_accept(still_open))
    is_there = [any(accept.covers(finding) for accept in known) for finding in chosen]
    left = [finding for finding, covered in zip(chosen, is_there, strict=True) if not covered]
    named = [finding for finding in left if finding.unnamed is None]
    return Accepting(
        entries=tuple(_entries(named, reason.strip(), expires)),
        there_already=sum(is_there),
        unnamed=tuple(finding for finding in left if finding.unnamed is not None),
    )


def chosen_notices(comparison: Comparison, problems: Collection[str], narrowed: Narrowed = ALL) -> list[AcceptNotice]:
    """Give the entries that the last comparison told of with one of these problems.

    Raises:
        ConfigError: it told of none, or a rule or an environment is none.

    """
    narrowed.check(comparison)
    chosen = [
        notice for notice in comparison.accept_notices if notice.problem in problems and narrowed.includes(notice)
    ]
    if not chosen:
        told = " or ".join(sorted(problem.replace("_", " ") for problem in problems))
        raise ConfigError(f"the last comparison told of no [[accept]] that is {told}; run again to look anew")
    return chosen


def _is_to_accept(finding: Finding) -> bool:
    return finding.state in STOOD_OPEN and not finding.is_undecided and not finding.is_a_change


def _nothing_to_accept(still_open: Sequence[Finding]) -> str:
    sentence = "there is nothing to accept: no finding that is open, new or unchanged was chosen"
    places = list(dict.fromkeys(f"{finding.rule} in {finding.environment}" for finding in still_open))
    more = f" and {len(places) - _PLACES_NAMED} more" if len(places) > _PLACES_NAMED else ""
    return f"{sentence}; there are {', '.join(places[:_PLACES_NAMED])}{more}" if places else sentence


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
        of_fact = field if _is_shared(rule) else None
        if rule in OF_EXPECTATIONS:
            # What is there is another number every night, and is no name to accept.
            yield Accept(rule, environment, reason, expires=expires, field=of_fact)
            continue
        values = list(dict.fromkeys(value for finding in group if (value := finding.value) is not None))
        if len(values) > 1:
            literal = tuple(map(_as_pattern, values))
            yield Accept(rule, environment, reason, expires=expires, values=literal, field=of_fact)
        else:
            value = values[0] if values else None
            yield Accept(rule, environment, reason, value, expires, field=of_fact)


def _is_shared(rule: str) -> bool:
    """Tell whether several facts share a rule, so that an entry has to name the fact."""
    return rule in OF_EXPECTATIONS or rule.startswith(("probe.", "latency."))


def _as_pattern(value: str) -> str:
    """Let a value stand for itself among shell patterns."""
    return "".join(f"[{character}]" if character in _PATTERN_CHARACTERS else character for character in value)
