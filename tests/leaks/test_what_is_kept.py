"""What gateways give back is not in the history, nor in what `envcheck history` shows of it."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from cli_runs import run_envcheck
from leaks.echo_run import JUDGED, outputs, revealed, sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leaks.echo_run import Echo

SAMPLE = sample(8)


def texts_in(path: Path) -> Iterator[str]:
    """Give every text in every table, those that are packed too."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                yield from (value for value in row if isinstance(value, str))
        for (packed,) in connection.execute("SELECT packed FROM texts"):
            yield zlib.decompress(packed).decode()


@pytest.mark.parametrize("echoes", SAMPLE, ids=[part[0].kind.name for part in SAMPLE])
def test_nothing_is_kept_and_nothing_is_shown_later(echoes: list[Echo], tmp_path: Path) -> None:
    """Neither the file, nor the page with its nights, nor any form of looking back has the secret in it."""
    kind, path, page = echoes[0].kind, tmp_path / "kept.sqlite", tmp_path / "nights.html"
    options = ("--history", str(path), "--changes-only", "-q", "-f", "html", "-f", "json")
    ran, came_out = outputs(tmp_path, kind, [echo.replies for echo in echoes], *options)
    assert ran.code in JUDGED
    kept = "\n".join(texts_in(path))
    assert '"schema_version":"envcheck.evidence/1"' in kept
    looked_back = [run_envcheck("history", "--history", path, *how) for how in ((), ("--json",), ("--csv",))]
    looked_back.append(run_envcheck("history", "--history", path, "--html", page))
    assert {back.code for back in looked_back} == {0}
    shown = [text for back in looked_back for text in (back.stdout, back.stderr)]
    for text in (kept, page.read_text(encoding="utf-8"), *shown, *came_out.values()):
        assert revealed(kind, text) == []
