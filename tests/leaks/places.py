"""The places in a reply where a server may put what it gives back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateways.good import GOOD, MODELS, completion, model_list, openai_error
from gateways.wire import chunk, head, json_reply, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from envcheck.model import JsonValue

MODEL: Final = "gpt-4o"
GOOD_MODELS: Final = json_reply(200, model_list(MODELS))
GOOD_CHAT: Final = json_reply(200, completion(GOOD, model=MODEL))

_SENTENCES: Final = (
    "Incorrect API key provided: {}. You can find your API key in the console.",
    "{}",
    "Authentication failed for {} while calling the upstream, please check the configuration.",
)


@dataclass(frozen=True, slots=True)
class Replies:
    """What the server sends for each probe."""

    models: bytes = GOOD_MODELS
    chat: bytes = GOOD_CHAT


def _header_safe(text: str) -> str:
    """Give what can stand in a header: UTF-8 bytes, without the control characters that would end it."""
    return "".join(max(each, " ") for each in text.encode().decode("latin-1"))


def _thirds(text: str) -> tuple[str, str, str]:
    first, second = len(text) // 3, 2 * len(text) // 3
    return text[:first], text[first:second], text[second:]


def _failing(status: int, document: Callable[[str], JsonValue]) -> Iterator[Callable[[str], Replies]]:
    yield lambda text: Replies(models=json_reply(status, document(text)))
    yield lambda text: Replies(chat=json_reply(status, document(text)))


def _completion(**members: JsonValue) -> bytes:
    return json_reply(200, {**completion(GOOD, model=MODEL), **members})


def _choice(**members: JsonValue) -> bytes:
    message: JsonValue = {"role": "assistant", "content": "pong"}
    return _completion(choices=[{"index": 0, "message": message, "finish_reason": "stop", **members}])


def _message(**members: JsonValue) -> bytes:
    return _choice(message={"role": "assistant", "content": "pong", **members})


def _entry(**members: JsonValue) -> bytes:
    return json_reply(200, {"object": "list", "data": [{"id": MODEL, "object": "model", **members}]})


def _redirect(status: int, location: str) -> Replies:
    return Replies(models=reply(status, b"", ("Location", _header_safe(location))))


_ERRORS: Final[Mapping[str, tuple[int, Callable[[str], JsonValue]]]] = {
    "error.message at 401": (401, lambda text: openai_error(_SENTENCES[0].format(text), code="invalid_api_key")),
    "error.message alone at 403": (403, openai_error),
    "error.message at 500": (500, lambda text: openai_error(_SENTENCES[2].format(text))),
    "error.type": (401, lambda text: {"error": {"message": "Wrong key.", "type": text}}),
    "error.code": (401, lambda text: {"error": {"message": "Wrong key.", "code": text}}),
    "error.param": (400, lambda text: {"error": {"message": "Wrong key.", "param": text}}),
    "error.status": (401, lambda text: {"error": {"message": "Wrong key.", "status": text}}),
    "error, nested": (400, lambda text: {"error": {"error": {"message": text}, "message": _SENTENCES[0].format(text)}}),
    "error.metadata": (400, lambda text: {"error": {"message": "Provider error", "metadata": {"raw": text}}}),
    "error, a string": (401, lambda text: {"error": _SENTENCES[0].format(text)}),
    "error_description": (401, lambda text: {"error": "invalid_token", "error_description": text}),
    "message": (401, lambda text: {"message": _SENTENCES[2].format(text), "status": "failure"}),
    "detail": (401, lambda text: {"detail": _SENTENCES[1].format(text)}),
    "detail[].msg": (422, lambda text: {"detail": [{"type": "missing", "msg": text, "loc": ["body"]}]}),
    "detail[].type": (422, lambda text: {"detail": [{"type": text, "msg": "Field required"}]}),
    "detail[].loc": (422, lambda text: {"detail": [{"type": "missing", "msg": "Field required", "loc": [text]}]}),
    "detail[].input": (422, lambda text: {"detail": [{"type": "missing", "msg": "Field required", "input": text}]}),
    "title": (403, lambda text: {"title": text, "type": "about:blank", "status": 403}),
    "JSON in the message": (401, lambda text: openai_error(json.dumps({"error": {"message": f"key {text} refused"}}))),
    "over several fields": (
        401,
        lambda text: {"error": dict(zip(("code", "type", "message"), _thirds(text), strict=True))},
    ),
    "over message and detail": (
        401,
        lambda text: {"message": text[: len(text) // 2], "detail": text[len(text) // 2 :]},
    ),
    "a member's name": (400, lambda text: {"error": {"message": "Wrong", text: 1}, text: text}),
    "a list": (400, lambda text: [{"error": {"message": text, "status": "INVALID_ARGUMENT"}}]),
    "far into the message": (401, lambda text: openai_error(f"{'The gateway refused this. ' * 11}{text} is wrong")),
    "an error in a 200": (200, lambda text: openai_error(_SENTENCES[0].format(text))),
}

_OTHERS: Final[Mapping[str, Callable[[str], Replies]]] = {
    "HTML title": lambda text: Replies(
        models=reply(403, f"<html><title>{text}</title></html>".encode(), ("Content-Type", "text/html"))
    ),
    "HTML body": lambda text: Replies(
        models=reply(502, f"<html><title>Bad</title><p>{text}</p></html>".encode(), ("Content-Type", "text/html"))
    ),
    "plain text": lambda text: Replies(models=reply(401, text.encode(), ("Content-Type", "text/plain"))),
    "plain sentence": lambda text: Replies(
        models=reply(403, f"no access for {text}".encode(), ("Content-Type", "text/plain"))
    ),
    "plain text in a 200": lambda text: Replies(models=reply(200, text.encode(), ("Content-Type", "text/plain"))),
    "a header's value": lambda text: Replies(
        models=json_reply(401, openai_error("Wrong key."), ("X-Request-Id", _header_safe(text)))
    ),
    "a challenge": lambda text: Replies(
        models=json_reply(401, openai_error("Wrong key."), ("WWW-Authenticate", f"Bearer realm={_header_safe(text)}"))
    ),
    "a header's name": lambda text: Replies(
        models=json_reply(401, openai_error("Wrong."), ("".join(filter(str.isalnum, text.encode().hex())), "1"))
    ),
    "content type": lambda text: Replies(models=reply(200, b"{}", ("Content-Type", _header_safe(text)))),
    "retry-after": lambda text: Replies(
        models=json_reply(429, openai_error("Slow down."), ("Retry-After", _header_safe(text)))
    ),
    "a cookie": lambda text: Replies(
        models=json_reply(500, openai_error("Broken."), ("Set-Cookie", f"session={_header_safe(text)}"))
    ),
    "reason phrase": lambda text: Replies(
        models=reply(500).replace(b"Internal Server Error", _header_safe(text).encode("latin-1"), 1)
    ),
    "a status line that is none": lambda text: Replies(
        models=f"HTTP/1.1 {_header_safe(text)}\r\n\r\n".encode("latin-1")
    ),
    "no HTTP at all": lambda text: Replies(models=f"{_header_safe(text)}\r\n\r\n".encode("latin-1")),
    "Location's host": lambda text: _redirect(301, f"https://{text}/v1/models"),
    "Location's subdomain": lambda text: _redirect(302, f"https://{text}.example.com/v1/models"),
    "Location's path": lambda text: _redirect(307, f"https://sso.example.com/login/{text}/models"),
    "Location's query": lambda text: _redirect(302, f"https://sso.example.com/login?key={text}"),
    "Location's userinfo": lambda text: _redirect(303, f"https://{text}:{text}@sso.example.com/login"),
    "Location's fragment": lambda text: _redirect(301, f"https://sso.example.com/login#{text}"),
    "Location's scheme": lambda text: _redirect(301, f"{text}://sso.example.com/"),
    "Location, nothing else": lambda text: _redirect(301, text),
    "Location, a lone path": lambda text: _redirect(308, f"/{text}/models"),
    "a model id": lambda text: Replies(models=json_reply(200, model_list((MODEL, text)))),
    "a model id, the first": lambda text: Replies(models=json_reply(200, model_list((text, MODEL)))),
    "a model id's owner": lambda text: Replies(models=json_reply(200, model_list((f"{text}/gpt-4o", MODEL)))),
    "a model id's end": lambda text: Replies(models=json_reply(200, model_list((f"ft:gpt-4o:acme::{text}", MODEL)))),
    "a model id's tag": lambda text: Replies(models=json_reply(200, model_list((f"llama3:{text}", MODEL)))),
    "owned_by": lambda text: Replies(models=_entry(owned_by=text)),
    "root and parent": lambda text: Replies(models=_entry(root=text, parent=text, permission=[{"id": text}])),
    "a list's member": lambda text: Replies(models=json_reply(200, {"object": text, text: text, **model_list(MODELS)})),
    "the model that answered": lambda text: Replies(chat=_completion(model=text)),
    "the model that answered, suffixed": lambda text: Replies(chat=_completion(model=f"{MODEL}-{text}")),
    "id": lambda text: Replies(chat=_completion(id=text)),
    "system_fingerprint": lambda text: Replies(chat=_completion(system_fingerprint=text)),
    "object": lambda text: Replies(chat=_completion(object=text)),
    "finish_reason": lambda text: Replies(chat=_choice(finish_reason=text)),
    "content": lambda text: Replies(chat=_message(content=text)),
    "refusal": lambda text: Replies(chat=_message(refusal=text, content=None)),
    "role": lambda text: Replies(chat=_message(role=text)),
    "reasoning": lambda text: Replies(chat=_message(reasoning_content=text)),
    "tool_calls": lambda text: Replies(
        chat=_message(
            tool_calls=[{"id": text, "type": "function", "function": {"name": text, "arguments": text}}], content=None
        )
    ),
    "a completion's member": lambda text: Replies(chat=_completion(**{text: text})),
    "a message's member": lambda text: Replies(chat=_message(**{text: 1})),
    "usage's members": lambda text: Replies(chat=_completion(usage={"prompt_tokens": 1, text: 2})),
    "usage's values": lambda text: Replies(chat=_completion(usage={"prompt_tokens": text})),
    "usage's details": lambda text: Replies(chat=_completion(usage={"prompt_tokens_details": {text: {text: 1}}})),
    "an event stream": lambda text: Replies(
        chat=reply(200, f"data: {json.dumps({'id': text})}\n\n".encode(), ("Content-Type", "text/event-stream"))
    ),
    "an error cut short": lambda text: Replies(
        models=head(401, ("Content-Type", "application/json"), ("Content-Length", "9999"), ("Connection", "close"))
        + json.dumps(openai_error(text)).encode()
    ),
    "a broken chunk": lambda text: Replies(
        models=head(500, ("Content-Type", "text/plain"), ("Transfer-Encoding", "chunked"), ("Connection", "close"))
        + chunk(text.encode())
        + _header_safe(text).encode("latin-1")
        + b"\r\n\r\n"
    ),
    "a list cut short": lambda text: Replies(
        models=head(200, ("Content-Type", "application/json"), ("Content-Length", "9999"), ("Connection", "close"))
        + json.dumps({"data": [{"id": text}]}).encode()
    ),
    "not JSON": lambda text: Replies(
        models=reply(200, f'{{"data": [{text}'.encode(), ("Content-Type", "application/json"))
    ),
    "wrong types": lambda text: Replies(models=json_reply(200, {"data": [{"id": {text: text}}]})),
    "a charset": lambda text: Replies(
        models=reply(401, json.dumps(openai_error(text)).encode("utf-16"), ("Content-Type", "application/json"))
    ),
}


def _all() -> Iterator[tuple[str, Callable[[str], Replies]]]:
    for name, (status, document) in _ERRORS.items():
        at_models, at_chat = _failing(status, document)
        yield f"{name}, models", at_models
        yield f"{name}, chat", at_chat
    yield from _OTHERS.items()


PLACES: Final[Mapping[str, Callable[[str], Replies]]] = dict(_all())
