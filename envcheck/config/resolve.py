"""From checked tables to what the rest of envcheck works with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import SecretStr

from envcheck.config.cross import lack_a_model
from envcheck.config.expect import expects_of
from envcheck.config.fields import AUTO, probes_in_order
from envcheck.config.selection import ONLY_WITHOUT_CHAT
from envcheck.judge.duration import samples_to_tell
from envcheck.model import Environment
from envcheck.policy import Accept, FailOn, Policy, Rollout

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from envcheck.config.expect_model import ExpectTable
    from envcheck.config.file_model import AcceptTable, ChecklistTable, Compare, EnvironmentTable
    from envcheck.config.selection import Overrides


def environment_of(
    name: str, settings: EnvironmentTable, variables: Mapping[str, str], overrides: Overrides
) -> Environment:
    """Give an environment as its requests need it; what the command line says goes before the file."""
    key = variables.get(settings.api_key_env, "").strip() if settings.api_key_env else ""
    return Environment(
        name=name,
        base_url=settings.base_url,
        api_key_env=settings.api_key_env,
        api_key=SecretStr(key) if key else None,
        model=settings.model,
        probes=_probes(settings, overrides),
        timeout_s=float(settings.timeout_s if overrides.timeout_s is None else overrides.timeout_s),
        samples=1 if (samples := overrides.samples or settings.samples) == AUTO else int(samples),
        headers=MappingProxyType(settings.headers),
        query=MappingProxyType(settings.query),
        auth_header=settings.auth_header,
        proxy=settings.proxy,
        ca_file=Path(settings.ca_file) if settings.ca_file else None,
        verify_tls=settings.verify_tls,
        prompt=settings.prompt,
        options=MappingProxyType(settings.options()),
        server_text=settings.server_text,
        record_headers=tuple(settings.record_headers),
    )


def wants_auto(settings: EnvironmentTable, overrides: Overrides) -> bool:
    """Tell whether the number of samples is left to the number of environments."""
    return (overrides.samples or settings.samples) == AUTO


def with_enough_samples(environments: Sequence[Environment], wanting: Collection[str]) -> tuple[Environment, ...]:
    """Give those that want it as many samples as it takes to tell that many of them apart; all the same number.

    Each candidate and probe is a question; one sample more than needed, for one may be void or fail.
    """
    candidates = max(1, len(environments) - 1)
    probes = max((len(environment.probes) for environment in environments), default=1)
    enough = samples_to_tell(candidates * probes) + 1
    return tuple(
        replace(environment, samples=enough) if environment.name in wanting else environment
        for environment in environments
    )


def _probes(settings: EnvironmentTable, overrides: Overrides) -> tuple[str, ...]:
    if overrides.skip_chat:
        return (ONLY_WITHOUT_CHAT,)
    return tuple(probes_in_order(list(dict.fromkeys(overrides.probes))) if overrides.probes else settings.probes)


def asks_for_no_model(environment: Environment) -> bool:
    """Tell whether a probe of this environment asks for a model, and nothing says which."""
    if environment.model is not None:
        return False
    return lack_a_model(environment.probes, [name for name, options in environment.options.items() if options.model])


def policy_of(
    compare: Compare, accept: Iterable[tuple[int, AcceptTable]], expect: Iterable[ExpectTable], overrides: Overrides
) -> Policy:
    """Give how evidence is judged; each entry of `accept` comes with its place in the file, counted from 1."""
    return Policy(
        latency_ratio=compare.latency_ratio,
        latency_floor_ms=compare.latency_floor_ms,
        confirm_over_s=compare.confirm_over_s,
        tls_days=compare.tls_days,
        severity=MappingProxyType(compare.severity),
        accept=tuple(
            Accept(
                rule=each.rule,
                environment=each.environment,
                reason=each.reason,
                value=each.value,
                values=tuple(each.values),
                field=each.field,
                at_most_ratio=each.at_most_ratio,
                expires=each.expires,
                position=position,
            )
            for position, each in accept
        ),
        expect=expects_of(expect),
        fail_on=overrides.fail_on if overrides.fail_on is not None else FailOn.WARN,
        only_new_count=overrides.only_new_count,
        fail_on_undecided=overrides.fail_on_undecided,
    )


def rollout_of(checklist: ChecklistTable, document: Mapping[str, object]) -> Rollout:
    """Give what the file says of the checklist, and whether it has one or expects anything."""
    return Rollout(
        title=checklist.title,
        environments=tuple(checklist.environments),
        manual=tuple(checklist.manual),
        is_asked_for="checklist" in document or "expect" in document,
    )
