"""What a probe is: a value that says what it asks, how it reads the reply, and which of its facts are compared.

A new probe is one module here that makes a `Probe`, and one line in `envcheck.probes`. Nothing else knows a probe by
name: the command line, the configuration, the comparison, the formats and the documentation's tests read the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Member

from envcheck.judge.duration import Duration
from envcheck.model import Route
from envcheck.record import Facts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from pydantic import SecretStr

    from envcheck.judge.field import Field
    from envcheck.judge.names import Names
    from envcheck.model import Exchange, FailureClass, Request
    from envcheck.record import FailureName
    from envcheck.redact import Redactor

__all__ = ["CHAT_COMPLETIONS", "Answer", "Asking", "Facts", "Measure", "Options", "Probe", "Reply"]

CHAT_COMPLETIONS: Final = Route("POST", "/chat/completions")


class Answer(StrEnum):
    """What a gateway makes of something that it is asked for."""

    HONOURED = "honoured"
    IGNORED = "ignored"
    """It answered as if that had not been there."""
    REFUSED = "refused"


class Options(BaseModel):
    """A probe's own table in the file, `[defaults.probe.NAME]` and `[environments.X.probe.NAME]`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    model: str | None = Member(default=None, description="The model this probe asks; else the environment's.")
    params: dict[str, Any] = Member(default_factory=dict, description="Merged into the request's body.")


@dataclass(frozen=True, slots=True)
class Asking:
    """What a probe may use to ask. Holds secrets."""

    send: Callable[[Request], Awaitable[Exchange]]
    model: str | None
    """The one to ask for: the configured one, else the first that is listed."""
    options: Options = field(default_factory=Options)
    prompt: SecretStr | None = None
    """The user's own; None for the probe's."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a probe read out of a reply that is what the route promises."""

    facts: Facts
    measured: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Milliseconds, by the series of the probe's measures and of what is only recorded."""
    offers: tuple[str, ...] = ()
    """Models that the gateway says it has, as it wrote them, to be asked for; they stay in the process."""
    names: Mapping[str, Names | None] = field(default_factory=lambda: MappingProxyType({}))
    """By fact: what is known in memory of names of which a part may be redacted; None where there are too many."""
    failed: Mapping[FailureName, int] = field(default_factory=lambda: MappingProxyType({}))
    """Of several requests those that failed, though enough were answered for a reply."""
    tried: int = 0
    """Of how many; 0 for a probe whose reply is that of a single request."""
    generated: tuple[str, ...] = ()
    """What a model wrote: a secret of this environment from now on. It stays in the process."""


class Measure(NamedTuple):
    """A time that a probe's replies are measured by, judged like their latency."""

    name: str
    """As rows and findings spell it."""
    series: str
    """As `Reply.measured` and evidence spell it."""


LATENCY: Final = Measure("latency", "total")
"""Every probe's own: the whole exchange."""


def _one(_options: Options) -> int:
    return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One kind of request, and what is made of its reply."""

    name: str
    """As the file, evidence and rules spell it."""
    route: Route
    facts: type[Facts]
    fields: tuple[Field, ...]
    """Which of its facts are compared, and how."""
    details: frozenset[str] = frozenset()
    """Those of them that a table shows only where they differ; of an optional probe, that is all of them."""
    measures: tuple[Measure, ...] = ()
    """Beside the latency, which every probe has."""
    ask: Callable[[Asking], Awaitable[Exchange]]
    """Send its requests; whatever goes wrong on the way is in the exchange, never raised."""
    read: Callable[[Exchange, Redactor], Reply]
    """Turn a 2xx into a reply, or raise `ReplyRejected` where its body is not what the route promises."""
    reads_in_part: bool = False
    """Whether it reads a 2xx that broke off too, and says itself what that comes to."""
    relate: Callable[[Reply, Mapping[str, Reply]], Reply] | None = None
    """Hold its reply against the opening replies, by probe, of those that passed before it in the same environment."""
    reads_refusals: bool = False
    """Whether it asks for what a gateway should refuse: then `read` is given whole replies of 4xx and 5xx too."""
    replaces_key: bool = False
    """Whether it sends a made-up key, which says nothing where something else may let it in."""
    options: type[Options] | None = None
    """Its own table in the file; None for one that has nothing to set."""
    on_by_default: bool = False
    optional: bool = False
    """Whether a gateway may do without it, so that its absence is a fact and not a failure."""
    parameters: frozenset[str] = frozenset()
    """Members of the request's body that a refusal may name; then the gateway does without it."""
    requests: Callable[[Options], int] = _one
    """How many requests it sends each time that it is asked."""
    in_flight: int = 1
    """How many of them are under way at the same time, at most."""
    sets: frozenset[str] = frozenset()
    """Names under which it is asked for together with others."""
    needs_model: bool = True
    listed_as: str | None = None
    """What is in the id of a model that it can ask, in lower case, where the environment's own model is of no use: the
    first such one that is listed is asked, unless the probe's own table names one. None asks the environment's."""
    stops_others: frozenset[FailureClass] = frozenset()
    """When it fails like this, the probes after it would only fail the same way, or make it worse."""
    plugin: str | None = None
    """The distribution that it comes from; None for one of ours."""
    stands_in: bool = False
    """Whether it is only here to fail, for a plug-in's that could not be loaded: nobody knows its facts and rules."""

    @property
    def is_chat_shaped(self) -> bool:
        """Whether it asks for a completion, so that `chat_params` stand below its own parameters."""
        return self.route == CHAT_COMPLETIONS

    @property
    def is_sampled(self) -> bool:
        """Whether its latency is of interest; what is asked once only is asked when all samples are taken.

        An optional probe can take a gateway down for everybody: some cool a deployment down after a single failure.
        """
        return not self.optional or bool(self.measures)

    @property
    def judged(self) -> tuple[Field, ...]:
        """All that environments are held against each other by: its facts, then its latency and measures."""
        times = (LATENCY, *self.measures) if self.is_sampled else ()
        return (*self.fields, *(Duration(name, series, of_a_model=self.needs_model) for name, series in times))
