from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli_runs import run_envcheck
from gateways.server import serving
from leaks.echo_run import Echo, echoing, leaked, revealed, sample
from leaks.judge import leaks
from leaks.kinds import KINDS
from leaks.places import MODEL, PLACES
from leaks.spellings import SPELLINGS

if TYPE_CHECKING:
    from pathlib import Path

SHARE = 20
SAMPLE = sample(SHARE)
PROBED = [echo for part in sample(1, part=1) for echo in part if echo.kind.kept_in in {"key", "prompt"}]

# Spellings that leave less of some secrets than the judge minds.
LEAVES_LITTLE = frozenset({"masked in the middle", "from the eighth to the fourth last", "elided"})


def test_the_sample_is_large_and_has_everything_in_it() -> None:
    """At least 200 echoes; every kind of secret, every place and every spelling is among them."""
    echoes = [echo for part in SAMPLE for echo in part]
    assert len(set(echoes)) == len(echoes) == SHARE * len(KINDS) > 200
    assert {echo.place for echo in echoes} == set(PLACES)
    assert {echo.spelling for echo in echoes} == set(SPELLINGS)


@pytest.mark.parametrize("spelling", [name for name in SPELLINGS if name not in LEAVES_LITTLE])
def test_the_judge_reads_every_spelling(spelling: str) -> None:
    """An output that holds a spelled key is seen to leak, so that silence of the judge means something."""
    key = KINDS[0].secret
    assert leaks(f"Incorrect API key provided: {SPELLINGS[spelling](key)}. Try again.", key)


@pytest.mark.parametrize("echoes", SAMPLE, ids=[part[0].kind.name for part in SAMPLE])
def test_nothing_comes_out_of_a_run(echoes: list[Echo], tmp_path: Path) -> None:
    """Whatever a gateway gives back, wherever and however: neither stdout nor stderr nor a report has it."""
    assert leaked(tmp_path, echoes) == []


def test_nothing_comes_out_of_a_run_in_json(tmp_path: Path) -> None:
    """The same where the comparison goes to stdout as JSON."""
    assert leaked(tmp_path, SAMPLE[0], "--json") == []


@pytest.mark.parametrize("echo", PROBED, ids=str)
def test_nothing_comes_out_of_a_probe(echo: Echo, tmp_path: Path) -> None:
    """The single-endpoint command keeps the promise on stdout, on stderr and in its file."""
    file = tmp_path / "report.md"
    prompt = ["--prompt", echo.kind.secret] if echo.kind.is_prose else []
    with serving(echoing([echo.replies])) as server:
        arguments = ["probe", "--base-url", f"http://127.0.0.1:{server.port}/echo/0/v1", "--model", MODEL, *prompt]
        runs = [
            run_envcheck(*arguments, "--api-key-env", "GATEWAY_KEY", *more, variables=echo.kind.variables)
            for more in (["--json"], ["--out", file])
        ]
    assert {run.code for run in runs} <= {0, 4}
    for text in (file.read_text(), *(stream for run in runs for stream in (run.stdout, run.stderr))):
        assert revealed(echo.kind, text) == []
