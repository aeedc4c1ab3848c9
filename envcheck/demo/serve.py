"""Real HTTP servers on loopback, in a thread of their own so that the demo's client runs as it always does."""

from __future__ import annotations

import secrets
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web
from anyio.from_thread import start_blocking_portal
from pydantic import SecretStr

from envcheck.demo.manners import MANNERS
from envcheck.demo.routes import routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from envcheck.demo.manners import Manners


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
    application = web.Application()
    application.add_routes(routes(manners, right_key=key if manners.lets_in else _new_key()))
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
