from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from envcheck import api
from envcheck.api import texts
from envcheck.comparison import Result
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from envcheck.config import Config


@pytest.mark.parametrize("concurrency", [0, -1])
def test_a_run_with_nothing_open_is_refused(config: Config, concurrency: int) -> None:
    """It would wait for ever."""
    with pytest.raises(ConfigError, match="less than 1"):
        api.run(config, concurrency=concurrency)


@pytest.fixture
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A file of one environment that nobody asks."""
    path = tmp_path_factory.mktemp("config") / "environments.toml"
    path.write_text('[environments.production]\nbase_url = "http://127.0.0.1:9/v1"\n')
    return api.load(path, variables={})


def test_a_format_whose_package_is_missing_says_what_to_install(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the name that it has in the index, where another package is called as the module is."""
    monkeypatch.setattr(texts, "find_spec", lambda _module: None)
    with pytest.raises(ConfigError, match=r"pip install 'llm-envcheck\[html\]'"):
        api.render(Result([], None), "html", config)
