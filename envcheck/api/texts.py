"""A result as the texts of a format, each past the last tripwire."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from envcheck.errors import ConfigError, LeakError, PluginError
from envcheck.render import FORMATS
from envcheck.render.checklist.items import with_checklist

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from envcheck.comparison import Result
    from envcheck.config import Config
    from envcheck.formats import Format


def render(result: Result, name: str, config: Config) -> Mapping[str, str]:
    """Give the texts of a format, by the names of their files.

    Args:
        result: of a run, or of saved evidence.
        name: of the format, as `-f` spells it; one of a plug-in that the configuration names, too.
        config: the one that the result is of. No text that holds one of its secrets is given.

    Raises:
        ConfigError: there is no such format, or it needs a package that is not installed.
        PluginError: the format is a plug-in's, which broke or hung.
        LeakError: a text holds a known secret; none is given.

    """
    form = FORMATS.get(name)
    if form is None:
        raise ConfigError(f"there is no format of this name; known here: {', '.join(FORMATS)}")
    if form.needs is not None and find_spec(form.needs.module) is None:
        raise ConfigError(f"{name} needs a package; python -m pip install 'llm-envcheck[{form.needs.extra}]'")
    if form.of_checklist and result.comparison is not None:
        comparison = with_checklist(result.comparison, result.evidences, config.rollout)
        result = replace(result, comparison=comparison)
    return dict(texts_of(form, result, config.redactor.check))


def texts_of(form: Format, result: Result, check: Callable[[str], None]) -> list[tuple[str, str]]:
    """Give the names and texts of a format, each checked.

    Raises:
        PluginError: the format is a plug-in's, which broke, hung, or put a known secret into a text.
        LeakError: a text of ours holds a known secret.

    """
    texts = list(form.files(result))
    try:
        for _, text in texts:
            check(text)
    except LeakError as error:
        if form.plugin is None:
            raise
        raise PluginError(form.plugin, "put a key of this run into a file") from error
    return texts
