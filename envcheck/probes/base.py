"""What a probe is: a value that says what it asks, how it reads the reply, and which of its facts are compared.

A new probe is one module here that makes a `Probe`, and one line in `envcheck.probes`. Nothing else knows a probe by
name: the command line, the configuration, the comparison, the formats and the documentation's tests read the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Member

from envcheck.judge.duration import Duration
from envcheck.record import Facts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from pydantic import SecretStr

    from envcheck.judge.field import Field
    from envcheck.judge.names import Names
    from envcheck.model import Exchange, FailureClass, Request, Route
    from envcheck.redact import Redactor

__all__ = ["Asking", "Facts", "Measure", "Options", "Probe", "Reply"]


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
    """Milliseconds, by the names of the probe's measures."""
    offers: tuple[str, ...] = ()
    """Models that the gateway says it has, as it wrote them, to be asked for; they stay in the process."""
    names: Mapping[str, Names] = field(default_factory=lambda: MappingProxyType({}))
    """By fact: what is known in memory of names of which a part may be redacted."""
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
    options: type[Options] | None = None
    """Its own table in the file; None for one that has nothing to set."""
    on_by_default: bool = False
    optional: bool = False
    """Whether a gateway may do without it, so that its absence is a fact and not a failure."""
    parameters: frozenset[str] = frozenset()
    """Members of the request's body that a refusal may name; then the gateway does without it."""
    requests: Callable[[Options], int] = _one
    """How many requests it sends each time that it is asked."""
    sets: frozenset[str] = frozenset()
    """Names under which it is asked for together with others."""
    needs_model: bool = True
    stops_others: frozenset[FailureClass] = frozenset()
    """When it fails like this, the probes after it would only fail the same way, or make it worse."""

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
