"""Gateways that rerank, each in its own way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gateways.good import MODELS, Manner, good_gateway
from gateways.wire import Exchange, json_reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.model import JsonValue
    from gateways.gateway import Gateway

MODEL = "rerank-v3.5"


def reranking_gateway(*orders: Sequence[int]) -> Gateway:
    """Give a gateway that answers with these orders in turn, as vLLM writes them."""

    async def answer(exchange: Exchange) -> None:
        asked = exchange.request.json()
        sent = asked["documents"]
        assert isinstance(sent, list)
        order = orders[(exchange.number - 1) % len(orders)]
        results: list[JsonValue] = [
            {"index": place, "document": {"text": sent[place]}, "relevance_score": 1 / (1 + rank)}
            for rank, place in enumerate(order)
        ]
        document: JsonValue = {"id": f"rerank-{exchange.number}", "model": asked["model"], "results": results}
        await exchange.send(json_reply(200, document))

    return replace(good_gateway(Manner(models=((*MODELS, MODEL),))), other=answer)


def file_of(base_urls: Sequence[str]) -> str:
    """Give a file that asks production and staging for the example's probe."""
    tables = (
        f'[environments.{name}]\nbase_url = "{url}"\napi_key_env = "KEY"\n'
        for name, url in zip(("production", "staging"), base_urls, strict=True)
    )
    asks = '[defaults]\ntimeout_s = 5\nprobes = ["models", "rerank"]\n'
    return f'plugins = ["envcheck-rerank"]\nbaseline = "production"\n{asks}{"".join(tables)}'
