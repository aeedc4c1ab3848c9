"""Loading what packages bring, and registering it; a name that is taken is told, and what breaks is stood in for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from envcheck.errors import PluginError
from envcheck.formats import FORMATS, Format
from envcheck.formats import register as register_format
from envcheck.plugins.bounded import HungError, bounded
from envcheck.plugins.files import guarded_format
from envcheck.plugins.fit import misfits_of_format, misfits_of_probe
from envcheck.plugins.guard import guarded
from envcheck.plugins.installed import FORMATS_GROUP, PROBES_GROUP, Installed, installed
from envcheck.plugins.stand_in import format_in_place, probe_in_place
from envcheck.probes import PROBES, probe_sets, register, rules
from envcheck.probes.base import Probe
from envcheck.transport import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.metadata import EntryPoint

IMPORT_S: Final = 30.0
"""How long a package may take to be imported."""
_T = TypeVar("_T")


def load(name: str) -> str | None:
    """Register what a distribution brings, once in this process.

    One that is broken is no mistake of the file's: its probes are there to fail, and its formats to write nothing.

    Args:
        name: of a distribution, in any spelling.

    Returns:
        What is wrong with naming it, as the rest of a sentence; None where nothing is.

    """
    found = installed(name)
    if isinstance(found, str):
        return found
    if _is_loaded(found.name):
        return None
    if (taken := next(_taken(found), None)) is not None:
        return taken
    for entry_point in found.of(PROBES_GROUP):
        _register_probe(entry_point, found.name)
    for entry_point in found.of(FORMATS_GROUP):
        _register_format(entry_point, found.name)
    return None


def _is_loaded(plugin: str) -> bool:
    known = (*(each.plugin for each in PROBES.values()), *(each.plugin for each in FORMATS.values()))
    return plugin in known


def _taken(found: Installed) -> Iterator[str]:
    """Name what is there already under the same name, ours or another plug-in's."""
    own_words = {TRANSPORT, *probe_sets(), *(rule.partition(".")[0] for rule in rules())}
    of_probes = {name: each.plugin for name, each in PROBES.items()}
    of_formats = {name: each.plugin for name, each in FORMATS.items()}
    for group, what, known in ((PROBES_GROUP, "probe", of_probes), (FORMATS_GROUP, "format", of_formats)):
        names = [each.name for each in found.of(group)]
        for name in names:
            other = known.get(name)
            if name in known:
                yield f"{found.name} has a {what} {name}, and so has {other or 'envcheck'}; leave one of the two out"
            elif what == "probe" and name in own_words:
                yield f"{found.name} has a probe {name}, and that is a word of envcheck's own; leave it out"
        if len(set(names)) < len(names):
            yield f"{found.name} has two of its {what}s under one name; leave it out"


def _register_probe(entry_point: EntryPoint, plugin: str) -> None:
    try:
        register(guarded(_loaded(entry_point, plugin, Probe, misfits_of_probe), plugin))
    except PluginError as error:
        register(probe_in_place(entry_point.name, error))
    except ValueError as error:  # which says what is wrong with its fields
        unfit = PluginError(plugin, "has a probe whose fields do not fit its facts")
        unfit.__cause__ = error
        register(probe_in_place(entry_point.name, unfit))


def _register_format(entry_point: EntryPoint, plugin: str) -> None:
    try:
        register_format(guarded_format(_loaded(entry_point, plugin, Format, misfits_of_format), plugin))
    except PluginError as error:
        register_format(format_in_place(entry_point.name, error))


def _loaded(entry_point: EntryPoint, plugin: str, kind: type[_T], misfits: Callable[[_T, str], Iterator[str]]) -> _T:
    """Import what an entry point names.

    Raises:
        PluginError: it cannot be imported, or is not what it may be.

    """
    try:
        loaded: object = bounded(entry_point.load, IMPORT_S)
        unfit = list(misfits(loaded, entry_point.name)) if isinstance(loaded, kind) else [f"is no {kind.__name__}"]
    except HungError as error:
        raise PluginError(plugin, "did not end being imported") from error
    except Exception as error:
        raise PluginError(plugin, "cannot be imported") from error
    if unfit or not isinstance(loaded, kind):
        raise PluginError(plugin, f"is of no use here: {entry_point.name} {'; it '.join(unfit)}")
    return loaded
