"""The least Python that could do it: two requests to one endpoint, and two `json.loads`."""

import asyncio
import json
import sys

import aiohttp

_ASKED = {"model": "model-0-small", "messages": [{"role": "user", "content": "Reply with the single word: pong"}]}


async def main(base_url: str) -> None:
    """Send both requests over one connection."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{base_url}/models") as reply:
            models = json.loads(await reply.read())
        async with session.post(f"{base_url}/chat/completions", json=_ASKED) as reply:
            completion = json.loads(await reply.read())
    print(len(models["data"]), completion["model"])


asyncio.run(main(sys.argv[1]))
