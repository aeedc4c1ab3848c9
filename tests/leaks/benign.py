"""The benign texts, by the place in a reply where each would stand."""

from __future__ import annotations

from pathlib import Path
from typing import Final


def read_benign() -> dict[str, list[str]]:
    """Give the lines of `benign.txt` by section: messages, models and hosts."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in Path(__file__).with_name("benign.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            lines = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


BENIGN: Final = read_benign()
