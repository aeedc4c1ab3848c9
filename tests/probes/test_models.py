from __future__ import annotations

import hashlib
import json

import pytest

from envcheck.errors import ReplyRejected
from envcheck.model import Exchange, FailureClass, Request
from envcheck.probes import models
from envcheck.probes.models import MODELS, ModelsFacts
from envcheck.redact import Redactor


def served(body: bytes, content_type: str = "application/json") -> Exchange:
    return Exchange(Request(MODELS.route), status=200, body=body, headers={"content-type": content_type})


def facts_of(body: bytes) -> ModelsFacts:
    facts = MODELS.read(served(body), Redactor()).facts
    assert isinstance(facts, ModelsFacts)
    return facts


def listed(*ids: object) -> bytes:
    return json.dumps({"object": "list", "data": [{"id": each} for each in ids]}).encode()


def test_the_ids_come_out_sorted_and_once() -> None:
    """Order and repetition are the gateway's mood; the first ten are kept as they were served."""
    facts = facts_of(listed("b", "a", "b"))
    assert facts.model_count == 2
    assert facts.model_ids == ("a", "b")
    assert facts.sample_model_ids == ("b", "a")
    assert facts.model_ids_sha256 == hashlib.sha256(b"a\nb").hexdigest()


def test_a_long_list_is_cut_and_its_hash_is_not() -> None:
    """Two lists that differ past the cap still differ in their hash."""
    ids = [f"model-{number}" for number in range(models.MAX_IDS + 1)]
    facts = facts_of(listed(*ids))
    other = facts_of(listed(*ids[:-1], "model-x"))
    assert (facts.model_count, len(facts.model_ids)) == (models.MAX_IDS + 1, models.MAX_IDS)
    assert facts.model_ids_sha256 != other.model_ids_sha256


def test_a_list_of_twenty_thousand_models_is_no_crowd() -> None:
    """With all members that an honest gateway gives each of them."""
    members = {"object": "model", "created": 1, "owned_by": "v", "root": None, "parent": None, "max_model_len": 8192}
    entries = [{"id": f"vendor/model-{number}", **members, "a": {}, "permission": []} for number in range(20_000)]
    facts = facts_of(json.dumps({"object": "list", "data": entries}).encode())
    assert facts.model_count == 20_000


def test_white_space_and_a_byte_order_mark_do_no_harm() -> None:
    """Some gateways put them before the document."""
    assert facts_of(b"\xef\xbb\xbf\n " + listed("a")).model_ids == ("a",)


def test_the_first_one_as_it_was_served_is_what_can_be_asked_for() -> None:
    """Not the first by name, and not as a report would show it."""
    assert MODELS.read(served(listed("b", "a")), Redactor()).offers == ("b", "a")


REJECTED = [
    (b"", "application/json", FailureClass.RESPONSE_SHAPE, "the body is empty or blank"),
    (b"<!doctype html><title>Sign in</title>", "application/json", FailureClass.RESPONSE_SHAPE, "an HTML page"),
    (b"{}", "text/html", FailureClass.RESPONSE_SHAPE, "an HTML page"),
    (b"data: {}\n\n", "text/event-stream", FailureClass.RESPONSE_SHAPE, "an event stream"),
    (b"data: {}\n\n", "application/json", FailureClass.RESPONSE_SHAPE, "an event stream"),
    (b"{", "application/json", FailureClass.RESPONSE_SHAPE, "not JSON"),
    (b"\xff\xfe", "application/json", FailureClass.RESPONSE_SHAPE, "not JSON"),
    (b"[" * 100_000, "application/json", FailureClass.RESPONSE_SHAPE, "not JSON"),
    (b"[]", "application/json", FailureClass.RESPONSE_SHAPE, "JSON, but not an object"),
    (b'{"error": {"message": "No."}}', "application/json", FailureClass.RESPONSE_SHAPE, "an error envelope"),
    (b'{"data": null}', "application/json", FailureClass.RESPONSE_SHAPE, "not a list of models"),
    (b'{"data": ["a"]}', "application/json", FailureClass.RESPONSE_SHAPE, "not a list of models"),
    (listed(7), "application/json", FailureClass.RESPONSE_SHAPE, "not a list of models"),
    (listed(""), "application/json", FailureClass.RESPONSE_SHAPE, "not a list of models"),
    (listed(*("a" * 200_001)), "application/json", FailureClass.RESPONSE_SHAPE, "too many members"),
    (b"<html>" + b"," * 400_001, "application/json", FailureClass.RESPONSE_SHAPE, "an HTML page"),
    (listed(), "application/json", FailureClass.MODEL_SELECTION, "empty"),
]


@pytest.mark.parametrize(("body", "content_type", "failure_class", "detail"), REJECTED)
def test_a_success_that_is_no_list_is_named_for_what_it_is(
    body: bytes, content_type: str, failure_class: FailureClass, detail: str
) -> None:
    """A login page, a stream, an error in a 200: each has its own words."""
    with pytest.raises(ReplyRejected) as rejected:
        MODELS.read(served(body, content_type), Redactor())
    assert rejected.value.failure_class is failure_class
    assert detail in rejected.value.detail
