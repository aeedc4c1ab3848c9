"""A redactor that knows a few secrets."""

from __future__ import annotations

from urllib.parse import quote

from pydantic import SecretStr

from envcheck.redact import Redactor, Secret, SecretKind


def secret(kind: SecretKind, value: str) -> Secret:
    """Give a secret of a kind."""
    return Secret(kind, SecretStr(value))


def redactor(
    key: str | None = None,
    *,
    prompt: str | None = None,
    header: str | None = None,
    query: str | None = None,
    proxy: str | None = None,
) -> Redactor:
    """Give a redactor that knows these; of a proxy, its password."""
    address = None if proxy is None else f"http://squid:{quote(proxy, safe='')}@proxy.example:3128"
    values = {
        SecretKind.KEY: key,
        SecretKind.PROMPT: prompt,
        SecretKind.HEADER: header,
        SecretKind.QUERY: query,
        SecretKind.PROXY: address,
    }
    return Redactor(secret(kind, value) for kind, value in values.items() if value is not None)
