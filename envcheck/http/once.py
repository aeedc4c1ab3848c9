"""Sending a request once. aiohttp sends a GET that was lost on its way a second time, on a new connection and unasked.

It would do so after a used connection, which `gateway` does itself and labels, and after a fresh one too: the gateway
would have been asked twice, its connections would cost twice the time, and nobody would know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from aiohttp.client_middlewares import ClientHandlerType


class RequestLostError(aiohttp.ClientError):
    """The connection ended, or never began, before a reply's headers were here; of a kind that aiohttp retries not."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__()


async def send_once(request: aiohttp.ClientRequest, send: ClientHandlerType) -> aiohttp.ClientResponse:
    """Send a request as aiohttp's middleware; what aiohttp would answer with a second try becomes an error of ours.

    Raises:
        RequestLostError: the request was lost; why is in it.

    """
    try:
        return await send(request)
    except (aiohttp.ServerDisconnectedError, OSError) as error:
        raise RequestLostError(error) from None
