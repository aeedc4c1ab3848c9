from __future__ import annotations

import json
from dataclasses import replace
from math import hypot
from typing import TYPE_CHECKING

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replies import served

from envcheck.errors import ReplyRejected
from envcheck.model import Exchange, Fault, Request
from envcheck.probes.base import Answer, Asking, Options
from envcheck.probes.embeddings import EMBEDDINGS, ROUTE, EmbeddingsFacts
from envcheck.probes.vectors import MOST_DIMENSIONS, vector_of
from envcheck.redact import Redactor
from gateways.capable import in_base64, vector

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from envcheck.model import JsonValue

NUMBERS = vector()


def document(embedding: object, **members: object) -> Mapping[str, object]:
    return {"data": [{"embedding": embedding}], "model": "embed-small", "usage": {"prompt_tokens": 3}, **members}


def answering(reply: Callable[[object], Exchange]) -> tuple[Exchange, list[Request]]:
    """Ask, where each request is answered by the encoding that it asks for."""
    requests: list[Request] = []

    async def send(request: Request) -> Exchange:
        requests.append(request)
        return replace(reply((request.body or {}).get("encoding_format")), request=request)

    asking = Asking(send, "embed-small", Options(params={"user": "x", "encoding_format": "user's"}))
    return anyio.run(EMBEDDINGS.ask, asking), requests


def asked(*by_encoding: tuple[str | None, Exchange]) -> tuple[Exchange, list[Request]]:
    replies = dict(by_encoding)
    return answering(lambda encoding: replies[encoding if isinstance(encoding, str) else None])


def facts_of(exchange: Exchange) -> EmbeddingsFacts:
    facts = EMBEDDINGS.read(exchange, Redactor()).facts
    assert isinstance(facts, EmbeddingsFacts)
    return facts


def ok(embedding: object) -> Exchange:
    return served(document(embedding), ROUTE)


def no(status: int, message: str = "No.", param: str | None = None) -> Exchange:
    return served({"error": {"message": message, "param": param}}, ROUTE, status=status)


def test_both_encodings_are_asked_for_with_a_text_of_ours() -> None:
    """Parameters of the user's own are merged in; the user's prompt never is."""
    exchange, requests = asked(("float", ok(NUMBERS)), ("base64", ok(in_base64(NUMBERS))))
    bodies = [dict(request.body or {}) for request in requests]
    texts = {str(body.pop("input")) for body in bodies}
    assert bodies == [
        {"model": "embed-small", "user": "x", "encoding_format": encoding} for encoding in ("float", "base64")
    ]
    assert len(texts) == 1
    assert facts_of(exchange).encoding_float is facts_of(exchange).encoding_base64 is Answer.HONOURED


def test_the_facts_hold_a_sketch_of_the_vector_and_no_more() -> None:
    """Sixteen components with four decimals, whichever encoding they came in."""
    exchange, _ = asked(("float", ok([3 * each for each in NUMBERS])), ("base64", ok(in_base64(NUMBERS))))
    facts = facts_of(exchange)
    assert facts.sketch == tuple(round(each, 4) for each in NUMBERS[:16])
    assert (facts.dimensions, facts.unit_length) == (48, False)
    assert (facts.model, facts.model_answered, facts.usage_fields) == ("embed-small", "embed-small", ("prompt_tokens",))


@pytest.mark.parametrize(
    ("for_float", "for_base64", "answers"),
    [
        (NUMBERS, in_base64(NUMBERS), (Answer.HONOURED, Answer.HONOURED)),
        (NUMBERS, NUMBERS, (Answer.HONOURED, Answer.IGNORED)),
        (in_base64(NUMBERS), in_base64(NUMBERS), (Answer.IGNORED, Answer.HONOURED)),
    ],
)
def test_an_encoding_that_came_unasked_is_ignored(
    for_float: object, for_base64: object, answers: tuple[Answer, Answer]
) -> None:
    """A client that asked for base64 reads numbers as a vector of another size."""
    exchange, _ = asked(("float", ok(for_float)), ("base64", ok(for_base64)))
    facts = facts_of(exchange)
    assert (facts.encoding_float, facts.encoding_base64) == answers
    assert facts.sketch == tuple(round(each, 4) for each in NUMBERS[:16])


@pytest.mark.parametrize("status", [400, 403, 404, 415, 422, 501])
def test_base64_that_is_refused_is_a_fact(status: int) -> None:
    """The same request but for the encoding was answered, so it is about nothing else, whatever it says."""
    exchange, requests = asked(("float", ok(NUMBERS)), ("base64", no(status)))
    assert exchange.status == 200
    assert len(requests) == 2
    assert facts_of(exchange).encoding_base64 is Answer.REFUSED


@pytest.mark.parametrize("later", [no(401), no(429), no(500), no(503), Exchange(Request(ROUTE), fault=Fault.RESET)])
def test_base64_that_broke_is_a_failure_of_the_probe(later: Exchange) -> None:
    """It says nothing of the encoding."""
    exchange, _ = asked(("float", ok(NUMBERS)), ("base64", later))
    assert (exchange.status, exchange.fault) == (later.status, later.fault)


@pytest.mark.parametrize("refused", [no(400, "No.", "encoding_format"), no(422, "Unsupported: encoding_format")])
def test_a_gateway_that_takes_no_encoding_is_asked_without(refused: Exchange) -> None:
    """The parameter was refused by its name, and the vector is compared all the same."""
    exchange, requests = asked(("float", refused), (None, ok(NUMBERS)))
    facts = facts_of(exchange)
    assert len(requests) == 2
    assert (facts.encoding_float, facts.encoding_base64) == (Answer.REFUSED, Answer.REFUSED)
    assert facts.dimensions == 48


@pytest.mark.parametrize("first", [no(400, "The input is bad."), no(404), no(429), no(500)])
def test_any_other_failure_is_the_end_of_it(first: Exchange) -> None:
    """No request is sent that would fail the same way."""
    exchange, requests = asked(("float", first))
    assert len(requests) == 1
    assert (exchange.status, exchange.more) == (first.status, ())


@pytest.mark.parametrize(
    "embedding",
    [
        [],
        "",
        None,
        {"0": 0.1},
        [True, False],
        [0.1, None],
        ["0.1"],
        [[0.1]],
        "not base64",
        "AAA=",
        in_base64([float("nan")]),
        in_base64([float("inf")]),
        [10**400],
        [0.0] * (MOST_DIMENSIONS + 1),
        "A" * 1_000_000,
    ],
)
def test_what_is_no_vector_is_rejected(embedding: object) -> None:
    """In either reply: no exception of another kind, whatever came."""
    with pytest.raises(ReplyRejected):
        facts_of(ok(embedding))
    exchange, _ = asked(("float", ok(NUMBERS)), ("base64", ok(embedding)))
    with pytest.raises(ReplyRejected):
        facts_of(exchange)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_not_finite_are_rejected(text: str) -> None:
    """Some JSON writers let them through."""
    body = json.dumps(document([0.5])).replace("0.5", text).encode()
    with pytest.raises(ReplyRejected):
        facts_of(served(body, ROUTE))


@pytest.mark.parametrize("reply", [{}, {"data": []}, {"data": {}}, {"data": [0.1]}, {"data": [{"index": 0}]}, []])
def test_what_is_no_list_of_embeddings_is_rejected(reply: JsonValue) -> None:
    """A 2xx is a pass only with what the route promises."""
    with pytest.raises(ReplyRejected):
        facts_of(served(reply, ROUTE))


def test_a_vector_of_zeros_has_no_direction() -> None:
    """It is a fact, and no division by zero."""
    zeros = vector_of([0.0, 0])
    assert (zeros.dimensions, zeros.is_unit, zeros.sketch) == (2, False, (0.0, 0.0))


@pytest.mark.parametrize("size", [1e308, 1.0, 5e-324])
def test_a_vector_of_any_length_has_its_direction(size: float) -> None:
    """Also where the square of a number is larger, or smaller, than any that there is."""
    assert vector_of([size] * 16).sketch == (0.25,) * 16
    assert vector_of(NUMBERS).is_unit


_FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.integers()


@given(st.lists(_FINITE, min_size=1, max_size=20).filter(lambda numbers: abs(max(numbers, key=abs)) < 1e308))
def test_any_numbers_have_a_sketch_of_length_one_at_most(numbers: list[float]) -> None:
    """Also the largest and the least that there are, whose squares are none any more."""
    sketch = vector_of(numbers).sketch
    assert all(-1 <= each <= 1 for each in sketch)
    assert len(sketch) == min(16, len(numbers))
    assert len(numbers) > 16 or not any(numbers) or abs(hypot(*sketch) - 1) < 0.001
