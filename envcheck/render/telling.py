"""What was found, in as few words as its rule leaves open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from envcheck.probes import PROBES, rules
from envcheck.render.reasons import note_in_words
from envcheck.render.words import (
    ARROW,
    TIMES,
    cosine_in_words,
    counted,
    milliseconds,
    probability,
    slower_or_faster,
    tallied,
    times,
    value_in_words,
)
from envcheck.rules import CAPABILITY_ADDED, CAPABILITY_REMOVED, OF_EXPECTATIONS, PROBE_FAILED, TRENDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.comparison import Comparison, Finding, Scalar
    from envcheck.render.digest import Group

_OF_A_PROBE: Final = frozenset({PROBE_FAILED.name, CAPABILITY_REMOVED.name, CAPABILITY_ADDED.name})
"""Rules that say of a probe what is the matter with it."""
_LEAST_RATIO: Final = 1.05
"""The least that does not read as 1.0."""


def _arrow(expected: str, actual: str) -> str:
    return f"{expected} {ARROW} {actual}"


@dataclass(frozen=True, slots=True)
class Telling:
    """How findings are told: once for each comparison and format."""

    named: Callable[[str], str] = str
    """Writes a value, which a server may have chosen, so that it is harmless in the format."""
    seen_twice: bool = True
    """Whether slow was sampled a second time before it was found."""
    tells_certainty: bool = False
    """Whether p values are told."""
    changed: Callable[[str, str], str] = _arrow
    """Says what was expected and what is there."""

    @classmethod
    def of(cls, comparison: Comparison, named: Callable[[str], str] = str, *, tells_certainty: bool = False) -> Telling:
        """Tell the findings of a comparison as it was judged."""
        settings = comparison.settings
        return cls(named, settings is None or settings.confirm_over_s > 0, tells_certainty)

    def told(self, finding: Finding) -> str:
        """Say what was found, without its rule and its environment."""
        if finding.is_of_another_vantage:
            return f"{self._found(finding)} (against {self.named(finding.baseline)})"
        return self._expected(finding) if finding.rule in OF_EXPECTATIONS else self._found(finding)

    def _found(self, finding: Finding) -> str:
        if finding.unnamed is not None:
            return f"{self._sign(finding)}{finding.unnamed:,} that are not named"
        if finding.expected_ms is not None and finding.actual_ms is not None:
            return self._trend(finding) if finding.rule in TRENDS else self._slower(finding)
        if finding.failed:
            return f"{self._probe(finding)}: {tallied(finding.failed, finding.n, self.named)}"
        if finding.rule in _OF_A_PROBE:
            failure = self._value(finding.actual) if finding.rule == PROBE_FAILED.name else ""
            return f"{self._probe(finding)} {failure}".rstrip()
        if finding.note is not None:
            about = self.named(finding.field) if finding.actual is None else self._value(finding.actual)
            return f"{about}: {note_in_words(finding.note)}"
        told = self._both(finding) if finding.cosine is None else cosine_in_words(finding.cosine)
        return f"{self.named(finding.field)} {told}" if finding.rule in _of_several_facts(tuple(PROBES)) else told

    def in_brief(self, group: Group) -> str:
        """Say what and how much, without its environment."""
        first = group.findings[0]
        return self._one_in_brief(first) if group.total == 1 else f"{group.total:,} {TIMES} {first.rule}"

    def _one_in_brief(self, first: Finding) -> str:
        undecided = "undecided: " if first.is_undecided else ""
        if first.rule in TRENDS:
            return self._changed(first)
        if first.rule in OF_EXPECTATIONS:
            return f"{first.rule} {self.named(first.field)}"
        if first.expected_ms is not None:
            remedy = "" if first.note is None else f" ({note_in_words(first.note)})"
            return f"{undecided}{self._measure(first)} {_how_much_slower(first)}".rstrip() + remedy
        if first.rule == PROBE_FAILED.name:
            return f"{self._probe(first)} failed: {self._value(first.actual)}"
        if first.failed:
            return self.told(first)
        is_of_a_member = (first.expected is None) != (first.actual is None)
        return f"{first.rule} {self.told(first)}" if is_of_a_member else f"{undecided}{first.rule}"

    def _both(self, finding: Finding) -> str:
        expected, actual = self._value(finding.expected), self._value(finding.actual)
        if finding.expected is not None and finding.actual is not None:
            return actual if expected == actual else self.changed(expected, actual)
        if finding.expected is None and finding.actual is None:
            return self._meaning(finding)
        return f"{self._sign(finding)}{expected or actual}"

    def _slower(self, finding: Finding) -> str:
        change = self.changed(milliseconds(finding.expected_ms or 0), milliseconds(finding.actual_ms or 0))
        how_much = _how_much_slower(finding)
        ratio = f"{how_much}: " if how_much else ""
        about = [f"n={finding.n}"]
        if self.tells_certainty and finding.p is not None:
            about.append(probability(finding.p))
        if finding.note is not None:
            about.append(note_in_words(finding.note))
        elif self.seen_twice:
            about.append("seen twice")
        return f"{self._measure(finding)} {ratio}{change} ({', '.join(about)})"

    def _trend(self, finding: Finding) -> str:
        change = f"{milliseconds(finding.expected_ms or 0)} {ARROW} {milliseconds(finding.actual_ms or 0)}"
        about = [counted(finding.n, "night")]
        if self.tells_certainty and finding.p is not None:
            about.append(probability(finding.p))
        return f"{self._changed(finding)}: {change} ({', '.join(about)})"

    def _changed(self, finding: Finding) -> str:
        """Say which way a latency went, by how much, and since when."""
        since = "" if finding.note is None else f" {note_in_words(finding.note)}"
        return f"{self._measure(finding)} is {slower_or_faster(finding.ratio or 1)}{since}"

    def _expected(self, finding: Finding) -> str:
        """Say what was expected of a fact and what is there, or why that could not be told."""
        field, condition = self.named(finding.field), self._value(finding.expected)
        if finding.note is not None:
            return f"{field}: could not tell whether it {condition} ({note_in_words(finding.note)})"
        actual = self._value(finding.actual)
        if finding.actual_ms is not None:
            actual = f"{milliseconds(finding.actual_ms)} (n={finding.n})"
        return f"{field}: {actual} (expected: {condition})"

    def _value(self, value: Scalar) -> str:
        return "" if value is None else self.named(value_in_words(value))

    def _sign(self, finding: Finding) -> str:
        """Give the direction, where the rule's name does not say it."""
        if finding.rule.endswith((".removed", ".added")):
            return ""
        is_removed = finding.actual is None if finding.change is None else finding.change == "removed"
        return "-" if is_removed else "+"

    def _measure(self, finding: Finding) -> str:
        """Name what took its time: the probe, where that is the whole exchange."""
        return self.named(finding.field.removesuffix(".trend").removesuffix(".latency"))

    def _probe(self, finding: Finding) -> str:
        return self.named(finding.field.removesuffix(".outcome"))

    def _meaning(self, finding: Finding) -> str:
        rule = rules().get(finding.rule)
        return self.named(finding.field) if rule is None else rule.meaning


@cache
def _of_several_facts(probes: tuple[str, ...]) -> frozenset[str]:
    """Give the rules that do not say by themselves which fact it is: how a gateway refuses is asked in several ways."""
    facts = {(rule.name, name, field.name) for name in probes for field in PROBES[name].fields for rule in field.rules}
    found = Counter(rule for rule, _, _ in facts if not rule.endswith(".undecided"))
    return frozenset(rule for rule, several in found.items() if several > 1)


def _how_much_slower(finding: Finding) -> str:
    """Say the ratio; empty where there is none to speak of, as where samples were void."""
    return "" if finding.ratio is None or finding.ratio < _LEAST_RATIO else f"{times(finding.ratio)} slower"
