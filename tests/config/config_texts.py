"""Texts of environments files, loaded and refused; shared by this folder's tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from envcheck.config import Overrides, load
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.config import Config
    from envcheck.model import Environment

NOTHING_SAID = Overrides()


def loads(
    text: str,
    variables: Mapping[str, str] | None = None,
    overrides: Overrides = NOTHING_SAID,
    folder: Path = Path("nowhere"),
) -> Config:
    """Load a text that is right."""
    return load(text, variables=variables or {}, folder=folder, overrides=overrides)


def loads_one(
    keys: str, variables: Mapping[str, str] | None = None, overrides: Overrides = NOTHING_SAID
) -> Environment:
    """Load one environment that has these keys beside its base URL."""
    (environment,) = loads(_with_base_url(keys), variables, overrides).environments
    return environment


def refuses(
    text: str,
    variables: Mapping[str, str] | None = None,
    overrides: Overrides = NOTHING_SAID,
    folder: Path = Path("nowhere"),
) -> list[str]:
    """Load a text that is wrong, and give the problems."""
    with pytest.raises(ConfigError) as caught:
        loads(text, variables, overrides, folder)
    return list(caught.value.problems)


def refuses_one(keys: str, variables: Mapping[str, str] | None = None) -> list[str]:
    """Load one environment with these keys, and give the problems without the environment's path."""
    return [each.removeprefix("environments.prod.") for each in refuses(_with_base_url(keys), variables)]


def _with_base_url(keys: str) -> str:
    return f'[environments.prod]\nbase_url = "https://gateway.test/v1"\n{keys}\n'
