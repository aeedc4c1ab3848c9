"""Every scenario of the hostile fleet is called what it is, in time, whatever else happens at the same time."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from collecting import run

from envcheck.errors import ExitCode
from envcheck.evidence import Evidence
from envcheck.rules import PROBE_FAILED
from gateways import good_gateway, serving_all
from gateways.clients import KEY, KEY_VARIABLE, environment, environments_toml
from gateways.fleet import SCENARIOS
from gateways.scenario import PASS, SKIPPED, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from envcheck.evidence import Check
    from gateways.server import Server

# Long enough for the probe before the one that is hit, on a machine that is busy with the rest of the fleet.
DEADLINE_S: Final = 3.0
SHORT_DEADLINE_S: Final = 1.0
GRACE_S: Final = 10.0
CONCURRENCY: Final = 128
PEAK_MIB: Final = 200
"""Bodies at their limit from a third of the fleet's concurrency would fill it; a bomb alone is a gibibyte."""
# Linux hands a process's peak on to the child that it starts, and pytest is large: a small one stands in between.
WEIGHED: Final = (
    sys.executable,
    "-I",
    "-S",
    "-c",
    (
        "import os, sys\n"
        "child = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])\n"
        "_, status, used = os.wait4(child, 0)\n"
        "open('peak', 'w').write(str(used.ru_maxrss))\n"
        "sys.exit(os.waitstatus_to_exitcode(status))"
    ),
)
GIVE_UP_S: Final = 60.0

BASELINE: Final = Scenario(
    name="well-behaved",
    description="does everything right",
    probe="models",
    expected=PASS,
    gateway=good_gateway(),
)
# Those that wait begin first, so that the others are done while they do.
FLEET: Final = (BASELINE, *sorted(SCENARIOS, key=lambda scenario: not scenario.to_the_deadline))


@dataclass(frozen=True)
class Ended:
    """A run of the command line over the whole fleet, and everything it left behind."""

    code: int
    stdout: str
    stderr: str
    reports: Mapping[str, str]
    peak_mib: float

    def evidence(self, name: str) -> Evidence:
        return Evidence.model_validate_json(self.reports[f"{name}.json"])


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Server]]:
    with serving_all([scenario.gateway for scenario in FLEET]) as running:
        yield running


@pytest.fixture(scope="module")
def ended(servers: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Take the whole fleet at once, the way a user would."""
    folder = tmp_path_factory.mktemp("fleet")
    fleet = zip(FLEET, servers, strict=True)
    config = environments_toml(fleet, baseline=BASELINE.name, deadline_s=DEADLINE_S)
    (folder / "environments.toml").write_text(config, encoding="utf-8")
    with (folder / "stdout").open("w") as stdout, (folder / "stderr").open("w") as stderr:
        process = subprocess.Popen(
            [*WEIGHED, sys.executable, "-m", "envcheck", "run", "--json", "--concurrency", str(CONCURRENCY)],
            cwd=folder,
            stdout=stdout,
            stderr=stderr,
            env={**os.environ, KEY_VARIABLE: KEY},
            start_new_session=True,
        )
        watchdog = threading.Timer(GIVE_UP_S, os.killpg, (process.pid, signal.SIGKILL))
        watchdog.start()
        process.wait()
        watchdog.cancel()
    return Ended(
        process.returncode,
        (folder / "stdout").read_text(encoding="utf-8"),
        (folder / "stderr").read_text(encoding="utf-8"),
        {report.name: report.read_text(encoding="utf-8") for report in (folder / "reports").iterdir()},
        int((folder / "peak").read_text()) / 1024,
    )


@pytest.mark.parametrize("scenario", FLEET, ids=lambda scenario: scenario.name)
def test_each_scenario_is_called_what_it_is(scenario: Scenario, ended: Ended) -> None:
    """Each probe passes, is skipped or fails as the table says, and says why."""
    evidence = ended.evidence(scenario.name)
    assert {check.probe: _verdict(check) for check in evidence.checks} == scenario.checks
    check = evidence.check(scenario.probe)
    assert check is not None
    assert scenario.detail.casefold() in (check.failure_detail or "").casefold()


def _verdict(check: Check) -> str:
    return check.failure_class or check.outcome.value


def test_the_comparison_has_one_finding_for_each_failed_probe(ended: Ended) -> None:
    """The comparison names each failed probe with its class, and no other; the run ends as failed."""
    failed = {
        (finding["environment"], finding["field"].partition(".")[0], finding["actual"])
        for finding in json.loads(ended.stdout)["findings"]
        if finding["rule"] == PROBE_FAILED.name
    }
    assert failed == {
        (scenario.name, probe, verdict)
        for scenario in FLEET
        for probe, verdict in scenario.checks.items()
        if verdict not in {PASS, SKIPPED}
    }
    assert ended.code == ExitCode.FAILED


def test_no_output_has_the_key(ended: Ended) -> None:
    """Neither stream nor any report holds a third of the key, which some of the fleet send back in many forms."""
    outputs = {"stdout": ended.stdout, "stderr": ended.stderr, **ended.reports}
    forms = {_letters(KEY), _letters(b64encode(KEY.encode()).decode())}
    pieces = re.compile("|".join(form[at : at + 12] for form in forms for at in range(len(form) - 11)))
    leaks = {name: found[0] for name, text in outputs.items() if (found := pieces.search(_letters(text)))}
    assert leaks == {}
    assert "[redacted]" in ended.reports["models-key-in-error.md"]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def test_memory_is_bounded(ended: Ended) -> None:
    """Bombs, endless bodies and floods of headers, all at once, do not fill the memory."""
    assert ended.peak_mib < PEAK_MIB


@pytest.mark.clock
@pytest.mark.undisturbed
def test_no_gateway_keeps_a_run_past_its_deadline(servers: list[Server]) -> None:
    """Whoever lets the client wait is left at the deadline, give or take the grace."""
    waiting = [
        environment(scenario, server, deadline_s=SHORT_DEADLINE_S)
        for scenario, server in zip(FLEET, servers, strict=True)
        if scenario.to_the_deadline
    ]
    collected = run(waiting, concurrency=CONCURRENCY)
    late = {name: took for name, took in collected.seconds.items() if took > SHORT_DEADLINE_S + GRACE_S}
    assert late == {}
    assert len(collected.seconds) == len(waiting)
    assert collected.faults == []
