"""A comparison in a few lines: the verdict, one line for each environment that is not the same, and the notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import STOOD_OPEN, FindingState, Standing
from envcheck.render.digest import grouped
from envcheck.render.escape import for_terminal
from envcheck.render.reasons import note_in_words
from envcheck.render.telling import Telling
from envcheck.render.terminal import below, grid
from envcheck.render.terminal.findings import SEVERITY_STYLES
from envcheck.render.terminal.grid import GAP, Block
from envcheck.render.terminal.layout import Room, clip, listed, width_of, wrap
from envcheck.render.terminal.palette import ansi, plain
from envcheck.render.unjudged import undecided, unjudged
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Comparison
    from envcheck.render.digest import Group

_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


class _Entry(NamedTuple):
    """What there is to say of one environment."""

    name: str
    worst: Severity
    items: list[str]
    has_new: bool


def render(comparison: Comparison, *, width: int, color: bool) -> str:
    """Render a run in brief, new and worst first, with a newline at its end; arguments as for `table.render`."""
    paint = ansi if color else plain
    entries = sorted(_entries(comparison), key=lambda entry: (not entry.has_new, _RANKS[entry.worst]))
    names = min(max((width_of(entry.name) for entry in entries), default=0), width // 3)
    room = width - len(Severity.WARN) - names - 2 * GAP
    rows = [
        (
            Block.of([entry.worst if entry.worst is not Severity.NONE else "-"], SEVERITY_STYLES[entry.worst]),
            Block.of(wrap(entry.name, names)),
            Block.of(clip(listed(entry.items, len(entry.items), Room(room, 1)).lines, 1)),
        )
        for entry in entries
    ]
    notices = below.noticed_in_brief(comparison, width)
    return "\n".join([*below.last_line(comparison, width, paint), *grid.columns(rows, paint), *notices]) + "\n"


def _entries(comparison: Comparison) -> Iterator[_Entry]:
    telling = Telling.of(comparison, for_terminal)
    known = _not_judged(comparison)
    for name in comparison.environments:
        own = [each for each in comparison.findings if each.environment == name and each.state in STOOD_OPEN]
        groups = sorted(grouped(own), key=lambda group: group.kind.state is not FindingState.NEW)
        items = [*(_tagged(group, telling) for group in groups), *known.get(name, ())]
        if items:
            worst = min((each.severity for each in own), key=lambda severity: _RANKS[severity], default=Severity.NONE)
            yield _Entry(name, worst, items, any(each.state is FindingState.NEW for each in own))


def _tagged(group: Group, telling: Telling) -> str:
    """Say what was found, and whether it is new, where that is known."""
    said = telling.in_brief(group)
    return f"{said} [{group.kind.tag}]" if group.kind.tag else said


def _not_judged(comparison: Comparison) -> dict[str, list[str]]:
    """Say of each environment what was not judged in it alone."""
    said: dict[str, list[str]] = {}
    found = {(each.environment, each.field) for each in comparison.findings}
    for place, note in undecided(comparison).items():
        if place not in found:
            said.setdefault(place.environment, []).append(
                f"undecided: {place.field}{f' ({note_in_words(note)})' if note else ''}"
            )
    for each in unjudged(comparison):
        for place in () if each.is_everywhere else each.places:
            said.setdefault(place.environment, []).append(f"{each.what}: {place.field}")
    for notice in comparison.notices:
        standing = comparison.summary.by_environment.get(notice.environment or "")
        if notice.environment and notice.note and standing and standing.verdict is Standing.NOT_COMPARED:
            said.setdefault(notice.environment, []).append(note_in_words(notice.note))
    return said
