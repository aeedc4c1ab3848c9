"""The bare loop: two requests to every endpoint of a JSON file, all at once, and what their clocks read; in rounds.

It has one session for all of them, without a limit of connections: the cheapest way there is, though environments on
one host would share its warm connections.
"""

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter

import aiohttp

_ASKED = {"model": "model-0-small", "messages": [{"role": "user", "content": "Reply with the single word: pong"}]}


async def exchange(session: aiohttp.ClientSession, method: str, url: str, body: object) -> dict[str, float | str]:
    """Send one request and read its reply, as most scripts would time it."""
    began = perf_counter()
    async with session.request(method, url, json=body) as reply:
        headers = perf_counter()
        content = await reply.read()
    ended = perf_counter()
    json.loads(content)
    return {
        "url": url,
        "headers_ms": (headers - began) * 1000,
        "body_ms": (ended - headers) * 1000,
        "total_ms": (ended - began) * 1000,
    }


async def probe(session: aiohttp.ClientSession, base_url: str) -> list[dict[str, float | str]]:
    """Ask one endpoint both questions, one after the other."""
    return [
        await exchange(session, "GET", f"{base_url}/models", None),
        await exchange(session, "POST", f"{base_url}/chat/completions", _ASKED),
    ]


async def main(base_urls: list[str], rounds: int) -> None:
    """Ask all endpoints at once, in one round after the other."""
    asked: list[dict[str, float | str]] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        for _ in range(rounds):
            for pair in await asyncio.gather(*(probe(session, base_url) for base_url in base_urls)):
                asked += pair
    json.dump(asked, sys.stdout)


asyncio.run(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), int(sys.argv[2])))
