"""Exit codes and which goes before which, as the contract's section 6 has it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cli_runs import run_envcheck
from gateways.gateway import Gateway, Listening
from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runs import Ran

GOOD = good_gateway()
ODD = good_gateway(Manner(finish_reasons=("length",)))  # one finding, a warn
DEAD = replace(good_gateway(), listening=Listening.NOTHING)


def run(folder: Path, gateways: tuple[Gateway, ...], *arguments: object) -> Ran:
    """Run these gateways, the first of them as the baseline."""
    config = folder / "environments.toml"
    with serving_all(gateways) as servers:
        tables = (
            f'[environments.e{number}]\nbase_url = "{server.base_url}"\n' for number, server in enumerate(servers)
        )
        config.write_text('baseline = "e0"\n' + "".join(tables))
        return run_envcheck("run", "-q", "-c", config, *arguments)


@pytest.mark.parametrize(
    ("gateways", "code"),
    [
        ((GOOD,), 0),
        ((DEAD,), 4),
        ((GOOD, GOOD), 0),
        ((GOOD, ODD), 3),
        ((GOOD, DEAD), 4),
        ((GOOD, ODD, DEAD), 4),
        ((DEAD, GOOD), 5),
        ((DEAD, DEAD), 5),
    ],
)
def test_what_could_not_be_done_goes_before_what_was_found(
    tmp_path: Path, gateways: tuple[Gateway, ...], code: int
) -> None:
    """5 before 4 before 3; and 6 before all of them, with the result on stdout all the same."""
    assert run(tmp_path, gateways, "--no-reports").code == code
    (tmp_path / "reports" / "e0.json").mkdir(parents=True, exist_ok=True)
    unwritten = run(tmp_path, gateways, "-o", tmp_path / "reports", "--json")
    assert unwritten.code == 6
    assert json.loads(unwritten.stdout)["summary"]["exit_code"] == code


@pytest.mark.parametrize(
    ("gateways", "by_level"),
    [
        ((GOOD, ODD), {"err": 0, "warn": 3, "info": 3, "never": 0}),
        ((GOOD, good_gateway(Manner(extra={"novel": 1}))), {"err": 0, "warn": 0, "info": 3, "never": 0}),
        ((GOOD, DEAD), {"err": 4, "warn": 4, "info": 4, "never": 0}),
        ((DEAD, GOOD), {"err": 5, "warn": 5, "info": 5, "never": 5}),
    ],
)
def test_the_level_decides_what_counts_and_never_silences_3_and_4_alone(
    tmp_path: Path, gateways: tuple[Gateway, ...], by_level: dict[str, int]
) -> None:
    """A warn, an info, a failed candidate and a failed baseline at each level."""
    assert {level: run(tmp_path, gateways, "--no-reports", "--fail-on", level).code for level in by_level} == by_level


def test_never_does_not_silence_a_report_that_could_not_be_written(tmp_path: Path) -> None:
    """Whoever ignores differences still wants the reports."""
    (tmp_path / "reports" / "e0.json").mkdir(parents=True, exist_ok=True)
    assert run(tmp_path, (GOOD, ODD), "--fail-on", "never", "-o", tmp_path / "reports").code == 6


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 64,
        b"[" * 100_000,
        b"[]",
        b'{"schema_version": "envcheck.evidence/2"}',
        b'{"schema_version": "envcheck.evidence/1", "environment": "../../elsewhere"}',
        b'{"schema_version": "envcheck.evidence/1", "environment": NaN}',
    ],
)
def test_a_hostile_record_is_one_sentence_and_exit_5(tmp_path: Path, content: bytes) -> None:
    """Saved evidence that cannot be compared is never guessed at, nor shown, and each file has its line."""
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(content)
    ran = run_envcheck("compare", tmp_path / "a.json", tmp_path / "b.json")
    assert (ran.code, ran.stdout) == (5, "")
    assert [name in line for name, line in zip(("a.json", "b.json"), ran.stderr.splitlines(), strict=True)] == [
        True
    ] * 2
    assert "elsewhere" not in ran.stderr
