"""The findings as annotations, which GitHub shows beside a pull request: one line of standard output for each.

Their form, and what is escaped in it, is that of GitHub's own toolkit (`escapeData`, `escapeProperty` in
https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.render.digest import Part, grouped
from envcheck.render.escape import for_terminal
from envcheck.render.telling import Telling
from envcheck.render.words import ELLIPSIS, counted, in_words
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Comparison
    from envcheck.render.digest import Group

MOST_OF_A_KIND: Final = 10
"""GitHub shows so many errors, warnings and notices of a step, and drops the rest without a word."""
_MOST_NAMED: Final = 8
_MOST_ENVIRONMENTS: Final = 4
_TOLD: Final = frozenset(Part) - {Part.ACCEPTED, Part.ABSENT}
_COMMANDS: Final[Mapping[Severity, str]] = MappingProxyType(
    {Severity.ERR: "error", Severity.WARN: "warning", Severity.INFO: "notice"}
)
_IN_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_A_PROPERTY: Final = _IN_DATA | str.maketrans({":": "%3A", ",": "%2C"})


def annotations_of(comparison: Comparison) -> str:
    """Give a line for each kind of finding that is neither accepted nor gone, the worst first; empty where none is."""
    groups = [group for group in grouped(comparison.findings) if group.kind.part in _TOLD]
    telling = Telling.of(comparison)
    return "".join(
        line
        for severity, command in _COMMANDS.items()
        for line in _lines(command, [group for group in groups if group.kind.severity is severity], telling)
    )


def _lines(command: str, groups: Sequence[Group], telling: Telling) -> Iterator[str]:
    """Yield the annotations of one severity: as many as are shown, of which the last may speak for the rest."""
    shown = groups if len(groups) <= MOST_OF_A_KIND else groups[: MOST_OF_A_KIND - 1]
    for group in shown:
        kind = group.kind
        title = f"{kind.rule}: {in_words(group.environments, _MOST_ENVIRONMENTS)}"
        yield annotation(command, title, _told(group, telling))
    more = len(groups) - len(shown)
    if more:
        yield annotation(command, counted(more, f"more {command}"), "The summary of this step has them all.")


def _told(group: Group, telling: Telling) -> str:
    named = group.named or group.findings
    said = ", ".join(telling.told(finding) for finding in named[:_MOST_NAMED])
    more = (group.total if group.named else len(named)) - min(len(named), _MOST_NAMED)
    tag = f" ({group.kind.tag})" if group.kind.tag else ""
    return f"{said}{f', {ELLIPSIS} and {more:,} more' if more else ''}{tag}"


def annotation(command: str, title: str, message: str) -> str:
    """Give one annotation on a line of its own, in which nothing that is said can end it or begin another."""
    title, message = for_terminal(title), for_terminal(message)
    return f"::{command} title={title.translate(_IN_A_PROPERTY)}::{message.translate(_IN_DATA)}\n"
