"""The formats: a result goes in, which is safe already, and named texts come out for `cli` to check and write.

A format escapes for where it is read, and never redacts or judges. It knows evidence, comparisons and words for them,
and no file and no terminal but by their widths. A new one is one module here and one line below.

`envcheck --help` reads the names of the registry, so importing this package loads no pydantic and no tabulate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.render.checklist import checklist_files
from envcheck.render.github import ANNOTATIONS, STEP_SUMMARY, github_texts
from envcheck.render.html import html_files
from envcheck.render.json import json_files
from envcheck.render.junit import junit_files
from envcheck.render.markdown import markdown_files
from envcheck.render.prometheus import prometheus_files

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


for _format in (
    Format("markdown", markdown_files, on_by_default=True, of_each=True),
    Format("json", json_files, on_by_default=True, of_each=True),
    Format("checklist", checklist_files, of_checklist=True),
    Format("junit", junit_files, of_checklist=True),
    Format(
        "github",
        github_texts,
        elsewhere=MappingProxyType({STEP_SUMMARY: Place.STEP_SUMMARY, ANNOTATIONS: Place.STDOUT}),
        # https://docs.github.com/actions/reference/workflows-and-actions/variables: "Always set to true".
        on_by_default_in="GITHUB_ACTIONS",
    ),
    Format("html", html_files, of_each=True, needs=Package("jinja2", "html")),
    Format("prometheus", prometheus_files, needs=Package("prometheus_client", "prometheus")),
):
    register(_format)
