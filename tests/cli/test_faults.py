"""A fault of our own in an environment is told with its name, once for each kind, and without what it quotes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cli_runs import run_envcheck
from envcheck import probes
from envcheck.cli import boundary
from envcheck.probes.models import MODELS
from gateways.good import good_gateway
from gateways.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from envcheck.model import Exchange
    from envcheck.probes.base import Asking

KEY = "sk-proj-MadeUp0123456789abcdefghijkl"


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a file of three environments, in two of which a probe breaks."""

    async def ask(asking: Asking) -> Exchange:
        if asking.model == "breaks":
            raise ExceptionGroup("several", [ZeroDivisionError(f"Bearer {KEY}"), ZeroDivisionError()])
        return await MODELS.ask(asking)

    monkeypatch.setitem(probes._REGISTERED, "models", replace(MODELS, ask=ask))
    monkeypatch.chdir(tmp_path)
    with serving(good_gateway()) as server:
        tables = (
            f'[environments.e{number}]\nbase_url = "{server.base_url}"\nmodel = "{model}"\n'
            for number, model in enumerate(("gpt-4o", "breaks", "breaks"))
        )
        path = tmp_path / "environments.toml"
        path.write_text('baseline = "e0"\n' + "".join(tables))
        yield path


def test_a_fault_in_two_environments_is_one_line_with_what_was_raised(broken: Path) -> None:
    """The group's own class says nothing; what it holds does, and each class once."""
    ran = run_envcheck("run", "-c", broken, "--no-reports")
    assert ran.code == 4
    assert "envcheck: internal fault in e1 and 1 more (ZeroDivisionError); set ENVCHECK_DEBUG=1" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_debugged_fault_in_an_environment_shows_where_and_no_key(broken: Path) -> None:
    """The whole group, scrubbed."""
    ran = run_envcheck("run", "-c", broken, "--no-reports", variables={"ENVCHECK_DEBUG": "1"})
    assert "test_faults.py" in ran.stderr
    assert KEY not in ran.stderr


@pytest.mark.parametrize("error", [OSError(5, ""), KeyError("COMP_WORDS"), BaseException("of no other class")])
def test_an_error_that_nobody_expected_is_a_fault(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Only completions have sentences of their own for such; what is no `Exception` gets no raw traceback either."""

    def app(*_: object, **__: object) -> int:
        raise error

    monkeypatch.setattr(boundary, "app", app)
    ran = run_envcheck("run")
    assert ran.code == 1
    assert f"internal fault ({type(error).__name__})" in ran.stderr
