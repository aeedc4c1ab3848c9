"""What is registered in place of a plug-in's probe or format that could not be loaded: it fails, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from pydantic import ConfigDict

from envcheck.formats import Format
from envcheck.model import Route
from envcheck.probes.base import Facts, Options, Probe

if TYPE_CHECKING:
    from envcheck.comparison import Result
    from envcheck.errors import PluginError
    from envcheck.model import Exchange
    from envcheck.probes.base import Asking, Reply
    from envcheck.redact import Redactor


class AnyOptions(Options):
    """Whatever the file says to a probe of which nobody knows what it can be told."""

    model_config = ConfigDict(extra="allow")


def probe_in_place(name: str, error: PluginError) -> Probe:
    """Give a probe of this name that sends nothing and breaks as the plug-in did."""

    async def ask(_asking: Asking) -> Exchange:
        raise error

    def read(_exchange: Exchange, _redactor: Redactor) -> Reply:
        raise error

    return Probe(
        name=name,
        route=Route("plug-in", error.plugin),
        facts=Facts,
        fields=(),
        ask=ask,
        read=read,
        options=AnyOptions,
        requests=lambda _options: 0,
        needs_model=False,
        plugin=error.plugin,
        stands_in=True,
    )


def format_in_place(name: str, error: PluginError) -> Format:
    """Give a format of this name that has no files and breaks as the plug-in did."""

    def files(_result: Result) -> NoReturn:
        raise error

    return Format(name, files, plugin=error.plugin)
