from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from replies import served

from envcheck.errors import ReplyRejected
from envcheck.probes.base import CHAT_COMPLETIONS
from envcheck.probes.structured import STRUCTURED, Enforcement, StructuredFacts
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from envcheck.model import JsonValue
    from envcheck.probes.base import Reply

SAID = "Quartz-Falcon-Meridian-Sunset"
OBEYED = '{"material": "linen"}'


def read(content: JsonValue, reason: str = "stop", **members: JsonValue) -> Reply:
    choice = {"message": {"content": content, **members}, "finish_reason": reason}
    return STRUCTURED.read(served({"choices": [choice]}, CHAT_COMPLETIONS), Redactor())


def facts_of(content: JsonValue) -> StructuredFacts:
    facts = read(content).facts
    assert isinstance(facts, StructuredFacts)
    return facts


@pytest.mark.parametrize(
    ("content", "honoured"),
    [
        (OBEYED, Enforcement.ENFORCED),
        (f"\n {OBEYED}\n", Enforcement.ENFORCED),
        ([{"type": "text", "text": OBEYED[:5]}, {"type": "text", "text": OBEYED[5:]}], Enforcement.ENFORCED),
        ('{"material": "pong"}', Enforcement.JSON_ONLY),
        ('{"material": ["linen"]}', Enforcement.JSON_ONLY),
        ('{"material": "linen", "more": 1}', Enforcement.JSON_ONLY),
        ('{"pong": "pong"}', Enforcement.JSON_ONLY),
        ("{}", Enforcement.JSON_ONLY),
        ('["linen"]', Enforcement.JSON_ONLY),
        ("pong", Enforcement.IGNORED),
        ('"pong"', Enforcement.IGNORED),
        ("42", Enforcement.IGNORED),
        ('{"material": "lin', Enforcement.IGNORED),
        (f"Sure! {OBEYED}", Enforcement.IGNORED),
        ("", Enforcement.IGNORED),
        (None, Enforcement.IGNORED),
        ([], Enforcement.IGNORED),
        (["linen", {"text": 1}, {"text": None}], Enforcement.IGNORED),
        ("[" * 100_000, Enforcement.IGNORED),
    ],
)
def test_three_ways_to_take_a_schema_are_told_apart(content: JsonValue, honoured: Enforcement) -> None:
    """Enforced, turned into any JSON, and left out of account; whatever the content is, there is an answer."""
    assert facts_of(content).honoured is honoured


def test_content_of_too_many_members_is_not_parsed() -> None:
    """Its commas are written so that the bound on the whole reply does not see them."""
    choice = {"message": {"content": "MANY"}, "finish_reason": "stop"}
    body = json.dumps({"choices": [choice]}).replace("MANY", "[" + r"1\u002c" * 500_000 + "1]").encode()
    facts = STRUCTURED.read(served(body, CHAT_COMPLETIONS), Redactor()).facts
    assert isinstance(facts, StructuredFacts)
    assert facts.honoured is Enforcement.IGNORED


@pytest.mark.parametrize(
    ("content", "honoured", "fenced"),
    [
        (f"```json\n{OBEYED}\n```", Enforcement.ENFORCED, True),
        (f"```\n{OBEYED}```", Enforcement.ENFORCED, True),
        ('```json\n{"a": 1}\n```', Enforcement.JSON_ONLY, True),
        ("```\npong\n```", Enforcement.IGNORED, True),
        (f"Here: ```json\n{OBEYED}\n```", Enforcement.IGNORED, False),
        (f"```json\n{OBEYED}", Enforcement.IGNORED, False),
    ],
)
def test_a_code_block_is_a_fact_of_its_own(content: str, honoured: Enforcement, *, fenced: bool) -> None:
    """What is in it is held against the schema, so that the fence is the one thing that is told."""
    facts = facts_of(content)
    assert (facts.honoured, facts.fenced) == (honoured, fenced)


@pytest.mark.parametrize(
    ("content", "members"),
    [
        (json.dumps({"material": SAID}), {}),
        ([{"type": "text", "text": SAID}], {}),
        ([{"type": "text", "text": SAID[:9]}, {"type": "text", "text": SAID[9:]}], {}),
        (None, {"refusal": SAID}),
        ("pong", {"reasoning_content": SAID}),
    ],
)
def test_nothing_that_was_generated_comes_out_as_the_finish_reason(
    content: JsonValue, members: dict[str, JsonValue]
) -> None:
    """Also what came in parts: put together it is the model's words."""
    reply = read(content, SAID, **members)
    assert "falcon" not in reply.facts.model_dump_json().lower()
    assert any(SAID in text for text in reply.generated)


def test_content_in_parts_is_one_secret() -> None:
    """None of the parts is long enough to be one by itself."""
    parts = [{"type": "text", "text": SAID[start : start + 10]} for start in range(0, len(SAID), 10)]
    assert SAID in read(parts).generated


def test_what_is_no_completion_is_rejected() -> None:
    """A 2xx is a pass only with what the route promises."""
    with pytest.raises(ReplyRejected):
        STRUCTURED.read(served({"material": "linen"}, CHAT_COMPLETIONS), Redactor())
