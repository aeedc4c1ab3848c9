"""What of an environment must never come out: read from it here, and opened nowhere but in `redact`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from envcheck.config.secret_shapes import names_a_secret
from envcheck.model import DEFAULT_PROMPT
from envcheck.redact import Secret, SecretKind

if TYPE_CHECKING:
    from envcheck.model import Environment, JsonValue

_WORD_OF_THE_API: Final = re.compile(r"[a-z][a-z_]{0,30}")
_SHORTEST_PARAMETER: Final = 8
STORAGE_VARIABLES: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_TOKEN",
    "AWS_SSE_CUSTOMER_KEY_BASE64",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_MASTER_KEY",
    "AZURE_STORAGE_CLIENT_SECRET",
    "AZURE_CLIENT_SECRET",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_TOKEN",
)
"""Those that obstore reads and that let somebody in: https://docs.rs/object_store, the config keys of each builder."""


def secrets_of(environments: Iterable[Environment]) -> tuple[Secret, ...]:
    """Return every secret of these environments, each once; the default prompt is one too, for an echo is an echo."""
    return tuple(dict.fromkeys(secret for environment in environments for secret in _secrets_of(environment)))


def secrets_of_storage(variables: Mapping[str, str]) -> tuple[Secret, ...]:
    """Return the credentials of object storage, as far as they are set; they are no environment's."""
    values = (variables.get(name) for name in STORAGE_VARIABLES)
    return tuple(Secret(SecretKind.KEY, SecretStr(value)) for value in values if value)


def _secrets_of(environment: Environment) -> Iterator[Secret]:
    if environment.api_key is not None:
        yield Secret(SecretKind.KEY, environment.api_key)
    yield Secret(SecretKind.PROMPT, environment.prompt or SecretStr(DEFAULT_PROMPT))
    for name, value in environment.headers.items():
        yield Secret(SecretKind.KEY if names_a_secret(name) else SecretKind.HEADER, value)
    for name, value in environment.query.items():
        yield Secret(SecretKind.KEY if names_a_secret(name) else SecretKind.QUERY, value)
    if environment.proxy is not None:
        yield Secret(SecretKind.PROXY, environment.proxy)
    for options in environment.options.values():
        yield from _parameters(options.model_dump(exclude={"model"}))


def _parameters(value: JsonValue) -> Iterator[Secret]:
    """Take sentences for prompts; leave the enums of the API (`low`, `json_object`) alone."""
    match value:
        case str() if len(value.split()) > 1:
            yield Secret(SecretKind.PROMPT, SecretStr(value))
        case str() if not _WORD_OF_THE_API.fullmatch(value) and len(value) >= _SHORTEST_PARAMETER:
            yield Secret(SecretKind.QUERY, SecretStr(value))
        case Mapping():
            for member in value.values():
                yield from _parameters(member)
        case list() | tuple():
            for member in value:
                yield from _parameters(member)
        case _:
            pass
