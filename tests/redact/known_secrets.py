"""A redactor that knows a few secrets, made as a run makes it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from pydantic import SecretStr

from envcheck.model import Environment
from envcheck.redact import Redactor

BASE = Environment("staging", "https://gateway.example.com/v1", api_key_env="STAGING_API_KEY", model="gpt-4o-mini")


def redactor(
    key: str | None = None,
    *,
    prompt: str | None = None,
    header: str | None = None,
    query: str | None = None,
    proxy: str | None = None,
    other_key: str | None = None,
    environment: Environment = BASE,
) -> Redactor:
    """Give the view for an environment that holds these secrets."""
    environment = replace(
        environment,
        api_key=None if key is None else SecretStr(key),
        prompt=None if prompt is None else SecretStr(prompt),
        headers={} if header is None else {"X-Custom": SecretStr(header)},
        query={} if query is None else {"custom": SecretStr(query)},
        proxy=None if proxy is None else SecretStr(f"http://squid:{quote(proxy, safe='')}@proxy.example:3128"),
    )
    other = replace(BASE, name="other", api_key=None if other_key is None else SecretStr(other_key))
    return Redactor.for_run((environment, other)).within(environment)
