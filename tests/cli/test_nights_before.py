"""The page of a run with a history: the nights before it, and what they cannot cost the run."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from evidences import chat, models, timed
from kept_nights import kept
from kept_runs import night

from gateways.good import good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runs import Ran

KEY = "correct-horse-battery-77"


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last twenty nights of production and staging, and one that is older than what a page shows."""
    now = datetime.now(UTC)
    runs = []
    for ago in (70, *range(20, 0, -1)):
        made = night(ago, models("a"), chat(latency=timed(240 + ago)))
        runs.append([each.model_copy(update={"generated_at": now - timedelta(days=ago)}) for each in made])
    return kept(tmp_path_factory.mktemp("kept") / "history.sqlite", *runs)


@pytest.fixture
def run(envcheck: Callable[..., Ran], tmp_path: Path, twenty: Path) -> Iterator[Callable[..., Ran]]:
    """A run of two gateways with these nights in `history.sqlite`."""
    shutil.copy(twenty, tmp_path / "history.sqlite")
    with serving_all([good_gateway(), good_gateway()]) as servers:
        urls = zip(("production", "staging"), (server.base_url for server in servers), strict=True)
        tables = (f'[environments.{name}]\nbase_url = "{url}"\napi_key_env = "KEY"\n' for name, url in urls)
        (tmp_path / "environments.toml").write_text('baseline = "production"\n' + "".join(tables))
        yield lambda *words: envcheck("run", *words, variables={"KEY": KEY})


def edited(path: Path, statement: str, *given: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, given)


def test_a_page_shows_the_nights_before(run: Callable[..., Ran], tmp_path: Path) -> None:
    """Twenty of them, and none from before the sixty that are shown; without a history there are none."""
    assert run("-f", "html", "--history", "history.sqlite").code == 0
    page = (tmp_path / "reports" / "comparison.html").read_text()
    assert "The last 20 nights" in page
    assert page.count(">production chat.latency over time") == 1
    assert run("-f", "html").code == 0
    assert 'id="nights"' not in (tmp_path / "reports" / "comparison.html").read_text()


@pytest.mark.parametrize("content", [None, b"notes\n" * 900, b""])
def test_a_history_that_says_nothing_costs_the_page_its_nights_alone(
    run: Callable[..., Ran], tmp_path: Path, content: bytes | None
) -> None:
    """None there yet, somebody's notes, or an empty file: the page is written."""
    path = tmp_path / "history.sqlite"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    ran = run("-f", "html", "--history", "history.sqlite")
    assert ran.code == (6 if content else 0)
    assert 'id="nights"' not in (tmp_path / "reports" / "comparison.html").read_text()


def test_nights_of_others_are_none(run: Callable[..., Ran], tmp_path: Path) -> None:
    """A history of environments that take no part in this run has nothing to show on its page."""
    for table in ("records", "checks", "latencies", "facts"):
        edited(tmp_path / "history.sqlite", f"UPDATE {table} SET environment = 'o-' || environment")
    assert run("-f", "html", "--history", "history.sqlite").code == 0
    assert 'id="nights"' not in (tmp_path / "reports" / "comparison.html").read_text()


def test_nights_that_hold_a_key_of_this_run_are_left_out(run: Callable[..., Ran], tmp_path: Path) -> None:
    """What a gateway called a model last week may be a key tonight; the page is written all the same."""
    edited(
        tmp_path / "history.sqlite",
        "INSERT INTO texts (hash, packed) VALUES (x'00', ?)",
        zlib.compress(f'["{KEY}"]'.encode()),
    )
    edited(
        tmp_path / "history.sqlite",
        "INSERT INTO facts SELECT environment, field, (SELECT max(run) FROM runs), x'00' FROM facts"
        " WHERE field = 'models.model_ids' GROUP BY environment",
    )
    ran = run("-f", "html", "--history", "history.sqlite")
    assert "history.sqlite: holds a key of this run in a night before, so the page shows no nights" in ran.stderr
    page = (tmp_path / "reports" / "comparison.html").read_text()
    assert 'id="nights"' not in page
    assert KEY not in page
