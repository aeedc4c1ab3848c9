"""The findings in a terminal: what counts first, worst first, one line for what can be told together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.digest import Part, grouped
from envcheck.render.escape import for_terminal
from envcheck.render.telling import Telling
from envcheck.render.terminal import grid
from envcheck.render.terminal.grid import GAP, Block
from envcheck.render.terminal.layout import Listing, Room, listed, width_of, wrap
from envcheck.render.terminal.palette import Style
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.render.digest import Group
    from envcheck.render.terminal.palette import Paint

SEVERITY_STYLES: Final = {
    Severity.ERR: Style.BAD,
    Severity.WARN: Style.DIFFERENT,
    Severity.INFO: Style.ADDED,
    Severity.NONE: Style.DIM,
}
_INDENT: Final = "  "
_PART_FOR_NAMES: Final = 5
"""Names have a column of their own where it takes no more than this part of the width."""


def found(comparison: Comparison, width: int, paint: Paint, most: int | None) -> Listing:
    """Tell the findings, the members of a long difference on `most` lines."""
    groups = grouped(comparison.findings)
    if not groups:
        return Listing([], is_cut=False)
    telling = Telling.of(comparison, for_terminal, tells_certainty=most is None)
    names = max(map(_widest_name, groups))
    if names > width // _PART_FOR_NAMES:
        names = 0
    severities = max(width_of(group.kind.severity) for group in groups)
    room = Room(width - len(_INDENT) - severities - GAP - (names + GAP if names else 0), most)
    rows = [_row(group, telling, names, room) for group in groups]
    drawn = grid.columns(rows, paint)
    lines: list[str] = []
    part: Part | None = None
    for group, its_lines in zip(groups, grid.row_by_row(drawn, rows), strict=True):
        if group.kind.part is not part:
            part = group.kind.part
            lines += [paint(line, Style.BOLD) for line in wrap(part.value, width)]
        lines += (f"{_INDENT}{line}" for line in its_lines)
    return Listing(lines, is_cut=any(block.is_cut for row in rows for block in row))


def _widest_name(group: Group) -> int:
    comma = len(",") if len(group.environments) > 1 else 0
    return comma + max(map(width_of, group.environments))


def _row(group: Group, telling: Telling, names: int, room: Room) -> Sequence[Block]:
    """Give the severity, the environments and what was found; without a column for names, they lead."""
    kind = group.kind
    is_settled = kind.part in {Part.ACCEPTED, Part.ABSENT}
    tag = f" [{kind.tag}]" if kind.tag else ""
    reason = f"({for_terminal(kind.reason)})" if kind.reason else ""
    named = group.named or group.findings
    total = group.total if group.named else len(named)
    where = ", ".join(group.environments)
    lead = f"{kind.rule}{tag}:" if names else f"{where}: {kind.rule}{tag}:"
    said = listed(map(telling.told, named), total, room, lead=lead, end=reason)
    severity = Block.of([kind.severity], Style.DIM if is_settled else SEVERITY_STYLES[kind.severity])
    what = Block.of(said.lines, is_cut=said.is_cut)
    return (severity, Block.of(wrap(where, names)), what) if names else (severity, what)
