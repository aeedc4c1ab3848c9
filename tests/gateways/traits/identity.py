"""What is behind a name: each of these answers closed questions in other proportions than the baseline, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateways.drawing import PEAKS, Drawing, drawing_gateway
from gateways.refusing import refusal
from gateways.traits import Trait

if TYPE_CHECKING:
    from gateways.gateway import Gateway

_DIFFERS: Final = frozenset({("identity.differs", "identity.answers")})
_BASELINE: Final = Drawing(1)
OTHER_PEAK: Final = {
    **PEAKS,
    "number": {"4": 40, "11": 30, "7": 15, "18": 15},
    "colour": {"red": 50, "black": 30, "blue": 20},
}
ONE_ANSWER: Final = {question: {next(iter(weights)): 1.0} for question, weights in PEAKS.items()}


_NOTHING: Final = frozenset[tuple[str, str]]()
_UNRELIABLE: Final = frozenset({("probe.unreliable", "identity.outcome")})


def _trait(name: str, gateway: Gateway, finds: frozenset[tuple[str, str]]) -> Trait:
    return Trait(f"identity {name}", "identity", gateway, finds, drawing_gateway(_BASELINE))


TRAITS: Final = (
    _trait("the same model", drawing_gateway(Drawing(2)), _NOTHING),
    _trait("the same in bold with a full stop", drawing_gateway(Drawing(3, says="**{}**.\n")), _NOTHING),
    _trait("a few that failed", drawing_gateway(Drawing(4), range(9, 54, 5), refusal(500)), _UNRELIABLE),
    _trait("another peak", drawing_gateway(Drawing(5, OTHER_PEAK)), _DIFFERS),
    _trait("a cache", drawing_gateway(Drawing(6, ONE_ANSWER)), _DIFFERS),
    _trait("whole sentences", drawing_gateway(Drawing(7, says="I would say {}.")), _DIFFERS),
)
