"""Writes docs/failure-scenarios.md from the table of scenarios: `PYTHONPATH=tests python -m gateways.page`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateways.fleet import GROUPS, SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gateways.scenario import Scenario

PAGE: Final = Path(__file__).parents[2] / "docs" / "failure-scenarios.md"

_INTRODUCTION: Final = """\
# What each failure is called

Every line below is a real server on a loopback socket, under `tests/gateways/`, that misbehaves in one way at one
probe and is well-behaved otherwise. `tests/test_fleet.py` runs envcheck against all {count} of them and holds it to
the class in the last column; `pass` means that the oddity is none of envcheck's business.

A `models` that fails as `auth`, `network`, `timeout`, `rate_or_quota` or `upstream_or_gateway` spares the gateway the
`chat`, which is then `skipped`; after every other failure `chat` is still sent.

This page is made from the table of scenarios; to make it again: `PYTHONPATH=tests python -m gateways.page`.
"""


def page() -> str:
    """Give the whole page."""
    return "\n".join([_INTRODUCTION.format(count=len(SCENARIOS)), *_groups()])


def _groups() -> Iterator[str]:
    for title, scenarios in GROUPS.items():
        yield f"## {title}\n"
        yield "| scenario | a gateway that … | at | is called |"
        yield "| --- | --- | --- | --- |"
        yield from _rows(scenarios)
        yield ""


def _rows(scenarios: Iterable[Scenario]) -> Iterator[str]:
    """Give one row for what is done at both probes in the same way."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for each in scenarios:
        name = each.name.removeprefix(f"{each.probe}-")
        rows.setdefault((name, each.description, each.expected), []).append(each.probe)
    for (name, description, expected), probes in rows.items():
        yield f"| {name} | {description.replace('|', '&#124;')} | {', '.join(probes)} | `{expected}` |"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
