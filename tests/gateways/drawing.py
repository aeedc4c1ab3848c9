"""A gateway that answers closed questions as a model does: by drawing, from proportions of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Final

from envcheck.probes.identity import QUESTIONS
from gateways.good import GOOD, completion, good_gateway
from gateways.wire import json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateways.gateway import Behaviour, Gateway
    from gateways.wire import Exchange

_PROMPTS: Final = {question.prompt: question.name for question in QUESTIONS}

# Peaked, as models are: most of them love 7 and 17, and blue.
PEAKS: Final[Mapping[str, Mapping[str, float]]] = {
    "number": {"7": 30, "17": 25, "14": 15, "13": 10, "3": 8, "12": 7, "19": 5},
    "letter": {"K": 25, "M": 20, "Q": 20, "G": 15, "R": 10, "J": 10},
    "colour": {"blue": 45, "green": 20, "purple": 20, "orange": 10, "red": 5},
}


@dataclass(slots=True)
class Drawing:
    """How answers are drawn: by question and number of the request to it, so that no order makes a difference."""

    seed: int
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: PEAKS)
    says: str = "{}"
    """What an answer is wrapped in."""

    def answer(self, question: str, number: int) -> str:
        weights = self.weights[question]
        [drawn] = Random(f"{self.seed}/{question}/{number}").choices(list(weights), list(weights.values()))
        return self.says.format(drawn)


def drawing_gateway(drawing: Drawing, refusing: Sequence[int] = (), no: bytes = b"") -> Gateway:
    """Give a gateway that draws; the requests of these numbers are answered with `no`."""
    return replace(good_gateway(), chat=_drawing(drawing, frozenset(refusing), no))


def _drawing(drawing: Drawing, refusing: frozenset[int], no: bytes) -> Behaviour:
    asked: Counter[str] = Counter()

    async def answer(exchange: Exchange) -> None:
        document = exchange.request.json()
        match document:
            case {"messages": [{"content": str(prompt)}]} if prompt in _PROMPTS:
                if asked.total() + 1 in refusing:
                    asked["refused"] += 1
                    await exchange.send(no)
                    return
                question = _PROMPTS[prompt]
                asked[question] += 1
                text = drawing.answer(question, asked[question])
            case _:
                text = "pong"
        manner = replace(GOOD, reply=text)
        await exchange.send(json_reply(200, completion(manner, model=str(document["model"]))))

    return answer
