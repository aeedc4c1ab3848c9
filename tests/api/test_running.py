from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from envcheck import api
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
