"""What a format is, and the registry of those that there are; `envcheck.render` fills it with ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from envcheck.comparison import Result


class Place(Enum):
    """Where a text goes that is no file of the report folder."""

    STEP_SUMMARY = "step_summary"
    """The page that GitHub shows of a step, which the step appends to."""
    STDOUT = "stdout"
    """After the table, for whoever reads a build's log by machine; nowhere where stdout is JSON."""


class Package(NamedTuple):
    """What a format needs beside envcheck."""

    module: str
    """As it is imported."""
    extra: str
    """As it is installed: `llm-envcheck[extra]`."""


@dataclass(frozen=True, slots=True)
class Format:
    """One form of reports."""

    name: str
    """As `-f` spells it."""
    files: Callable[[Result], Iterator[tuple[str, str]]]
    """Yield the name and the text of each report."""
    on_by_default: bool = False
    of_each: bool = False
    """Whether it has a report of each environment too, so that `probe` can show one."""
    of_checklist: bool = False
    """Whether it writes the checklist, which a run makes only where somebody asks for it."""
    elsewhere: Mapping[str, Place] = field(default_factory=dict)
    """Where each of its texts goes; empty where all of them are files of the report folder."""
    on_by_default_in: str | None = None
    """The variable that is `true` where it is written by default too, beside the others: how a CI says which it is."""
    needs: Package | None = None
    plugin: str | None = None
    """The distribution that it comes from; None for one of ours."""


_REGISTERED: Final[dict[str, Format]] = {}

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(_REGISTERED)
"""By name."""


def register(form: Format) -> None:
    """Let a format be asked for; it is written by default only where it says so itself.

    Raises:
        ValueError: there is one of that name.

    """
    if form.name in _REGISTERED:
        raise ValueError(f"there is a format {form.name} already")
    _REGISTERED[form.name] = form
