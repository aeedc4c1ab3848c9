"""Lists of models that are wrong one level at a time, and odd ones that are right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gateways.faults import says, whole
from gateways.good import MODELS, model_list
from gateways.scenario import PASS, Scenario, at_models
from gateways.wire import JSON

if TYPE_CHECKING:
    from envcheck.model import JsonValue


def _wrong(name: str, description: str, document: JsonValue) -> Scenario:
    return at_models(f"shape-{name}", description, "response_shape", says(200, document), detail="not a list of models")


def _wrong_id(name: str, description: str, model_id: JsonValue) -> Scenario:
    return _wrong(f"id-{name}", description, {"object": "list", "data": [{"id": "good"}, {"id": model_id}]})


def _right(name: str, description: str, document: JsonValue) -> Scenario:
    return at_models(f"shape-{name}", description, PASS, says(200, document))


def _right_ids(name: str, description: str, *ids: str) -> Scenario:
    return _right(name, description, model_list(ids))


SCENARIOS: Final = (
    replace(
        _right("first-is-asked", "lists the model to ask for, because none is configured", model_list(MODELS)),
        model=None,
    ),
    replace(
        at_models("none-to-ask", "answers 404 where no model is configured either", "base_url_or_route", whole(404)),
        model=None,
    ),
    _wrong("no-data", "has no `data`", {"object": "list"}),
    _wrong("data-null", "has null for `data`", {"data": None}),
    _wrong("data-object", "has an object for `data`", {"data": {"id": "m"}}),
    _wrong("data-string", "has a string for `data`", {"data": "gpt-4o"}),
    _wrong("data-number", "has a number for `data`", {"data": 3}),
    _wrong("entries-strings", "lists strings", {"data": ["gpt-4o", "gpt-4o-mini"]}),
    _wrong("entries-null", "lists null", {"data": [None]}),
    _wrong("entries-lists", "lists lists", {"data": [["gpt-4o"]]}),
    _wrong("entries-empty", "lists empty objects", {"data": [{}]}),
    _wrong("entries-names", "has `name` where `id` should be", {"data": [{"name": "gpt-4o"}]}),
    _wrong_id("null", "has an id of null", None),
    _wrong_id("empty", "has an empty id", ""),
    _wrong_id("number", "has a number for an id", 4),
    _wrong_id("true", "has true for an id", True),  # noqa: FBT003 - the wrong value itself
    _wrong_id("object", "has an object for an id", {"name": "gpt-4o"}),
    _wrong_id("list", "has a list for an id", ["gpt-4o"]),
    _wrong("ollama", "lists models the way Ollama's own API does", {"models": [{"name": "llama3", "size": 1}]}),
    _wrong("a-completion", "answers with a completion", {"object": "chat.completion", "choices": []}),
    _wrong("one-model", "answers with one model", {"id": "gpt-4o", "object": "model"}),
    at_models(
        "shape-lone-surrogate",
        "has half a character in an id",
        "response_shape",
        whole(200, b'{"data": [{"id": "\\ud800"}]}', *JSON),
    ),
    at_models("empty-list", "lists no models at all", "model_selection", says(200, model_list(()))),
    _right("bare-entries", "gives ids and nothing else", {"data": [{"id": each} for each in MODELS]}),
    _right("twice", "lists its models under two names, as llama-server does", {**model_list(MODELS), "models": []}),
    _right("odd-members", "has members of other types", {"data": [{"id": "m", "created": 1.5, "owned_by": None}]}),
    _right("null-error", "has an error of null beside the list", {**model_list(MODELS), "error": None}),
    _right_ids("one", "lists one model", "gpt-4o-mini"),
    _right_ids("twenty-thousand", "lists 20,000 models", *(f"model-{number}" for number in range(20_000))),
    _right_ids("duplicates", "lists each model five times", *(MODELS * 5)),
    _right_ids("long-id", "has an id of 100,000 characters", "m" * 100_000),
    _right_ids(
        "hostile-ids",
        "has control characters, Markdown and HTML in its ids",
        "\x1b[2J\x07",
        "a|b\n|c",
        "<script>",
        "\u202egpt",
    ),
    _right_ids("zero-byte-id", "has a zero byte in an id", "gpt\0-4o"),
    at_models(
        "shape-many-digits",
        "has a number of 5,000 digits beside the list, which no parser needs to take",
        "response_shape",
        whole(200, b'{"data": [{"id": "m", "created": ' + b"9" * 5000 + b"}]}", *JSON),
    ),
    at_models(
        "shape-nan-member",
        "has NaN beside the list",
        PASS,
        whole(200, b'{"data": [{"id": "m", "created": NaN}]}', *JSON),
    ),
    at_models(
        "shape-same-key-twice",
        "has `data` twice, of which the last counts",
        PASS,
        whole(200, b'{"data": null, "data": [{"id": "m"}]}', *JSON),
    ),
)
