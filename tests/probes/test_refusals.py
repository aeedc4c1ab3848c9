"""The error contract: a made-up key, a model that does not exist, and a body that breaks off."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from collecting import Collected, environment_at, run
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from envcheck.model import Exchange, FailureClass, Fault, Request
from envcheck.probes import PROBES, options_of
from envcheck.probes.base import Options
from envcheck.probes.refusal import OTHER, RefusalFacts
from envcheck.probes.unknown_model import UNKNOWN, UNKNOWN_MODEL
from envcheck.probes.wrong_key import MADE_UP_KEY, WRONG_KEY, WrongKeyFacts
from envcheck.redact import Redactor
from envcheck.seam.normalize import normalize
from gateways.refusing import KEY, STRICT, Refusals, refusal, refusing_gateway, unknown_model, wrong_key
from gateways.server import serving
from gateways.wire import reply

if TYPE_CHECKING:
    from envcheck.evidence import Check
    from gateways.server import Server

ERRORS = ("wrong_key", "unknown_model", "bad_request")
PROMPT = "The quarterly revenue of Contoso"


def asked(server: Server, *probes: str, **more: object) -> Collected:
    settings: dict[str, Any] = {
        "api_key": SecretStr(KEY),
        "api_key_env": "KEY",
        "model": "gpt-4o",
        "prompt": SecretStr(PROMPT),
        "probes": probes,
        **more,
    }
    collected = run([environment_at(server.base_url, **settings)])
    assert collected.faults == []
    return collected


def checks(refusals: Refusals, *probes: str, **more: object) -> dict[str, Check]:
    with serving(refusing_gateway(refusals)) as server:
        evidence = asked(server, *probes, **more).evidences["e"]
    return {check.probe: check for check in evidence.checks}


def test_each_refusal_is_a_pass_and_says_how_it_was_refused() -> None:
    """A 4xx is what was asked for; of its words nothing is kept but the type and the code."""
    found = checks(STRICT, *ERRORS)
    assert {check.outcome.value for check in found.values()} == {"pass"}
    assert {check.error_preview for check in found.values()} == {None}
    assert found["unknown_model"].facts.model_dump() == {
        "status": 404,
        "envelope": "openai",
        "error_type": "invalid_request_error",
        "error_code": "model_not_found",
        "code_kind": "string",
        "has_param": True,
        "has_retry_after": False,
    }
    both = found["wrong_key"].facts
    assert isinstance(both, WrongKeyFacts)
    assert (both.chat_status, both.chat_error_code) == (401, "invalid_api_key")
    assert (both.models_status, both.models_error_code, both.models_refused) == (401, "invalid_api_key", True)


def test_what_is_sent_is_wrong_in_one_way_each_and_never_the_users_prompt() -> None:
    """A real model for the made-up key, the real key for the unknown model, half a body for the last one."""
    with serving(refusing_gateway()) as server:
        collected = asked(server, *ERRORS)
    chat, models, unknown, broken = server.requests
    assert (chat.key, models.key, models.path) == (MADE_UP_KEY, MADE_UP_KEY, "/v1/models")
    assert (unknown.key, broken.key) == (KEY, KEY)
    assert (chat.json()["model"], unknown.json()["model"]) == ("gpt-4o", UNKNOWN_MODEL)
    with pytest.raises(json.JSONDecodeError):
        broken.json()
    assert broken.body.startswith(b'{"model": "gpt-4o"')
    assert not any(PROMPT.encode() in request.body for request in server.requests)
    assert collected.exchanges == ["e"] * 4
    assert collected.evidences["e"].target.planned_requests == collected.evidences["e"].target.sent_requests == 4


def test_an_unknown_model_may_be_named_in_the_file() -> None:
    """Some gateways want a provider before the name, and refuse anything else for that alone."""
    options = {"unknown_model": Options(model="openai/gpt-0", params={"max_tokens": 5})}
    with serving(refusing_gateway()) as server:
        asked(server, "unknown_model", options=options)
    assert (server.requests[0].json()["model"], server.requests[0].json()["max_tokens"]) == ("openai/gpt-0", 5)


@pytest.mark.parametrize("probe", ERRORS)
def test_what_is_served_has_failed_and_shows_nothing_of_what_was_served(probe: str) -> None:
    """A gateway that takes any key, any model or any body is named for it."""
    found = checks(Refusals(None, None, None, None), probe)[probe]
    assert (found.outcome.value, found.failure_class) == ("fail", "not_refused")
    assert found.error_preview is None
    assert "served" in str(found.failure_detail)


def test_a_stream_that_is_served_is_served_too() -> None:
    """Some gateways stream whatever is asked for."""
    stream = reply(200, b'data: {"choices": []}\n\n', ("Content-Type", "text/event-stream"))
    assert checks(replace(STRICT, wrong_key_at_chat=stream), "wrong_key")["wrong_key"].failure_class == "not_refused"


def test_a_list_of_models_that_is_open_to_everyone_is_a_fact() -> None:
    """llama.cpp and OpenRouter serve it without a key, and refuse a completion."""
    facts = checks(replace(STRICT, wrong_key_at_models=None), "wrong_key")["wrong_key"].facts
    assert isinstance(facts, WrongKeyFacts)
    assert (facts.models_refused, facts.models_status, facts.models_envelope) == (False, 200, None)


def test_a_key_in_headers_or_query_leaves_nothing_for_a_made_up_key_to_say() -> None:
    """They would let the request in; what is open altogether is asked all the same."""
    open_to_all = Refusals(None, None, None, None)
    keyless = {"api_key": None, "api_key_env": None}
    for place in ("headers", "query"):
        ways = {place: {"key": SecretStr("let-me-in-please")}}
        found = checks(open_to_all, "wrong_key", **keyless, **ways)["wrong_key"]
        assert found.outcome.value == "skipped"
        assert "api_key_env" in str(found.failure_detail)
    assert checks(open_to_all, "wrong_key", **keyless)["wrong_key"].failure_class == "not_refused"


def test_a_made_up_key_puts_nothing_into_cool_down() -> None:
    """It was refused at the door: a 503 for an unknown model, as one-api answers, is the gateway's own."""
    found = checks(replace(STRICT, unknown_model=unknown_model(503)), *ERRORS)
    assert (found["unknown_model"].outcome.value, found["unknown_model"].http_status) == ("pass", 503)


def test_a_refused_model_may_put_it_into_cool_down() -> None:
    """A wildcard route passes it on, and the provider's 404 cools the deployment down for what comes next."""
    found = checks(replace(STRICT, no_json=refusal(429)), *ERRORS)
    assert found["bad_request"].outcome.value == "skipped"
    assert "unknown_model" in str(found["bad_request"].failure_detail)


def test_a_refusal_that_was_asked_for_says_nothing_of_the_real_key() -> None:
    """The hint that the key is good is for what passed with it."""
    found = checks(STRICT, "wrong_key", "chat", api_key=SecretStr("another-made-up-key-0123"))
    assert (found["wrong_key"].outcome.value, found["chat"].failure_class) == ("pass", "auth")
    assert found["chat"].failure_detail is None


def given_back(body: bytes, status: int = 404, **more: object) -> Exchange:
    whole = Exchange(Request(UNKNOWN.route, {"model": UNKNOWN_MODEL}), status=status, body=body)
    return replace(whole, **more)  # type: ignore[arg-type]  # whatever a test is about


def facts_of(**fields: object) -> RefusalFacts:
    exchange = given_back(json.dumps({"error": fields}).encode())
    facts = UNKNOWN.read(exchange, Redactor()).facts
    assert isinstance(facts, RefusalFacts)
    return facts


@pytest.mark.parametrize("name", ["type", "code"])
@pytest.mark.parametrize(
    ("served", "shown"),
    [
        ("model_not_found", "model_not_found"),
        (404, "404"),
        (None, None),
        ("No such model here.", OTHER),
        ("x" * 99, OTHER),
    ],
)
def test_a_type_and_a_code_are_shown_where_they_are_words(name: str, served: object, shown: str | None) -> None:
    """Text that a server chose is not: it may be anything."""
    assert getattr(facts_of(**{name: served}), f"error_{name}") == shown


def test_a_refusal_that_broke_off_is_no_refusal() -> None:
    """What is left of it cannot be held against a whole one; its status does not make it a matter of the key."""
    broken = given_back(b'{"error": {"mess', status=401, fault=Fault.CUT_SHORT)
    assert normalize(UNKNOWN, broken, Redactor()).failure is FailureClass.NETWORK


@pytest.mark.parametrize("status", [400, 401, 404, 422, 429, 500, 503, 999])
def test_any_refusal_is_read(status: int) -> None:
    """Whatever its number, also one that nobody has defined."""
    reading = normalize(UNKNOWN, given_back(b"No.", status), Redactor())
    assert (reading.failure, reading.is_unsupported) == (None, False)
    assert reading.reply is not None
    assert getattr(reading.reply.facts, "status", None) == status


def test_a_redirect_is_no_refusal() -> None:
    """Nobody said no."""
    assert normalize(UNKNOWN, given_back(b"", 302), Redactor()).failure is FailureClass.BASE_URL_OR_ROUTE


@pytest.mark.parametrize("probe", [name for name, each in PROBES.items() if not each.reads_refusals])
def test_a_refusal_of_any_other_probe_is_a_failure_as_ever(probe: str) -> None:
    """Only who asks for one may read it."""

    def read(_exchange: Exchange, _redactor: Redactor) -> object:
        raise AssertionError

    other = replace(PROBES[probe], read=read)  # type: ignore[arg-type]  # it must not be called
    for status, name in ((401, "auth"), (404, "base_url_or_route"), (500, "upstream_or_gateway"), (418, "http_418")):
        exchange = Exchange(Request(other.route), status=status, body=b"No.")
        assert normalize(other, exchange, Redactor()).failure_name == name


SECRET = "sk-live-MadeUpSecret0123456789abcdefXYZ"


@pytest.mark.parametrize("probe", ERRORS)
@pytest.mark.parametrize("place", ["message", "type", "code", "param", "header", "text", "page", "key"])
def test_a_key_that_a_refusal_gives_back_does_not_come_out(probe: str, place: str) -> None:
    """Wherever it stands: a refusal is what quotes a request most often."""
    no = {
        "header": refusal(401, ("Retry-After", SECRET)),
        "text": reply(401, SECRET.encode(), ("Content-Type", "text/plain")),
        "page": reply(401, f"<html><title>{SECRET}</title>".encode(), ("Content-Type", "text/html")),
        "key": refusal(401, **{SECRET: SECRET}),
    }.get(place) or refusal(401, **{place: SECRET})
    with serving(refusing_gateway(Refusals(no, no, no, no))) as server:
        # The gateway lets nothing in: what is asked with the real key is refused as well.
        evidence = asked(server, probe, api_key=SecretStr(SECRET)).evidences["e"]
    assert SECRET not in evidence.model_dump_json()
    assert evidence.checks[0].outcome.value == "pass"


@given(
    probe=st.sampled_from(ERRORS),
    status=st.none() | st.integers(100, 999),
    second=st.none() | st.integers(100, 999),
    body=st.binary(max_size=300)
    | st.sampled_from([b"[" * 70_000, b'{"error":' * 7_000, b'{"error": {"code": ' + b"9" * 60_000 + b"}}", b"null"]),
    content_type=st.sampled_from(["application/json", "text/html", "application/problem+json", ""]),
    fault=st.none() | st.sampled_from(Fault),
)
def test_anything_that_a_gateway_sends_is_a_reading(  # noqa: PLR0917 - one for each thing a server chooses
    probe: str, status: int | None, second: int | None, body: bytes, content_type: str, fault: Fault | None
) -> None:
    """No reply breaks a probe, on whichever of its routes."""
    headers = {"content-type": content_type}
    if status is None:
        fault = fault or Fault.RESET
    other = given_back(body, second or 0, headers=headers)
    more = replace(other, status=None, fault=Fault.RESET) if second is None else other
    exchange = replace(given_back(body, 0, headers=headers, fault=fault), status=status, more=(more,))
    reading = normalize(PROBES[probe], exchange, Redactor())
    assert (reading.failure is None) == (reading.reply is not None)


def test_the_made_up_key_is_asked_about_with_the_real_model() -> None:
    """A gateway that looks at the model first would otherwise refuse that."""
    assert WRONG_KEY.needs_model
    assert options_of(WRONG_KEY, environment_at("http://127.0.0.1:9/v1")) == Options()


def test_a_second_route_that_gives_no_whole_reply_is_a_failure_of_its_own_kind() -> None:
    """Half of what was asked is not known then."""
    chat = given_back(wrong_key().partition(b"\r\n\r\n")[2], 401)
    models = replace(chat, status=None, fault=Fault.TIMEOUT_HEADERS)
    reading = normalize(WRONG_KEY, replace(chat, more=(models,)), Redactor())
    assert reading.failure is FailureClass.TIMEOUT
    assert "GET /models" in str(reading.detail)
