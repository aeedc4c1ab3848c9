"""Completions that are wrong one level at a time, and odd ones that are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateways.faults import says
from gateways.good import GOOD, MODELS, Manner, completion, model_list
from gateways.scenario import MODEL, PASS, Scenario, at_chat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.model import JsonValue

_GOOD: Final = completion(GOOD, model=MODEL)
_MESSAGE: Final[dict[str, JsonValue]] = {"role": "assistant", "content": "pong"}
_CALL: Final[JsonValue] = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}


def _without(document: Mapping[str, JsonValue], *names: str) -> dict[str, JsonValue]:
    return {name: value for name, value in document.items() if name not in names}


def _wrong(name: str, description: str, document: JsonValue) -> Scenario:
    return at_chat(f"shape-{name}", description, "response_shape", says(200, document), detail="not a chat completion")


def _wrong_choices(name: str, description: str, choices: JsonValue) -> Scenario:
    return _wrong(f"choices-{name}", description, {**_GOOD, "choices": choices})


def _wrong_message(name: str, description: str, message: JsonValue) -> Scenario:
    return _wrong_choices(name, description, [{"index": 0, "message": message, "finish_reason": "stop"}])


def _right(name: str, description: str, document: JsonValue) -> Scenario:
    return at_chat(f"shape-{name}", description, PASS, says(200, document))


def _right_manner(name: str, description: str, manner: Manner) -> Scenario:
    return _right(name, description, completion(manner, model=MODEL))


SCENARIOS: Final = (
    _wrong("no-choices", "has no `choices`", _without(_GOOD, "choices")),
    _wrong_choices("null", "has null for `choices`", None),
    _wrong_choices("empty", "has no choice", []),
    _wrong_choices("object", "has an object for `choices`", {"message": _MESSAGE}),
    _wrong_choices("string", "has a string for `choices`", "pong"),
    _wrong_choices("of-null", "has a choice of null", [None]),
    _wrong_choices("of-strings", "has a string for a choice", ["pong"]),
    _wrong_choices("of-empty", "has an empty choice", [{}]),
    _wrong_choices("second-is-bad", "has a good choice and a bad one", [{"message": _MESSAGE}, {"message": None}]),
    _wrong_choices("of-delta", "has a stream's `delta` for a message", [{"index": 0, "delta": _MESSAGE}]),
    _wrong_choices("of-text", "answers as the old text completions did", [{"index": 0, "text": "pong"}]),
    _wrong_message("message-null", "has a message of null", None),
    _wrong_message("message-string", "has a string for a message", "pong"),
    _wrong_message("message-list", "has a list for a message", [_MESSAGE]),
    _wrong_message("content-number", "has a number for content", {**_MESSAGE, "content": 42}),
    _wrong_message("content-true", "has true for content", {**_MESSAGE, "content": True}),
    _wrong_message("content-object", "has an object for content", {**_MESSAGE, "content": {"text": "pong"}}),
    _wrong_message("calls-object", "has an object for tool calls", {**_MESSAGE, "tool_calls": _CALL}),
    _wrong(
        "reason-number",
        "has a number for a finish reason",
        {**_GOOD, "choices": [{"message": _MESSAGE, "finish_reason": 1}]},
    ),
    _wrong("model-number", "has a number for its model", {**_GOOD, "model": 4}),
    _wrong("usage-list", "has a list for usage", {**_GOOD, "usage": []}),
    _wrong("usage-string", "has a string for usage", {**_GOOD, "usage": "13 tokens"}),
    _wrong("responses-api", "answers as the Responses API does", {"object": "response", "output": [{"content": []}]}),
    _wrong(
        "anthropic",
        "answers as Anthropic's own API does",
        {"type": "message", "content": [{"type": "text", "text": "pong"}]},
    ),
    _wrong("a-list-of-models", "answers with the list of models", model_list(MODELS)),
    _right_manner("content-null", "has null for content", Manner(reply=None)),
    _right_manner("content-empty", "has empty content", Manner(reply="")),
    _right_manner(
        "tool-calls",
        "calls a tool",
        Manner(reply=None, message={"tool_calls": [_CALL]}, finish_reasons=("tool_calls",)),
    ),
    _right_manner("unknown-reason", "has a finish reason that nobody knows", Manner(finish_reasons=("eos_token",))),
    _right_manner("null-reason", "has null for a finish reason", Manner(finish_reasons=(None,))),
    _right_manner("no-usage", "has no usage", Manner(usage=None)),
    _right_manner("empty-usage", "has an empty usage", Manner(usage={})),
    _right_manner("128-choices", "has 128 choices", Manner(choices=128)),
    _right_manner("other-model", "answers as a model that was not asked for", Manner(answered_model="something-else")),
    _right_manner(
        "extra-members", "has members nobody knows", Manner(extra={"timings": {"ms": 1}, "x": [1, {"y": None}]})
    ),
    _right_manner(
        "hostile-members", "has keys that are no identifiers", Manner(extra={"<b>|\x1b[2J": 1, "": 2, "k" * 9999: 3})
    ),
    _right_manner(
        "50000-members", "has 50,000 members", Manner(extra={f"member_{each}": each for each in range(50_000)})
    ),
    _right_manner("megabyte-of-text", "generates a megabyte of text", Manner(reply="pong " * 200_000)),
    _right(
        "content-parts",
        "has a list of parts for content",
        {**_GOOD, "choices": [{"message": {**_MESSAGE, "content": [{"type": "text", "text": "pong"}]}}]},
    ),
    _right("null-usage", "has null for usage", {**_GOOD, "usage": None}),
    _right("no-model", "does not say which model answered", _without(_GOOD, "model")),
    _right("no-id", "has neither id nor date", _without(_GOOD, "id", "created", "object")),
    _right("null-error", "has an error of null beside the completion", {**_GOOD, "error": None}),
)
