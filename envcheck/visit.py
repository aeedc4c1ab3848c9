"""One environment while it is being probed: what was asked of it, and what was read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol, Self

import anyio

from envcheck.normalize import Reading, broken, normalize
from envcheck.probes import PROBES, models
from envcheck.record import check_of, evidence_of, missing_key_check, skipped_check
from envcheck.withhold import without_trips

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from envcheck.evidence import Check, Evidence
    from envcheck.http import Gateway
    from envcheck.model import Environment, Observation
    from envcheck.redact import Redacted, Redactor
    from envcheck.turns import Turns


PROBE_GRACE_S: Final = 10.0
"""How far past its environment's deadline a probe may go on by itself: a gateway's time ends with the deadline."""


class Progress(Protocol):
    """What a run tells while it goes on: to a display, or to nobody."""

    def exchanged(self, environment: str) -> None:
        """One part of an environment's visit is over."""

    def finished(self, evidence: Evidence) -> None:
        """One environment is done: this is its record."""

    def broke(self, environment: str, error: Exception) -> None:
        """A fault of ours happened in one environment; the exception may hold anything."""


@dataclass(slots=True)
class Visit:
    """The requests to one environment and their readings, sent inside its `async with`.

    Whatever breaks on the way (opening, asking, reading, putting the record together, closing) breaks this environment
    alone.
    """

    environment: Environment
    redactor: Redactor
    gateway: Gateway
    turns: Turns
    progress: Progress
    model: str | None = None
    """The one to ask for: the configured one, else the first that is listed."""
    readings: dict[str, list[Reading]] = field(default_factory=dict)
    unasked: dict[str, Check] = field(default_factory=dict)
    """The checks of probes that were not sent."""

    def __post_init__(self) -> None:
        self.model = self.environment.model

    async def __aenter__(self) -> Self:
        try:
            await self.gateway.__aenter__()
        except Exception as error:  # noqa: BLE001 - one environment is a column, whatever it does
            self._break(error)
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await self.gateway.__aexit__(exc_type, exc, traceback)
        except Exception as error:  # noqa: BLE001 - what it answered stands, and the others are closed all the same
            self.progress.broke(self.environment.name, error)

    def spare(self) -> None:
        """Ask nothing, for the key's variable is unset."""
        first, *others = self.environment.probes
        why = self.redactor.own("not sent, because there is no key")
        self.unasked = {first: missing_key_check(first, self.redactor)}
        self.unasked |= {probe: skipped_check(probe, why) for probe in others}

    async def open(self) -> None:
        """Ask each probe once, `models` first: it can name the model to ask for, or spare the others."""
        for probe in self._left:
            if (why := self._reason_to_skip(probe)) is None:
                self.readings[probe] = [await self.ask(probe)]
            else:
                self.unasked[probe] = skipped_check(probe, why)

    @property
    def _left(self) -> list[str]:
        return [probe for probe in self.environment.probes if probe not in self.readings and probe not in self.unasked]

    def _reason_to_skip(self, probe: str) -> Redacted | None:
        listed = self.readings.get(models.NAME)
        if listed is not None and listed[0].spares_the_others:
            return self.redactor.own("not sent, because models failed")
        if probe != models.NAME and self.model is None:
            return self.redactor.own("not sent, because no model is configured and none was listed")
        return None

    async def ask(self, probe: str) -> Reading:
        """Send a probe's request and keep what is safe of the reply.

        A probe that breaks is a column of the table, never an abort: its exception is told and read as `internal`.
        """
        try:
            observation = await self._observed(probe)
            reading = await self.turns.read(normalize, observation, self.redactor)
            if probe == models.NAME and self.model is None and reading.failure is None:
                self.model = models.first_model_id(observation)
            return _sharing_facts(reading, self.readings.get(probe, ()))
        except Exception as error:  # noqa: BLE001 - see above
            self.progress.broke(self.environment.name, error)
            return broken(probe, self.redactor)

    async def _observed(self, probe: str) -> Observation:
        """Let a probe send its request, and end it where it hangs.

        Raises:
            Exception: the probe broke.
            TimeoutError: it did not end by itself.
            RuntimeError: it was cancelled, and the run was not.

        """
        try:
            with anyio.fail_after(self.environment.timeout_s + PROBE_GRACE_S):
                return await PROBES[probe].run(self.gateway, self.environment, self.model)
        except anyio.get_cancelled_exc_class() as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # somebody ends it, or what it is a part of, from outside
                raise
            raise RuntimeError("a probe was cancelled by itself") from error

    def evidence(self) -> Evidence:
        """Put what was read into the environment's record; one that cannot be put together says so itself."""
        try:
            return self._recorded([self._check(probe) for probe in self.environment.probes])
        except Exception as error:  # noqa: BLE001 - one environment is a column, whatever it does
            self._break(error)
            self.model = self.environment.model
            return self._recorded([check_of(probe, self.readings[probe]) for probe in self.environment.probes])

    def _check(self, probe: str) -> Check:
        """Put one probe's readings into its check; a probe whose facts do not fit is broken, and no other is."""
        if probe not in self.readings:
            return self.unasked[probe]
        try:
            return check_of(probe, self.readings[probe])
        except Exception as error:  # noqa: BLE001 - one probe is a row of one column
            self.progress.broke(self.environment.name, error)
            return check_of(probe, [broken(probe, self.redactor)])

    def _recorded(self, checks: Sequence[Check]) -> Evidence:
        return without_trips(evidence_of(self.environment, checks, self.model, self.redactor, _now()), self.redactor)

    def _break(self, error: Exception) -> None:
        """Let every probe have failed for a fault of ours."""
        self.progress.broke(self.environment.name, error)
        self.unasked.clear()
        self.readings = {probe: [broken(probe, self.redactor)] for probe in self.environment.probes}


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _sharing_facts(reading: Reading, earlier: Sequence[Reading]) -> Reading:
    """Let equal facts be one object, so that memory does not grow with the samples of a long list of models."""
    known = next((other.facts for other in earlier if other.facts == reading.facts), None)
    return reading if known is None else replace(reading, facts=known)
