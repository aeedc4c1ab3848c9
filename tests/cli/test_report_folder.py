"""A folder of reports never says what is not so: what a run may write there, and which earlier run it believes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli_runs import console_of
from envcheck.cli.jobs.inputs import earlier_comparison
from envcheck.store import LOCK_NAME, held
from gateways.gateway import Listening
from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cli_runs import Ran

NIGHTLY = ("run", "--against", "reports", "--fail-on-new")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Give a file of three environments, of which staging lacks usage."""
    with serving_all([good_gateway(), good_gateway(Manner(usage=None)), good_gateway()]) as servers:
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\n'
            for name, server in zip(("production", "staging", "eu"), servers, strict=True)
        )
        path = tmp_path / "environments.toml"
        path.write_text('baseline = "production"\n' + "".join(tables))
        yield path


def kept(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("run", "eu"), "covers 3 environments, and this run probes 2 of them"),
        (("run", "eu", "--against", "reports"), "covers 3 environments, and this run probes 2 of them"),
        (("run",), "is what runs with --against go by, and this run has no --against"),
    ],
)
def test_a_run_by_day_writes_nothing_over_what_the_night_goes_by(
    envcheck: Callable[..., Ran], file: Path, arguments: tuple[str, ...], why: str
) -> None:
    """It is shown, and the next night still knows what the last one found; with `-o` it is written elsewhere."""
    assert envcheck(*NIGHTLY).code == 3
    before = kept(file.parent / "reports")
    ran = envcheck(*arguments)
    assert "Verdict" in ran.stdout
    assert f"reports: the comparison there {why}; no reports are written, name a folder with -o for them" in ran.stderr
    assert kept(file.parent / "reports") == before
    assert envcheck(*NIGHTLY).code == 0
    assert why not in envcheck(*arguments, "-o", "by-day").stderr
    assert (file.parent / "by-day" / "comparison.json").is_file()


def test_a_run_by_day_takes_the_place_of_another_by_day(envcheck: Callable[..., Ran], file: Path) -> None:
    """Nobody goes by these."""
    envcheck("run")
    ran = envcheck("run", "eu")
    assert "no reports are written" not in ran.stderr
    assert not (file.parent / "reports" / "comparison.json.old").exists()
    assert json.loads((file.parent / "reports" / "comparison.json").read_text())["environments"] == ["production", "eu"]


def test_a_folder_that_is_named_is_written_into(envcheck: Callable[..., Ran], file: Path) -> None:
    """Whoever names it has chosen it, also the default one."""
    envcheck(*NIGHTLY)
    envcheck("run", "eu", "-o", "reports")
    assert json.loads((file.parent / "reports" / "comparison.json").read_text())["environments"] == ["production", "eu"]


def test_a_night_without_one_of_the_environments_goes_on(envcheck: Callable[..., Ran], file: Path) -> None:
    """One that was taken out of the file is told of once, and does not keep reports from being written for ever."""
    envcheck(*NIGHTLY)
    file.write_text(file.read_text().partition("[environments.eu]")[0])
    ran = envcheck(*NIGHTLY, "--json")
    comparison = json.loads((file.parent / "reports" / "comparison.json").read_text())
    assert comparison["environments"] == ["production", "staging"]
    gone = [each for each in comparison["notices"] if each["note"]["why"] == "gone"]
    assert [each["environment"] for each in gone] == ["eu"]
    assert ran.code == 0
    assert "gone" not in {each["note"]["why"] for each in json.loads(envcheck(*NIGHTLY, "--json").stdout)["notices"]}


def test_a_comparison_that_a_run_does_not_replace_is_set_aside(envcheck: Callable[..., Ran], file: Path) -> None:
    """Otherwise `--against` and `accept` would believe it, and call a new outage unchanged."""
    envcheck(*NIGHTLY)
    ran = envcheck("run", "-f", "markdown", "-o", "reports")
    reports = file.parent / "reports"
    assert "reports/comparison.json: is of an earlier run, and this one writes none in its place" in ran.stderr
    assert "it is kept as comparison.json.old" in ran.stderr
    assert not (reports / "comparison.json").exists()
    assert "holds no earlier comparison yet" in envcheck(*NIGHTLY).stderr
    assert envcheck("accept", "--reason", "r", "--from", "reports").code == 0
    assert "earlier run" not in envcheck("run", "-f", "markdown", "-o", "new").stderr


def test_a_checklist_that_a_run_does_not_replace_is_set_aside(envcheck: Callable[..., Ran], file: Path) -> None:
    """Somebody would sign what an earlier run saw."""
    envcheck("run", "-f", "checklist", "-f", "json", "-o", "reports")
    reports = file.parent / "reports"
    signed = (reports / "checklist.md").read_text()
    ran = envcheck("run", "-f", "json", "-o", "reports")
    assert "reports/checklist.md: is of an earlier run, and this one writes none in its place" in ran.stderr
    assert not (reports / "checklist.md").exists()
    assert (reports / "checklist.md.old").read_text() == signed
    assert "checklist.md" not in envcheck("run", "-f", "json", "-o", "reports").stderr


def refuse(*_: object) -> None:
    raise OSError


def test_a_comparison_that_cannot_be_set_aside_is_to_be_removed(
    envcheck: Callable[..., Ran], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system does not rename it; what to do is said."""
    envcheck(*NIGHTLY)
    monkeypatch.setattr(Path, "rename", refuse)
    assert "writes none in its place; remove it" in envcheck("run", "-f", "markdown", "-o", "reports").stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"schema_version": "envcheck.comparison/1", "gen', "is not JSON"),
        ("{}", "has no schema_version"),
        ('{"schema_version": "envcheck.comparison/1"}', "is not what envcheck.comparison/1 allows"),
    ],
    ids=["truncated", "foreign", "edited"],
)
def test_a_broken_earlier_comparison_is_told_and_kept_and_the_night_goes_on(
    envcheck: Callable[..., Ran], file: Path, text: str, sentence: str
) -> None:
    """Nothing is called new or unchanged, all of it counts, and the night after has something to go by again."""
    envcheck(*NIGHTLY)
    (file.parent / "reports" / "comparison.json").write_text(text)
    ran = envcheck(*NIGHTLY, "--json")
    assert ran.code == 3
    assert {finding["state"] for finding in json.loads(ran.stdout)["findings"]} == {"open"}
    assert sentence in ran.stderr
    assert "kept as comparison.json.old, and nothing is called new or unchanged, and every finding counts" in ran.stderr
    assert (file.parent / "reports" / "comparison.json.old").read_text() == text
    assert envcheck(*NIGHTLY).code == 0


@pytest.mark.parametrize(
    ("named", "arguments"),
    [
        ("environments.toml", ()),
        ("other/comparison.json", ()),
        ("other", ("-o", "not-there-yet")),
        ("reports", ("--no-reports",)),
        ("reports", ("--sample",)),
        ("reports/eu.json", ()),
    ],
)
def test_what_this_run_does_not_replace_stays_where_it_is(
    envcheck: Callable[..., Ran], file: Path, named: str, arguments: tuple[str, ...]
) -> None:
    """Whoever names a wrong file finds it there again; `--against environments.toml` took the configuration away."""
    for folder in ("reports", "other"):
        (file.parent / folder).mkdir()
        (file.parent / folder / "comparison.json").write_text("{}")
    (file.parent / "reports" / "eu.json").write_text("{}")
    before = {path for path in file.parent.rglob("*.*") if path.name != "comparison.md"}
    ran = envcheck("run", "--against", named, *arguments)
    assert ran.code == (4 if "--sample" in arguments else 3)
    assert "it stays where it is, and nothing is called new or unchanged, and every finding counts" in ran.stderr
    assert before <= {*file.parent.rglob("*.*")}
    assert not [*file.parent.rglob("*.old*")]


def test_a_comparison_that_is_set_aside_takes_no_place(envcheck: Callable[..., Ran], file: Path) -> None:
    """Also behind a link to the folder, and by its own name; what was kept before is kept still."""
    reports = file.parent / "reports"
    reports.mkdir()
    (file.parent / "link").symlink_to("reports")
    for text in ("1", "2"):
        (reports / "comparison.json").write_text(text)
        assert envcheck("run", "--against", "link/comparison.json").code == 3
    assert [(reports / f"comparison.json.{name}").read_text() for name in ("old", "old.1")] == ["1", "2"]


def test_a_broken_comparison_that_cannot_be_kept_is_to_be_moved(
    envcheck: Callable[..., Ran], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And does not stop the night either."""
    reports = file.parent / "reports"
    reports.mkdir()
    monkeypatch.setattr(Path, "rename", refuse)
    (reports / "comparison.json").write_text("{}")
    ran = envcheck(*NIGHTLY)
    assert ran.code == 3
    assert "; move it away, and nothing is called new" in ran.stderr


def test_a_comparison_of_another_run_than_the_reports_is_not_believed(envcheck: Callable[..., Ran], file: Path) -> None:
    """Two runs wrote there at once, or one was stopped half way: neither `--against` nor `accept` goes by it."""
    envcheck(*NIGHTLY)
    envcheck("run", "-o", "other")
    (file.parent / "reports" / "eu.json").write_text((file.parent / "other" / "eu.json").read_text())
    accepted = envcheck("accept", "--reason", "r")
    assert (accepted.code, accepted.stdout) == (5, "")
    assert "its comparison is of another run than the reports beside it; run again" in accepted.stderr
    ran = envcheck(*NIGHTLY)
    assert ran.code == 3
    assert "its comparison is of another run than the reports beside it, so nothing is called new" in ran.stderr
    assert envcheck(*NIGHTLY).code == 0


def test_a_report_that_is_missing_or_of_an_older_release_disproves_nothing(
    envcheck: Callable[..., Ran], file: Path
) -> None:
    """Only a record that says it is of another run does; and a comparison file by itself has none beside it."""
    envcheck(*NIGHTLY)
    reports = file.parent / "reports"
    (reports / "eu.json").unlink()
    record = json.loads((reports / "staging.json").read_text())
    del record["run_id"]
    (reports / "staging.json").write_text(json.dumps(record))
    assert envcheck("run", "--against", "reports", "--fail-on-new", "-o", "next").code == 0
    (reports / "staging.json").write_text(json.dumps(record | {"run_id": "0" * 16}))
    assert envcheck("run", "--against", "reports", "--fail-on-new", "-o", "next").code == 3
    assert envcheck("run", "--against", "reports/comparison.json", "--fail-on-new", "-o", "next").code == 0
    comparison = json.loads((reports / "comparison.json").read_text())
    (reports / "comparison.json").write_text(json.dumps(comparison | {"run_id": None}))
    assert envcheck("run", "--against", "reports", "--fail-on-new", "-o", "next").code == 0


def test_an_interrupted_or_dead_gateway_changes_nothing_of_the_rules(envcheck: Callable[..., Ran], file: Path) -> None:
    """A night on which the baseline was down is a night all the same: its comparison is tracked."""
    text = file.read_text()
    with serving_all([replace(good_gateway(), listening=Listening.NOTHING)]) as (dead,):
        file.write_text(text.replace(text.split('"')[3], dead.base_url))
        assert envcheck(*NIGHTLY).code == 5
    assert json.loads((file.parent / "reports" / "comparison.json").read_text())["is_tracked"] is True
    file.write_text(text)
    assert "no reports are written" in envcheck("run").stderr


def test_a_second_run_into_the_same_folder_ends_at_once(envcheck: Callable[..., Ran], file: Path) -> None:
    """Two of them would mix their reports; one that writes none, or elsewhere, disturbs nobody."""
    reports = file.parent / "reports"
    reports.mkdir()
    with held(reports):
        refused = envcheck("run")
        assert (refused.code, refused.stdout) == (75, "")
        assert re.fullmatch(r"envcheck: reports: another run is at work there since .* UTC; add .*\n", refused.stderr)
        assert envcheck("run", "--wait-for-lock", "1s").code == 75
        assert envcheck("run", "--no-reports").code == 3
        assert envcheck("run", "-o", "elsewhere").code == 3
    assert envcheck("run", "--wait-for-lock", "10m").code == 3
    assert not (reports / LOCK_NAME).exists()


@pytest.mark.parametrize("time", ["m", "-1m", "1w", "1.5h", ""])
def test_a_wait_that_is_no_time_is_refused(envcheck: Callable[..., Ran], file: Path, time: str) -> None:
    """In one sentence, before anything is sent."""
    ran = envcheck("run", "--wait-for-lock", time)
    assert ran.code == 2
    assert "is no duration; write seconds, as 90 or 90s, minutes as 10m or hours as 1h" in ran.stderr


def test_a_folder_that_was_taken_away_meanwhile_takes_no_place(tmp_path: Path) -> None:
    """An earlier comparison that cannot be read is told all the same, and stays."""
    (tmp_path / "comparison.json").write_text("{}")
    console, said = console_of()
    assert earlier_comparison(tmp_path, console, into=tmp_path / "taken away") is None
    assert "it stays where it is" in said.getvalue()
    assert (tmp_path / "comparison.json").exists()
