"""Where each format's texts go, which formats are chosen unasked, and that no server gives a build's log an order."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from envcheck.formats import _REGISTERED, FORMATS
from envcheck.render.github import STEP_SUMMARY
from gateways.good import Manner, good_gateway
from gateways.server import serving_all
from gateways.wire import Exchange, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runs import Ran

ON_GITHUB = {"GITHUB_ACTIONS": "true"}


@pytest.fixture(scope="module")
def fleet() -> Iterator[str]:
    """A file of two gateways that differ."""
    with serving_all([good_gateway(), good_gateway(Manner(finish_reasons=("length",)))]) as (one, two):
        yield (
            f'baseline = "production"\n[defaults]\nmodel = "gpt-4o"\n[environments.production]\n'
            f'base_url = "{one.base_url}"\n[environments.staging]\nbase_url = "{two.base_url}"\n'
        )


@pytest.fixture
def config(fleet: str, tmp_path: Path) -> Path:
    file = tmp_path / "environments.toml"
    file.write_text(fleet)
    return file


def annotated(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("::")]


def test_on_github_the_step_gets_a_page_and_annotations_beside_the_reports(
    envcheck: Callable[..., Ran], config: Path, tmp_path: Path
) -> None:
    """Unasked; the page comes after what another command of the step wrote, and is the report's."""
    page = tmp_path / "summary.md"
    page.write_text("# Earlier\n")
    ran = envcheck("run", "-c", config, variables={**ON_GITHUB, "GITHUB_STEP_SUMMARY": str(page)})
    assert ran.code == 3
    report = (tmp_path / "reports" / "comparison.md").read_text()
    assert page.read_text() == f"# Earlier\n\n{report}"
    assert annotated(ran.stdout) == ["::warning title=chat.finish_reason%3A staging::stop → length"]
    assert ran.stdout.splitlines()[-1] == annotated(ran.stdout)[0]
    assert (tmp_path / "reports" / "comparison.json").exists()


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        ((), {}),
        ((), {"GITHUB_ACTIONS": "false"}),
        (("-f", "json"), ON_GITHUB),
        (("--json",), ON_GITHUB),
        (("--sample",), ON_GITHUB),
    ],
)
def test_no_annotation_elsewhere_nor_where_stdout_is_json_nor_of_what_is_made_up(
    envcheck: Callable[..., Ran], config: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    """A user who names formats gets those; made-up findings are none of a change's."""
    ran = envcheck("run", "-c", config, "--no-reports", *arguments, variables=variables)
    assert "finish_reason" in ran.stdout or "--sample" in arguments
    assert annotated(ran.stdout) == []


def test_without_a_summary_there_are_annotations_and_no_complaint(
    envcheck: Callable[..., Ran], config: Path, tmp_path: Path
) -> None:
    """Asked for by hand, outside of GitHub: no file is written, for the format has none."""
    ran = envcheck("run", "-c", config, "-f", "github", "-q", variables={"GITHUB_STEP_SUMMARY": ""})
    assert (ran.code, ran.stderr) == (3, "")
    assert len(annotated(ran.stdout)) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"environments.toml"}


def test_json_on_stdout_stays_json_and_the_summary_is_written(
    envcheck: Callable[..., Ran], config: Path, tmp_path: Path
) -> None:
    """Only what would go to stdout is left out; a summary that is not there yet is made."""
    page = tmp_path / "summary.md"
    ran = envcheck(
        "run", "-c", config, "--json", "--no-reports", "-f", "github", variables={"GITHUB_STEP_SUMMARY": str(page)}
    )
    assert json.loads(ran.stdout)["summary"]["exit_code"] == ran.code == 3
    assert page.read_text().startswith("# envcheck: comparison\n")


@pytest.mark.parametrize("what", ["folder", "pipe", "nowhere"])
def test_a_summary_that_cannot_be_written_is_exit_6_and_the_result_stands(
    envcheck: Callable[..., Ran], config: Path, tmp_path: Path, what: str
) -> None:
    """The table, the annotations and the reports are there; the sentence names the variable and the remedy."""
    page = tmp_path / what
    if what == "folder":
        page.mkdir()
    elif what == "pipe":
        os.mkfifo(page)
    else:
        page = tmp_path / "no" / "folder" / "summary.md"
    ran = envcheck("run", "-c", config, variables={**ON_GITHUB, "GITHUB_STEP_SUMMARY": str(page)})
    assert ran.code == 6
    assert "Verdict: " in ran.stdout
    assert len(annotated(ran.stdout)) == 1
    assert (tmp_path / "reports" / "comparison.json").exists()
    (sentence,) = [line for line in ran.stderr.splitlines() if "GITHUB_STEP_SUMMARY" in line]
    assert sentence.startswith(f"envcheck: GITHUB_STEP_SUMMARY: {page}: nothing can be added to it (")
    assert sentence.endswith("; look at the disk, or unset GITHUB_STEP_SUMMARY")


def test_a_secret_in_a_summary_costs_all_of_the_result(
    envcheck: Callable[..., Ran], config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tripwire is before this way out too: no page, no file and no table is written."""
    key = "sk-proj-MadeUp0123456789abcdefghijkl"
    leaking = replace(FORMATS["github"], files=lambda _: iter([(STEP_SUMMARY, f"# {key}\n")]))
    monkeypatch.setitem(_REGISTERED, "github", leaking)
    config.write_text(config.read_text().replace("[defaults]", '[defaults]\napi_key_env = "KEY"'))
    page = tmp_path / "summary.md"
    ran = envcheck("run", "-c", config, variables={**ON_GITHUB, "KEY": key, "GITHUB_STEP_SUMMARY": str(page)})
    assert (ran.code, ran.stdout) == (1, "")
    assert not page.exists()
    assert list((tmp_path / "reports").iterdir()) == []


def test_formats_of_a_whole_run_are_written_by_compare_too(
    envcheck: Callable[..., Ran], config: Path, tmp_path: Path
) -> None:
    """With what is known of each environment, though `compare` writes none of their reports."""
    envcheck("run", "-c", config, "-q")
    ran = envcheck("compare", "reports", "-f", "junit", "-f", "prometheus", "-o", "again", "-c", config)
    assert ran.stderr.splitlines()[-1] == "envcheck: reports: again/junit.xml, again/envcheck.prom"
    assert {path.name for path in (tmp_path / "again").iterdir()} == {"junit.xml", "envcheck.prom"}
    metrics = (tmp_path / "again" / "envcheck.prom").read_text()
    assert 'envcheck_probe_success{environment="staging",probe="chat"} 1.0' in metrics


def test_a_format_whose_package_is_missing_is_told_before_anything_is_sent(
    envcheck: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command that installs it; the file is not even looked for."""
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    ran = envcheck("run", "-f", "prometheus", "-c", tmp_path / "none.toml")
    assert ran.code == 2
    assert ran.stdout == ""
    assert ran.stderr == (
        "envcheck: -f prometheus: needs a package that is not installed; python -m pip install"
        " 'llm-envcheck[prometheus]'\n"
    )
    assert envcheck("run", "--sample", "-f", "json").code == 4


@pytest.mark.parametrize("form", ["junit", "github", "prometheus"])
def test_a_single_endpoint_has_no_report_of_a_whole_run(envcheck: Callable[..., Ran], form: str) -> None:
    """`probe` says which formats it has."""
    ran = envcheck("probe", "--sample", "-f", form)
    assert ran.code == 2
    assert "'markdown', 'json'" in ran.stderr


# A runner takes `::` for an order where a line begins with it, behind blanks too, and `##[` anywhere in it, as Azure's
# does `##vso[`: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
_ORDER = re.compile(r"^\s*::[a-z][a-z-]*(?: [^:]*)?::|##(?:vso)?\[", re.MULTILINE | re.IGNORECASE)
_OURS = re.compile(r"::(?:error|warning|notice) title=[^:]*::.*")
_ORDERS = (
    "::error::x",
    "##vso[task.complete result=Failed;]done",
    "::set-env name=PATH::/tmp",
    "##[error]x",
    "\n::stop-commands::t",
)


async def _refuses(exchange: Exchange) -> None:
    error = {"message": "\r\n".join(_ORDERS), "type": _ORDERS[1], "code": _ORDERS[0]}
    await exchange.send(json_reply(500, {"error": error}))


@pytest.mark.parametrize("width", ["20", "60", "120"])
def test_nothing_that_a_server_says_gives_a_builds_log_an_order(
    envcheck: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    """Names of models, answers and errors that are orders: on both streams and in every file, only our own stand."""
    monkeypatch.setenv("COLUMNS", width)
    sly = Manner(models=(("gpt-4o", *_ORDERS),), answered_model=_ORDERS[0], finish_reasons=(_ORDERS[1],))
    refusing = replace(good_gateway(sly), chat=_refuses)
    with serving_all([good_gateway(), good_gateway(sly), refusing]) as servers:
        tables = "".join(
            f'[environments.{name}]\nbase_url = "{server.base_url}"\n'
            for name, server in zip(("production", "staging", "vendor"), servers, strict=True)
        )
        (tmp_path / "environments.toml").write_text(f'baseline = "production"\n[defaults]\nmodel = "gpt-4o"\n{tables}')
        page = tmp_path / "summary.md"
        formats = [word for name in ("markdown", "json", "junit", "github", "prometheus") for word in ("-f", name)]
        ran = envcheck("run", "--show-all", *formats, variables={**ON_GITHUB, "GITHUB_STEP_SUMMARY": str(page)})
    texts = {path.name: path.read_text() for path in (tmp_path / "reports").iterdir()}
    texts |= {"stdout": ran.stdout, "stderr": ran.stderr, "summary": page.read_text()}
    assert len(texts) == 8 + 2 + 3
    ours = [line for line in annotated(ran.stdout) if re.fullmatch(r"::(?:error|warning|notice) title=[^:]*::.*", line)]
    assert len(ours) == len(annotated(ran.stdout)) >= 4
    texts["stdout"] = "\n".join(line for line in ran.stdout.splitlines() if line not in ours)
    texts["annotations"] = "\n".join(line.split("::", 2)[2] for line in ours)
    assert {name: _ORDER.findall(text) for name, text in texts.items() if _ORDER.search(text)} == {}
    assert "stop-commands" in texts["comparison.json"]
