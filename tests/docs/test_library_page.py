"""The page about the library is run as it stands, over two gateways."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import TYPE_CHECKING

from envcheck import api
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "library.md"


def test_every_example_on_the_page_is_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown under a line is what it gives; and nothing of it is printed by envcheck."""
    monkeypatch.chdir(tmp_path)
    with serving_all([good_gateway(Manner(models=((*MODELS, "o3"),))), good_gateway()]) as servers:
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\n'
            for name, server in zip(("production", "staging"), servers, strict=True)
        )
        Path("environments.toml").write_text('baseline = "production"\n' + "".join(tables))
        failed, tried = doctest.testfile(str(PAGE), module_relative=False, verbose=False)
    assert (failed, tried > 10) == (0, True)


def test_every_name_of_the_library_has_words_of_its_own() -> None:
    """Whoever asks `help` of one is told what it takes, gives and raises."""
    assert [name for name in api.__all__ if not (getattr(api, name).__doc__ or "").strip()] == []
    assert sorted(api.__all__) == api.__all__
