"""Which formats are written: those that the user names, else those that are meant for where this runs."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from envcheck.config import plug_in_from
from envcheck.config.problems import shown, suggestion
from envcheck.errors import ConfigError
from envcheck.paths import Found, found_at
from envcheck.render import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_SAID_TO_BE_SO = "true"


def formats_chosen(
    named: Sequence[str] | None, variables: Mapping[str, str], config: Path | None = None
) -> tuple[str, ...]:
    """Give the names of the formats to write, each once.

    Args:
        named: by `-f`; none where the user leaves it open.
        variables: of the process, by which a CI says that it is one.
        config: the file whose plug-ins may bring one that is none of ours.

    Raises:
        ConfigError: there is no such format, or it needs a package that is not there; says how to install it.

    """
    names = tuple(dict.fromkeys(named)) if named else tuple(_by_default(variables))
    if config is not None and found_at(config) is not Found.NOTHING and not FORMATS.keys() >= set(names):
        plug_in_from(config)
    if unknown := [name for name in names if name not in FORMATS]:
        raise ConfigError([f"-f {shown(name)}: is not a format; {suggestion(name, list(FORMATS))}" for name in unknown])
    problems = [problem for name in names if (problem := _missing(name, f"-f {name}")) is not None]
    if problems:
        raise ConfigError(problems)
    return names


def refuse_without_package(name: str, *, option: str) -> None:
    """Refuse a format for the package that it needs, where that is not there.

    Raises:
        ConfigError: it is not; says how to install it.

    """
    problem = _missing(name, option)
    if problem is not None:
        raise ConfigError(problem)


def _missing(name: str, option: str) -> str | None:
    """Say how to install what a format needs; None where it is there, or nothing is needed."""
    needs = FORMATS[name].needs
    if needs is None or find_spec(needs.module) is not None:
        return None
    return f"{option}: needs a package that is not installed; python -m pip install 'llm-envcheck[{needs.extra}]'"


def _by_default(variables: Mapping[str, str]) -> Iterator[str]:
    for name, form in FORMATS.items():
        is_here = form.on_by_default_in is not None and variables.get(form.on_by_default_in) == _SAID_TO_BE_SO
        if form.on_by_default or is_here:
            yield name
