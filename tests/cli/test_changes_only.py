"""`run --changes-only`: nothing on either stream where nothing changed, and what changed before all else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran

NIGHTLY = ("run", "-q", "--against", "reports", "--changes-only")


@pytest.fixture
def night(envcheck: Callable[..., Ran], tmp_path: Path) -> Callable[..., Ran]:
    """Run one night against a production as usual and a staging that may lack usage."""

    def run(*options: str, lacks_usage: bool = True) -> Ran:
        staging = good_gateway(Manner(usage=None)) if lacks_usage else good_gateway()
        with serving_all([good_gateway(), staging]) as servers:
            tables = (
                f'[environments.{name}]\nbase_url = "{server.base_url}"\n'
                for name, server in zip(("production", "staging"), servers, strict=True)
            )
            (tmp_path / "environments.toml").write_text('baseline = "production"\n' + "".join(tables))
            return envcheck(*NIGHTLY, *options)

    return run


def test_a_night_on_which_nothing_changed_prints_nothing(night: Callable[..., Ran], tmp_path: Path) -> None:
    """The first tells all; then there is nothing on either stream, the exit code says it, and reports are written."""
    first = night()
    assert (first.code, first.stdout.splitlines()[0]) == (
        3,
        "There is no earlier run to hold this one against, so nothing is called new.",
    )
    assert "Verdict: " in first.stdout
    written = (tmp_path / "reports" / "comparison.json").read_text()
    second = night()
    assert (second.code, second.stdout, second.stderr) == (3, "", "")
    assert (tmp_path / "reports" / "comparison.json").read_text() != written
    mended = night(lacks_usage=False)
    assert (mended.code, mended.stderr) == (0, "")
    assert mended.stdout.startswith("Gone since the last run (")
    assert "): staging: chat.usage present → missing.\n\n" in mended.stdout
    assert "no difference found" in mended.stdout
    silent = night(lacks_usage=False)
    assert (silent.code, silent.stdout, silent.stderr) == (0, "", "")


def test_what_a_program_reads_is_whole_or_nothing(night: Callable[..., Ran]) -> None:
    """A paragraph before a JSON document would break it; annotations are left out of a silent night too."""
    night(lacks_usage=False)
    told = night("--json")
    assert "chat.usage" in {each["rule"] for each in json.loads(told.stdout)["findings"]}
    assert night("--json").stdout == ""
    assert night("-f", "github", "-f", "json").stdout == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--remind", "3d"), "--remind: nothing is left out that could be told again; add --changes-only"),
        (("--changes-only", "--remind", "0d"), "is no number of days; write days as 7d, weeks as 2w, or never"),
        (("--changes-only", "--remind", "7"), "is no number of days; write days as 7d, weeks as 2w, or never"),
        (("--changes-only", "--remind", "7h"), "is no number of days; write days as 7d, weeks as 2w, or never"),
    ],
)
def test_what_cannot_be_told_is_refused(envcheck: Callable[..., Ran], options: tuple[str, ...], said: str) -> None:
    """Before anything is read or sent."""
    ran = envcheck("run", "-q", *options)
    assert (ran.code, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_without_an_earlier_run_nothing_could_have_changed(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Neither a history nor a folder is named; nothing is sent."""
    (tmp_path / "environments.toml").write_text('[environments.production]\nbase_url = "http://127.0.0.1:9/v1"\n')
    ran = envcheck("run", "-q", "--changes-only", "--fail-on-new")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.endswith("from which anything could have changed; add --history FILE, or --against DIR\n")
    assert ran.stderr.count("\n") == 1


def test_the_sample_tells_its_changes_too(envcheck: Callable[..., Ran]) -> None:
    """For whoever tries it without a gateway: the same evidence twice is no change."""
    assert envcheck("run", "--sample", "-q", "-o", "night").code == 4
    for remind in ("2w", "never"):
        quiet = envcheck("run", "--sample", "-q", "--against", "night", "--changes-only", "--remind", remind)
        assert (quiet.code, quiet.stdout, quiet.stderr) == (4, "", "")
