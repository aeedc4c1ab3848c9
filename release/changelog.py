"""CHANGELOG.md as a release reads it: which versions there are, of which day, and what is new in each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
CHANGELOG: Final = ROOT / "CHANGELOG.md"
UNRELEASED: Final = "Unreleased"

# As Keep a Changelog writes it: `## [1.2.3] - 2026-01-31`, and `## [Unreleased]` before it is one.
_HEADING: Final = re.compile(r"^## \[(?P<name>[^]]+)\](?: - (?P<day>\d{4}-\d{2}-\d{2}))?(?:\n|\Z)", re.MULTILINE)


class Section(NamedTuple):
    """What the changelog says of one version."""

    version: str
    """`Unreleased` for what is in none yet."""
    day: str | None
    """As in 2026-01-31; none for what is not released."""
    text: str
    """Markdown, without its heading."""


def sections(changelog: str) -> list[Section]:
    """Cut a changelog into its versions, the newest first."""
    found = list(_HEADING.finditer(changelog))
    # There is one end too many where there is no heading at all.
    ends = [*(each.start() for each in found[1:]), len(changelog)]
    return [
        Section(each["name"], each["day"], changelog[each.end() : end].strip() + "\n")
        for each, end in zip(found, ends, strict=False)
    ]


def section_of(changelog: str, version: str) -> Section:
    """Give what the changelog says of a version.

    Raises:
        ValueError: it says nothing of it; names those that it has.

    """
    known = sections(changelog)
    for section in known:
        if section.version == version:
            return section
    names = ", ".join(each.version for each in known) or "none"
    raise ValueError(f"CHANGELOG.md has no section [{version}]; it has {names}")


def newest(changelog: str) -> Section:
    """Give the newest version that was released.

    Raises:
        ValueError: none was.

    """
    for section in sections(changelog):
        if section.day is not None:
            return section
    raise ValueError("CHANGELOG.md has no section with a version and a day")
