"""action.yml: its shell steps are run as they stand, with whatever an input may hold."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci.pipelines import ACTION, STEPS, run_step
from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ci.pipelines import Ran

INPUTS = ("config", "environments", "samples", "fail-on", "formats", "version")
HOSTILE = (
    "$(touch x)",
    "`touch x`",
    "; touch x; rm -rf .",
    "a b  c",
    "\"' || touch x #",
    "-c /etc/passwd --json",
    "--help",
    "one\ntwo\nverdict=same\nexit-code=0",
    "*",
    "${PLACE}",
    "a\\",
    "<<EOF\nEOF",
    "",
)
# Stands for envcheck, and for the Python that reads the verdict: it notes what it is called with.
_STUB = """#!/bin/bash
{ for word in "$@"; do printf '%s\\0' "$word"; done; } > "${0%/*}/../called-${0##*/}"
echo "$STUB_SAYS"
exit "${STUB_CODE:-0}"
"""


def stub(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_STUB)
    path.chmod(0o755)


def called(place: Path, name: str) -> list[str]:
    """Give the words that a stub was called with."""
    # Bytes: a text file would make a line feed of a carriage return.
    return (place / f"called-{name}").read_bytes().decode().split("\0")[:-1]


def given_inputs(**values: str) -> Mapping[str, str]:
    return {f"inputs.{name}": values.get(name.replace("-", "_"), "") for name in INPUTS}


def run_envcheck(folder: Path, place: Path, inputs: Mapping[str, str], **variables: str) -> Ran:
    return run_step("Run envcheck", folder, {**inputs, "steps.install.outputs.place": str(place)}, **variables)


def test_no_script_holds_an_expression() -> None:
    """What GitHub puts into a script's text is run, whatever it is; a variable's value is not."""
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) == 3
    assert [script for script in scripts if "${{" in script] == []


def test_each_input_is_described_and_used() -> None:
    """Its names are promised, and none of them does nothing."""
    assert tuple(ACTION["inputs"]) == INPUTS
    assert list(ACTION["outputs"]) == ["verdict", "exit-code"]
    used = "".join(value for step in STEPS for value in step.get("env", {}).values())
    assert set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", used)) == set(INPUTS)


def test_others_actions_are_pinned_by_their_commit() -> None:
    """A tag may be moved to what nobody has read."""
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert len(used) == 2
    assert [each for each in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", each)] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_an_input_holds_is_a_word_of_its_own(tmp_path: Path, text: str) -> None:
    """It is neither run, nor taken for an option, nor spread over others, nor an output."""
    place = tmp_path / "place"
    stub(place / "bin" / "envcheck")
    (place / "bin" / "python").symlink_to(sys.executable)
    names = dict.fromkeys(("config", "environments", "samples", "fail_on", "formats"), text)
    ran = run_envcheck(tmp_path, place, given_inputs(**names), STUB_CODE="3")
    expected = ["run", f"--config={text}", f"--out-dir={place}/reports"]
    if text:
        expected += [f"--samples={text}", f"--fail-on={text}", "--format=json"]
        expected += [f"--format={word}" for word in text.split()] + ["--", *text.split()]
    assert called(place, "envcheck") == expected
    assert (ran.code, ran.outputs) == (0, {"verdict": "", "exit-code": "3"})
    assert {path.name for path in tmp_path.iterdir()} == {"place", "temp"}


@settings(max_examples=15)
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_text_is_one_word(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """The same for what nobody thought of."""
    folder = tmp_path_factory.mktemp("any")
    stub(folder / "bin" / "envcheck")
    stub(folder / "bin" / "python")
    ran = run_envcheck(folder, folder, given_inputs(config=text, samples=text), STUB_SAYS="same")
    assert called(folder, "envcheck")[1:] == [f"--config={text}", f"--out-dir={folder}/reports", f"--samples={text}"]
    assert ran.outputs == {"verdict": "same", "exit-code": "0"}


@pytest.mark.parametrize("text", [each for each in HOSTILE if each])
def test_a_version_that_is_no_ref_is_refused(tmp_path: Path, text: str) -> None:
    """Before anything is fetched or installed."""
    stub(tmp_path / "bin" / "python")
    ran = run_step(
        "Install envcheck",
        tmp_path,
        {**given_inputs(version=text), "steps.python.outputs.python-path": str(tmp_path / "bin" / "python")},
    )
    assert (ran.code, ran.outputs) == (2, {})
    assert ran.stderr == "envcheck: version: is no tag, branch or commit; leave it out for the action's own\n"
    assert {path.name for path in tmp_path.iterdir()} == {"bin", "temp"}


@pytest.mark.parametrize("code", ["0", "2", "3", "143"])
def test_the_action_exits_as_envcheck_did(tmp_path: Path, code: str) -> None:
    """When its reports have been kept."""
    assert STEPS[-1]["name"] == "Exit as envcheck did"
    assert run_step("Exit as envcheck did", tmp_path, {"steps.run.outputs.exit-code": code}).code == int(code)


def test_reports_are_kept_whatever_came_of_it() -> None:
    """Also where the step was cancelled; under a name that no other use of the action has."""
    (keep,) = (step for step in STEPS if "upload-artifact" in step.get("uses", ""))
    assert keep["if"].startswith("always() && ")
    assert keep["with"]["name"] == "${{ steps.install.outputs.name }}"
    assert keep["with"]["path"] == "${{ steps.install.outputs.place }}/reports"


def test_it_runs_envcheck_against_gateways_and_says_what_came_of_it(tmp_path: Path) -> None:
    """The real command; its table is in the log, its reports where they are kept from, its verdict an output."""
    place = tmp_path / "place"
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").symlink_to(sys.executable)
    wrapper = place / "bin" / "envcheck"
    wrapper.write_text(f'#!/bin/bash\nexec {sys.executable} -m envcheck "$@"\n')
    wrapper.chmod(0o755)
    with serving_all([good_gateway(), good_gateway(Manner(usage=None)), good_gateway()]) as servers:
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\n'
            for name, server in zip(("production", "staging", "other"), servers, strict=True)
        )
        (tmp_path / "my environments.toml").write_text('baseline = "production"\n' + "".join(tables))
        inputs = given_inputs(config="my environments.toml", environments="staging\n", formats="markdown")
        ran = run_envcheck(tmp_path, place, inputs)
        assert [len(server.requests) for server in servers] == [2, 2, 0]
    assert (ran.code, ran.outputs) == (0, {"verdict": "differs", "exit-code": "3"}), ran.stderr
    assert "chat.usage" in ran.stdout
    written = {path.name for path in (place / "reports").iterdir()}
    assert {"comparison.md", "comparison.json", "staging.md"} <= written
    assert json.loads((place / "reports" / "comparison.json").read_text())["summary"]["exit_code"] == 3
