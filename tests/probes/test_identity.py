"""Many small questions: what is sent, what is counted, and what becomes of a gateway that will not answer."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from collecting import Collected, environment_at, run
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from envcheck.errors import ReplyRejected
from envcheck.model import Exchange, Request
from envcheck.probes import planned_requests
from envcheck.probes.identity import IDENTITY, IN_FLIGHT, QUESTIONS, IdentityFacts, IdentityOptions
from envcheck.redact import Redacted, Redactor
from envcheck.seam.normalize import normalize
from gateways.drawing import PEAKS, Drawing, drawing_gateway
from gateways.good import Manner as Answers
from gateways.good import completion, good_gateway
from gateways.refusing import refusal
from gateways.server import serving
from gateways.wire import json_reply

if TYPE_CHECKING:
    from envcheck.evidence import Check
    from envcheck.model import JsonValue
    from gateways.gateway import Gateway
    from gateways.server import Server
    from gateways.wire import Exchange as Served

PROMPT = "The quarterly revenue of Contoso"


def asked(server: Server, **more: object) -> Collected:
    settings = {"model": "gpt-4o", "prompt": SecretStr(PROMPT), "probes": ("identity",), **more}
    collected = run([environment_at(server.base_url, "e", **settings)])
    assert collected.faults == []
    return collected


def check_of(gateway: Gateway, **more: object) -> tuple[Check, Server]:
    with serving(gateway) as server:
        return asked(server, **more).evidences["e"].checks[0], server


def answers_of(check: Check) -> Counter[str]:
    assert isinstance(check.facts, IdentityFacts)
    return Counter(check.facts.answers)


def test_sixty_questions_are_asked_in_turn_and_their_answers_counted() -> None:
    """At temperature 1 and never with the user's prompt; as many of each question."""
    check, server = check_of(drawing_gateway(Drawing(1)))
    bodies = [request.json() for request in server.requests]
    assert len(bodies) == 60
    assert {body["temperature"] for body in bodies} == {1}
    assert not any(PROMPT.encode() in request.body for request in server.requests)
    prompts = Counter(json.dumps(body["messages"]) for body in bodies)
    assert set(prompts.values()) == {20}
    drawn = Counter(
        f"{question}.{Drawing(1).answer(question, number).lower()}" for question in PEAKS for number in range(1, 21)
    )
    assert answers_of(check) == drawn
    assert check.facts.model_dump()["asked"] == 60


def test_parameters_are_sent_and_the_temperature_stays() -> None:
    """`chat_params` may hold a temperature of 0, at which nothing could be told."""
    options = {"identity": IdentityOptions(requests=12, params={"temperature": 0, "seed": 7})}
    check, server = check_of(drawing_gateway(Drawing(1)), options=options)
    assert [(body["temperature"], body["seed"]) for body in (each.json() for each in server.requests)] == [(1, 7)] * 12
    assert answers_of(check).total() == 12


def test_a_few_are_under_way_at_the_same_time_and_never_more() -> None:
    """It takes an eighth of the time, and no gateway is stormed."""
    under_way = 0
    most = 0

    async def answer(exchange: Served) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        await exchange.send(json_reply(200, completion(Answers(reply="7"), model="gpt-4o")))

    check_of(replace(good_gateway(), chat=answer))
    assert most == IN_FLIGHT == IDENTITY.in_flight


def test_each_request_is_planned_sent_and_told() -> None:
    """The line before a run, the record and the display say the same number."""
    with serving(drawing_gateway(Drawing(1))) as server:
        collected = asked(server)
    target = collected.evidences["e"].target
    assert (target.planned_requests, target.sent_requests, len(collected.exchanges)) == (60, 60, 60)
    environment = environment_at("http://127.0.0.1:9/v1", probes=("identity",), samples=7)
    assert planned_requests(environment) == 60


@pytest.mark.parametrize("status", [401, 404, 429])
def test_a_gateway_that_says_no_is_not_asked_sixty_times(status: int) -> None:
    """Each further request would cost something, and say the same; those under way are waited for."""
    check, server = check_of(drawing_gateway(Drawing(1), range(10, 99), refusal(status)))
    assert check.http_status == status
    assert check.outcome.value in {"fail", "unsupported"}
    assert len(server.requests) <= 9 + 2 * IN_FLIGHT


def test_three_failures_in_a_row_are_enough_and_one_now_and_then_is_not() -> None:
    """What fails now and then is left out of the counts; what is down stays down."""
    check, server = check_of(drawing_gateway(Drawing(1), range(5, 99), refusal(500)))
    assert (check.failure_class, len(server.requests) <= 7 + IN_FLIGHT) == ("upstream_or_gateway", True)
    check, _ = check_of(drawing_gateway(Drawing(1), range(9, 54, 9), refusal(500)))
    assert (check.outcome.value, answers_of(check).total()) == ("pass", 55)


def reply_to(question: int, content: object, status: int = 200, asked_model: str = "gpt-4o") -> Exchange:
    body: dict[str, JsonValue] = {
        "model": asked_model,
        "messages": [{"role": "user", "content": QUESTIONS[question].prompt}],
    }
    document = {"choices": [{"message": {"content": content}}]}
    return Exchange(Request(IDENTITY.route, body), status=status, body=json.dumps(document).encode())


@pytest.mark.parametrize(
    ("question", "content", "word"),
    [
        (0, "7", "number.7"),
        (0, " **17**.\n", "number.17"),
        (0, "21", "number.other"),
        (0, "seven", "number.other"),
        (0, "blue", "number.other"),
        (1, "Q", "letter.q"),
        (1, '"k"', "letter.k"),
        (1, "QK", "letter.other"),
        (2, "Blue!", "colour.blue"),
        (2, "pink", "colour.other"),
        (2, "<think>hm</think>blue", "colour.other"),
        (2, None, "colour.other"),
        (2, "", "colour.other"),
        (2, [{"type": "text", "text": "blue"}], "colour.other"),
    ],
)
def test_an_answer_is_a_word_of_the_list_or_other(question: int, content: object, word: str) -> None:
    """Whatever a model puts around it; what is longer than a word is not searched for one."""
    facts = IDENTITY.read(reply_to(question, content), Redactor()).facts
    assert isinstance(facts, IdentityFacts)
    assert facts.answers == {word: 1}


SAID = "Quartz-Falcon-Meridian-Sunset"


def test_what_was_generated_is_counted_and_not_kept() -> None:
    """It is a secret of the environment from then on; a word of ours is none, or no `blue` could be shown again."""
    first, *more = (reply_to(2, content) for content in (SAID, "blue", "blue", SAID))
    reply = IDENTITY.read(replace(first, more=tuple(more)), Redactor())
    assert reply.generated == (SAID,)
    assert "Falcon" not in reply.facts.model_dump_json()


@pytest.mark.parametrize(
    "document",
    [
        completion(Answers(reply=SAID), model=SAID),
        completion(Answers(reply=None, message={"reasoning_content": SAID, "refusal": SAID}), model="gpt-4o"),
        completion(Answers(finish_reasons=(SAID,), extra={SAID: SAID}), model="gpt-4o"),
        completion(Answers(message={"tool_calls": [{"function": {"name": SAID, "arguments": SAID}}]}), model="gpt-4o"),
        {"error": {"message": SAID, "type": SAID, "code": SAID}, "choices": []},
        {"choices": [SAID], "model": SAID},
        {"choices": [{"message": {"content": [{"text": SAID}]}}]},
        [SAID],
    ],
)
def test_nothing_of_a_reply_comes_out_wherever_it_stands(document: object) -> None:
    """Only counts of words of ours do."""

    async def answer(exchange: Served) -> None:
        await exchange.send(json_reply(200, document))  # type: ignore[arg-type]  # of any kind

    with serving(replace(good_gateway(), chat=answer)) as server:
        evidence = asked(server).evidences["e"]
    assert "Falcon" not in evidence.model_dump_json()


def test_a_reply_of_no_completions_is_no_answer() -> None:
    """A few are left out and told of; where they are most, that is what is wrong."""
    broken = replace(reply_to(0, "7"), body=b'{"choices": []}')
    few = replace(reply_to(0, "7"), more=(broken, reply_to(0, "7")))
    reply = IDENTITY.read(few, Redactor())
    facts = reply.facts
    assert isinstance(facts, IdentityFacts)
    assert (dict(reply.failed), reply.tried) == ({"response_shape": 1}, 3)
    assert (facts.asked, facts.answers) == (3, {"number.7": 2})
    down = replace(reply_to(0, "7"), status=418)
    assert dict(IDENTITY.read(replace(few, more=(down, reply_to(0, "7"))), Redactor()).failed) == {"http_418": 1}
    with pytest.raises(ReplyRejected, match="not a chat completion"):
        IDENTITY.read(replace(reply_to(0, "7"), more=(broken, broken)), Redactor())


@given(body=st.binary(max_size=200) | st.sampled_from([b"[" * 70_000, b'{"choices": [{"message": ' * 2000, b"null"]))
def test_anything_that_a_gateway_sends_is_counted_or_rejected(body: bytes) -> None:
    """No reply breaks the probe."""
    reading = normalize(IDENTITY, replace(reply_to(1, "q"), body=body), Redactor())
    assert (reading.failure is None) == (reading.reply is not None)


def test_a_large_reply_is_not_kept_until_all_the_others_have_come() -> None:
    """Sixty of 8 MiB would be half a gigabyte; an answer of one word is in no such reply."""
    large = json_reply(200, {"choices": [{"message": {"content": "7"}}], "padding": "x" * 200_000})

    async def answer(exchange: Served) -> None:
        await exchange.send(large)

    check, _ = check_of(replace(good_gateway(), chat=answer))
    assert (check.outcome.value, check.failure_class) == ("fail", "response_shape")


def test_a_record_with_an_answer_that_nobody_asked_for_is_refused() -> None:
    """A saved file may have been written by anyone."""
    with pytest.raises(ValidationError, match="in no question's list"):
        IdentityFacts(model=Redacted("m"), asked=1, answers={"number.quartz_falcon": 1})


@pytest.mark.parametrize("requests", [0, 11, 3001])
def test_so_few_or_so_many_questions_are_refused_in_the_file(requests: int) -> None:
    """Too few tell nothing, and a zero too many costs money."""
    with pytest.raises(ValidationError):
        IdentityOptions(requests=requests)
