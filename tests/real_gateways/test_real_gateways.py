"""`envcheck run` over servers that no one here wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from real_gateways.command import envcheck, envcheck_run
from real_gateways.fleet import FLEET, available, environments_toml, variables
from real_gateways.made_up import leaks

if TYPE_CHECKING:
    from pathlib import Path

    from real_gateways.command import Run
    from real_gateways.fleet import Scenario
    from real_gateways.made_up import Secrets
    from real_gateways.servers import Estate

pytestmark = pytest.mark.gateways


def _need(server: str, estate: Estate) -> None:
    if server in estate.missing:
        pytest.skip(f"{server} is not installed: `python tests/real_gateways/install.py {server}` says why")


def _members(run: Run, environment: str, rule: str, side: str) -> set[object]:
    return {finding[side] for finding in run.findings(environment) if finding["rule"] == rule} - {None}


@pytest.mark.parametrize("scenario", FLEET, ids=[scenario.name for scenario in FLEET])
def test_each_gateway_ends_in_its_class(scenario: Scenario, estate: Estate, fleet_run: Run) -> None:
    """Each server's way of being right or wrong comes out as the class that the contract names."""
    _need(scenario.server, estate)
    for probe, expected in (("models", scenario.models), ("chat", scenario.chat)):
        check = fleet_run.check(scenario.name, probe)
        told = (check["outcome"], check["failure_class"], check["http_status"])
        assert told == (expected.outcome, expected.failure_class, expected.http_status), probe
        assert expected.detail in str(check["failure_detail"]), probe


def test_a_run_with_failures_says_so(fleet_run: Run) -> None:
    """A fleet of which some failed a probe is exit 4, and the JSON on stdout is the comparison in the file."""
    assert fleet_run.code == 4
    assert json.loads(fleet_run.stdout) == fleet_run.comparison()


def test_every_environment_has_its_reports(estate: Estate, fleet_run: Run) -> None:
    """One report of each format for each environment, and one comparison, whatever else happened."""
    names = {scenario.name for scenario in available(estate)} | {"comparison"}
    written = {each.name for each in fleet_run.out_dir.iterdir()}
    assert written == {f"{name}.{suffix}" for name in names for suffix in ("md", "json")}


def test_a_failed_probe_is_one_finding(estate: Estate, fleet_run: Run) -> None:
    """A gateway that is down is not also a list of removed models."""
    _need("nginx", estate)
    rules = [finding["rule"] for finding in fleet_run.findings("nginx-dead-upstream")]
    assert rules.count("probe.failed") == 1
    assert not {"models.removed", "chat.response_fields"} & set(rules)


def test_litellm_changes_what_passes_through(estate: Estate, side_by_side: Run) -> None:
    """LiteLLM over aimock is a genuine diff: other models, and another shape of the same completion."""
    _need("litellm", estate)
    assert _members(side_by_side, "litellm", "models.removed", "expected") == {"m-2"}
    assert {"m-3", "m-dead-upstream"} <= _members(side_by_side, "litellm", "models.added", "actual")
    lost = _members(side_by_side, "litellm", "chat.response_fields", "expected")
    assert {"choices[].logprobs", "choices[].message.refusal"} <= lost
    gained = _members(side_by_side, "litellm", "chat.response_fields", "actual")
    assert "choices[].message.provider_specific_fields" in gained


def test_litellm_keeps_what_matters(estate: Estate, side_by_side: Run) -> None:
    """The same model answers, ends for the same reason and is counted the same: no finding about any of it."""
    _need("litellm", estate)
    rules = {finding["rule"] for finding in side_by_side.findings("litellm")}
    assert rules == {"models.removed", "models.added", "model.owned_by", "chat.response_fields"}


def test_a_front_that_changes_nothing_is_no_difference(estate: Estate, secrets: Secrets, tmp_path: Path) -> None:
    """nginx with TLS and gzip before the baseline is the same gateway: exit 0."""
    _need("nginx", estate)
    config = environments_toml(available(estate), estate, secrets)
    run = envcheck_run(config, tmp_path / "run", variables(secrets), "aimock", "nginx-tls")
    assert (run.code, run.comparison()["findings"]) == (0, []), run.stdout


def test_an_engine_is_not_the_baseline(estate: Estate, side_by_side: Run) -> None:
    """A real engine lists its own model and leaves out what aimock adds; another model was asked, so it may answer."""
    _need("llama", estate)
    assert _members(side_by_side, "llama", "models.removed", "expected") == {"m-1", "m-2"}
    assert _members(side_by_side, "llama", "models.added", "actual") == {"tiny"}
    assert "choices[].message.refusal" in _members(side_by_side, "llama", "chat.response_fields", "expected")
    assert "chat.model_answered" not in {finding["rule"] for finding in side_by_side.findings("llama")}


def test_differences_without_failures_are_exit_3(estate: Estate, side_by_side: Run) -> None:
    """Gateways that all work and differ are exit 3, and the table names every one of them."""
    _need("litellm", estate)
    assert side_by_side.code == 3
    assert all(name in side_by_side.stdout for name in ("aimock", "litellm"))


@pytest.mark.parametrize("run_name", ["fleet_run", "side_by_side"])
def test_nothing_secret_comes_out(run_name: str, secrets: Secrets, request: pytest.FixtureRequest) -> None:
    """No key, prompt or answer, nor a piece of one, is in any file or stream, in any common encoding."""
    run: Run = request.getfixturevalue(run_name)
    artifacts = run.artifacts()
    assert len(artifacts) > 4, "nothing was written, so nothing was searched"
    assert {where: found for where, text in artifacts.items() if (found := leaks(text, secrets.all()))} == {}


@pytest.mark.parametrize(("name", "code"), [("litellm", 0), ("nginx-echoes-the-key", 4)])
def test_one_endpoint_without_a_file(name: str, code: int, estate: Estate, secrets: Secrets, tmp_path: Path) -> None:
    """`envcheck probe` does the whole job from its flags, with the same promise for its file and its streams."""
    (scenario,) = [scenario for scenario in FLEET if scenario.name == name]
    _need(scenario.server, estate)
    prompt = tmp_path / "prompt.txt"
    prompt.write_text(secrets.prompt)
    target = ("--base-url", estate.origins[scenario.server] + scenario.path, "--api-key-env", str(scenario.key))
    asked = ("--model", scenario.model, "--prompt-file", str(prompt), "--out", "reports/one.md")
    run = envcheck(tmp_path, variables(secrets), "probe", *target, *asked)
    assert run.code == code
    assert (run.out_dir / "one.md").stat().st_size > 0
    assert {where: found for where, text in run.artifacts().items() if (found := leaks(text, secrets.all()))} == {}


def test_the_search_finds_what_it_looks_for(secrets: Secrets) -> None:
    """The search above is not blind: it finds each secret in a text that holds it in some form."""
    for name, secret in secrets.all().items():
        assert leaks(f"Incorrect key: {secret[2:20].upper()}...", {name: secret})
        assert leaks(f"x {secret.encode().hex()} y", {name: secret})
