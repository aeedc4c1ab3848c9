"""How gateways refuse: each of these refuses one thing otherwise than the baseline does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gateways.refusing import STRICT, Refusals, page, refusal, refusing_gateway, unknown_model, wrong_key
from gateways.traits import Trait
from gateways.wire import json_reply, reply

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENVELOPES: Final[Mapping[str, bytes]] = {
    "flat": json_reply(400, {"object": "error", "message": "No.", "code": None}),
    "string": json_reply(400, {"error": "No."}),
    "fastapi": json_reply(400, {"detail": "No."}),
    "problem_json": page(400, b'{"title": "No.", "status": 400}', "application/problem+json"),
    "text": page(400, b"No.", "text/plain"),
    "html": page(400, b"<html><title>400 Bad Request</title></html>", "text/html"),
    "empty": reply(400),
    "list": json_reply(400, [{"error": {"message": "No."}}]),
}


def _trait(name: str, probe: str, refusals: Refusals, *finds: str) -> Trait:
    found = frozenset((rule, f"{probe}.{field}") for rule, _, field in (each.partition(" ") for each in finds))
    return Trait(name, probe, refusing_gateway(refusals), found, refusing_gateway())


def _key(name: str, no: bytes | None, *finds: str) -> Trait:
    return _trait(f"wrong_key {name}", "wrong_key", replace(STRICT, wrong_key_at_chat=no), *finds)


def _model(name: str, no: bytes | None, *finds: str) -> Trait:
    return _trait(f"unknown_model {name}", "unknown_model", replace(STRICT, unknown_model=no), *finds)


def _body(name: str, no: bytes | None, *finds: str) -> Trait:
    return _trait(f"bad_request {name}", "bad_request", replace(STRICT, no_json=no), *finds)


TRAITS: Final = (
    _key("none, though it is strict", wrong_key()),
    _key("served", None, "probe.failed outcome"),
    _key("refused with 403", wrong_key(403), "error.status chat_status"),
    _key("breaks it", wrong_key(500), "error.status chat_status"),
    _key("another type", wrong_key(type="auth_error"), "error.type chat_error_type"),
    _key("another code", wrong_key(code="bad_key"), "error.code chat_error_code"),
    _key("no code", wrong_key(code=None), "error.code chat_error_code", "error.code_kind chat_code_kind"),
    _key("a number", wrong_key(code=401), "error.code chat_error_code", "error.code_kind chat_code_kind"),
    _key("a code that is a sentence", wrong_key(code="Not this one!"), "error.code chat_error_code"),
    _key("names a parameter", wrong_key(param="key"), "error.has_param chat_has_param"),
    _key("to be tried again", wrong_key(401, ("Retry-After", "9")), "error.has_retry_after chat_has_retry_after"),
    _key("an error in a success", wrong_key(200), "probe.failed outcome"),
    _key("a login page", page(200, b"<html><title>Sign in</title>", "text/html"), "probe.failed outcome"),
    _trait(
        "wrong_key list open to everyone",
        "wrong_key",
        replace(STRICT, wrong_key_at_models=None),
        "error.status models_status",
    ),
    _trait(
        "wrong_key list refused with 403",
        "wrong_key",
        replace(STRICT, wrong_key_at_models=wrong_key(403)),
        "error.status models_status",
    ),
    _trait(
        "wrong_key list redirected",
        "wrong_key",
        replace(STRICT, wrong_key_at_models=reply(302, b"", ("Location", "/login"))),
        "probe.failed outcome",
    ),
    _model("served by another", None, "probe.failed outcome"),
    _model("refused with 400", unknown_model(400), "error.status status"),
    _model("no channel", unknown_model(503), "error.status status"),
    _model("another code", unknown_model(code="model_unknown"), "error.code error_code"),
    _model("names no parameter", unknown_model(param=None), "error.has_param has_param"),
    _body("served", None, "probe.failed outcome"),
    _body("breaks it", refusal(500), "error.status status"),
    _body("refused with 422", refusal(422), "error.status status"),
    *(_body(name, no, "error.envelope envelope") for name, no in _ENVELOPES.items()),
)
