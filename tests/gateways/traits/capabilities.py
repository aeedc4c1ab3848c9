"""What gateways make of tools, a schema, embeddings and the newer route: each of these does one thing otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gateways.capable import (
    CAPABLE,
    NO_SUCH_ROUTE,
    Capable,
    Embedding,
    call,
    called,
    capable_gateway,
    refusal,
    response,
    vector,
    written,
)
from gateways.traits import Trait
from gateways.wire import json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.model import JsonValue


def _trait(name: str, probe: str, capable: Capable, *finds: str) -> Trait:
    found = frozenset((rule, f"{probe}.{field}") for rule, _, field in (each.partition(" ") for each in finds))
    return Trait(f"{probe} {name}", probe, capable_gateway(capable), found, capable_gateway())


def _tools(name: str, reply: Mapping[str, JsonValue] | bytes, *finds: str) -> Trait:
    return _trait(name, "tools", replace(CAPABLE, tools=reply), *finds)


def _schema(name: str, reply: Mapping[str, JsonValue] | bytes, *finds: str) -> Trait:
    return _trait(name, "structured", replace(CAPABLE, structured=reply), *finds)


def _embeddings(name: str, embedding: Embedding | bytes, *finds: str) -> Trait:
    return _trait(name, "embeddings", replace(CAPABLE, embeddings=embedding), *finds)


def _responses(name: str, reply: Mapping[str, JsonValue] | bytes, *finds: str) -> Trait:
    return _trait(name, "responses", replace(CAPABLE, responses=reply), *finds)


def _validation(*loc: JsonValue) -> bytes:
    detail = {"type": "extra_forbidden", "loc": list(loc), "msg": "Extra inputs are not permitted"}
    return json_reply(422, {"detail": [detail]})


_REMOVED: Final = "capability.removed outcome"
_FAILED: Final = "probe.failed outcome"
_OF_UNITS: Final = vector()
_TYPELESS: Final[JsonValue] = {"id": "call_1", "function": {"name": "report_colour", "arguments": "{}"}}
_IDLESS: Final[JsonValue] = {"type": "function", "function": {"name": "report_colour", "arguments": "{}"}}
_REASONING: Final = {"id": "rs_1", "type": "reasoning"}
_UNKNOWN: Final = refusal(400, "Unknown parameter: 'encoding_format'.", "encoding_format")

TRAITS: Final = (
    _tools("none", called(call())),
    _tools("ignored", called(content="The sky is blue.", reason="stop"), "tools.honoured honoured"),
    _tools("in the text", called(content='<tool_call>{"name": "x"}</tool_call>'), "tools.honoured honoured"),
    _tools("refused by parameter", refusal(400, "Unsupported value.", "tools"), _REMOVED),
    _tools("refused in words", refusal(400, "registry/gemma:2b does not support tools"), _REMOVED),
    _tools("needs a flag", refusal(400, '"required" tool choice requires --tool-call-parser to be set'), _REMOVED),
    _tools("refused by FastAPI", _validation("body", "tools", 0, "function"), _REMOVED),
    _tools("refused for the model alone", refusal(404, "The model `gpt-4o-mini` does not exist"), _FAILED),
    _tools("refused for something else", refusal(400, "The messages are too long."), _FAILED),
    _tools("breaks it", refusal(500, "Internal error"), _FAILED),
    _tools("arguments an object", called(call({"colour": "blue"})), "tools.arguments_kind arguments_kind"),
    _tools("arguments no JSON", called(call("colour=blue")), "tools.arguments_kind arguments_kind"),
    _tools("arguments a list", called(call('["blue"]')), "tools.arguments_kind arguments_kind"),
    _tools("another name", called(call(name="functions.report_colour")), "tools.name_matches name_matches"),
    _tools("an empty id", called(call(id="")), "tools.has_id has_id"),
    _tools("no id", called(_IDLESS), "tools.has_id has_id"),
    _tools("two calls", called(call(), call()), "tools.call_count call_count"),
    _tools("finishes with stop", called(call(), reason="stop"), "tools.finish_reason finish_reason"),
    _tools("no type", called(_TYPELESS), "tools.response_fields response_fields"),
    _tools("a vendor's field", called(call(index=0)), "tools.response_fields response_fields"),
    _schema("none", written('{"material": "granite"}')),
    _schema("ignored", written("pong"), "structured.honoured honoured"),
    _schema("JSON of another shape", written('{"word": "pong"}'), "structured.honoured honoured"),
    _schema("a word that is none of them", written('{"material": "pong"}'), "structured.honoured honoured"),
    _schema("a member more", written('{"material": "linen", "a": 1}'), "structured.honoured honoured"),
    _schema("in quotation marks", written('"pong"'), "structured.honoured honoured"),
    _schema("fenced", written('```json\n{"material": "linen"}\n```'), "structured.fenced fenced"),
    _schema("cut short", written('{"material": "linen"}', "length"), "structured.finish_reason finish_reason"),
    _schema("refused by parameter", refusal(400, "No.", "response_format"), _REMOVED),
    _schema("refused in words", refusal(400, "This response_format type is unavailable now"), _REMOVED),
    _schema("refused with blanks", refusal(400, "This model does not support response format `x`"), _REMOVED),
    _embeddings("none", Embedding()),
    _embeddings("wobbles", Embedding([each + 1e-4 for each in _OF_UNITS])),
    _embeddings("another vector", Embedding(vector(1)), "embeddings.vector sketch"),
    _embeddings("upside down", Embedding([-each for each in _OF_UNITS]), "embeddings.vector sketch"),
    _embeddings("a shorter one", Embedding(vector(2, 24)), "embeddings.dimensions dimensions"),
    _embeddings("not of length 1", Embedding(vector(length=3.0)), "embeddings.unit_length unit_length"),
    _embeddings("base64 ignored", Embedding(knows_base64=False), "embeddings.encoding_base64 encoding_base64"),
    _embeddings(
        "base64 refused",
        Embedding(refuses={"base64": refusal(400, "No.")}),
        "embeddings.encoding_base64 encoding_base64",
    ),
    _embeddings(
        "no encoding at all",
        Embedding(refuses={"base64": _UNKNOWN, "float": _UNKNOWN}),
        "embeddings.encoding_float encoding_float",
        "embeddings.encoding_base64 encoding_base64",
    ),
    _embeddings("base64 later", Embedding(refuses={"base64": refusal(429, "Slow down.")}), _FAILED),
    _embeddings("another name", Embedding(model="embed-small"), "embeddings.model_answered model_answered"),
    _embeddings("less usage", Embedding(usage={"prompt_tokens": 11}), "embeddings.usage_fields usage_fields"),
    _embeddings("no route", NO_SUCH_ROUTE, _REMOVED),
    _embeddings("not implemented", refusal(501, "This server does not support embeddings"), _REMOVED),
    _embeddings("not for this engine", refusal(400, "The model does not support Embeddings API"), _REMOVED),
    _embeddings("no such model", refusal(404, "The model `text-embedding-3-small` does not exist"), _FAILED),
    _responses("none", response()),
    _responses("no route", NO_SUCH_ROUTE, _REMOVED),
    _responses("no such method", refusal(405, "Method Not Allowed"), _REMOVED),
    _responses("not for this engine", refusal(400, "The model does not support Responses API"), _REMOVED),
    _responses("breaks it", refusal(500, "Internal error"), _FAILED),
    _responses("incomplete", response(status="incomplete"), "responses.status status"),
    _responses("reasoning", response("pong", _REASONING), "responses.output_kinds output_kinds"),
    _responses("another model", response(model="gpt-4o"), "responses.model_answered model_answered"),
    _responses("less usage", response(usage={"input_tokens": 12}), "responses.usage_fields usage_fields"),
    _responses("no usage", response(usage=None), "responses.usage_fields usage_fields"),
    _responses("no day", response(without="created_at"), "responses.response_fields response_fields"),
    _responses("a vendor's field", response(x_vendor=1), "responses.response_fields response_fields"),
)
