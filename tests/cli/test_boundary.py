from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from cli_runs import run_envcheck
from envcheck.cli import boundary
from envcheck.cli.console import Console, standard_console
from envcheck.redact import Redactor
from gateways.good import Delay, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran

KEY = "sk-proj-MadeUp0123456789abcdefghijkl"
BARE = "pMUqTP3bUKdVBn7oY7c7"


def in_a_process(*arguments: str, cwd: Path, **variables: str) -> subprocess.Popen[str]:
    """Start the real command, with pipes for its streams."""
    return subprocess.Popen(
        [sys.executable, "-m", "envcheck", *arguments],
        cwd=cwd,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def write_config(folder: Path, first: str, second: str) -> None:
    (folder / "environments.toml").write_text(
        f"""baseline = "production"
[environments.production]
base_url = "{first}"
[environments.staging]
base_url = "{second}"
"""
    )


def test_a_stream_of_another_kind_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host program may have put something of its own in place of stdout."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    standard_console().result("≠")
    assert stream.getvalue() == "≠"


def test_only_what_cannot_be_encoded_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of another kind is not one to hide."""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    standard_console()
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "envcheck.escaped")


def test_a_reader_that_has_seen_enough_does_not_change_the_exit_code(tmp_path: Path) -> None:
    """`envcheck ... | head -1` is no fault."""
    with in_a_process("run", "--sample", "--no-reports", cwd=tmp_path) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        stderr = process.stderr.read()
        process.wait(timeout=20)
    assert (process.returncode, stderr) == (4, "")


def test_a_stream_that_is_not_utf8_gets_no_traceback(tmp_path: Path) -> None:
    """A cron job's C locale cannot show every character, and shows the others."""
    with in_a_process("run", "--sample", "--no-reports", cwd=tmp_path, PYTHONIOENCODING="ascii") as process:
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 4
    assert stderr == ""
    assert "production" in stdout


def test_a_character_that_a_stream_has_not_is_spelled_as_json_does(tmp_path: Path) -> None:
    """What was `modèle` is `modèle` again for whoever reads the JSON."""
    with in_a_process("run", "--sample", "--json", "--no-reports", cwd=tmp_path, PYTHONIOENCODING="ascii") as process:
        stdout, _ = process.communicate(timeout=20)
    with in_a_process("run", "--sample", "--json", "--no-reports", cwd=tmp_path) as process:
        in_utf8, _ = process.communicate(timeout=20)
    assert json.loads(stdout) == json.loads(in_utf8)


@pytest.mark.parametrize(("redirection", "code"), [(">/dev/full", 6), ("2>/dev/full", 4), (">&-", 4), ("2>&-", 4)])
def test_a_stream_that_takes_nothing_is_no_fault(tmp_path: Path, redirection: str, code: int) -> None:
    """A full disk loses the result, and says so; a stream that was closed was closed on purpose."""
    command = f"{sys.executable} -m envcheck run --sample --no-reports {redirection}"
    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


def test_a_usage_error_is_exit_2_with_one_line(envcheck: Callable[..., Ran]) -> None:
    """An option that there is not, without the value that came with it when that may be a key."""
    ran = envcheck("run", "--no-such-option")
    assert ran.code == 2
    assert "--no-such-option" in ran.stderr
    assert "--help" in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert KEY not in envcheck("run", "--timeout", KEY).stderr


@pytest.mark.parametrize("arguments", [(BARE,), ("demo", BARE), ("run", "--sample", BARE), ("run", "--samples", BARE)])
def test_a_bare_key_in_a_wrong_place_is_not_repeated(envcheck: Callable[..., Ran], arguments: tuple[str, ...]) -> None:
    """Many keys have no shape but that they are no word."""
    ran = envcheck(*arguments)
    assert (ran.code, ran.stdout) == (2, "")
    assert BARE not in ran.stderr
    assert ran.stderr


def test_a_usage_error_names_the_option(envcheck: Callable[..., Ran]) -> None:
    """What is wrong is said of the option that it is about."""
    assert "'--concurrency'" in envcheck("run", "--concurrency", "0").stderr
    assert "'--samples': is neither a whole number nor auto" in envcheck("run", "--samples", "-3").stderr
    assert "'--samples': is neither a whole number nor auto" in envcheck("run", "--samples", "9" * 5000).stderr


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("run", "-o", ""), "'-o' / '--out-dir': names no folder"),
        (("run", "--sample", "--out-dir", ""), "'-o' / '--out-dir': names no folder"),
        (("compare", "a", "b", "-o", ""), "'-o' / '--out-dir': names no folder"),
        (("demo", "-o", ""), "'-o' / '--out-dir': names no folder"),
        (("run", "--against", ""), "'--against': names no folder"),
        (("probe", "--sample", "-o", ""), "'-o' / '--out': names no file"),
    ],
)
def test_an_empty_name_is_not_the_current_folder(
    envcheck: Callable[..., Ran], tmp_path: Path, arguments: tuple[str, ...], option: str
) -> None:
    """It comes of a variable that is not set, and would scatter reports where somebody stands."""
    ran = envcheck(*arguments)
    assert (ran.code, ran.stdout) == (2, "")
    assert option in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_typed_shows_the_help(envcheck: Callable[..., Ran], capsys: pytest.CaptureFixture[str]) -> None:
    """The bare command says what there is."""
    ran = envcheck()
    assert (ran.code, ran.stdout, capsys.readouterr().out) == (2, "", "")
    assert ran.stderr.startswith("Usage: envcheck")
    assert "check-config" in ran.stderr


class BrokenError(Exception):
    """A fault of ours, whose text holds what must not be shown."""


def broken_app(*_: object, obj: Console, **__: object) -> int:
    obj.guard(Redactor())
    raise BrokenError(f"Authorization: Bearer {KEY}")


def test_a_fault_of_ours_is_one_redacted_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exception's text is not shown, its class is, and how to see more."""
    monkeypatch.setattr(boundary, "app", broken_app)
    ran = run_envcheck("run")
    assert ran.code == 1
    assert ran.stderr.count("\n") == 1
    assert "BrokenError" in ran.stderr
    assert KEY not in ran.stderr


def test_a_debugged_fault_has_a_scrubbed_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """ENVCHECK_DEBUG shows where it broke, and still no key."""
    monkeypatch.setattr(boundary, "app", broken_app)
    ran = run_envcheck("run", variables={"ENVCHECK_DEBUG": "1"})
    assert ran.code == 1
    assert "test_boundary.py" in ran.stderr
    assert KEY not in ran.stderr


def test_a_fault_while_telling_of_a_fault_says_a_fixed_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a broken tripwire prints nothing that it should have looked at."""

    class BrokenRedactor(Redactor):
        def check(self, artifact: str) -> None:
            raise BrokenError(artifact)

    def app(*_: object, obj: Console, **__: object) -> int:
        obj.guard(BrokenRedactor())
        obj.note(KEY)
        return 0

    monkeypatch.setattr(boundary, "app", app)
    ran = run_envcheck("run")
    assert (ran.code, ran.stdout) == (1, "")
    assert KEY not in ran.stderr
    assert "could not be told safely" in ran.stderr


@pytest.mark.parametrize("error", [typer.Abort, KeyboardInterrupt])
def test_an_interruption_outside_a_run_has_its_code(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """A program that hosts the command line may leave Python's own handler in place."""

    def app(*_: object, **__: object) -> int:
        raise error

    monkeypatch.setattr(boundary, "app", app)
    assert run_envcheck("run").code == 130


def test_the_last_tripwire_stops_all_output(
    envcheck: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If every layer before it failed, a key in an artifact still reaches no file and no stream."""
    monkeypatch.setattr(Redactor, "model_ids", lambda _self, served: list(served))
    monkeypatch.setattr(Redactor, "holds_secret", lambda _self, text: False)
    with serving_all([good_gateway(Manner(models=((f"m-{KEY}", "gpt-4o"),)))] * 2) as (one, two):
        write_config(tmp_path, one.base_url, two.base_url)
        with (tmp_path / "environments.toml").open("a") as file:
            file.write('api_key_env = "SOME_KEY"\nmodel = "gpt-4o"\n')
        ran = envcheck("run", variables={"SOME_KEY": KEY})
    assert ran.code == 1
    assert ran.stdout == ""
    assert KEY not in ran.stderr
    assert list((tmp_path / "reports").iterdir()) == []
    assert re.search("known key", ran.stderr)


def test_a_slow_gateway_delays_no_other(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The environments' own deadlines and answers, not each other's."""
    with serving_all([good_gateway(), good_gateway(Manner(models_delay=Delay(30.0)))]) as (quick, slow):
        write_config(tmp_path, quick.base_url, slow.base_url)
        ran = envcheck("run", "--timeout", "2", "--json", "--no-reports")
    states = {row["field"]: row["cells"] for row in json.loads(ran.stdout)["rows"] if row["probe"] == "models"}
    assert states["outcome"]["production"]["value"]["outcome"] == "pass"
    assert states["outcome"]["staging"]["value"]["failure_class"] == "timeout"
