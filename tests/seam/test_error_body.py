from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.seam.error_body import ErrorBody, error_body

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
        ErrorBody(("Field required: missing",)),
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
    pytest.param({"detail": ["x", {"loc": ["body"]}]}, ErrorBody(), id="odd-validation-entries"),
    pytest.param("a string", ErrorBody(), id="not-an-object"),
    pytest.param([], ErrorBody(), id="an-empty-list"),
]


@pytest.mark.parametrize(("document", "expected"), ENVELOPES)
def test_only_the_named_fields_of_an_envelope_are_read(document: object, expected: ErrorBody) -> None:
    """Each kind of envelope gives its message, type and code, and nothing else that it holds."""
    assert error_body(json.dumps(document).encode(), "application/json") == expected


def test_a_page_gives_its_title_alone() -> None:
    """A proxy's own page says what it is in its title; the rest may repeat the request."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body>the whole request</body></html>"
    assert error_body(page, "text/html") == ErrorBody(("502 Bad Gateway",))


@pytest.mark.parametrize("page", [b"<html><body>no title</body></html>", b"<title>", b"<title></title>"])
def test_a_page_without_a_title_gives_nothing(page: bytes) -> None:
    """Where there is no title there is nothing safe to say."""
    assert error_body(page, "text/html") == ErrorBody()


def test_a_bare_sentence_is_read_when_it_is_plain_text() -> None:
    """Envoy and others answer with one sentence and no envelope."""
    assert error_body(b"no healthy upstream", "text/plain") == ErrorBody(("no healthy upstream",))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"x" * 201, "text/plain"),
        (b"one\ntwo", "text/plain"),
        (b"", "text/plain"),
        (b"abc", "application/octet-stream"),
    ],
)
def test_anything_longer_or_unlabelled_is_not_a_sentence(body: bytes, content_type: str) -> None:
    """A dump or a page without a label may hold anything."""
    assert error_body(body, content_type) == ErrorBody()


@given(st.binary(max_size=300), st.sampled_from(["application/json", "text/html", "text/plain", ""]))
def test_any_bytes_are_read_without_an_exception(body: bytes, content_type: str) -> None:
    """Strangers write this; reading it never fails."""
    assert isinstance(error_body(body, content_type), ErrorBody)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["error", "detail", "message", "type", "code", "msg", "title", "status"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_document_is_read_without_an_exception(document: object) -> None:
    """The known names may hold values of any type."""
    assert isinstance(error_body(json.dumps(document).encode(), "application/json"), ErrorBody)
