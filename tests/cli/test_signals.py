"""What a signal does at each stage of a command, mostly in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from envcheck.cli import signals
from envcheck.cli.jobs import demo
from envcheck.model import Environment
from gateways.gateway import Gateway as ServedGateway
from gateways.good import Manner, good_gateway
from gateways.server import serving, serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cli_runs import Ran
    from gateways.wire import Exchange

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
PATIENCE_S = 20.0


def started(
    *arguments: str, cwd: Path, script: str = "from envcheck.__main__ import main; main()"
) -> subprocess.Popen[str]:
    """Start a command; `script` may put something in its way first."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    give_up = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.005)


def write_config(folder: Path, urls: Sequence[str], more: str = "") -> None:
    tables = "\n".join(f'[environments.e{i}]\nbase_url = "{url}"' for i, url in enumerate(urls))
    (folder / "environments.toml").write_text(f'baseline = "e0"\n{more}\n{tables}\n')


async def say_nothing(exchange: Exchange) -> None:
    await exchange.peer.gone()


SILENT = ServedGateway(models=say_nothing, chat=say_nothing, other=say_nothing)


def reports(folder: Path) -> dict[str, object]:
    """Give what each JSON report says; all of them have to be whole."""
    return {path.stem: json.loads(path.read_text()) for path in (folder / "reports").glob("*.json")}


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_leaves_what_has_answered_and_its_own_code(tmp_path: Path, number: int, code: int) -> None:
    """One environment has answered, the other never will: the first has its reports, whole, and nothing is compared."""
    with serving_all([good_gateway(), SILENT]) as (good, never):
        write_config(tmp_path, [good.base_url, never.base_url])
        with started("run", cwd=tmp_path) as process:
            until(lambda: never.requests and len(good.requests) == 2)
            time.sleep(0.2)  # the second answer is on its way; nothing else will happen before the signal
            process.send_signal(number)
            _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code
    assert "1 of 2 environments had finished and are written to reports (e0); nothing was compared" in stderr
    assert "Traceback" not in stderr
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["e0.json", "e0.md"]
    assert reports(tmp_path)["e0"]["summary"]["ok"] is True  # type: ignore[index]  # a record


# Each of these is put into the child before the command: it stands where a signal is to arrive, and says so. It sleeps
# in steps: a signal that comes between the word and a sleep may be looked at only after that.
_PAUSE = """
import sys, time
import {module} as target
before = target.{name}
def slowly(*arguments, **named):
    print("here", file=sys.__stderr__, flush=True)
    until = time.monotonic() + {seconds}
    while time.monotonic() < until:
        time.sleep(0.01)
    return before(*arguments, **named)
target.{name} = slowly
from envcheck.__main__ import main
main()
"""


def pausing(module: str, name: str, seconds: float) -> str:
    return _PAUSE.format(module=module, name=name, seconds=seconds)


@pytest.mark.parametrize(
    ("number", "code", "module", "name"),
    [
        (signal.SIGINT, 130, "envcheck.cli.jobs.run", "compared"),
        (signal.SIGTERM, 143, "envcheck.cli.jobs.present", "write_reports"),
        (signal.SIGHUP, 143, "envcheck.cli.jobs.present", "write_reports"),
    ],
)
def test_a_signal_after_the_probing_lets_everything_be_written(
    tmp_path: Path, number: int, code: int, module: str, name: str
) -> None:
    """Both take a second for a large fleet; then everything is there, and the code says why it ended."""
    with serving_all([good_gateway(), good_gateway(Manner(usage=None))]) as servers:
        write_config(tmp_path, [server.base_url for server in servers])
        with started("run", cwd=tmp_path, script=pausing(module, name, 0.5)) as process:
            assert process.stderr is not None
            assert "here\n" in iter(process.stderr.readline, "")
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code
    assert "the result stands" in stderr
    assert "Traceback" not in stderr
    assert "chat.usage" in stdout
    assert set(reports(tmp_path)) == {"comparison", "e0", "e1"}


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    """Whoever presses the keys twice does not want to wait; there is no traceback, and nothing half-written."""
    with serving_all([good_gateway(), good_gateway()]) as servers:
        write_config(tmp_path, [server.base_url for server in servers])
        script = pausing("envcheck.cli.jobs.present", "write_reports", 60)
        with started("run", cwd=tmp_path, script=script) as process:
            assert process.stderr is not None
            assert "here\n" in iter(process.stderr.readline, "")
            process.send_signal(signal.SIGTERM)
            time.sleep(1.5 * signals.AGAIN_S)  # as long as somebody needs who presses the keys again
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143
    assert "ended by a second signal; each report that is there is whole, others may be missing" in stderr
    assert "Traceback" not in stderr
    assert not (tmp_path / "reports").exists() or reports(tmp_path) == {}


def test_a_signal_while_a_probes_report_is_written_decides_its_code(tmp_path: Path) -> None:
    """The report is there, and a script knows that it was asked to stop."""
    with serving(good_gateway()) as server:
        arguments = ("probe", "--base-url", server.base_url, "--out", "report.md")
        with started(*arguments, cwd=tmp_path, script=pausing("envcheck.cli.jobs.probe", "write_out", 0.5)) as process:
            assert process.stderr is not None
            assert "here\n" in iter(process.stderr.readline, "")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143
    assert (tmp_path / "report.md").read_text().startswith("# envcheck")


def test_a_signal_at_the_very_end_leaves_no_timer_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come when the timer has just been stopped; nothing would hear the timer that it starts."""
    stop = signal.setitimer
    heard = []

    def stop_and_be_signalled(which: int, seconds: float) -> None:
        stop(which, seconds)
        if seconds == 0:
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        with signals.wound_up_when_signalled():
            monkeypatch.setattr(signal, "setitimer", stop_and_be_signalled)
        assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


@pytest.mark.parametrize("again", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_two_signals_in_a_row_are_one(tmp_path: Path, again: int) -> None:
    """`timeout` sends its signal twice, and a terminal that is closed hangs up twice: no answer is lost to that."""
    with serving_all([good_gateway(), SILENT]) as (good, never):
        write_config(tmp_path, [good.base_url, never.base_url])
        with started("run", cwd=tmp_path) as process:
            until(lambda: never.requests and len(good.requests) == 2)
            time.sleep(0.2)  # as above
            for number in (signal.SIGTERM, again, again):
                process.send_signal(number)
            _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode in {130, 143}  # signals that wait at the same time arrive in no order
    assert "1 of 2 environments had finished and are written to reports (e0); nothing was compared" in stderr
    assert set(reports(tmp_path)) == {"e0"}


def test_a_signal_while_samples_are_taken_lets_what_there_is_be_compared(tmp_path: Path) -> None:
    """Every environment has answered every probe, so there is something to show for the time that was spent."""
    with serving_all([good_gateway(), good_gateway(Manner(usage=None))]) as servers:
        write_config(tmp_path, [server.base_url for server in servers])
        with started("run", "--samples", "1000", cwd=tmp_path) as process:
            until(lambda: len(servers[0].requests) > 6)
            process.send_signal(signal.SIGTERM)
            stdout, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143
    assert "stopped by a signal while samples were taken" in stderr
    assert "chat.usage" in stdout
    assert set(reports(tmp_path)) == {"comparison", "e0", "e1"}


def test_samples_that_a_signal_cut_short_are_said_to_be(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """What is judged then is less than what was asked for."""
    good = good_gateway()

    async def interrupt_the_third(exchange: Exchange) -> None:
        if exchange.number == 3:
            os.kill(os.getpid(), signal.SIGINT)
        await good.models(exchange)

    with serving_all([good, replace(good, models=interrupt_the_third)]) as servers:
        write_config(tmp_path, [server.base_url for server in servers])
        ran = envcheck("run", "--samples", "500", "--skip-chat", "--no-reports")
    assert ran.code == 130
    assert "stopped by a signal while samples were taken; those that were taken are judged" in ran.stderr
    assert "Verdict" in ran.stdout


def test_a_signal_that_came_before_the_probing_stops_it_at_once() -> None:
    """There is nothing to stop yet when it comes, and there is a moment later."""
    stopped = []
    with signals.wound_up_when_signalled() as interruption:
        os.kill(os.getpid(), signal.SIGTERM)
        with interruption.stopping(lambda: stopped.append(True)):
            assert stopped == [True]
    assert interruption.code == 143


def test_what_is_of_another_night_is_not_passed_off_as_tonights(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A folder that holds an earlier run has that run's comparison, and its reports of whoever did not finish."""
    with serving_all([good_gateway(), good_gateway()]) as servers:
        write_config(tmp_path, [server.base_url for server in servers])
        assert envcheck("run").code == 0
        with signalling_when_asked() as url:
            write_config(tmp_path, [servers[0].base_url, url])
            ran = envcheck("run", "--concurrency", "1")
    assert ran.code == 130
    assert "1 of 2 environments had finished and are written to reports (e0)" in ran.stderr
    assert "reports: its comparison, and the reports of the others, are of an earlier run" in ran.stderr


def test_what_could_not_be_written_is_not_said_to_be(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The sentence about the folder is about what is in it."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "e0.json").symlink_to("elsewhere")
    with serving(good_gateway()) as server, signalling_when_asked() as url:
        write_config(tmp_path, [server.base_url, url])
        ran = envcheck("run", "--concurrency", "1")
    assert ran.code == 130
    assert "1 of 2 environments had finished (e0), and not all could be written; nothing was compared" in ran.stderr


def test_a_signal_before_any_answer_says_that_nothing_is_there(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """No folder is named that holds nothing."""
    with signalling_when_asked() as url:
        write_config(tmp_path, [url, "http://127.0.0.1:9/v1"])
        ran = envcheck("run", "--concurrency", "1")
    assert ran.code == 130
    assert "stopped by a signal before any environment had finished; nothing was written" in ran.stderr


def test_winding_up_has_an_end(tmp_path: Path) -> None:
    """A disk that hangs does not keep a command from ending: it says what may be missing."""
    with serving(good_gateway()) as server:
        write_config(tmp_path, [server.base_url])
        script = "import envcheck.cli.signals as signals; signals.WIND_UP_S = 0.2\n" + pausing(
            "envcheck.cli.jobs.present", "write_reports", 60
        )
        with started("run", cwd=tmp_path, script=script) as process:
            assert process.stderr is not None
            assert "here\n" in iter(process.stderr.readline, "")
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert "not done within 0.2 s" in stderr


# The command line is looked up like any module, so a finder can stand where it is loaded.
_LOADING = """
import sys, time
class Slow:
    @staticmethod
    def find_spec(name, *_):
        if name == "envcheck.cli.boundary":
            print("here", file=sys.__stderr__, flush=True)
            while True:
                time.sleep(0.01)
sys.meta_path.insert(0, Slow)
from envcheck.__main__ import main
main()
"""


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_before_anything_is_at_stake_ends_the_command(tmp_path: Path, number: int, code: int) -> None:
    """While it is being loaded there is nothing to wind up: one line, no traceback, its code."""
    with started("run", "--sample", cwd=tmp_path, script=_LOADING) as process:
        assert process.stderr is not None
        assert "here\n" in iter(process.stderr.readline, "")
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, stdout) == (code, "")
    assert stderr == f"envcheck: {'interrupted' if code == 130 else 'terminated'}\n"


def test_a_signal_that_was_ignored_when_it_started_stays_so(tmp_path: Path) -> None:
    """`nohup` and `command &` ask for that."""
    with serving_all([good_gateway(), SILENT]) as (good, never):
        write_config(tmp_path, [good.base_url, never.base_url], "[defaults]\ntimeout_s = 1.5")
        script = (
            "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\nfrom envcheck.__main__ import main; main()"
        )
        with started("run", cwd=tmp_path, script=script) as process:
            until(lambda: never.requests)
            process.send_signal(signal.SIGHUP)
            process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 4


@contextmanager
def signalling_when_asked() -> Iterator[str]:
    """Serve a gateway that sends this process SIGINT when it is asked, and never answers."""

    async def interrupt(exchange: Exchange) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await exchange.peer.gone()

    with serving(ServedGateway(models=interrupt, chat=interrupt, other=interrupt)) as server:
        yield server.base_url


def test_a_signal_without_reports_says_how_far_it_came(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """With --no-reports there is nothing to keep, and nothing is compared."""
    with signalling_when_asked() as url:
        write_config(tmp_path, ["http://127.0.0.1:9/v1", url])
        ran = envcheck("run", "--no-reports", "--concurrency", "1")
    assert (ran.code, ran.stdout) == (130, "")
    assert "1 of 2 environments had finished; nothing was compared, and with --no-reports nothing is kept" in ran.stderr


def test_a_signal_ends_a_probe(envcheck: Callable[..., Ran]) -> None:
    """One endpoint that has not answered has no report."""
    with signalling_when_asked() as url:
        ran = envcheck("probe", "--base-url", url)
    assert (ran.code, ran.stdout) == (130, "")
    assert "before the endpoint had answered every probe; nothing was written" in ran.stderr


def test_a_signal_ends_the_demo(envcheck: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a demo shows nothing."""
    with signalling_when_asked() as url:
        monkeypatch.setattr(
            demo, "environments", lambda _gateways, _more: (Environment(name="production", base_url=url),)
        )
        ran = envcheck("demo")
    assert (ran.code, ran.stdout) == (130, "")
