"""Real HTTP servers on loopback, in a thread of their own so that the demo's client runs as it always does."""

from __future__ import annotations

import secrets
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import web
from anyio.from_thread import start_blocking_portal
from pydantic import SecretStr

from envcheck.demo import answers
from envcheck.demo.manners import MANNERS, MODEL, Manners

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

_BEARER: Final = "Bearer "


@dataclass(frozen=True, slots=True)
class DemoGateway:
    """A gateway that is running, and the key that the demo has for it."""

    base_url: str
    key: SecretStr


@contextmanager
def demo_gateways() -> Iterator[Mapping[str, DemoGateway]]:
    """Run every gateway of the demo on a free port of 127.0.0.1 for as long as the block lasts, by name."""
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(_running()) as gateways,
    ):
        yield gateways


@asynccontextmanager
async def _running() -> AsyncIterator[Mapping[str, DemoGateway]]:
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(_one(manners)) for name, manners in MANNERS.items()}


@asynccontextmanager
async def _one(manners: Manners) -> AsyncIterator[DemoGateway]:
    key = _new_key()
    application = _application(manners, right_key=key if manners.lets_in else _new_key())
    # Whatever still runs when the block ends belongs to a client that has gone, so it is not waited for.
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield DemoGateway(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", SecretStr(key))
    finally:
        await runner.cleanup()


def _new_key() -> str:
    # Made anew each time: a key in the sources would set off every scanner for secrets.
    return f"sk-demo-{secrets.token_hex(20)}"


def _application(manners: Manners, *, right_key: str) -> web.Application:
    async def models(request: web.Request) -> web.Response:
        return _refusal(request, right_key) or web.json_response(answers.model_list(manners))

    async def chat(request: web.Request) -> web.Response:
        if (refusal := _refusal(request, right_key)) is not None:
            return refusal
        if manners.rate_limited:
            return web.json_response(answers.rate_limited(MODEL), status=429, headers={"Retry-After": "20"})
        return web.json_response(answers.completion(manners))

    application = web.Application()
    application.add_routes([web.get("/v1/models", models), web.post("/v1/chat/completions", chat)])
    return application


def _refusal(request: web.Request, right_key: str) -> web.Response | None:
    key = request.headers.get("Authorization", "").removeprefix(_BEARER)
    if secrets.compare_digest(key.encode(), right_key.encode()):
        return None
    return web.json_response(answers.wrong_key(key), status=401)
