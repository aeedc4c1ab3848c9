"""The formats: a result goes in, which is safe already, and named texts come out for `cli` to check and write.

A format escapes for where it is read, and never redacts or judges. It knows evidence, comparisons and words for them,
and no file and no terminal but by their widths. A new one is one module here and one line below.

`envcheck --help` reads the names of the registry, so importing this package loads no pydantic and no tabulate.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.render.json import json_files
from envcheck.render.markdown import markdown_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from envcheck.comparison import Result


@dataclass(frozen=True, slots=True)
class Format:
    """One form of reports."""

    name: str
    """As `-f` spells it."""
    files: Callable[[Result], Iterator[tuple[str, str]]]
    """Yield the name and the text of each report: one for every environment, and one of the comparison."""
    on_by_default: bool = False


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
    Format("markdown", markdown_files, on_by_default=True),
    Format("json", json_files, on_by_default=True),
):
    register(_format)
