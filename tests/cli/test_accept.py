from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gateways.gateway import Listening
from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runs import Ran


@pytest.fixture
def compared(envcheck: Callable[..., Ran], tmp_path: Path) -> Iterator[Path]:
    """A file whose staging lacks usage and a model, compared once."""
    staging = Manner(models=(("gpt-4o", "gpt-4o-mini"),), usage=None)
    with serving_all([good_gateway(), good_gateway(staging)]) as (one, two):
        path = tmp_path / "environments.toml"
        path.write_text(
            f"""baseline = "production" # what users see
[environments.production]
base_url = "{one.base_url}"
[environments.staging]
base_url = "{two.base_url}"
"""
        )
        assert envcheck("run").code == 3
        yield path


def test_accepted_findings_are_shown_and_no_longer_count(envcheck: Callable[..., Ran], compared: Path) -> None:
    """The change is shown first, comments stay, and the next run is exit 0."""
    ran = envcheck("accept", "--reason", "known until the rollout")
    assert ran.code == 0
    assert "+[[accept]]" in ran.stdout
    assert "# what users see" in compared.read_text()
    again = envcheck("run")
    assert again.code == 0
    assert "known until the rollout" in again.stdout


def test_a_dry_run_shows_the_change_and_writes_nothing(envcheck: Callable[..., Ran], compared: Path) -> None:
    """Look first."""
    before = compared.read_text()
    ran = envcheck("accept", "--reason", "r", "--dry-run", "--rule", "chat.usage", "--expires", "2099-01-31")
    assert "+expires = 2099-01-31" in ran.stdout
    assert "models.removed" not in ran.stdout
    assert compared.read_text() == before


def test_accepting_twice_changes_nothing(envcheck: Callable[..., Ran], compared: Path) -> None:
    """The file has each entry once."""
    envcheck("accept", "--reason", "r")
    before = compared.read_text()
    ran = envcheck("accept", "--reason", "r")
    assert (ran.code, ran.stdout) == (0, "")
    assert "nothing to change" in ran.stderr
    assert compared.read_text() == before


def test_a_reason_is_needed(envcheck: Callable[..., Ran], compared: Path) -> None:
    """It is what the next reader has."""
    ran = envcheck("accept", "--reason", "  ")
    assert ran.code == 2
    assert "--reason" in ran.stderr
    assert envcheck("accept").code == 2


@pytest.mark.parametrize(
    "options",
    [("--reason", "sk-proj-abcdefghijklmnopqrstuvwx1234"), ("--reason", "r", "--expires", "2020-01-01")],
)
def test_what_would_be_refused_or_do_nothing_is_not_written(
    envcheck: Callable[..., Ran], compared: Path, options: tuple[str, ...]
) -> None:
    """A key pasted as a reason, a day that has passed: said before anything is shown or written."""
    before = compared.read_text()
    ran = envcheck("accept", *options)
    assert (ran.code, ran.stdout) == (2, "")
    assert "abcdefghijklmnop" not in ran.stderr
    assert compared.read_text() == before


def test_an_inconclusive_comparison_cannot_be_accepted(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Where the baseline failed, nothing is known to accept."""

    with serving_all([replace(good_gateway(), listening=Listening.NOTHING), good_gateway()]) as (one, two):
        (tmp_path / "environments.toml").write_text(
            f"""baseline = "a"
[environments.a]
base_url = "{one.base_url}"
[environments.b]
base_url = "{two.base_url}"
"""
        )
        assert envcheck("run").code == 5
    ran = envcheck("accept", "--reason", "r")
    assert ran.code == 5
    assert "inconclusive" in ran.stderr
