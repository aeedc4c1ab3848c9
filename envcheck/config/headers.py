"""What `headers` and `query` may hold: nothing that breaks the request, and no secret in the file itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from envcheck.config.expand import Expanded, expand
from envcheck.config.problems import Problem, rejected
from envcheck.config.secret_shapes import could_be_key, looks_like_key, names_a_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")
"""A token as RFC 9110, 5.6.2 has it."""

_OURS: Final = "envcheck sets this header itself"
_OF_THE_CONNECTION: Final = "this header belongs to the connection, not to the request"
REFUSED_HEADERS: Final[Mapping[str, str]] = {
    "host": "the host is that of base_url; put it there",
    "content-length": _OURS,
    "content-type": _OURS,
    "content-encoding": _OURS,
    "accept-encoding": _OURS,
    "connection": _OF_THE_CONNECTION,
    "proxy-connection": _OF_THE_CONNECTION,
    "keep-alive": _OF_THE_CONNECTION,
    "transfer-encoding": _OF_THE_CONNECTION,
    "te": _OF_THE_CONNECTION,
    "trailer": _OF_THE_CONNECTION,
    "upgrade": _OF_THE_CONNECTION,
    "expect": _OF_THE_CONNECTION,
    # Among the request's headers it would go through a tunnel to the gateway, which is not to know it. No example of
    # such a URL: it would be taken out of the sentence.
    "proxy-authorization": (
        "a proxy's name and password are for the proxy alone; write them into the URL of `proxy`, between `//` and `@`,"
        " where `${NAME}` works too"
    ),
}
_MORE_THAN_A_WORD: Final = re.compile(r"[A-Za-z0-9_-]{16,}")
"""Beside a `${NAME}`, a credential's value may hold words such as `Bearer` or `session=`, and no more."""

_A_KEY_FOR_A_NAME: Final = (
    "looks like a key, where a name belongs; put it in a variable, and write NAME = '${VARIABLE}'"
)
_WRITE_A_VARIABLE: Final = "a literal value may be a key, which must not be in this file; write `${NAME}`"


def checked_headers(headers: Mapping[str, SecretStr], variables: Mapping[str, str]) -> dict[str, SecretStr]:
    """Expand the values.

    Raises:
        PydanticCustomError: for everything that is wrong with any of the headers.

    """
    result, problems = _expanded(headers, variables, _header_mistakes)
    seen: set[str] = set()
    for name in headers:
        if name.lower() in seen:
            problems.append(Problem((name,), "is there twice; the case of a header's name does not matter"))
        seen.add(name.lower())
    if problems:
        raise rejected(*problems)
    return result


def checked_query(query: Mapping[str, SecretStr], variables: Mapping[str, str]) -> dict[str, SecretStr]:
    """Expand the values.

    Raises:
        PydanticCustomError: for everything that is wrong with any of the parameters.

    """
    result, problems = _expanded(query, variables, _query_mistakes)
    if problems:
        raise rejected(*problems)
    return result


def unsendable(value: str) -> str | None:
    """Say why a value cannot be sent in a header; None where it can."""
    if not value.isascii():
        return "holds a character outside ASCII, which a header cannot carry (a typographic quote?)"
    if not value.replace("\t", " ").isprintable():
        return "holds a line break or another control character, which a header cannot carry"
    return None


def _expanded(
    table: Mapping[str, SecretStr],
    variables: Mapping[str, str],
    mistakes: Callable[[str, Expanded], Iterator[str]],
) -> tuple[dict[str, SecretStr], list[Problem]]:
    result: dict[str, SecretStr] = {}
    problems: list[Problem] = []
    for name, secret in table.items():
        value = expand(secret.get_secret_value(), variables)
        problems += [problem.below((name,)) for problem in value.problems]
        problems += [Problem((name,), sentence) for sentence in mistakes(name, value)]
        result[name] = SecretStr(value.text)
    return result, problems


def _header_mistakes(name: str, value: Expanded) -> Iterator[str]:
    if could_be_key(name):
        yield _A_KEY_FOR_A_NAME
    elif not HEADER_NAME.fullmatch(name):
        yield "is not a header's name: letters, digits and `-` only"
    elif name.lower() in REFUSED_HEADERS:
        yield f"cannot be set: {REFUSED_HEADERS[name.lower()]}"
        return  # the remedy is the same whatever the value is
    reason = unsendable(value.text)
    if reason:
        yield f"the value {reason}"
    yield from _literal_secret(name, value)


def _query_mistakes(name: str, value: Expanded) -> Iterator[str]:
    if could_be_key(name):
        yield _A_KEY_FOR_A_NAME
    elif not name or not name.isprintable() or " " in name:
        yield "is not a parameter's name"
    if not value.text.isprintable():
        yield "the value holds a line break or another control character"
    yield from _literal_secret(name, value)


def _literal_secret(name: str, value: Expanded) -> Iterator[str]:
    guarded = value.has_reference and not _MORE_THAN_A_WORD.search(value.literal)
    if looks_like_key(value.literal) or (names_a_secret(name) and not guarded):
        yield _WRITE_A_VARIABLE
