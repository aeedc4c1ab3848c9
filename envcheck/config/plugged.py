"""What the file's `plugins` name, loaded before anything else of it is looked at: it decides which probes there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic.fields import FieldInfo

from envcheck.config.file_model import Defaults, EnvironmentTable, File, ProbeTables, Settings
from envcheck.config.problems import Problem, in_file_order
from envcheck.config.secret_shapes import could_be_key
from envcheck.config.toml_text import document_of, text_of
from envcheck.errors import ConfigError
from envcheck.plugins.names import is_name, normalised
from envcheck.probes import PROBES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NOT_NAMED: Final = "is a probe of the plug-in {plugin}; name that in `plugins`"
_TAKEN_IN: Final[set[str]] = set(PROBES)
"""The probes whose tables the file may have."""


def plugged_in(document: Mapping[str, object], text: str) -> Mapping[str, object]:
    """Load the packages that a document names, and give it back.

    Raises:
        ConfigError: with each that is of no use, and nothing else: without it nobody can tell which probes there are.

    """
    names = document.get("plugins")
    problems: list[Problem] = []
    for place, name in enumerate(names if isinstance(names, list) else []):
        if not isinstance(name, str) or could_be_key(name):
            continue  # which pydantic tells
        from envcheck.plugins.load import load  # noqa: PLC0415 - few files name any

        if is_name(name) and (sentence := load(name)) is not None:
            problems.append(Problem(("plugins", place), sentence))
    _take_in_probes()
    if problems:
        raise ConfigError(in_file_order(problems, document, text))
    return document


def _take_in_probes() -> None:
    """Let the file have the tables of plug-ins' probes that were registered since it was last looked at."""
    new = {name: probe for name, probe in PROBES.items() if probe.plugin is not None and name not in _TAKEN_IN}
    for name, probe in new.items():
        if probe.options is not None:
            table: Any = probe.options | None
            ProbeTables.model_fields[name] = FieldInfo(annotation=table, default=None)
    _TAKEN_IN.update(new)
    for model in (ProbeTables, Settings, Defaults, EnvironmentTable, File) if new else ():
        model.model_rebuild(force=True)


def plug_in_from(path: Path) -> None:
    """Load the packages that a file names, for the formats that they bring.

    Raises:
        ConfigError: the file cannot be read, or names what is of no use.

    """
    text = text_of(path)
    plugged_in(document_of(text, str(path)), text)


def unnamed_plugins(document: Mapping[str, object]) -> Iterator[Problem]:
    """Find probes of plug-ins that another file of this process named, and this one does not."""
    from_others = {name: probe.plugin for name, probe in PROBES.items() if probe.plugin is not None}
    if not from_others:
        return
    names = document.get("plugins")
    named = {normalised(each) for each in names if isinstance(each, str)} if isinstance(names, list) else set()
    for path, probes in _lists_of_probes(document):
        for place, name in enumerate(probes):
            plugin = from_others.get(name) if isinstance(name, str) else None
            if plugin is not None and plugin not in named:
                yield Problem((*path, place), _NOT_NAMED.format(plugin=plugin))


def _lists_of_probes(document: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], list[object]]]:
    environments = document.get("environments")
    tables: dict[tuple[str, ...], object] = {("defaults",): document.get("defaults")}
    if isinstance(environments, dict):
        tables |= {("environments", name): own for name, own in environments.items()}
    for path, own in tables.items():
        probes = own.get("probes") if isinstance(own, dict) else None
        if isinstance(probes, list):
            yield (*path, "probes"), probes
