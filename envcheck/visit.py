"""One environment while it is being probed: what was asked of it, and what was read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from envcheck.model import Fault, Observation
from envcheck.normalize import Reading, normalize
from envcheck.probes import PROBES, models
from envcheck.record import check_of, evidence_of, missing_key_check, skipped_check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Check, Evidence
    from envcheck.http import Gateway
    from envcheck.model import Environment
    from envcheck.redact import Redacted, Redactor
    from envcheck.turns import Turns


@dataclass(slots=True)
class Visit:
    """The requests to one environment and their readings; the gateway is open while requests are sent."""

    environment: Environment
    redactor: Redactor
    gateway: Gateway
    turns: Turns
    model: str | None = None
    """The one to ask for: the configured one, else the first that is listed."""
    readings: dict[str, list[Reading]] = field(default_factory=dict)
    skipped: dict[str, Check] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.model = self.environment.model

    async def open(self) -> None:
        """Ask each probe once, `models` first: it can name the model to ask for, or spare the others."""
        for probe in self.environment.probes:
            if (why := self._reason_to_skip(probe)) is None:
                self.readings[probe] = [await self.ask(probe)]
            else:
                self.skipped[probe] = skipped_check(probe, why)

    def _reason_to_skip(self, probe: str) -> Redacted | None:
        listed = self.readings.get(models.NAME)
        if listed is not None and listed[0].spares_the_others:
            return self.redactor.own("not sent, because models failed")
        if probe != models.NAME and self.model is None:
            return self.redactor.own("not sent, because no model is configured and none was listed")
        return None

    async def ask(self, probe: str) -> Reading:
        """Send a probe's request and keep what is safe of the reply.

        A probe that breaks is a column of the table, never an abort: its exception becomes an observation.
        """
        try:
            observation = await PROBES[probe].run(self.gateway, self.environment, self.model)
            reading = await self.turns.read(normalize, observation, self.redactor)
        except Exception:  # noqa: BLE001 - see above
            broken = Observation(probe=probe, request=PROBES[probe].REQUEST, fault=Fault.INTERNAL)
            return normalize(broken, self.redactor)
        if probe == models.NAME and self.model is None and reading.failure is None:
            self.model = models.first_model_id(observation)
        return _sharing_facts(reading, self.readings.get(probe, ()))

    def evidence(self) -> Evidence:
        """Put what was read into the environment's record."""
        checks = [
            check_of(probe, self.readings[probe]) if probe in self.readings else self.skipped[probe]
            for probe in self.environment.probes
        ]
        return evidence_of(self.environment, checks, self.model, self.redactor, _now())


def evidence_without_key(environment: Environment, redactor: Redactor) -> Evidence:
    """Give the record of an environment whose key's variable is unset: nothing is sent."""
    first, *others = environment.probes
    checks = [
        missing_key_check(first, redactor),
        *(skipped_check(probe, redactor.own("not sent, because there is no key")) for probe in others),
    ]
    return evidence_of(environment, checks, environment.model, redactor, _now())


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _sharing_facts(reading: Reading, earlier: Sequence[Reading]) -> Reading:
    """Let equal facts be one object, so that memory does not grow with the samples of a long list of models."""
    known = next((other.facts for other in earlier if other.facts == reading.facts), None)
    return reading if known is None else replace(reading, facts=known)
