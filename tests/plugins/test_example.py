"""The example package at work, without pip: its entry points are those of its own pyproject.toml."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from gateways.good import good_gateway
from gateways.server import serving_all
from plugins.packages import EXAMPLE
from plugins.reranking import file_of, reranking_gateway

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran


@pytest.fixture
def example(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install it as `pip install --editable` would."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    info = site / "envcheck_rerank-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    lines = [f"[{group}]\n" + "".join(f"{name} = {at}\n" for name, at in points.items()) for group, points in groups]
    (info / "entry_points.txt").write_text("".join(lines))
    monkeypatch.syspath_prepend(str(EXAMPLE))


@pytest.mark.usefixtures("example")
def test_another_order_is_found_and_written_as_csv(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Staging thinks another document is the best, and changes its mind; its documents are in no report."""
    with serving_all([reranking_gateway((1, 0, 2)), reranking_gateway((2, 1), (1, 2))]) as servers:
        (tmp_path / "environments.toml").write_text(file_of([each.base_url for each in servers]))
        ran = envcheck("run", "-f", "json", "-f", "findings_csv", variables={"KEY": "k" * 40})
    assert ran.code == 3, ran.stderr
    assert (tmp_path / "reports" / "findings_csv.csv").read_text().splitlines() == [
        "severity,environment,rule,expected,actual",
        "err,staging,rerank.results,3,2",
        "warn,staging,rerank.best,1,2",
        "warn,staging,rerank.is_stable,True,False",
        "info,staging,target.same_key,,",
    ]
    record = (tmp_path / "reports" / "staging.json").read_text()
    facts = {"results": 2, "best": 2, "is_stable": False, "model_answered": "rerank-v3.5"}
    assert json.loads(record)["checks"][1]["facts"] == facts
    assert "postman" not in record


@pytest.mark.usefixtures("example")
def test_a_gateway_that_does_not_rerank_does_without_it(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """It is optional: its absence is a fact, and a difference from a baseline that has it."""
    other = reranking_gateway((0, 1, 2))
    with serving_all([other, good_gateway()]) as servers:
        text = file_of([each.base_url for each in servers])
        (tmp_path / "environments.toml").write_text(f'{text}[defaults.probe.rerank]\nmodel = "rerank-v3.5"\n')
        ran = envcheck("run", "--json", "--no-reports", variables={"KEY": "k" * 40})
    assert [each["rule"] for each in json.loads(ran.stdout)["findings"] if "rerank" in each["field"]] == [
        "capability.removed"
    ]
