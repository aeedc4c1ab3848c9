"""A plug-in's format as it is registered: its files are made under a deadline, and each has a name that is its own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from envcheck.errors import PluginError
from envcheck.plugins.bounded import HungError, bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Result
    from envcheck.formats import Format

FILES_S: Final = 30.0
"""How long a plug-in may take to make all of its files: ours take a second for a fleet of hundreds."""
MOST_FILES: Final = 1000
_REST: Final = re.compile(r"[.-][A-Za-z0-9._-]{1,150}")


def guarded_format(form: Format, plugin: str) -> Format:
    """Give a format with the same files, or none of them where one is not what it may be."""

    def files(result: Result) -> Iterator[tuple[str, str]]:
        try:
            made = bounded(lambda: [*zip(form.files(result), range(MOST_FILES + 1), strict=False)], FILES_S)
        except HungError as error:
            raise PluginError(plugin, "hung while it made its files") from error
        except Exception as error:
            raise PluginError(plugin, "broke while it made its files") from error
        named = [each for each, _ in made]
        if len(named) > MOST_FILES or not all(_is_file(each) for each in named):
            raise PluginError(plugin, "gave what are no names and texts of files")
        if len({name.casefold() for name, _ in named}) < len(named):
            raise PluginError(plugin, "gave two files one name")
        if not all(_is_own(name, form.name, result) for name, _ in named):
            raise PluginError(plugin, "gave a file a name that is not its own: its format's, then . or - and more")
        yield from named

    return replace(form, files=files, plugin=plugin)


def _is_file(each: object) -> bool:
    return isinstance(each, tuple) and [type(part) for part in each] == [str, str]


def _is_own(name: str, form: str, result: Result) -> bool:
    """Tell whether a file can be none but this format's, and lies nowhere but in the report folder.

    A report of ours is named after an environment, which may be called as a file of a plug-in is.
    """
    of_environments = {evidence.environment.casefold() for evidence in result.evidences}
    is_named = name.startswith(form) and _REST.fullmatch(name.removeprefix(form)) is not None
    return is_named and name.rpartition(".")[0].casefold() not in of_environments
