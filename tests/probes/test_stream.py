"""What is read of a stream: over real sockets where its times and its end count, by hand where its chunks do."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import anyio
import pytest
from collecting import environment_at, run
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from envcheck.http import Gateway as HttpGateway
from envcheck.http.gateway import PROMISING_LIMIT
from envcheck.model import Arrival, Exchange, FailureClass, Fault, Outcome, Request, Timing, Unplanned
from envcheck.probes.base import Asking, Options
from envcheck.probes.pace import Pace
from envcheck.probes.stream import ACCEPTS, PROMPT, STREAM
from envcheck.probes.stream_facts import StreamedKind, StreamFacts, Terminator
from envcheck.redact import Redactor
from envcheck.seam.normalize import normalize
from gateways.good import openai_error
from gateways.server import serving
from gateways.streaming import (
    COUNTED,
    DONE,
    EVERY_S,
    NUMBERS,
    ROLE,
    STOP,
    TEXT,
    End,
    Streaming,
    event,
    part,
    streaming_gateway,
)
from gateways.wire import json_reply, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from envcheck.evidence import Check
    from envcheck.model import JsonValue
    from envcheck.seam.normalize import Reading
    from gateways.gateway import Gateway

PROBES = ("models", "chat", "stream")
SAID = "The quarterly revenue of Contoso will double"


def asked(gateway: Gateway, *, timeout_s: float = 20.0, options: Mapping[str, Options] = MappingProxyType({})) -> Check:
    """Run the three probes, and give the stream's check."""
    with serving(gateway) as server:
        environment = environment_at(server.base_url, model="gpt-4o-mini", probes=PROBES, timeout_s=timeout_s)
        collected = run([replace(environment, options=options)])
    assert collected.faults == []
    check = collected.evidences["e"].check("stream")
    assert check is not None
    return check


def facts_of(check: Check) -> StreamFacts:
    assert isinstance(check.facts, StreamFacts)
    return check.facts


def streamed(
    body: bytes, *, fault: Fault | None = None, arrivals: Sequence[Arrival] = (), total_ms: float = 900.0
) -> Exchange:
    """Give an exchange whose body is this."""
    request = Request(STREAM.route, {"model": "gpt-4o-mini", "stream_options": {}}, accepts=ACCEPTS)
    headers = MappingProxyType({"content-type": "text/event-stream"})
    return Exchange(
        request,
        fault,
        200,
        headers,
        body,
        Timing(total_ms=total_ms),
        arrivals=tuple(arrivals),
    )


def read(*parts: Mapping[str, object] | bytes, done: bytes = DONE, fault: Fault | None = None) -> Reading:
    """Read a stream of these parts."""
    body = b"".join(each if isinstance(each, bytes) else event(each) for each in parts)  # type: ignore[arg-type]  # odd ones too
    return normalize(STREAM, streamed(body + done, fault=fault), Redactor())


def test_what_is_asked_is_a_stream_with_its_usage_whatever_prompt_is_set() -> None:
    """The prompt is our own, for a user's may be answered in one word; parameters are merged in, but for `stream`."""
    options = {"stream": Options(params={"temperature": 0, "stream": False})}
    with serving(streaming_gateway(Streaming())) as server:
        run([environment_at(server.base_url, model="m", probes=("stream",), prompt=SecretStr("hi"), options=options)])
        (request,) = server.requests
    assert request.headers["accept"] == ACCEPTS
    assert request.json() == {
        "model": "m",
        "messages": [{"role": "user", "content": PROMPT}],
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "stream": True,
    }


def test_times_are_those_at_which_the_content_came() -> None:
    """The role chunk is the first event and no content; a gap is about as long as the gateway waits between tokens."""

    async def ask(base_url: str) -> Exchange:
        async with HttpGateway(environment_at(base_url)) as gateway:
            return await STREAM.ask(Asking(gateway.exchange, "gpt-4o-mini"))

    with serving(streaming_gateway(Streaming(every_s=EVERY_S))) as server:
        exchange = anyio.run(ask, server.base_url)
    reply = STREAM.read(exchange, Redactor())
    assert sorted(reply.measured) == ["first_content", "first_event", "gap"]
    first, content, gap = (reply.measured[name] for name in ("first_event", "first_content", "gap"))
    every_ms = EVERY_S * 1000
    # A server's sleep is never shorter; how much longer it takes is the machine's business.
    assert content - first > 0.5 * every_ms
    assert gap > 0.5 * every_ms
    assert content + (len(NUMBERS) - 1) * 0.5 * every_ms < (exchange.timing.total_ms or 0.0)


def test_a_stream_behind_a_proxy_that_buffers_comes_at_once() -> None:
    """However long it took, and although it is cut into the same events."""
    facts = facts_of(asked(streaming_gateway(Streaming(every_s=EVERY_S, in_one_piece=True))))
    assert (facts.arrival, facts.terminator, facts.content_kind) == (Pace.AT_ONCE, Terminator.DONE, StreamedKind.TEXT)


def test_usage_that_is_refused_is_asked_for_once_and_then_left_out() -> None:
    """Old versions of Azure's API know no `stream_options`; the second request is told, and is the one that counts."""
    with serving(streaming_gateway(Streaming(), takes_usage=False)) as server:
        environment = environment_at(server.base_url, model="gpt-4o-mini", probes=("stream",))
        evidence = run([environment]).evidences["e"]
        first, second = (request.json() for request in server.requests)
    assert "stream_options" in first
    assert second == {name: value for name, value in first.items() if name != "stream_options"}
    assert evidence.checks[0].outcome is Outcome.PASS
    assert facts_of(evidence.checks[0]).stream_usage == "refused"
    assert (evidence.target.sent_requests, evidence.target.unplanned_requests) == (2, {Unplanned.REFUSED_IN_PART: 1})


def test_another_refusal_is_not_asked_again() -> None:
    """A 400 that does not name the option is about something else."""
    with serving(streaming_gateway(json_reply(400, openai_error("Too long.")))) as server:
        run([environment_at(server.base_url, model="m", probes=("stream",))])
        assert len(server.requests) == 1


@pytest.mark.parametrize(("last", "reason"), [((), "null"), ((STOP,), "stop")], ids=["unfinished", "finished"])
def test_a_stream_without_end_is_a_timeout_with_what_was_learnt_until_then(
    last: tuple[Mapping[str, JsonValue], ...], reason: str
) -> None:
    """Even one that has said all it had to say: nobody hung up."""
    check = asked(streaming_gateway(Streaming([ROLE, *TEXT, *last], b"", end=End.NEVER)), timeout_s=1.0)
    assert (check.outcome, check.failure_class) == (Outcome.FAIL, "timeout")
    assert str(check.failure_detail) == str(Fault.TIMEOUT_BODY)
    facts = facts_of(check)
    assert (facts.terminator, facts.finish_reason, facts.content_kind) == ("cut", reason, "text")
    assert check.latency.total_ms is None


def test_a_long_stream_is_read_to_its_end() -> None:
    """Past where a reply that is no JSON would be cut off, for this one is not to be JSON."""
    parts = [ROLE, *(part({"content": "1 "}) for _ in range(1 + PROMISING_LIMIT // 100)), STOP]
    check = asked(streaming_gateway(Streaming(parts)))
    assert facts_of(check).terminator is Terminator.DONE


@pytest.mark.parametrize(
    ("end", "done", "terminator"),
    [
        (End.WHOLE, DONE, "done"),
        (End.WHOLE, b"", "eof"),
        (End.WHOLE, b"data: [DONE]\n", "eof"),
        (End.CLOSE, b"", "cut"),
        (End.RESET, b"", "cut"),
        (End.CLOSE, DONE, "done"),
    ],
)
def test_how_a_stream_ends_is_a_fact_once_it_is_finished(end: End, done: bytes, terminator: str) -> None:
    """After the finish reason a broken connection takes nothing away; a `[DONE]` without its blank line is none."""
    check = asked(streaming_gateway(Streaming(done=done, end=end)))
    assert (check.outcome, facts_of(check).terminator) == (Outcome.PASS, terminator)


@pytest.mark.parametrize(
    ("answer", "failure", "detail"),
    [
        (Streaming([ROLE, *TEXT], b"", end=End.CLOSE), "network", "cut short"),
        (Streaming([ROLE, *TEXT], b""), "response_shape", "the stream ended before it was finished"),
        (Streaming([], b""), "response_shape", "empty or blank"),
        (Streaming([b": ping\n\n"], b""), "response_shape", "the stream ended before it was finished"),
        (Streaming([]), "response_shape", "not of a chat completion"),
        (Streaming([ROLE, b"data: {'a'}\n\n"]), "response_shape", "an event that is not JSON"),
        (Streaming([ROLE, b"data: [1]\n\n"]), "response_shape", "an event that is JSON, but not an object"),
        (Streaming([b"Hello\n\n"], b"", content_type="text/plain"), "response_shape", "not an event stream"),
        (json_reply(200, {"choices": []}), "response_shape", "one JSON document where an event stream was asked for"),
        (json_reply(200, openai_error("No.")), "response_shape", "an error envelope with a status of success"),
        (reply(200, b"<html>", ("Content-Type", "text/html")), "response_shape", "an HTML page"),
        (reply(200, b'{"a": 1}', ("Content-Type", "text/event-stream")), "response_shape", "one JSON document"),
    ],
)  # fmt: skip
def test_what_is_no_finished_stream_is_a_failure_that_says_why(
    answer: Streaming | bytes, failure: str, detail: str
) -> None:
    """Never a pass, and never `internal`."""
    check = asked(streaming_gateway(answer))
    assert (check.outcome, check.failure_class) == (Outcome.FAIL, failure)
    assert detail in (check.failure_detail or "")


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (openai_error("The server had an error", kind="server_error"), "upstream_or_gateway"),
        ({"error": {"message": "Provider disconnected", "code": 502}}, "upstream_or_gateway"),
        ({"error": {"message": "Rate limited", "code": "429"}}, "rate_or_quota"),
        ({"error": {"message": "Rate limited", "type": "rate_limit_error"}}, "rate_or_quota"),
        ({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "upstream_or_gateway"),
        ({"error": {"message": "Bad key", "code": "invalid_api_key"}}, "auth"),
        ({"object": "error", "message": "The model `gpt-4o-mini` does not exist.", "code": 404}, "model_selection"),
        ({"error": {"message": "Too many tokens", "code": 400}}, "http_400"),
        ({"error": "broken"}, "upstream_or_gateway"),
        ({"error": {"message": "odd", "code": "\u0665\u0660\u0660"}}, "upstream_or_gateway"),
        ({"error": {"message": "odd", "code": 200}}, "upstream_or_gateway"),
    ],
)
def test_an_error_event_is_called_what_a_reply_with_its_status_would_be(
    error: Mapping[str, object], failure: str
) -> None:
    """By the status that it repeats or has a word for; else the gateway broke what it had begun."""
    reading = read(ROLE, TEXT[0], error)
    assert reading.failure_name == failure
    assert reading.detail == "the stream broke off with an error event"
    assert reading.reply is not None


def test_an_error_event_is_previewed_without_what_was_generated() -> None:
    """Its own sentence helps; a sentence of the model's in it does not come out."""
    assert read(ROLE, {"error": {"message": "Overloaded", "code": 529}}).preview == "529: Overloaded"
    said = read(part({"content": SAID}), {"error": {"message": f"cut at: {SAID}", "code": 500}})
    assert "Contoso" not in (said.preview or "")


def test_an_event_that_is_named_an_error_is_one_whatever_it_holds() -> None:
    """It need not be JSON."""
    assert read(ROLE, b"event: error\ndata: upstream closed\n\n").failure is FailureClass.UPSTREAM_OR_GATEWAY


@pytest.mark.parametrize(
    ("parts", "kind", "reasoning"),
    [
        ([ROLE, *TEXT], "text", "none"),
        ([ROLE], "empty", "none"),
        ([part({"role": "assistant"})], "null", "none"),
        ([ROLE, part({"reasoning_content": "hm"})], "reasoning", "reasoning_content"),
        ([ROLE, part({"reasoning": "hm", "reasoning_details": [{"text": "hm"}]})], "reasoning", "reasoning"),
        ([ROLE, part({"thinking": "hm"}), TEXT[0]], "text", "other"),
        ([ROLE, part({"reasoning_content": None, "reasoning": ""}), TEXT[0]], "text", "none"),
        ([ROLE, part({"finish_reason": "x"}), TEXT[0]], "text", "none"),
        ([part({"tool_calls": [{"index": 0}]})], "tool_calls", "none"),
        ([part({"content": [{"type": "text", "text": "1"}]})], "text", "none"),
    ],
)
def test_what_the_deltas_hold_is_told_apart(parts: Sequence[Mapping[str, object]], kind: str, reasoning: str) -> None:
    """Content goes before reasoning, which is in one of the two usual places or in another."""
    reading = read(*parts, STOP)
    assert reading.reply is not None
    facts = reading.reply.facts
    assert isinstance(facts, StreamFacts)
    assert (facts.content_kind, facts.reasoning_field) == (kind, reasoning)


def test_fields_are_those_of_all_chunks_without_padding_and_reasoning() -> None:
    """What only one of them has is a field too; reasoning is another fact's."""
    padded = {**part({"content": "1", "obfuscation": "x", "thinking": "hm"}), "obfuscation": "y", "provider": "x"}
    reading = read(ROLE, padded, STOP, COUNTED)
    assert reading.reply is not None
    assert isinstance(reading.reply.facts, StreamFacts)
    fields = set(reading.reply.facts.event_fields)
    assert {"provider", "choices[].delta.role", "choices[].delta.content", "usage.total_tokens"} <= fields
    assert not any("obfuscation" in field or "thinking" in field for field in fields)


@pytest.mark.parametrize("shapes", [10, 500])
def test_a_flood_of_shapes_is_counted_as_other(shapes: int) -> None:
    """So many that are not walked through say no more than that there were others."""
    reading = read(ROLE, *({**TEXT[0], f"field_{number}": 1} for number in range(shapes)), STOP)
    assert reading.reply is not None
    assert isinstance(reading.reply.facts, StreamFacts)
    assert ("other" in reading.reply.facts.event_fields) is (shapes == 500)


@pytest.mark.parametrize(("chat_model", "agrees"), [("gpt-4o-mini", True), ("gpt-4o", False)])
def test_a_stream_is_held_against_chat_of_the_same_run(chat_model: str, agrees: bool) -> None:  # noqa: FBT001 - a parameter
    """By the names that came, whatever is shown of them."""
    check = asked(streaming_gateway(Streaming([{**each, "model": chat_model} for each in (ROLE, *TEXT, STOP)])))
    assert facts_of(check).agrees_with_chat is agrees


def test_where_chat_was_not_asked_or_of_another_model_nothing_is_said_of_agreement() -> None:
    """There is nothing to hold the stream against."""
    assert (
        facts_of(asked(streaming_gateway(Streaming()), options={"stream": Options(model="o3")})).agrees_with_chat
        is None
    )
    with serving(streaming_gateway(Streaming())) as server:
        evidence = run([environment_at(server.base_url, model="m", probes=("stream",))]).evidences["e"]
    assert facts_of(evidence.checks[0]).agrees_with_chat is None


PLACES: Final[Mapping[str, Callable[[str], JsonValue]]] = {
    "content": lambda said: {"content": said},
    "parts": lambda said: {"content": [{"type": "text", "text": said}]},
    "reasoning": lambda said: {"reasoning_content": said},
    "details": lambda said: {"reasoning_details": [{"text": said}]},
    "refusal": lambda said: {"refusal": said},
    "arguments": lambda said: {"tool_calls": [{"index": 0, "function": {"arguments": said}}]},
    "audio": lambda said: {"audio": {"transcript": said}},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", [3, len(SAID)], ids=["in pieces", "whole"])
def test_what_was_generated_comes_out_in_no_name(place: str, size: int) -> None:
    """Wherever it stands and however it is cut: not as model, finish reason, field or error, in no file."""
    pieces = [SAID[at : at + size] for at in range(0, len(SAID), size)]
    parts = [part(PLACES[place](piece)) for piece in pieces]
    key = SAID.replace(" ", "_")
    # One at a time: what stands in a finish reason, say, is then known from there.
    as_names: list[Mapping[str, JsonValue] | bytes] = [
        {**STOP, "model": f"gpt-4o-mini-{key}"},
        {**STOP, key: {key: 1}},
        part({}, reason=key),
        event({"error": {"message": f"after {SAID}"}}),
        event({"error": {"message": "No.", "code": key, "type": key}}),
    ]
    for name in as_names:
        reading = read(*parts, name)
        shown = f"{reading.detail} {reading.preview} {reading.reply and reading.reply.facts.model_dump_json()}"
        assert "ontoso" not in shown
        assert "quarterly" not in shown
        assert reading.reply is not None


@pytest.mark.parametrize("place", PLACES)
def test_what_was_generated_is_in_no_record(place: str) -> None:
    """Nor is it where an earlier probe's reply gives a name of it away."""
    pieces = [part(PLACES[place](SAID[at : at + 3])) for at in range(0, len(SAID), 3)]
    error = event({"error": {"message": f"after {SAID}", "code": SAID.replace(" ", "_")}})
    for last in (STOP, error):
        check = asked(streaming_gateway(Streaming([*pieces, last])))
        assert "ontoso" not in check.model_dump_json()


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
_NAMES = st.sampled_from("choices delta content index usage error model finish_reason tool_calls reasoning".split())  # noqa: SIM905 - quotation marks would hide the words
_DOCUMENTS = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4), max_leaves=10
)
_CHUNKS = st.fixed_dictionaries(
    {"choices": st.lists(st.fixed_dictionaries({"delta": _DOCUMENTS}, optional={"index": _DOCUMENTS}), max_size=2)},
    optional={"usage": _DOCUMENTS, "model": _DOCUMENTS, "error": _DOCUMENTS},
)


@given(
    parts=st.lists(_CHUNKS | _DOCUMENTS | st.binary(max_size=30), max_size=5),
    done=st.sampled_from([DONE, b""]),
    fault=st.sampled_from([None, Fault.CUT_SHORT, Fault.TIMEOUT_BODY, Fault.TOO_LARGE]),
)
def test_no_stream_breaks_the_reader(parts: list[object], done: bytes, fault: Fault | None) -> None:
    """Whatever stands in whichever place is facts or a failure, and never an exception."""
    sent = [each if isinstance(each, bytes) else b"data: " + json.dumps(each).encode() + b"\n\n" for each in parts]
    reading = read(*sent, done=done, fault=fault)
    assert reading.failure is not None or isinstance(reading.reply and reading.reply.facts, StreamFacts)


@pytest.mark.parametrize(
    "body",
    [
        event({"choices": [{"delta": {"content": "12 "}}]}) * 100_000,
        b'data: {"choices":[{"delta":{"content":"' + b"x" * (8 << 20) + b'"}}]}\n\n',
        b"data: [" + b"[]," * 2_000_000 + b"[]]\n\n",
        b"\n" * (8 << 20),
        b"data: " * (1 << 20),
    ],
    ids=["100,000 events", "an event of 8 MiB", "an event of millions of lists", "lines alone", "no line's end"],
)
def test_a_flood_is_read_or_refused_and_never_breaks(body: bytes) -> None:
    """It ends in facts or in a failure; what is shown of the reply stays small."""
    reading = normalize(STREAM, streamed(body + DONE), Redactor())
    assert reading.failure in {None, FailureClass.RESPONSE_SHAPE}
    if reading.reply is not None:
        assert len(reading.reply.facts.model_dump_json()) < 1000
