from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from envcheck import formats, probes
from envcheck.config import fields, file_model, plugged
from envcheck.probes import expectable
from envcheck.render import telling
from plugins.packages import TOY, install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Let nothing that a test registers stay."""
    known, forms = set(probes._REGISTERED), set(formats._REGISTERED)
    modules = set(sys.modules)
    yield
    new = probes._REGISTERED.keys() - known
    for name in new:
        del probes._REGISTERED[name]
    for name in formats._REGISTERED.keys() - forms:
        del formats._REGISTERED[name]
    for name in new & file_model.ProbeTables.model_fields.keys():
        del file_model.ProbeTables.model_fields[name]
    plugged._TAKEN_IN.difference_update(new)
    models = (file_model.ProbeTables, file_model.Settings, file_model.Defaults, file_model.EnvironmentTable)
    for model in (*models, file_model.File) if new else ():
        model.model_rebuild(force=True)
    for cached in (expectable._expectable, fields._names_of_rules, telling._of_several_facts):
        cached.cache_clear()
    for name in sys.modules.keys() - modules:
        if name.startswith("toy"):
            del sys.modules[name]


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that packages are installed into."""
    folder = tmp_path_factory.mktemp("site")
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def toy(site: Path) -> Callable[..., None]:
    """Install the package `toy-plugin`, with a module of a test's own."""

    def installed(module: str = TOY, **groups: dict[str, str]) -> None:
        install(site, "toy-plugin", module, **(groups or {"probes": {"toy": "TOY"}}))

    return installed
