"""The routes of one of the demo's gateways."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import TYPE_CHECKING, Final

from aiohttp import web

from envcheck.demo import answers
from envcheck.demo.manners import MODEL

if TYPE_CHECKING:
    from envcheck.demo.manners import Manners

_BEARER: Final = "Bearer "
_BETWEEN_TOKENS_S: Final = 0.025
"""Twelve of them take longer than a stream has to, to be called incremental or not."""


def routes(manners: Manners, *, right_key: str) -> list[web.RouteDef]:
    """Give what a gateway serves to whoever has the right key."""

    async def models(request: web.Request) -> web.StreamResponse:
        return _refusal(request, right_key) or web.json_response(answers.model_list(manners))

    async def chat(request: web.Request) -> web.StreamResponse:
        return _refusal(request, right_key) or await _chat(request, manners)

    async def embeddings(request: web.Request) -> web.StreamResponse:
        return _refusal(request, right_key) or web.json_response(answers.embedding(await request.json()))

    async def responses(request: web.Request) -> web.StreamResponse:
        if (refusal := _refusal(request, right_key)) is not None:
            return refusal
        if not manners.has_responses:
            return web.json_response(answers.no_such_route(), status=404)
        return web.json_response(answers.response(manners))

    return [
        web.get("/v1/models", models),
        web.post("/v1/chat/completions", chat),
        web.post("/v1/embeddings", embeddings),
        web.post("/v1/responses", responses),
    ]


def _refusal(request: web.Request, right_key: str) -> web.Response | None:
    key = request.headers.get("Authorization", "").removeprefix(_BEARER)
    if secrets.compare_digest(key.encode(), right_key.encode()):
        return None
    return web.json_response(answers.wrong_key(key), status=401)


async def _chat(request: web.Request, manners: Manners) -> web.StreamResponse:
    try:
        asked = await request.json()
    except json.JSONDecodeError:
        return web.json_response(answers.broken_body(), status=400 if manners.refuses_broken_bodies else 500)
    if manners.refuses_unknown_models and asked.get("model") not in manners.models:
        return web.json_response(answers.unknown_model(), status=404)
    if manners.rate_limited:
        return web.json_response(answers.rate_limited(MODEL), status=429, headers={"Retry-After": "20"})
    if not manners.knows_schemas and "response_format" in asked:
        return web.json_response(answers.no_schemas(), status=400)
    if asked.get("stream"):
        return await _streamed(request, manners)
    return web.json_response(answers.completion(manners, asked))


async def _streamed(request: web.Request, manners: Manners) -> web.StreamResponse:
    reply = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await reply.prepare(request)
    events = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in answers.chunks(manners)]
    held = b""
    for event in (*events, b"data: [DONE]\n\n"):
        await asyncio.sleep(_BETWEEN_TOKENS_S)
        held += event
        if manners.streams_as_it_goes:
            await reply.write(held)
            held = b""
    await reply.write(held)
    await reply.write_eof()
    return reply
