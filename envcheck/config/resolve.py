"""From checked tables to what the rest of envcheck works with."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import SecretStr

from envcheck.config.selection import ONLY_WITHOUT_CHAT
from envcheck.model import Environment
from envcheck.policy import Accept, FailOn, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.config.file_model import AcceptTable, Compare, EnvironmentTable
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
        probes=(ONLY_WITHOUT_CHAT,) if overrides.skip_chat else tuple(settings.probes),
        timeout_s=float(settings.timeout_s if overrides.timeout_s is None else overrides.timeout_s),
        samples=settings.samples if overrides.samples is None else overrides.samples,
        headers=MappingProxyType(settings.headers),
        query=MappingProxyType(settings.query),
        auth_header=settings.auth_header,
        proxy=settings.proxy,
        ca_file=Path(settings.ca_file) if settings.ca_file else None,
        verify_tls=settings.verify_tls,
        prompt=settings.prompt,
        chat_params=MappingProxyType(settings.chat_params),
        server_text=settings.server_text,
    )


def policy_of(compare: Compare, accept: Sequence[AcceptTable], overrides: Overrides) -> Policy:
    """Give how evidence is judged."""
    return Policy(
        latency_ratio=compare.latency_ratio,
        latency_floor_ms=compare.latency_floor_ms,
        severity=MappingProxyType(compare.severity),
        accept=tuple(
            Accept(
                rule=each.rule,
                environment=each.environment,
                reason=each.reason,
                value=each.value,
                expires=each.expires,
            )
            for each in accept
        ),
        fail_on=overrides.fail_on if overrides.fail_on is not None else FailOn.WARN,
        only_new_count=overrides.only_new_count,
    )
