"""Traits of the model that is asked, as the list of models tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateways.good import Manner, good_gateway
from gateways.traits import Trait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.model import JsonValue

_USUAL: Final[Mapping[str, JsonValue]] = {"max_model_len": 131_072, "max_output_tokens": 16_384, "root": "acme/base"}


def _trait(name: str, rule: str | None, fact: str, said: Mapping[str, JsonValue]) -> Trait:
    manner = Manner(said={**_USUAL, **said})
    finds = frozenset() if rule is None else frozenset({(rule, f"models.{fact}")})
    return Trait(name, "models", good_gateway(manner), finds, good_gateway(Manner(said=_USUAL)))


TRAITS: Final = (
    _trait("a model that retires", "model.retires", "retires_on", {"shutdown_date": "2026-04-30"}),
    _trait("a model that has retired", "model.retires", "retires_on", {"deprecation": "2026-01-01T00:00:00Z"}),
    _trait("a model that retires in a year", None, "retires_on", {"expiration_date": "2027-03-04"}),
    _trait("a shorter context", "model.context_length", "context_length", {"max_model_len": 8192}),
    _trait("a shorter output", "model.output_limit", "output_limit", {"max_output_tokens": 4096}),
    _trait("no word of the output", None, "output_limit", {"max_output_tokens": None}),
    _trait("another owner", "model.owned_by", "owned_by", {"owned_by": "reseller"}),
    _trait("other weights", "model.root", "root", {"root": "acme/base-awq"}),
)
UNLISTED: Final = Trait(
    "an unlisted model",
    "models",
    good_gateway(Manner(models=(("gpt-4o", "text-embedding-3-small"),), said=_USUAL)),
    frozenset({("model.unlisted", "models.is_listed"), ("models.removed", "models.model_ids")}),
    good_gateway(Manner(said=_USUAL)),
)
"""The only one that two rules find: who no longer lists a model lists one less."""
