from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from replies import served

from envcheck.errors import ReplyRejected
from envcheck.probes.responses import RESPONSES, ROUTE, ResponsesFacts
from envcheck.redact import Redactor
from gateways.capable import response

if TYPE_CHECKING:
    from envcheck.model import JsonValue
    from envcheck.probes.base import Reply

SAID = "Quartz-Falcon-Meridian-Sunset"


def read(document: object) -> Reply:
    return RESPONSES.read(served(document, ROUTE), Redactor())


def facts_of(document: object) -> ResponsesFacts:
    facts = read(document).facts
    assert isinstance(facts, ResponsesFacts)
    return facts


def test_the_facts_of_a_response_hold_nothing_that_was_said() -> None:
    """State, kinds and shape come out; the reply does not."""
    facts = facts_of(response("The capital of France is Paris.", {"type": "reasoning", "summary": []}))
    assert (facts.model, facts.model_answered, facts.status) == ("gpt-4o-mini", "gpt-4o-mini", "completed")
    assert facts.output_kinds == ("message", "reasoning")
    assert facts.usage_fields == ("input_tokens", "output_tokens", "total_tokens")
    assert "output[].content[].text" in facts.response_fields
    assert "Paris" not in facts.model_dump_json()


@pytest.mark.parametrize(
    ("status", "word"),
    [("incomplete", "incomplete"), ("a_vendors_word", "a_vendors_word"), (None, "null"), (3, "null"), ("a b", "other")],
)
def test_a_state_is_the_word_that_was_served(status: JsonValue, word: str) -> None:
    """What is no word may be text, and is not shown."""
    assert facts_of(response(status=status)).status == word


def test_a_missing_usage_is_a_fact() -> None:
    """Several engines leave it out."""
    facts = facts_of(response(without="usage"))
    assert (facts.usage_present, facts.usage_fields) == (False, ())


@pytest.mark.parametrize(
    "members",
    [
        {"output": [{"type": "message", "content": [{"type": "output_text", "text": SAID}]}]},
        {"output": [{"type": "message", "content": [{"type": "refusal", "refusal": SAID}]}]},
        {"output": [{"type": "reasoning", "summary": [{"type": "summary_text", "text": SAID}]}]},
        {"output": [{"type": "function_call", "name": "f", "arguments": SAID}]},
        {"output": [{"type": SAID}]},
        {"output": [{"type": "message", "content": SAID}]},
        {"output": [], "output_text": SAID},
        {"output": [], "reasoning": {"summary": SAID}},
        {"output": [], "choices": [{"message": {"content": SAID}}]},
    ],
)
def test_nothing_that_was_generated_comes_out_by_another_field(members: dict[str, JsonValue]) -> None:
    """Wherever a gateway puts what the model wrote."""
    reply = read({**response(), **members, "model": f"gpt-4o-mini-{SAID}", "status": SAID, SAID: {SAID: 1}})
    assert "falcon" not in reply.facts.model_dump_json().lower()
    assert SAID in reply.generated


@pytest.mark.parametrize(
    "output",
    [
        [None, 1, "x", [], {}, {"type": 1}, {"type": "message", "content": [None, 1, {"text": 1}]}],
        [{"type": f"kind_{number}"} for number in range(100)],
        [{"type": "message", "content": [{"text": "x" * 10_000}] * 100}],
        [[[[]]]] * 20_000,
    ],
)
def test_a_strange_output_is_read_within_bounds(output: JsonValue) -> None:
    """No exception, and no more kinds than a person would read."""
    assert len(facts_of(response(output=output)).output_kinds) <= 32


@pytest.mark.parametrize("document", [{}, [], {"output": "x"}, {"output": None}, {"choices": []}, b"<html>", b""])
def test_what_is_no_response_is_rejected(document: object) -> None:
    """A 2xx is a pass only with what the route promises."""
    with pytest.raises(ReplyRejected):
        facts_of(document)
