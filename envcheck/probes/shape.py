"""The shape of a JSON document: its key paths, without a value, bounded, and safe to share."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final, LiteralString

from pydantic import FailFast, Field

from envcheck.judge.names import Names
from envcheck.redact import SafeText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from envcheck.redact import Redacted, Redactor

MAX_KEY_PATHS: Final = 300
"""A real completion has about forty; what a hostile one has past this is counted as `other`."""
MOST_NAMED: Final = 20_000
"""Key paths that are remembered of one reply, shown or not."""
UNLISTED: Final[LiteralString] = "other"
KeyPaths = Annotated[tuple[SafeText, ...], Field(max_length=MAX_KEY_PATHS + 1), FailFast()]
"""As evidence holds them."""
_MAX_DEPTH: Final = 12
_MAX_NODES: Final = 5000
_MAX_ITEMS: Final = 64
_HONEST_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]{0,63}")

# Maps whose members are data: tokens, the arguments of a call by any vendor's name, what a caller or a proxy put in.
# A member's name there may be a word of the reply, and is another one in the next reply.
_MAPS_OF_DATA: Final = frozenset({
    "top_logprobs", "logprobs", "prompt_logprobs", "arguments", "args", "input", "metadata", "logit_bias", "headers",
})  # fmt: skip

# The published API's own field names, see https://platform.openai.com/docs/api-reference/chat/object
_API_NAMES: Final = frozenset({
    "id", "object", "created", "model",
    "choices", "usage", "system_fingerprint", "service_tier", "index",
    "message", "role", "content", "refusal", "annotations",
    "audio", "tool_calls", "function_call", "function", "name",
    "arguments", "type", "logprobs", "finish_reason", "prompt_tokens",
    "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details", "cached_tokens",
    "audio_tokens", "reasoning_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens",
    # https://platform.openai.com/docs/api-reference/responses/object
    "created_at", "status", "output", "text", "format", "reasoning", "summary", "incomplete_details", "instructions",
    "parallel_tool_calls", "previous_response_id", "store", "temperature", "tool_choice", "tools", "top_p",
    "truncation", "user", "error", "max_output_tokens", "background", "input_tokens", "output_tokens",
    "input_tokens_details", "output_tokens_details",
})  # fmt: skip


def safe_key_paths(
    document: Mapping[str, object], redactor: Redactor, knowing: Redactor | None
) -> tuple[Redacted, ...]:
    """Give the key paths that are safe to share; a reply of one word may be the name of an honest field.

    `knowing` knows the reply's text too; without it no path is shown that is not of the API.
    """
    paths, other = key_paths(document)
    return safe_paths(paths, redactor, knowing, other=other)


def safe_paths(paths: set[str], redactor: Redactor, knowing: Redactor | None, *, other: bool) -> tuple[Redacted, ...]:
    """Give those of `key_paths` that are safe to share, as `safe_key_paths` does; `other` says that there was more."""
    of_the_api = sorted(path for path in paths if _is_of_the_api(path))
    others = sorted(paths.difference(of_the_api))
    # Vetting is what costs time, so no more paths are vetted than are shown.
    kept = redactor.key_paths(of_the_api[:MAX_KEY_PATHS])
    kept += [] if knowing is None else knowing.key_paths(others[: MAX_KEY_PATHS - len(kept)])
    if other or len(kept) < len(paths):
        kept.append(redactor.own(UNLISTED))
    return tuple(sorted(set(kept)))


def key_names(
    document: Mapping[str, object], shown: Iterable[Redacted], redactor: Redactor, *, leave_out: Iterable[str] = ()
) -> Names | None:
    """Take note of every key path in memory, also of those that are too odd, too deep or too many to be shown.

    Those of `leave_out`, and what is below them, are another fact's to judge.

    None past `MOST_NAMED`: then it is judged by what is shown, as a saved one is, and `other` leaves it undecided.

    A path's token is that of its last key and of the token before it, for the paths themselves can be long beyond any
    bound.
    """
    tokens: dict[tuple[str, str], str] = {}

    def token(prefix: str, key: str) -> str:
        if (prefix, key) not in tokens:
            tokens[prefix, key] = redactor.token(f"{prefix}.{key}")
        return tokens[prefix, key]

    left_out = {_token_of(path, token) for path in leave_out}
    known: set[str] = set()
    pending: deque[tuple[str, object]] = deque([("", document)])
    while pending:
        prefix, value = pending.popleft()
        if isinstance(value, Mapping):
            for key, member in value.items():
                path = token(prefix, key)
                if path in left_out:
                    continue
                known.add(path)
                if len(known) > MOST_NAMED:
                    return None
                if isinstance(member, (Mapping, list)) and key.lower() not in _MAPS_OF_DATA:
                    pending.append((path, member))
        elif isinstance(value, list):
            items = f"{prefix}[]"
            pending.extend((items, item) for item in value if isinstance(item, (Mapping, list)))
    every = frozenset(known)
    plain = {_token_of(path, token) for path in shown if path != UNLISTED}
    return Names(every, every, every - plain)


def _token_of(path: str, token: Callable[[str, str], str]) -> str:
    """Give the token of a path that is shown: no key in one holds a dot or a bracket."""
    prefix = last = ""
    for part in path.split("."):
        key, *lists = part.split("[]")
        last = token(prefix, key)
        prefix = last + "[]" * len(lists)
    return last


def key_paths(document: Mapping[str, object]) -> tuple[set[str], bool]:
    """Give the honest key paths, and whether there was anything else; what is below a map of data is neither.

    The walk is bounded in depth and in nodes, for a body within the byte limit can still hold millions of them.
    """
    paths: set[str] = set()
    other = False
    visited = 0
    pending: deque[tuple[str, int, object]] = deque([("", 0, document)])
    while pending and visited < _MAX_NODES:
        prefix, depth, value = pending.popleft()
        visited += 1
        if isinstance(value, Mapping):
            for key, member in islice(value.items(), _MAX_NODES):
                if depth >= _MAX_DEPTH or not _HONEST_KEY.fullmatch(key):
                    other = True
                    continue
                path = f"{prefix}.{key}" if prefix else key
                paths.add(path)
                if key.lower() not in _MAPS_OF_DATA:
                    pending.append((path, depth + 1, member))
        elif isinstance(value, list):
            pending.extend((f"{prefix}[]", depth + 1, item) for item in islice(value, _MAX_ITEMS))
    return paths, other or bool(pending)


def _is_of_the_api(path: str) -> bool:
    return all(name in _API_NAMES for name in path.replace("[]", "").split("."))
