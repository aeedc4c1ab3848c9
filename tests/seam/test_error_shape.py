"""In which form an error is written, over all the forms that gateways have, and over what is none."""

from __future__ import annotations

import json

import pytest

from envcheck.seam.error_shape import CodeKind, Envelope, code_kind_of, envelope_of

JSON = "application/json"


@pytest.mark.parametrize(
    ("document", "envelope"),
    [
        ({"error": {"message": "No.", "type": "t", "param": None, "code": "c"}}, Envelope.OPENAI),
        ({"type": "error", "error": {"type": "t", "message": "No."}}, Envelope.OPENAI),
        ({"object": "error", "message": "No.", "type": "t", "code": 1}, Envelope.FLAT),
        ({"error_msg": "No.", "error_code": 17}, Envelope.FLAT),
        ({"error": "No."}, Envelope.STRING),
        ("No.", Envelope.STRING),
        ({"detail": "No."}, Envelope.FASTAPI),
        ({"detail": [{"msg": "No.", "type": "missing"}]}, Envelope.FASTAPI),
        ({"title": "No.", "status": 401, "detail": "No."}, Envelope.PROBLEM_JSON),
        ([{"error": {"message": "No."}}], Envelope.OTHER),
        ({}, Envelope.OTHER),
        ({"errors": [{"message": "No."}]}, Envelope.OTHER),
    ],
)
def test_json_is_named_by_where_the_words_are(document: object, envelope: Envelope) -> None:
    """A client looks in one place, and finds them there or nowhere."""
    assert envelope_of(json.dumps(document).encode(), JSON) is envelope


@pytest.mark.parametrize(
    ("body", "content_type", "envelope"),
    [
        (b"", JSON, Envelope.EMPTY),
        (b" \r\n\t", JSON, Envelope.EMPTY),
        (b"\xef\xbb\xbf", JSON, Envelope.EMPTY),
        (b"No.", "text/plain", Envelope.TEXT),
        (b'{"error": {', JSON, Envelope.TEXT),
        (b"\xff\xfe", JSON, Envelope.TEXT),
        (b"<html><title>No", "text/plain", Envelope.HTML),
        (b"No.", "text/html", Envelope.HTML),
        (b'{"error": "No.", "detail": "No."}', "application/problem+json", Envelope.PROBLEM_JSON),
        (b"\xef\xbb\xbf\n {" + b'"error": {}}', JSON, Envelope.OPENAI),
        (b"[" * 100_000, JSON, Envelope.TEXT),
        (b'{"a":' * 5000, JSON, Envelope.TEXT),
    ],
)
def test_what_is_no_json_is_named_too(body: bytes, content_type: str, envelope: Envelope) -> None:
    """Proxies, login pages and crashed gateways answer as well; a hostile one costs no more than its bytes."""
    assert envelope_of(body, content_type) is envelope


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"code": "401"}, CodeKind.STRING),
        ({"code": 401}, CodeKind.NUMBER),
        ({"code": 1.5}, CodeKind.NUMBER),
        ({"error_code": 17}, CodeKind.NUMBER),
        ({"code": None, "error_code": "x"}, CodeKind.STRING),
        ({"code": None}, CodeKind.NULL),
        ({}, CodeKind.NULL),
        ({"code": True}, CodeKind.OTHER),
        ({"code": {"a": 1}}, CodeKind.OTHER),
    ],
)
def test_a_code_is_a_string_or_a_number_or_nothing(fields: dict[str, object], kind: CodeKind) -> None:
    """LiteLLM writes numbers as strings, and a typed client breaks over one of the two."""
    assert code_kind_of(json.dumps({"error": fields}).encode()) is kind
    assert code_kind_of(json.dumps(fields | {"message": "No."}).encode()) is kind


@pytest.mark.parametrize("body", [b"", b"No.", b'"No."', b"{", b"[]", b"null", b"<html>"])
def test_what_has_no_fields_has_no_code(body: bytes) -> None:
    """Whatever else it may be."""
    assert code_kind_of(body) is CodeKind.NULL
