"""`envcheck history`: what is shown of many nights, in each form, and what is said where there is nothing to show."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from kept_nights import FIRST, STEP, forty_nights

from cli_runs import as_if_real
from envcheck.cli.jobs import choosing
from envcheck.cli.options import first_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from cli_runs import Ran

SECRET = "sk-proj-MadeUp0123456789abcdefghijkl"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forty_nights(tmp_path_factory.mktemp("kept") / "nights.sqlite")


@pytest.fixture
def nights(made: Path, tmp_path: Path) -> Path:
    """Forty nights in a file of the test's own."""
    shutil.copy(made, tmp_path / "nights.sqlite")
    return tmp_path / "nights.sqlite"


def edited(path: Path, statement: str, *given: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, given)


def test_what_forty_nights_say(envcheck: Callable[..., Ran], nights: Path, snapshot: SnapshotAssertion) -> None:
    """A step of a fifth has its day, its old level and its new one; a model that went and came, an outage, a gap."""
    ran = envcheck("history", "--history", "nights.sqlite")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout == snapshot
    assert f"since {FIRST + timedelta(days=STEP)}: " in ran.stdout


def test_one_environment_and_one_field(
    envcheck: Callable[..., Ran], nights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the variable that cron sets; JSON and CSV say the same."""
    monkeypatch.setenv("ENVCHECK_HISTORY", "nights.sqlite")
    words = ("history", "staging", "--field", "chat.latency", "--since", (FIRST + timedelta(days=STEP)).isoformat())
    text, document, table = (envcheck(*words, *form) for form in ((), ("--json",), ("--csv",)))
    assert text.stdout.startswith("staging: 12 nights from 2026-04-01 to 2026-04-12 (same on 12)\n  chat.latency  ")
    assert "models" not in text.stdout
    [staging] = json.loads(document.stdout)["environments"]
    [latency] = staging["latencies"]
    assert [each["since"] for each in latency["changes"]] == ["2026-04-01"]
    rows = list(csv.DictReader(StringIO(table.stdout)))
    assert {row["kind"] for row in rows} == {"change", "night"}
    nights_told = [(row["day"], float(row["after"])) for row in rows if row["kind"] == "night"]
    assert nights_told == [(each["day"], each["median_ms"]) for each in latency["nights"]]
    assert len(nights_told) == 12


def test_a_page_takes_the_place_of_what_is_printed(envcheck: Callable[..., Ran], nights: Path, tmp_path: Path) -> None:
    """It says where it is, and -q does not."""
    ran = envcheck("history", "--history", "nights.sqlite", "--html", "nights.html")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "envcheck: page: nights.html\n")
    page = (tmp_path / "nights.html").read_text()
    assert "It changed on 2026-04-01." in page
    assert "What failed" in page
    quiet = envcheck("history", "--history", "nights.sqlite", "--html", "/dev/stdout/no", "-q")
    assert quiet.code == 2
    (tmp_path / "folder").mkdir()
    assert envcheck("history", "--history", "nights.sqlite", "--html", "folder").code == 2


def test_a_page_that_cannot_be_written_is_told(
    envcheck: Callable[..., Ran], nights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk, say."""
    ran = envcheck("history", "--history", "nights.sqlite", "--html", "/dev/full")
    assert ran.code == 6
    assert "/dev/full: cannot be written" in ran.stderr
    monkeypatch.setattr(choosing, "find_spec", lambda _name: None)
    ran = envcheck("history", "--history", "nights.sqlite", "--html", "nights.html")
    assert (ran.code, ran.stdout) == (2, "")
    assert "--html: needs a package that is not installed; python -m pip install 'llm-envcheck[html]'" in ran.stderr


def test_every_name_that_is_in_no_run_is_told_at_once(envcheck: Callable[..., Ran], nights: Path) -> None:
    """With the nearest that is."""
    ran = envcheck("history", "stagign", "--field", "chat.latancy", "--field", "x", "--history", "nights.sqlite")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[:2] == [
        'envcheck: ENVIRONMENT stagign: is in no run of this history; did you mean "staging"?',
        'envcheck: --field "chat.latancy": is in no run of this history; did you mean "chat.latency"?',
    ]
    assert ran.stderr.splitlines()[2].startswith("envcheck: --field x: is in no run of this history; known here: ")


def test_where_there_is_nothing_to_show_that_is_said(
    envcheck: Callable[..., Ran], nights: Path, tmp_path: Path
) -> None:
    """No file named, none there, none of its runs so late; nothing is made by looking."""
    for words, sentence in (
        ((), "history: nothing says which; name its file with --history, with ENVCHECK_HISTORY, or as path of"),
        (("--history", "none"), "none: there is no history yet; `envcheck run --history none` keeps one"),
        (("--history", ""), "names no file"),
        (("--history", "nights.sqlite", "--since", "2026-12-01"), "--since: there is no run since then in"),
        (
            ("--history", "nights.sqlite", "--json", "--csv"),
            "--json and --csv: each is shown in place of the others; leave all but one out",
        ),
        (("--since", "soon"), "is no time; write days as 90d, weeks as 12w, or a day as 2026-11-18"),
    ):
        ran = envcheck("history", *words)
        assert (ran.code, ran.stdout) == (2, ""), words
        assert sentence in ran.stderr
    assert not (tmp_path / "none").exists()
    for table in ("facts", "latencies", "findings", "checks", "records", "runs"):
        edited(nights, f"DELETE FROM {table}")
    ran = envcheck("history", "--history", "nights.sqlite")
    assert ran.code == 2
    assert "nights.sqlite: holds no run yet; `envcheck run --history nights.sqlite` keeps one" in ran.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"somebody's notes\n" * 400, "is no history: another kind of file, or damaged"),
        (None, "was written by a newer envcheck, which this one cannot read"),
    ],
)
def test_what_is_no_history_of_ours_is_one_sentence(
    envcheck: Callable[..., Ran], nights: Path, content: bytes | None, sentence: str
) -> None:
    """Exit code 6, as where a run meets it, and never a traceback."""
    if content is None:
        edited(nights, "PRAGMA user_version = 99")
    else:
        nights.write_bytes(content)
    ran = envcheck("history", "--history", "nights.sqlite")
    assert (ran.code, ran.stdout) == (6, "")
    assert ran.stderr.startswith(f"envcheck: nights.sqlite: {sentence}")
    assert len(ran.stderr.splitlines()) == 1


def test_how_large_a_change_has_to_be_is_read_from_the_file(
    envcheck: Callable[..., Ran], nights: Path, tmp_path: Path
) -> None:
    """As in a run; one that was named has to be there."""
    text = '[environments.staging]\nbase_url = "${NOT_SET}/v1"\n[compare]\nlatency_floor_ms = 900\n'
    (tmp_path / "environments.toml").write_text(text)
    ran = envcheck("history", "--history", "nights.sqlite")
    assert ran.code == 0
    assert "no change, " in ran.stdout
    assert "slower since" not in ran.stdout
    assert envcheck("history", "--history", "nights.sqlite", "-c", "none.toml").code == 2


def test_a_secret_that_somebody_wrote_into_it_is_not_printed(envcheck: Callable[..., Ran], nights: Path) -> None:
    """In no form, for what is in the file is a stranger's text; nor is what steers a terminal."""
    packed = zlib.compress(f'["a", "{SECRET}", "\\u001b[31mred\\u202e"]'.encode())
    edited(
        nights,
        "UPDATE texts SET packed = ? WHERE hash IN (SELECT value FROM facts WHERE field = 'models.model_ids'"
        " AND run = (SELECT max(run) FROM facts))",
        packed,
    )
    told = [envcheck("history", "--history", "nights.sqlite", *form).stdout for form in ((), ("--json",), ("--csv",))]
    assert envcheck("history", "--history", "nights.sqlite", "--html", "nights.html").code == 0
    for text in (*told, nights.with_name("nights.html").read_text()):
        assert "[redacted]" in text
        assert not [never for never in (SECRET, SECRET[8:], "\x1b", "\u202e") if never in text]


def test_days_are_counted_back_from_today() -> None:
    """In UTC, as the days of the runs are; and no number of them is too large."""
    today = datetime.now(UTC).date()
    assert first_day("90d") in {today - timedelta(days=90), datetime.now(UTC).date() - timedelta(days=90)}
    assert first_day("2w") in {today - timedelta(days=14), datetime.now(UTC).date() - timedelta(days=14)}
    assert first_day("99999w").year < 200
    assert first_day("2026-11-18").isoformat() == "2026-11-18"


def test_runs_of_report_folders_are_imported(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Made-up ones are not, which is said; and nothing is shown beside it."""
    envcheck("run", "--sample", "-o", "night")
    ran = envcheck("history", "import", "night", "--history", "new.sqlite")
    assert (ran.code, ran.stdout) == (0, "new.sqlite: 0 runs imported, 1 left: there already, or made up\n")
    as_if_real(tmp_path / "night")
    assert envcheck("history", "import", "night", "--history", "new.sqlite").stdout == "new.sqlite: 1 run imported\n"
    ran = envcheck("history", "staging", "--history", "new.sqlite")
    assert ran.stdout.startswith("staging: 1 night, 2026-01-15 (different on 1)\n")


def test_what_has_nothing_to_act_on_beside_import_is_told_at_once(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """And that no folder was named; no history is made."""
    ran = envcheck("history", "import", "--json", "--field", "chat.latency", "--history", "new.sqlite")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.splitlines() == [
        "envcheck: --field: has nothing to act on beside import; leave it out",
        "envcheck: --json: has nothing to act on beside import; leave it out",
        "envcheck: import: names no folder; name folders that `envcheck run` wrote",
    ]
    assert "import: names no folder" in envcheck("history", "import", "", "--history", "new.sqlite").stderr
    assert not (tmp_path / "new.sqlite").exists()
