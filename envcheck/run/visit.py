"""One environment while it is being probed: what was asked of it, and what was read."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, LiteralString, Self

import anyio

from envcheck.errors import PluginError
from envcheck.model import Unplanned
from envcheck.probes import PROBES, options_of
from envcheck.probes.base import Asking
from envcheck.redact import Redacted
from envcheck.seam.assemble import Made, check_of, evidence_of, missing_key_check, skipped_check
from envcheck.seam.gathered import Gathered
from envcheck.seam.normalize import Reading, broken, normalize
from envcheck.seam.transport import TransportNotes, transport_of
from envcheck.seam.withhold import without_trips

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from envcheck.evidence import Check, Evidence
    from envcheck.http import Gateway
    from envcheck.judge.names import Names
    from envcheck.model import Environment, Exchange, Request
    from envcheck.probes.base import Options
    from envcheck.redact import Redactor
    from envcheck.run.pacing import Pacing
    from envcheck.run.progress import Progress

PROBE_GRACE_S: Final = 10.0
"""How far past the deadlines of its requests a probe may go on by itself: a gateway's time ends with the deadline."""
MOST_KNOWN_BODIES: Final = 4
"""Of so many replies the reading is kept for when they come again: one gateway has few machines that each list models
in an order of their own, and what is another in each reply never comes again."""


_COOLS_DOWN: Final = frozenset({401, 404, 408, 429, *range(500, 600)})
_WHILE_COOLING: Final = frozenset({429, 503})


@dataclass(slots=True)
class Readings:
    """What was read of one probe's replies."""

    openings: list[Reading] = field(default_factory=list)
    """Of the opening request, asked again where it failed by a passing cause; the last one counts."""
    first: list[Reading] = field(default_factory=list)
    """Samples for latency."""
    again: list[Reading] = field(default_factory=list)
    """Those of a second batch."""

    @property
    def opening(self) -> Reading:
        """The one that says whether the probe passed."""
        return self.openings[-1]

    def __iter__(self) -> Iterator[Reading]:
        """Yield all of them."""
        yield from (*self.openings, *self.first, *self.again)


@dataclass(slots=True, eq=False)
class Visit:
    """The requests to one environment and their readings, sent inside its `async with`.

    Whatever breaks on the way (opening, asking, reading, putting the record together, closing) breaks this environment
    alone.
    """

    environment: Environment
    redactor: Redactor
    gateway: Gateway
    pacing: Pacing
    progress: Progress
    run_id: str
    made_up: bool = False
    vantage: str | None = None
    """Where this process looks from; None where nobody said."""
    model: str | None = None
    """The one to ask for: the configured one, else the first that is listed."""
    listed: tuple[str, ...] = ()
    """The models that the gateway says it has, as it wrote them."""
    readings: dict[str, Readings] = field(default_factory=dict)
    unasked: dict[str, Check] = field(default_factory=dict)
    """The checks of probes that were not sent."""
    cooled_by: str | None = None
    """The optional probe whose refusal may have made the gateway refuse what follows."""
    sent: int = 0
    """How many requests were sent."""
    unplanned: Counter[Unplanned] = field(default_factory=Counter)
    """How many of those were not among the planned ones."""
    _transport: TransportNotes = field(default_factory=TransportNotes)
    _known_bodies: dict[tuple[str, int | None, bytes], Reading] = field(default_factory=dict)
    """The latest ones."""
    _gathered: Gathered = field(default_factory=Gathered)
    _broke: dict[str, Exception] = field(default_factory=dict)
    """By probe: what it broke by when it last asked."""

    def __post_init__(self) -> None:
        self.model = self.environment.model
        self._transport.recorded = self.environment.record_headers

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
        self.unasked = {first: missing_key_check(PROBES[first], self.redactor)}
        self.unasked |= {probe: skipped_check(PROBES[probe], why) for probe in others}

    def is_to_ask(self, probe: str) -> bool:
        """Tell whether a probe is still to be asked, and note why where it is not worth asking."""
        if probe in self.readings or probe in self.unasked:
            return False
        why = self._reason_to_skip(probe)
        if why is not None:
            self.unasked[probe] = skipped_check(PROBES[probe], why)
        return why is None

    def _reason_to_skip(self, probe: str) -> Redacted | None:
        for name, readings in self.readings.items():
            if readings.opening.failure in PROBES[name].stops_others:
                return self.redactor.own("not sent, because a probe before it failed")
        if PROBES[probe].needs_model and self._model_for(probe) is None:
            return self._no_model_for(probe)
        environment = self.environment
        if PROBES[probe].replaces_key and environment.api_key is None and (environment.headers or environment.query):
            return self.redactor.own("not sent, because there is no api_key_env, and headers or query may let it in")
        return None

    def _no_model_for(self, probe: str) -> Redacted:
        kind = PROBES[probe].listed_as
        if kind is None:
            return self.redactor.own("not sent, because no model is configured and none was listed")
        return Redacted(f"not sent, because no id that is listed contains `{kind}`; [defaults.probe.{probe}] model")

    @property
    def sampled_probes(self) -> list[str]:
        """Those whose latency is of interest, which are asked before all others."""
        return [name for name in self.environment.probes if PROBES[name].is_sampled]

    @property
    def other_probes(self) -> list[str]:
        """Those that are asked once only, when all samples are taken."""
        return [name for name in self.environment.probes if not PROBES[name].is_sampled]

    def is_of_our_making(self, probe: str, reading: Reading) -> bool:
        """Tell whether a refusal is the echo of an optional probe before it, and note that in its place.

        LiteLLM cools a deployment down after a single 401, 404, 408, 429 or 5xx of its provider's, and answers 429
        until it is over: https://docs.litellm.ai/docs/proxy/reliability
        """
        if reading.status not in _WHILE_COOLING or self.cooled_by is None:
            return False
        why = f"HTTP {reading.status} after {self.cooled_by}, which may have put the gateway into cool-down"
        self.unasked[probe] = skipped_check(PROBES[probe], Redacted(why))
        return True

    def _model_for(self, probe: str) -> str | None:
        kind = PROBES[probe].listed_as
        others = self.model if kind is None else next((name for name in self.listed if kind in name.lower()), None)
        return self._options(probe).model or others

    def _options(self, probe: str) -> Options:
        return options_of(PROBES[probe], self.environment)

    @property
    def is_answered(self) -> bool:
        """Whether each probe was answered once, or is not to be asked."""
        return not any(self.is_to_ask(probe) for probe in self.sampled_probes)

    async def ask(self, probe: str, unplanned: Unplanned | None = None) -> Exchange | None:
        """Send a probe's requests; None where envcheck itself broke, which is told.

        `unplanned` says why, where they are not among those that were announced.
        """
        planned = PROBES[probe].requests(self._options(probe))
        if unplanned in {Unplanned.RETAKEN, Unplanned.ASKED_AGAIN}:
            self.progress.expect_more(planned)
        begun = told = 0

        async def send(request: Request) -> Exchange:
            nonlocal begun, told
            begun += 1
            is_announced = begun <= planned
            exchange = await self.gateway.exchange(request)
            self._transport.note(probe, exchange)
            self._count(exchange, unplanned if is_announced else Unplanned.REFUSED_IN_PART)
            if is_announced:
                self.progress.exchanged(self.environment.name)
                told += 1
            return exchange

        try:
            return await self._asked_within_reason(probe, send, planned * self.environment.timeout_s)
        except Exception as error:  # noqa: BLE001 - a probe that breaks is a column of the table, never an abort
            self._broke[probe] = self._blamed(probe, error, "broke while it asked")
            return None
        finally:
            for _ in range(told, planned):  # what is not sent any more is over too
                self.progress.exchanged(self.environment.name)

    async def _asked_within_reason(
        self, probe: str, send: Callable[[Request], Awaitable[Exchange]], seconds: float
    ) -> Exchange:
        """Let a probe send its request, and end it where it hangs.

        Raises:
            Exception: the probe broke.
            TimeoutError: it did not end by itself.
            RuntimeError: it was cancelled, and the run was not.

        """
        asking = Asking(send, self._model_for(probe), self._options(probe), self.environment.prompt)
        try:
            with anyio.fail_after(seconds + PROBE_GRACE_S):
                return await PROBES[probe].ask(asking)
        except anyio.get_cancelled_exc_class() as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # somebody ends it, or what it is a part of, from outside
                raise
            raise RuntimeError("a probe was cancelled by itself") from error

    def _count(self, exchange: Exchange, unplanned: Unplanned | None) -> None:
        self.sent += exchange.sent
        if unplanned is not None and exchange.sent:
            self.unplanned[unplanned] += 1
        if exchange.sent > 1:
            self.unplanned[Unplanned.RESENT] += exchange.sent - 1

    async def read(self, probe: str, exchange: Exchange | None) -> Reading:
        """Keep what is safe of a reply."""
        if exchange is None:
            return broken(self.redactor, self._broke.get(probe))
        size = sum(len(each.body) for each in (exchange, *exchange.more))
        try:
            work = partial(self._read, probe, exchange)
            is_ours = PROBES[probe].plugin is None
            read = await (self.pacing.read(work, size) if is_ours else self.pacing.read_beside(work))
            reading = self._related(probe, read)
        except Exception as error:  # noqa: BLE001 - as above
            return broken(self.redactor, self._blamed(probe, error, "broke while it read a reply"))
        if reading.reply is not None and reading.reply.offers and not self.listed:
            self.listed = reading.reply.offers
            self.model = self.model or self.listed[0]
        return self._sharing_facts(probe, reading)

    def _blamed(self, probe: str, error: Exception, doing: LiteralString) -> Exception:
        """Tell of a fault, and give it: the plug-in's where the probe is of one."""
        plugin = PROBES[probe].plugin
        if plugin is not None and not isinstance(error, PluginError):
            blamed = PluginError(plugin, "took too long to ask" if isinstance(error, TimeoutError) else doing)
            blamed.__cause__ = error
            error = blamed
        self.progress.broke(self.environment.name, error)
        return error

    def _read(self, probe: str, exchange: Exchange) -> Reading:
        """Read a reply, beside the event loop where it is large: its digest alone would hold the others up."""
        # The same bytes again, as a list of models is in each sample, say the same again.
        known = (probe, exchange.status, hashlib.sha256(exchange.body).digest())
        if exchange.fault is None and not exchange.more and (same := self._known_bodies.get(known)) is not None:
            return replace(same, timing=exchange.timing, connection=exchange.connection)
        reading = self._gathered.noted(probe, normalize(PROBES[probe], exchange, self.redactor))
        # What was measured is of when the bytes came, and never twice the same.
        if reading.reply is not None and not reading.reply.measured and not exchange.more:
            if len(self._known_bodies) >= MOST_KNOWN_BODIES:
                del self._known_bodies[next(iter(self._known_bodies))]
            self._known_bodies[known] = reading
        return reading

    def _related(self, probe: str, reading: Reading) -> Reading:
        """Hold a reply against those of other probes, where its probe does that."""
        relate = PROBES[probe].relate
        if relate is None or reading.reply is None:
            return reading
        others = {
            name: readings.opening.reply
            for name, readings in self.readings.items()
            if name != probe and readings.opening.failure is None and readings.opening.reply is not None
        }
        return replace(reading, reply=relate(reading.reply, others))

    def _sharing_facts(self, probe: str, reading: Reading) -> Reading:
        """Let equal facts be one object, so that memory does not grow with the samples of a long list of models."""
        reply = reading.reply
        if reply is None or probe not in self.readings:
            return reading
        facts = (other.reply.facts for other in self.readings[probe] if other.reply is not None)
        known = next((each for each in facts if each == reply.facts), reply.facts)
        return replace(reading, reply=replace(reply, facts=known))

    def evidence(self) -> Evidence:
        """Put what was read into the environment's record; one that cannot be put together says so itself."""
        try:
            return self._recorded([self._check(probe) for probe in self.environment.probes])
        except Exception as error:  # noqa: BLE001 - one environment is a column, whatever it does
            self._break(error)
            self.model = self.environment.model
            return self._recorded([self._check(probe) for probe in self.environment.probes])

    def names(self) -> Mapping[str, Names]:
        """Give what is known in memory of the names that the gateway gave, by fact."""
        return self._gathered.by_fact()

    def note_opening(self, probe: str, reading: Reading) -> None:
        """Keep what came of a probe's opening request; the last one counts."""
        # A made-up key that was refused went no further than the gateway's own door.
        at_the_door = PROBES[probe].replaces_key and reading.failure is None
        if PROBES[probe].optional and reading.status in _COOLS_DOWN and not at_the_door:
            self.cooled_by = probe
        self.readings.setdefault(probe, Readings()).openings.append(reading)

    def hand_over(self) -> None:
        """Let the run have what there is."""
        self.progress.finished(self.evidence(), self.names())

    def _check(self, probe: str) -> Check:
        """Put one probe's readings into its check; a probe whose facts do not fit is broken, and no other is.

        What is asked once only has not had its turn when the samples are looked at, nor in a run that is cut short.
        """
        if probe not in self.readings:
            too_early = self.redactor.own("not sent, because the run ended before its turn")
            return self.unasked.get(probe) or skipped_check(PROBES[probe], too_early)
        readings = self.readings[probe]
        try:
            return check_of(PROBES[probe], readings.openings, readings.first, readings.again)
        except Exception as error:  # noqa: BLE001 - one probe is a row of one column
            blamed = self._blamed(probe, error, "gave a reply of which no record can be made")
            return check_of(PROBES[probe], [broken(self.redactor, blamed)])

    def _recorded(self, checks: Sequence[Check]) -> Evidence:
        made = Made(
            datetime.now(UTC).replace(microsecond=0),
            self.run_id,
            self.made_up,
            self.vantage,
            self._asked(),
            sent=self.sent,
            unplanned={why: self.unplanned[why] for why in Unplanned if self.unplanned[why]},
        )
        # Names that were read before a reply came may hold a part of it, too.
        generated = [text for each in self.readings.values() for reading in each for text in _generated(reading)]
        knowing = self.redactor.also(*dict.fromkeys(generated)) if generated else self.redactor
        made = replace(made, transport=transport_of(self._transport, knowing))
        return without_trips(evidence_of(self.environment, checks, self.model, self.redactor, made), knowing)

    def _asked(self) -> str:
        """Hash model, prompt and parameters, with a key that never leaves the process: equal or not within one run."""
        prompt = self.environment.prompt
        options = {
            probe: changed
            for probe, each in sorted(self.environment.options.items())
            if (changed := each.model_dump(exclude_defaults=True))
        }
        asked = [self.model, None if prompt is None else prompt.get_secret_value(), options]
        return self.redactor.token(json.dumps(asked, sort_keys=True, default=str))

    def _break(self, error: Exception) -> None:
        """Let every probe have failed for a fault of ours."""
        self.progress.broke(self.environment.name, error)
        self.unasked.clear()
        self._gathered = Gathered()
        self.readings = {probe: Readings([broken(self.redactor)]) for probe in self.environment.probes}


def _generated(reading: Reading) -> tuple[str, ...]:
    return () if reading.reply is None else reading.reply.generated
