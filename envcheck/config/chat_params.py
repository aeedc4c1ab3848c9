"""What `chat_params` may hold: anything that JSON has, but nothing the probe decides itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from envcheck.config.problems import Problem, rejected
from envcheck.config.secret_shapes import looks_like_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from envcheck.config.problems import Path

_KEY_IN_BODY: Final = frozenset({"api_key", "apikey", "api-key", "authorization", "access_token", "password"})
_NOT_A_CHAT_PARAM: Final[Mapping[str, str]] = {
    "model": "write `model` beside these, not in them",
    "messages": "write `prompt` beside these; the probe sends that one message",
}
_MAX_DEPTH: Final = 32


def checked_chat_params(value: dict[str, object]) -> dict[str, object]:
    """Check the parameters.

    Raises:
        PydanticCustomError: for everything that is wrong with any of them.

    """
    problems = list(param_problems(value))
    if problems:
        raise rejected(*problems)
    return value


def param_problems(params: Mapping[str, object]) -> Iterator[Problem]:
    """Give what is wrong with parameters that are merged into a request's body."""
    for name, sentence in _NOT_A_CHAT_PARAM.items():
        if name in params:
            yield Problem((name,), sentence)
    if params.get("stream", False) is not False:
        yield Problem(("stream",), "the probe reads whole replies and never a stream; leave it out")
    yield from _not_json((), params)


def _not_json(path: Path, value: object) -> Iterator[Problem]:
    if len(path) > _MAX_DEPTH:
        yield Problem(path[:1], f"is nested more than {_MAX_DEPTH} deep")
    elif isinstance(value, dict):
        for name, member in value.items():
            if name.lower() in _KEY_IN_BODY or looks_like_key(name):
                yield Problem((*path, name), "a key must not be in this file; name its variable in api_key_env")
            else:
                yield from _not_json((*path, name), member)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _not_json((*path, index), member)
    else:
        sentence = _wrong_leaf(value)
        if sentence:
            yield Problem(path, sentence)


def _wrong_leaf(value: object) -> str | None:
    if isinstance(value, str):
        return "looks like a key, which must not be in this file" if looks_like_key(value) else None
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number, for JSON has no other"
    if not isinstance(value, bool | int | float):
        return "is a date or time, which JSON does not have; write it as a string"
    return None
