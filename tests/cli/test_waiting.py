"""`run --wait`: rounds until nothing counts or the time is up, against gateways that are not ready at first."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from comparing import compared
from evidences import chat, evidence, models

from cli_runs import console_of
from envcheck.cli.jobs.present import Presentation
from envcheck.cli.jobs.probing import Probed
from envcheck.cli.jobs.run import run_job
from envcheck.cli.jobs.run_options import RunOptions
from envcheck.cli.jobs.waiting import Round, Waiting, until_ready
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.config import Overrides
from envcheck.model import Environment
from envcheck.policy import FailOn, Policy
from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cli_runs import Ran
    from envcheck.comparison import Comparison
    from gateways.gateway import Gateway
    from gateways.wire import Exchange

SAMPLED = (Environment("production", "http://a.example/v1", samples=5), Environment("staging", "http://b.example/v1"))
LONG_S = 600.0
IDS = ("a", "b", "c")


def found(*ids: str, finish: str = "stop", **how: object) -> Comparison:
    """Give what a round finds where staging lists these models."""
    before, after = evidence("production", models(*IDS), chat()), evidence("staging", models(*ids), chat(finish=finish))
    return compared(before, after, **how)  # type: ignore[arg-type]  # only known names are given


READY = found(*IDS)
POOR = found("a", "b")
POORER = found("a", finish="length")


class Script:
    """Rounds that find what is written here, the last one over and over; it notes which of them took samples."""

    def __init__(self, *comparisons: Comparison | None, then: Callable[[int], object] = lambda _: None) -> None:
        self.comparisons = comparisons
        self.took_samples: list[bool] = []
        self._then = then

    def look(self, environments: Sequence[Environment]) -> Round:
        self.took_samples.append(any(each.samples > 1 for each in environments))
        number = len(self.took_samples)
        comparison = self.comparisons[min(number, len(self.comparisons)) - 1]
        self._then(number)
        return Round(Probed(console_of()[0], complete=comparison is not None), (), comparison)


def waited(script: Script, environments: Sequence[Environment] = SAMPLED, **seconds: float) -> tuple[Round, list[str]]:
    """Wait as the script goes, and give what is left with what was said."""
    waiting = Waiting(seconds.get("for_s", LONG_S), seconds.get("every_s", 0.0))
    console, said = console_of()
    with wound_up_when_signalled() as interruption:
        latest = until_ready(waiting, environments, script.look, console, interruption)
    return latest, [line.removeprefix("envcheck: ") for line in said.getvalue().splitlines()]


def test_a_round_that_looks_ready_is_followed_by_the_one_that_takes_samples() -> None:
    """And only that one counts."""
    script = Script(POOR, POOR, READY)
    latest, said = waited(script)
    assert script.took_samples == [False, False, False, True]
    assert latest.comparison is READY
    assert said == [
        "round 1: 1 finding",
        "round 2: 1 finding",
        "round 3: nothing counts, models.removed gone",
        "round 4: nothing counts",
    ]


def test_waiting_goes_on_where_samples_say_otherwise() -> None:
    """A rollout that is slow is not ready, however clean it looks."""
    script = Script(READY, POOR, POOR, READY)
    latest, _ = waited(script)
    assert script.took_samples == [False, True, False, False, True]
    assert latest.comparison is READY


def test_without_samples_the_first_clean_round_is_the_last() -> None:
    """There is nothing that another one would add."""
    environments = [replace(each, samples=1) for each in SAMPLED]
    script = Script(POOR, READY)
    waited(script, environments)
    assert script.took_samples == [False, False]


def test_when_the_time_is_up_a_last_round_takes_samples() -> None:
    """Then, and not where the next would have been: its reports are as whole as others. It is one round only."""
    script = Script(POOR, POORER)
    latest, said = waited(script, for_s=0.001, every_s=3600)
    assert script.took_samples == [False, True]
    assert latest.comparison is POORER
    assert said[-1] == "not ready when 0.001 s were over"


def test_a_long_round_is_followed_at_once_and_rounds_keep_their_distance() -> None:
    """`every` is from start to start."""
    starts: list[float] = []

    def note(number: int) -> None:
        starts.append(time.monotonic())
        if number == 1:
            threading.Event().wait(0.3)

    waited(Script(POOR, POOR, READY, then=note), every_s=0.2)
    first, second, _ = (after - before for before, after in pairwise(starts))
    assert 0.3 <= first < 0.45
    assert second >= 0.199


def test_a_line_says_what_is_gone_and_what_is_new() -> None:
    """By rule, with how many; what stays is only counted."""
    _, said = waited(Script(POOR, POORER, POOR, READY))
    assert said[:3] == [
        "round 1: 1 finding",
        "round 2: 3 findings, models.removed new, chat.finish_reason new",
        "round 3: 1 finding, models.removed gone, chat.finish_reason gone",
    ]
    _, said = waited(Script(READY, found("x", "y"), READY))
    assert said[1] == "round 2: 3 findings, 3 models.removed new"


def test_what_only_samples_can_tell_does_not_keep_a_round_from_looking_ready() -> None:
    """An expectation of a latency cannot be told without samples, and so the round with them would never come."""
    unknown = POOR.findings[0].model_copy(update={"rule": "expect.unknown"})
    script = Script(POOR.model_copy(update={"findings": (unknown,)}), READY)
    waited(script)
    assert script.took_samples == [False, True]
    waited(script := Script(POOR.model_copy(update={"findings": (unknown,)}), script.comparisons[0], READY))
    assert script.took_samples == [False, True, False, True]  # nor is it asked again and again with samples
    undecided = POOR.findings[0].model_copy(update={"rule": "chat.undecided"})
    script = Script(POOR.model_copy(update={"findings": (undecided, POOR.findings[0])}), READY)
    waited(script)
    assert script.took_samples == [False, False, True]


def test_what_does_not_count_is_not_waited_for() -> None:
    """`--fail-on` says what a rollout may have."""
    script = Script(found("a", "b", policy=Policy(fail_on=FailOn.NEVER)))
    _, said = waited(script)
    assert said == ["round 1: nothing counts", "round 2: nothing counts"]


def test_a_round_that_proves_nothing_is_not_ready() -> None:
    """A baseline that does not answer counts as no finding where findings are silenced."""
    nothing = POOR.summary.model_copy(update={"exit_code": 5})
    inconclusive = READY.model_copy(update={"summary": nothing})
    script = Script(inconclusive, READY)
    _, said = waited(script)
    assert script.took_samples == [False, False, True]
    assert said[0] == f"round 1: {POOR.summary.verdict.value}"


def test_a_signal_between_rounds_leaves_what_the_last_one_found() -> None:
    """It is not waited until the next."""
    script = Script(POOR, then=lambda _: threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start())
    latest, said = waited(script, every_s=3600)
    assert (latest.comparison, len(script.took_samples)) == (POOR, 1)
    assert said == ["round 1: 1 finding", "stopped by a signal: what round 1 found stands"]


def test_a_signal_at_the_end_of_a_round_lets_it_stand() -> None:
    """All had been probed when it came; neither a pause nor another round follows, also where it looks ready."""
    for comparison in (POOR, READY):
        script = Script(comparison, then=lambda _: os.kill(os.getpid(), signal.SIGTERM))
        latest, said = waited(script, every_s=3600)
        assert (latest.comparison, script.took_samples) == (comparison, [False])
        assert said[1:] == ["stopped by a signal: what round 1 found stands"]


def test_a_signal_in_a_round_leaves_what_the_one_before_found() -> None:
    """Half a round proves nothing."""

    def interrupt_the_second(number: int) -> None:
        if number == 2:
            os.kill(os.getpid(), signal.SIGINT)

    script = Script(POOR, None, then=interrupt_the_second)
    latest, said = waited(script)
    assert latest.comparison is POOR
    assert said[-1] == "stopped by a signal in round 2: what round 1 found stands"


def test_a_signal_in_the_first_round_leaves_what_had_finished() -> None:
    """As in a run that does not wait."""
    latest, said = waited(Script(None))
    assert (latest.comparison, said) == (None, [])


def gradually_ready(from_the: int) -> Gateway:
    """A gateway whose replies have no usage until this many-th of them."""
    poor, good = good_gateway(Manner(usage=None)), good_gateway()

    async def answer(exchange: Exchange) -> None:
        await (good if exchange.number >= from_the else poor).chat(exchange)

    return replace(good, chat=answer)


def rollout(
    folder: Path, staging: Gateway, waiting: Waiting, *, quiet: bool = False
) -> tuple[int, str, str, list[int]]:
    """Wait for a gateway; give the exit code, both streams, and how many requests each got before the last round.

    What the last round really sent is in its records: a sample is taken again where this machine stood still.
    """
    with serving_all([good_gateway(), staging]) as servers:
        tables = "".join(
            f'[environments.{name}]\nbase_url = "{server.base_url}"\n'
            for name, server in zip(("production", "staging"), servers, strict=True)
        )
        file = folder / "environments.toml"
        file.write_text(f'baseline = "production"\n[compare]\nconfirm_over_s = 0\n{tables}')
        console, said = console_of()
        console.quiet = quiet
        how = Presentation.of(None, {}, folder=folder / "reports", as_json=True, only_differences=False)
        options = RunOptions(file, Overrides(samples=5, fail_on=FailOn.ERR), 8, None, None, waiting)
        code = run_job(console, how, options)
        shown = console._stdout.getvalue()  # type: ignore[attr-defined]  # a stream of the test's
        records = [json.loads((folder / "reports" / f"{name}.json").read_text()) for name in ("production", "staging")]
        assert {record["target"]["planned_requests"] for record in records} == {12 if code < 128 else 2}
        earlier = [
            len(server.requests) - record["target"]["sent_requests"]
            for server, record in zip(servers, records, strict=True)
        ]
        return code, shown, said.getvalue(), earlier


SENDING = (
    "sending 4 requests to 2 environments every 0.01 s until nothing counts, for up to 600 s, and 24 requests in the"
    " last round, 5 samples of each probe among them"
)


def test_a_gateway_that_is_ready_in_the_third_round(tmp_path: Path) -> None:
    """Exit 0; three rounds of 2 requests and one that takes samples, and only the last is shown and written."""
    code, shown, said, requests = rollout(tmp_path, gradually_ready(3), Waiting(LONG_S, 0.01))
    assert (code, requests) == (0, [3 * 2, 3 * 2])
    assert said.splitlines()[:5] == [
        f"envcheck: {SENDING}",
        "envcheck: round 1: 1 finding",
        "envcheck: round 2: 1 finding",
        "envcheck: round 3: nothing counts, chat.usage gone",
        "envcheck: round 4: nothing counts",
    ]
    written = json.loads((tmp_path / "reports" / "staging.json").read_text())
    assert all(check["latency"]["taken"] >= 5 for check in written["checks"])
    assert json.loads(shown) == json.loads((tmp_path / "reports" / "comparison.json").read_text())


def test_a_gateway_that_is_never_ready(tmp_path: Path) -> None:
    """Exit 3 when the time is up, with the reports of a last round that took samples; quiet says nothing of it."""
    code, shown, said, requests = rollout(tmp_path, gradually_ready(10**6), Waiting(0.01, 0.01), quiet=True)
    assert (code, requests, said) == (3, [2, 2], "")
    assert [finding["rule"] for finding in json.loads(shown)["findings"] if finding["counted"]] == ["chat.usage"]


def test_what_is_noisy_is_judged_as_in_a_run_that_does_not_wait(tmp_path: Path) -> None:
    """One look takes it for a difference, and the last round's samples for what it is."""
    noisy = good_gateway(Manner(choices=1, finish_reasons=("length", "stop")))
    odd = replace(noisy, models=good_gateway().models)
    code, _, said, _ = rollout(tmp_path, odd, Waiting(0.01, 0.01))
    assert code == 0, said


def test_a_signal_in_a_round_is_told_by_its_code(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The reports are of the round before, whole."""
    poor = good_gateway(Manner(usage=None))

    async def interrupt_the_second(exchange: Exchange) -> None:
        if exchange.number == 2:
            os.kill(os.getpid(), signal.SIGTERM)
            await exchange.peer.gone()
        await poor.chat(exchange)

    code, shown, said, _ = rollout(tmp_path, replace(poor, chat=interrupt_the_second), Waiting(LONG_S, 0.01))
    assert code == 143
    assert "stopped by a signal in round 2: what round 1 found stands" in said
    assert [finding["rule"] for finding in json.loads(shown)["findings"] if finding["counted"]] == ["chat.usage"]
    assert {path.stem for path in (tmp_path / "reports").glob("*.json")} == {"comparison", "production", "staging"}


def test_what_is_known_from_an_earlier_run_is_not_waited_for(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """`--against` and `--fail-on-new` judge each round, by the comparison that was there before the first."""
    with serving_all([good_gateway(), good_gateway(Manner(usage=None))]) as servers:
        tables = (f'[environments.e{n}]\nbase_url = "{server.base_url}"\n' for n, server in enumerate(servers))
        (tmp_path / "environments.toml").write_text('baseline = "e0"\n' + "".join(tables))
        assert envcheck("run").code == 3
        ran = envcheck("run", "--wait", "1h", "--against", "reports", "--fail-on-new", "--brief")
    assert ran.code == 0
    assert "envcheck: round 1: nothing counts\n" in ran.stderr
    assert "(2 runs)]" in ran.stdout


def test_a_key_that_is_not_set_is_not_waited_for(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """No round sets it: the run ends as one that does not wait."""
    with serving_all([good_gateway()]) as (server,):
        (tmp_path / "environments.toml").write_text(
            f'baseline = "a"\n[environments.a]\nbase_url = "{server.base_url}"\n'
            f'[environments.b]\nbase_url = "{server.base_url}/b"\napi_key_env = "KEY_OF_B"\n'
        )
        ran = envcheck("run", "--wait", "1h", "--json", "--no-reports")
        alone = envcheck("run", "b", "--baseline", "b", "--wait", "1h", "--json", "--no-reports")
    assert (ran.code, alone.code) == (4, 4)
    assert "waiting is of no use: the variable that holds the key is unset for b" in ran.stderr


def test_a_baseline_without_its_key_is_not_waited_for() -> None:
    """Nothing can be proved then, though findings are silenced."""
    inconclusive = READY.model_copy(update={"summary": READY.summary.model_copy(update={"exit_code": 5})})
    script = Script(inconclusive)
    _, said = waited(script, [replace(SAMPLED[0], api_key_env="UNSET"), SAMPLED[1]])
    assert script.took_samples == [False, True]
    assert said[-1] == "waiting is of no use: the variable that holds the key is unset for production"


def test_a_mistake_in_the_file_ends_it_at_once(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Nobody waits ten minutes for a word that is misspelt."""
    (tmp_path / "environments.toml").write_text("[environments.a]\nbase_ur = 1\n")
    ran = envcheck("run", "--wait", "10m")
    assert (ran.code, ran.stdout) == (2, "")
    assert "round" not in ran.stderr


@pytest.mark.parametrize(
    ("written", "seconds"), [("90", 90), ("90s", 90), ("10m", 600), ("1h", 3600), ("24h", 86400), ("01", 1)]
)
def test_a_duration_is_read_as_it_is_written(
    envcheck: Callable[..., Ran], tmp_path: Path, written: str, seconds: int
) -> None:
    """Seconds, or with a unit."""
    with serving_all([good_gateway()]) as (server,):
        (tmp_path / "environments.toml").write_text(f'[environments.a]\nbase_url = "{server.base_url}"\n')
        ran = envcheck("run", "--skip-chat", "--wait", written, "--no-reports", "-f", "json")
    assert ran.code == 0
    assert f"every 15 s until nothing counts, for up to {seconds} s\n" in ran.stderr


@pytest.mark.parametrize("written", ["", "0", "-5", "1.5h", "10 m", "1d", "25h", "90\n", "٣s", "m", "1h30m", "9" * 30])
@pytest.mark.parametrize("option", ["--wait", "--every"])
def test_what_is_no_duration_is_refused_in_one_sentence(
    envcheck: Callable[..., Ran], option: str, written: str
) -> None:
    """It names the option and how to write one."""
    ran = envcheck("run", f"{option}={written}")
    assert (ran.code, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert re.search(rf"'{option}'.*(is no duration; write seconds|is not from 1s to 24h)", line)


def test_how_often_without_how_long_is_refused(envcheck: Callable[..., Ran]) -> None:
    """It would have nothing to act on."""
    ran = envcheck("run", "--every", "20s")
    assert (ran.code, ran.stderr) == (2, "envcheck: --every: there is nothing to repeat; add --wait DURATION\n")
