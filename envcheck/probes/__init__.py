"""The probes: what is asked of a gateway, and which facts are taken out of its replies.

A reply goes in raw and comes out as typed, redacted facts. A probe may know how JSON is read and text redacted; it
knows neither who sends its request nor what becomes of its facts. A new one is one module here and one line below.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.judge.outcome import FIELD as OUTCOME
from envcheck.probes.bad_request import BAD_REQUEST
from envcheck.probes.base import Options
from envcheck.probes.chat import CHAT
from envcheck.probes.embeddings import EMBEDDINGS
from envcheck.probes.identity import IDENTITY
from envcheck.probes.models import MODELS
from envcheck.probes.responses import RESPONSES
from envcheck.probes.stream import STREAM
from envcheck.probes.structured import STRUCTURED
from envcheck.probes.tools import TOOLS
from envcheck.probes.unknown_model import UNKNOWN
from envcheck.probes.wrong_key import WRONG_KEY
from envcheck.rules import CORE_RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.model import Environment
    from envcheck.probes.base import Probe
    from envcheck.rules import Rule

_REGISTERED: Final[dict[str, Probe]] = {}

PROBES: Final[Mapping[str, Probe]] = MappingProxyType(_REGISTERED)
"""By name, in the order in which they run: `models` first, for its failure can spare the others."""


def register(probe: Probe) -> None:
    """Let a probe be asked for; it is asked by default only where it says so itself.

    Raises:
        ValueError: there is one of that name, two of its rows have one name, or a field is none of its facts, so that
            it would be shown nowhere and judged by nobody.

    """
    if probe.name in _REGISTERED:
        raise ValueError(f"there is a probe {probe.name} already")
    if unknown := [field.name for field in probe.fields if field.name not in probe.facts.model_fields]:
        raise ValueError(f"{probe.name}: {', '.join(unknown)} is none of its facts")
    rows = [field.name for field in probe.judged]
    if len({*rows, OUTCOME}) <= len(rows):
        raise ValueError(f"{probe.name}: two of its rows have the same name: {', '.join(rows)}")
    _REGISTERED[probe.name] = probe


def known_probe(name: str) -> Probe | None:
    """Give a probe whose facts and rules are known; None for one that there is not, or that only stands in."""
    probe = PROBES.get(name)
    return None if probe is None or probe.stands_in else probe


def is_of_stand_in(full_name: str) -> bool:
    """Tell whether a rule or a fact is of a probe that only stands in, so that nobody can say that there is none."""
    probe = PROBES.get(full_name.partition(".")[0])
    return probe is not None and probe.stands_in


def default_probes() -> tuple[str, ...]:
    """Name the probes that are asked where nobody says which."""
    return tuple(name for name, probe in PROBES.items() if probe.on_by_default)


def probe_sets() -> Mapping[str, tuple[str, ...]]:
    """Give the names that stand for several probes where the file or `--probes` says which are asked."""
    names = dict.fromkeys(name for probe in PROBES.values() for name in sorted(probe.sets))
    return {name: tuple(probe.name for probe in PROBES.values() if name in probe.sets) for name in names}


def planned_requests(environment: Environment) -> int:
    """Give how many requests a run sends to an environment, aside from those that are `Unplanned`."""
    return 0 if environment.key_is_missing else requests_with_key(environment)


def requests_with_key(environment: Environment) -> int:
    """Give how many it is once the key's variable is set.

    One opening exchange for each probe and, where more than one sample is wanted, that many more of each that is
    sampled: the first exchange after a start is never put among the samples.
    """
    samples = environment.samples if environment.samples > 1 else 0
    probes = [PROBES[name] for name in environment.probes]
    return sum(
        probe.requests(options_of(probe, environment)) * (1 + (samples if probe.is_sampled else 0)) for probe in probes
    )


def most_in_flight(environments: Sequence[Environment]) -> int:
    """Give how many requests are under way to one environment at the same time, at most."""
    return max((PROBES[name].in_flight for each in environments for name in each.probes), default=1)


def options_of(probe: Probe, environment: Environment) -> Options:
    """Give what a probe is told in an environment."""
    return environment.options.get(probe.name) or (probe.options or Options)()


def rules() -> Mapping[str, Rule]:
    """Give every rule that a finding can come from, by name: those of the core, and those of the probes' fields."""
    of_probes = (rule for probe in PROBES.values() for field in probe.judged for rule in field.rules)
    return {rule.name: rule for rule in (*CORE_RULES, *of_probes)}


_SHIPPED: Final = (
    MODELS,
    CHAT,
    STREAM,
    TOOLS,
    STRUCTURED,
    EMBEDDINGS,
    RESPONSES,
    WRONG_KEY,
    UNKNOWN,
    BAD_REQUEST,
    IDENTITY,
)
for _probe in _SHIPPED:
    register(_probe)
