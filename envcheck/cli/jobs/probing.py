"""Running the probes from a command: the display, the signals, and what is kept when a run is cut short."""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import anyio

from envcheck.api import probe
from envcheck.cli.faults import tell_fault
from envcheck.cli.jobs.inputs import counted
from envcheck.errors import PluginError
from envcheck.probes import planned_requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.progress import ProgressDisplay
    from envcheck.cli.signals import Interruption
    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names
    from envcheck.model import Environment
    from envcheck.redact import Redactor
    from envcheck.run.runner import Second

_TURN_OF_A_THREAD_S: Final = 0.0005
_WORTH_SAYING_S: Final = 2.0
_TRIPPED: Final = "its server gave a secret back in a way that redaction did not see; that text is withheld"


@dataclass(slots=True)
class Probed:
    """What a run brought back."""

    console: Console
    display: ProgressDisplay | None = None
    by_name: dict[str, Evidence] = field(default_factory=dict)
    names: dict[str, Mapping[str, Names]] = field(default_factory=dict)
    """By environment: what is known in memory of the names that its gateway gave."""
    complete: bool = False
    """Whether everything was asked; else a signal cut the run short."""
    faults: list[tuple[str, Exception]] = field(default_factory=list)
    """Faults of our own, each with the environment that it happened in."""

    def exchanged(self, environment: str) -> None:
        """Show where the run is."""
        if self.display is not None:
            self.display.one_more(environment)

    def expect_more(self, requests: int) -> None:
        """Let the display count on what was not announced."""
        if self.display is not None:
            self.display.expect(requests)

    def sampling(self, requests: int, seconds: float) -> None:
        """Say how long the samples take."""
        if self.display is not None:
            self.display.expect(requests)
        if seconds >= _WORTH_SAYING_S:
            self._say(f"taking {counted(requests, 'sample')}, which takes about {seconds:.0f} s")

    def confirming(self, latencies: int, requests: int, seconds: float) -> None:
        """Say that what was slow once is looked at again, and how long that takes."""
        if self.display is not None:
            self.display.expect(requests)
        what = "a slow latency" if latencies == 1 else f"{latencies} slow latencies"
        self._say(f"confirming {what} with {requests} more requests over about {seconds:.0f} s")

    def _say(self, words: str) -> None:
        """Say a line of ours above the display, where there is one."""
        with nullcontext() if self.display is None else self.display.out_of_the_way():
            self.console.note(words)

    def finished(self, evidence: Evidence, names: Mapping[str, Names]) -> None:
        """Keep a record."""
        self.by_name[evidence.environment] = evidence
        self.names[evidence.environment] = names

    def broke(self, environment: str, error: Exception) -> None:
        """Keep a fault, to be told when the display is gone."""
        self.faults.append((environment, error))


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be probed, and how."""

    environments: Sequence[Environment]
    redactor: Redactor
    concurrency: int
    second: Second | None = None
    made_up: bool = False
    """Whether the gateways are the demo's, so that no record may be held against a real one."""
    vantage: str | None = None
    """Where this process looks from; None where nobody said."""


def probe_all(work: Work, console: Console, interruption: Interruption) -> Probed:
    """Probe every environment; a signal ends the probing early and keeps what has answered."""
    with ExitStack() as stack:
        probed = Probed(console)
        if console.shows_progress:
            from envcheck.cli.jobs.progress import ProgressDisplay  # noqa: PLC0415 - rich is loaded where it is seen

            probed.display = stack.enter_context(
                ProgressDisplay(_opening_requests(work.environments), console.terminal)
            )
        _collect_garbage_again()
        # A large reply is read in a thread, which must not keep the loop from noticing the others'.
        sys.setswitchinterval(_TURN_OF_A_THREAD_S)
        probed.complete = anyio.run(until_signalled, partial(_probing, work, probed), interruption)
    _tell_faults(console, probed)
    for evidence in probed.by_name.values():
        if evidence.safety.server_text == "withheld_by_tripwire":
            console.complain(f"{evidence.environment}: {_TRIPPED}")
    return probed


def _opening_requests(environments: Sequence[Environment]) -> int:
    """Give how many requests there are beside the samples, which are announced when they begin."""
    return sum(planned_requests(replace(each, samples=1)) for each in environments)


def _tell_faults(console: Console, probed: Probed) -> None:
    """Tell each kind of fault once, for what breaks in one environment may break in all of them."""
    by_kind: dict[str, list[tuple[str, Exception]]] = {}
    for environment, error in probed.faults:
        kind = str(error) if isinstance(error, PluginError) else repr(type(error))
        by_kind.setdefault(kind, []).append((environment, error))
    for alike in by_kind.values():
        environment, error = alike[0]
        others = len({name for name, _ in alike}) - 1
        tell_fault(console, error, where=f" in {environment}" + (f" and {others} more" if others else ""))


def _collect_garbage_again() -> None:
    """Undo what `__main__` did for the imports, and never look through what they brought: that stalls the loop."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


async def until_signalled(work: Callable[[], Awaitable[None]], interruption: Interruption) -> bool:
    """Do some work; a signal ends it early. Tell whether it was done."""
    loop = asyncio.get_running_loop()
    with anyio.CancelScope() as scope, interruption.stopping(lambda: loop.call_soon_threadsafe(scope.cancel)):
        await work()
        return True
    return False


def _probing(work: Work, probed: Probed) -> Awaitable[None]:
    return probe(
        work.environments,
        redactor=work.redactor,
        concurrency=work.concurrency,
        progress=probed,
        second=work.second,
        made_up=work.made_up,
        vantage=work.vantage,
    )
