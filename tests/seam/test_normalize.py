from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.model import Exchange, FailureClass, Fault, JsonValue, Request
from envcheck.probes import PROBES
from envcheck.probes.chat import CHAT
from envcheck.probes.identity import QUESTIONS
from envcheck.probes.models import MODELS
from envcheck.redact import Redactor
from envcheck.seam.normalize import normalize

FAILED = Exchange(Request(CHAT.route, {"model": "m-1"}), status=400)


def test_an_error_is_previewed_with_its_code_first() -> None:
    """The code and the type come before the sentence, which may be cut."""
    body = {"error": {"message": "Bad request.", "type": "invalid_request_error", "code": "bad_value"}}
    reading = normalize(CHAT, replace(FAILED, body=json.dumps(body).encode()), Redactor())
    assert reading.preview == "bad_value: invalid_request_error: Bad request."
    assert reading.failure_name == "http_400"


def test_a_redirect_says_where_to_without_its_query() -> None:
    """The target's host is what helps; its query may hold a token."""
    target = "https://login.example.com/oauth?state=MadeUpState0123456789"
    reading = normalize(CHAT, replace(FAILED, status=302, headers={"location": target}), Redactor())
    assert reading.failure is FailureClass.BASE_URL_OR_ROUTE
    assert reading.detail == "redirects to https://login.example.com/oauth"


@pytest.mark.parametrize("header", ["Mon, 23 Nov 2026 05:00:00 GMT", "9" * 40, "-1", "², ³", ""])
def test_a_wait_that_is_no_number_of_seconds_is_not_read(header: str) -> None:
    """A header is text that a server chose; of this one only seconds are taken."""
    assert normalize(CHAT, replace(FAILED, status=429, headers={"retry-after": header}), Redactor()).detail is None


def test_a_redirect_to_nowhere_is_still_one() -> None:
    """A 302 without a Location is not followed either."""
    assert normalize(CHAT, replace(FAILED, status=302), Redactor()).detail == "a redirect, which is never followed"


def test_a_rate_limit_says_how_long_to_wait() -> None:
    """A number of seconds is what to do next."""
    reading = normalize(CHAT, replace(FAILED, status=429, headers={"retry-after": "20"}), Redactor())
    assert reading.detail == "asks to wait 20 s before the next try"


def test_a_pass_has_no_detail_and_no_preview() -> None:
    """Text is kept of failures alone."""
    body = json.dumps({"data": [{"id": "gpt-4o"}]}).encode()
    passed = Exchange(Request(MODELS.route), status=200, body=body, headers={"retry-after": "20"})
    reading = normalize(MODELS, passed, Redactor())
    assert (reading.failure, reading.detail, reading.preview) == (None, None, None)


SENTENCE = "Lisbon is the capital of Portugal and lies on the river Tagus."


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", SENTENCE),
        ("application/json", json.dumps({"message": SENTENCE})),
        ("application/json", json.dumps({"detail": SENTENCE, "title": SENTENCE})),
        ("application/json", json.dumps({"error": SENTENCE})),
        ("application/json", json.dumps({"error": [SENTENCE], "message": SENTENCE})),
        ("application/json", json.dumps({"error": {"text": SENTENCE}, "message": SENTENCE})),
        ("application/json", json.dumps([{"detail": SENTENCE}])),
        ("application/json", json.dumps({"choices": [], "error": {"message": SENTENCE}})),
        ("application/json", json.dumps({"output": SENTENCE, "error": {"message": SENTENCE}})),
        ("application/json", json.dumps({"choices": [{"message": {"content": SENTENCE}}]})[:-4]),
        ("text/html", f"<html><title>{SENTENCE}</title></html>"),
    ],
)
@pytest.mark.parametrize("fault", [None, Fault.CUT_SHORT, Fault.TIMEOUT_BODY])
def test_a_success_that_is_none_shows_nothing_of_itself(content_type: str, body: str, fault: Fault | None) -> None:
    """Whatever a 2xx holds may have been generated, wherever it stands."""
    served = replace(FAILED, status=200, headers={"content-type": content_type}, body=body.encode(), fault=fault)
    reading = normalize(CHAT, served, Redactor())
    assert reading.failure is not None
    assert reading.preview is None


def test_an_error_envelope_in_a_success_is_previewed() -> None:
    """An object called `error` with a message was written by a gateway; what stands beside it is not looked at."""
    body = {
        "error": {"message": "Quota exceeded.", "code": 429, "type": "quota"},
        "detail": SENTENCE,
        "title": SENTENCE,
    }
    reading = normalize(CHAT, replace(FAILED, status=200, body=json.dumps(body).encode()), Redactor())
    assert (reading.failure, reading.preview) == (FailureClass.RESPONSE_SHAPE, "429: quota: Quota exceeded.")


def test_what_arrived_without_a_status_is_not_shown() -> None:
    """It was no HTTP reply, so nobody knows what it is."""
    nameless = replace(FAILED, status=None, fault=Fault.NOT_HTTP, body=b'{"error": {"message": "No."}}')
    reading = normalize(CHAT, nameless, Redactor())
    assert reading.preview is None


@given(
    probe=st.sampled_from(list(PROBES)),
    status=st.none() | st.integers(100, 999),
    body=st.binary(max_size=200)
    | st.sampled_from(
        [b'{"data":[', b'{"choices":[{"message":{"content":[]}}]}', b'{"choices":[{"message":{}}]}', b"null"]
    ),
    content_type=st.sampled_from(["application/json", "text/html", "text/plain", ""]),
    location=st.none() | st.text(max_size=60),
    fault=st.none() | st.sampled_from(Fault),
)
def test_anything_a_server_sends_is_a_reading(  # noqa: PLR0917 - one for each thing a server chooses
    probe: str,
    status: int | None,
    body: bytes,
    content_type: str,
    location: str | None,
    fault: Fault | None,
) -> None:
    """Whatever the bytes are, there is a class and no exception."""
    fault = fault if status is not None else fault or Fault.CLOSED
    headers = {"content-type": content_type} | ({} if location is None else {"location": location})
    # A question of `identity`, which goes by what it asked.
    asked: dict[str, JsonValue] = {"model": "m-1", "messages": [{"role": "user", "content": QUESTIONS[0].prompt}]}
    exchange = Exchange(Request(PROBES[probe].route, asked), status=status, body=body, headers=headers, fault=fault)
    reading = normalize(PROBES[probe], exchange, Redactor())
    assert (reading.failure is None) is (reading.reply is not None)
