from __future__ import annotations

import json
from time import process_time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.model import Exchange, Request, Route
from envcheck.seam.classify import failure_class
from envcheck.seam.error_body import MAX_MESSAGES, ErrorBody, error_body, error_in_success

ENVELOPES = [
    pytest.param(
        {"error": {"message": "No.", "type": "invalid_request_error", "param": None, "code": "bad"}},
        ErrorBody(("No.",), "invalid_request_error", "bad"),
        id="openai",
    ),
    pytest.param({"error": {"message": "No.", "code": 429}}, ErrorBody(("No.",), None, "429"), id="code-is-a-number"),
    pytest.param(
        {"error": {"message": "No.", "status": "UNAUTHENTICATED", "code": 401}},
        ErrorBody(("No.",), "UNAUTHENTICATED", "401"),
        id="google",
    ),
    pytest.param([{"error": {"message": "No."}}], ErrorBody(("No.",)), id="google-in-a-list"),
    pytest.param({"detail": "Not Found"}, ErrorBody(("Not Found",)), id="fastapi"),
    pytest.param(
        {
            "detail": [
                {"type": "missing", "loc": ["body"], "msg": "Field required", "input": {"messages": "the prompt"}}
            ]
        },
        ErrorBody(("Field required",), "missing"),
        id="fastapi-validation-without-its-input",
    ),
    pytest.param({"status": "failure", "message": "No."}, ErrorBody(("No.",), "failure"), id="portkey"),
    pytest.param(
        {"error": "invalid_grant", "error_description": "No."}, ErrorBody(("invalid_grant", "No.")), id="oauth"
    ),
    pytest.param({"title": "Unauthorized", "status": 401}, ErrorBody(("Unauthorized",), "401"), id="problem-json"),
    pytest.param({"choices": [{"message": {"content": "a reply"}}]}, ErrorBody(), id="a-completion-is-not-read"),
    pytest.param({"error": {"message": {"nested": "x"}, "metadata": {"raw": "y"}}}, ErrorBody(), id="no-known-field"),
    pytest.param({"code": True}, ErrorBody(), id="a-boolean-is-no-code"),
    pytest.param({"detail": [{"loc": ["body"]}, 1, None]}, ErrorBody(), id="odd-validation-entries"),
    pytest.param({"error": ["One.", "Two."]}, ErrorBody(("One.", "Two.")), id="errors-in-a-list-of-strings"),
    pytest.param({"errors": ["1", "2", "3", "4"]}, ErrorBody(("1", "2", "3")), id="the-first-of-many-errors"),
    pytest.param(
        {"errors": ["1", "2", "3"], "message": "4", "msg": "5", "detail": "6"},
        ErrorBody(("1", "2", "3", "4", "5")),
        id="the-first-of-many-messages",
    ),
    pytest.param({"error": "No.", "message": "No."}, ErrorBody(("No.",)), id="said-twice"),
    pytest.param({"error": {"message": " \n"}, "title": ""}, ErrorBody(), id="blank"),
    pytest.param({"error": {"error": {"error": {"msg": "No."}}}}, ErrorBody(("No.",)), id="deep"),
    pytest.param({"error": {"error": {"error": {"error": {"msg": "No."}}}}}, ErrorBody(), id="too-deep"),
    pytest.param({"Message": "No.", "code": "", "type": "null"}, ErrorBody(("No.",)), id="words-that-say-nothing"),
    pytest.param("No.", ErrorBody(("No.",)), id="a-string"),
    pytest.param("x" * 501, ErrorBody(), id="a-string-that-is-no-sentence"),
    pytest.param(["No."], ErrorBody(), id="a-list-of-something-else"),
    pytest.param([], ErrorBody(), id="an-empty-list"),
]


def refused(body: bytes, content_type: str = "", model: str | None = "m-1") -> Exchange:
    """A 404 to a request for a model."""
    request = Request(Route("POST", "/chat/completions"), {"model": model})
    return Exchange(request, status=404, headers={"content-type": content_type}, body=body)


@pytest.mark.parametrize(("document", "expected"), ENVELOPES)
def test_only_the_named_fields_of_an_envelope_are_read(document: object, expected: ErrorBody) -> None:
    """Each kind of envelope gives its message, type and code, and nothing else that it holds."""
    assert error_body(json.dumps(document).encode(), "application/json") == expected


@pytest.mark.parametrize(
    "name", ["input", "ctx", "metadata", "choices", "details", "param", "loc", "request_id", "raw"]
)
@pytest.mark.parametrize("held", ["the prompt", ["the prompt"], {"message": "the prompt"}, [{"message": "the prompt"}]])
def test_what_has_another_name_is_never_read(name: str, held: object) -> None:
    """Beside an error, in it and in its entries, gateways put what was sent and what a model said."""
    entry = {"msg": "No.", name: held}
    document = {name: held, "error": {"message": "No.", name: held}, "errors": [entry], "detail": [entry]}
    assert error_body(json.dumps(document).encode(), "application/json").messages == ("No.",)


@pytest.mark.parametrize(
    ("sentence", "messages"),
    [
        ("Error code: 404 - {'error': {'message': 'No.', 'param': 'x'}}", ("Error code: 404 -", "No.")),
        ('[{"msg": "No \\"a\\".", "input": "the prompt"}]', ('No \\"a\\".',)),
        ("1 error: [{'msg': 'A.'}, {'msg': 'B.'}, {'msg': 'C.'}, {'msg': 'D.'}]", ("1 error:", "A.", "B.", "C.")),
        ('Upstream said b\'{\\n "input": "the prompt"}\'', ('Upstream said b\'{\\n "input": "the prompt"}\'',)),
        ('Upstream said b\'{\n "input": "the prompt"}\'', ("Upstream said",)),
        ('Upstream said ({\\"input\\": \\"the prompt\\"})', ("Upstream said",)),
        ("n\n  Field required [type=missing, input_value={'a': 1}]", ("n\n  Field required",)),
        ("x: {'msg': ' ', 'message': 'No.'}", ("x:", "No.")),
        ("Upstream said <!DOCTYPE html><html><title>502</title><p>the request</p>", ("Upstream said", "502")),
        ("<html>the request, 'msg': 'the prompt'</html>", ()),
        ("Use {model} or [x] or {n} (a, b)", ("Use {model} or [x] or {n} (a, b)",)),
    ],
)
def test_of_a_document_in_a_sentence_only_the_messages_are_read(sentence: str, messages: tuple[str, ...]) -> None:
    """Engines quote their validation errors with the whole request in them, and routers the upstream's whole reply."""
    body = json.dumps({"error": {"message": sentence}}).encode()
    assert error_body(body, "application/json").messages == messages
    assert error_in_success(body).messages == messages


@pytest.mark.parametrize(
    ("page", "messages"),
    [
        ("<html><title>502 Bad Gateway</title><p>the request</p></html>", ("502 Bad Gateway",)),
        ("<TITLE>One</TITLE><H1 class='a'>Two <b>three</b>\n</H1><p>the request</p>", ("One", "Two three")),
        ("<title>Same</title><h1>Same</h1>", ("Same",)),
        ("<title>We aren&#39;t there</title>", ("We aren't there",)),
        ("<h1>503</h1>\nNo server.\nthe request\nmore", ("503", "No server.", "the request")),
        (f"<h1>503</h1>the request{'.' * 500}", ("503",)),
        ("<h1>503</h1>{the request}", ("503",)),
        ("<Error><Code>A</Code><Message>No.</Message><Key>the request</Key></Error>", ("No.",)),
        ("<title>One</title><Message>the request</Message>", ("One",)),
        ("<html><body>no title</body></html>", ()),
        ("<title>", ()),
        ("<title></title>", ()),
        ("<titles>One</titles>", ()),
        (f"<title>{'x' * 301}</title>", ()),
        (f"{' ' * 20_000}<title>One</title>", ("One",)),
        (f"<p>{' ' * 20_000}<title>One</title>", ()),
    ],
)
def test_a_page_gives_its_title_and_heading_alone(page: str, messages: tuple[str, ...]) -> None:
    """A proxy's own page says what it is there; the rest may repeat the request."""
    assert error_body(page.encode(), "text/html").messages == messages


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/html", "application/json", "application/octet-stream", ""]
)
def test_a_short_text_is_read_whatever_its_label(content_type: str) -> None:
    """Proxies answer with a sentence or three, and many give it the wrong type or none."""
    body = b"\xef\xbb\xbf no healthy\tupstream\r\n\r\nTwo.\nThree.\nFour.\n"
    assert error_body(body, content_type) == ErrorBody(("no healthy upstream", "Two.", "Three."))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"x" * 501, "text/plain", id="a dump"),
        pytest.param(b"", "text/plain", id="nothing"),
        pytest.param(b"Not JSON: {'input': 'the prompt'}", "text/plain", id="a document"),
        pytest.param(b"Oops <p>the request</p>", "text/html", id="markup"),
        pytest.param(b'{"error": "cut sho', "application/json", id="cut short"),
        pytest.param(b'"cut sho', "application/json", id="a string cut short"),
        pytest.param(b"[1, 2", "application/json", id="a list cut short"),
        pytest.param(b"data: words", "text/plain", id="a stream by its text"),
        pytest.param(b"words", "text/event-stream", id="a stream by its label"),
        pytest.param(b"\x1b[31mNo.", "text/plain", id="what a terminal obeys"),
        pytest.param("No.".encode("utf-16-le"), "text/plain", id="UTF-16"),
        pytest.param(b"\xff\xfe", "text/plain", id="no text"),
    ],
)
def test_what_is_no_short_text_is_not_read(body: bytes, content_type: str) -> None:
    """A dump, a document or a stream may hold anything."""
    assert error_body(body, content_type) == ErrorBody()


@pytest.mark.parametrize(
    "document",
    [
        "No.",
        {"message": "No."},
        {"detail": "No."},
        {"error": "No."},
        {"error": ["No."]},
        {"error": [{"message": "No."}]},
        {"errors": [{"message": "No."}]},
        {"error": {"msg": "No."}},
        {"error": {"message": ["No."]}},
        {"error": {"message": "No."}, "choices": []},
        {"error": {"message": "No."}, "output": "x"},
    ],
)
def test_of_a_success_only_a_true_envelope_is_read(document: object) -> None:
    """All else that a 2xx holds may be what a model said."""
    assert error_in_success(json.dumps(document).encode()) == ErrorBody()


def test_an_envelope_in_a_success_gives_its_own_fields_alone() -> None:
    """What stands beside the error may be what a model said."""
    document = {"error": {"message": "No.", "type": "a", "code": 1, "detail": "x"}, "message": "x", "detail": "x"}
    assert error_in_success(json.dumps(document).encode()) == ErrorBody(("No.",), "a", "1")


LONG: Final = 60_000
# It takes a twentieth of this; a search that looks again from every place would take a hundred times as long.
LIMIT_S: Final = 0.5


def _said(part: str) -> bytes:
    return json.dumps({"error": {"message": part * (LONG // len(json.dumps(part)))}}, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "body",
    [
        *map(
            _said,
            ("model ", "model.a ", "not found ", "no models ", "模型", "{' ", "{ ", "{'a 'msg': \"b", "[type", "[({"),
        ),
        *(
            part * (LONG // len(part))
            for part in (b"<h1>", b"<h1 ", b"<title>", b"<", b"<Message>", b'[{"error":', b"a\n")
        ),
        b"<h1>" + b"<" * LONG,
        json.dumps({"errors": [{"errors": [{"errors": [{"message": "x"}] * 9}] * 9}] * 9}).encode(),
        b'{"error": {"message": "x", "code": ' + b"1" * LONG + b"}}",
    ],
    ids=lambda body: f"{body[:40]!r}",
)
def test_a_hostile_body_is_read_at_once(body: bytes) -> None:
    """No error body, which has at most 64 KiB, holds up the environments beside it."""
    exchange = refused(body)
    started = process_time()
    error_body(body, "")
    error_in_success(body)
    failure_class(exchange)
    assert process_time() - started < LIMIT_S


NAMES: Final = (
    "error", "errors", "detail", "message", "Message", "msg", "title", "type", "code", "status", "error_code",
)  # fmt: skip
DOCUMENTS: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["{'msg': 'a'}", "{'"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=20,
)


def _read_everywhere(body: bytes, content_type: str, model: str | None) -> ErrorBody:
    error_in_success(body)
    failure_class(refused(body, content_type, model))
    return error_body(body, content_type)


@given(
    st.sampled_from([b"", b"<", b"{", b"[", b'"', b"<title>", b"<h1>", b"<Message>"]),
    st.binary(max_size=300),
    st.sampled_from(["application/json", "text/html", "text/plain", "text/event-stream", ""]),
    st.none() | st.text(max_size=3),
)
def test_any_bytes_are_read_without_an_exception(
    start: bytes, rest: bytes, content_type: str, model: str | None
) -> None:
    """Strangers write this; reading it never fails, and gives no more than is bounded."""
    taken = _read_everywhere(start + rest, content_type, model)
    assert len(taken.messages) <= MAX_MESSAGES


@given(DOCUMENTS, st.none() | st.text(max_size=3))
def test_any_document_is_read_without_an_exception(document: object, model: str | None) -> None:
    """The known names may hold values of any type."""
    taken = _read_everywhere(json.dumps(document).encode(), "application/json", model)
    assert all(message.strip() for message in taken.messages)
