"""The only room that knows aiohttp: one `Gateway` for each environment."""

from envcheck.http.gateway import BODY_LIMIT, ERROR_BODY_LIMIT, PROMISING_LIMIT, Gateway

__all__ = ["BODY_LIMIT", "ERROR_BODY_LIMIT", "PROMISING_LIMIT", "Gateway"]
