from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from envcheck.errors import ReplyRejected
from envcheck.model import Exchange, Request
from envcheck.probes import shape
from envcheck.probes.chat import CHAT, ChatFacts, ContentKind
from envcheck.probes.completion import NO_REASON, OTHER_REASON
from envcheck.redact import Redacted, Redactor

if TYPE_CHECKING:
    from collections.abc import Mapping


def served(document: object, asked: str = "gpt-4o-mini") -> Exchange:
    return Exchange(Request(CHAT.route, {"model": asked}), status=200, body=json.dumps(document).encode())


def completion(content: object = "pong", **more: object) -> Mapping[str, object]:
    return {
        "id": "chatcmpl-1",
        "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1},
        **more,
    }


def facts_of(document: object, asked: str = "gpt-4o-mini") -> ChatFacts:
    facts = CHAT.read(served(document, asked), Redactor()).facts
    assert isinstance(facts, ChatFacts)
    return facts


def test_the_facts_of_a_completion_hold_nothing_that_was_said() -> None:
    """Names, counts and shapes come out; the reply does not."""
    facts = facts_of(completion("The capital of France is Paris."))
    assert facts == ChatFacts(
        model=Redactor().model_id("gpt-4o-mini"),
        model_answered=Redactor().model_id("gpt-4o-mini-2024-07-18"),
        choice_count=1,
        finish_reason=Redacted("stop"),
        usage_present=True,
        usage_fields=tuple(Redactor().key_paths(("completion_tokens", "prompt_tokens"))),
        content_kind=ContentKind.TEXT,
        response_fields=facts.response_fields,
    )
    assert "Paris" not in facts.model_dump_json()


@pytest.mark.parametrize("reply", ["usage", "model", "choices message role content", "chat.completion", "id"])
def test_a_reply_that_is_the_name_of_a_field_takes_no_field_away(reply: str) -> None:
    """The shape is the same whatever the model happens to say."""
    assert facts_of(completion(reply)).response_fields == facts_of(completion("pong")).response_fields


def test_fields_that_are_not_shown_are_told_apart_in_memory() -> None:
    """Each once: what is in the usage is no part of the rest, and a word of the reply hides no field from memory."""
    redactor = Redactor()
    usual, odd, worse, spoken, without = (
        {fact: names for fact, names in CHAT.read(served(document), redactor).names.items() if names is not None}
        for document in (
            completion(timings=1),
            completion(timings=1, **{"x y": 1}),
            completion(timings=1, usage={"prompt_tokens": 1, "completion_tokens": 1, "cost in $": 1}),
            completion("Qx7Zebra9KpLmWv2", Qx7Zebra9KpLmWv2=1),
            completion(timings=1, usage=None),
        )
    )
    assert len(odd["response_fields"].all ^ usual["response_fields"].all) == 1
    assert odd["usage_fields"] == usual["usage_fields"]
    assert len(worse["usage_fields"].all ^ usual["usage_fields"].all) == len(worse["usage_fields"].hidden) == 1
    assert worse["response_fields"] == without["response_fields"] == usual["response_fields"]
    assert len(spoken["response_fields"].all) == len(usual["response_fields"].all)
    assert len(spoken["response_fields"].hidden) == 1
    assert without["usage_fields"].all == frozenset()


def test_a_model_that_names_itself_keeps_its_id() -> None:
    """`I am gpt-4o-mini-2024-07-18` is a fair answer to many prompts."""
    assert facts_of(completion("I am gpt-4o-mini, running on Azure.")).model_answered == "gpt-4o-mini-2024-07-18"


SAID = "The quarterly revenue of Contoso will double"


@pytest.mark.parametrize(
    "message",
    [
        {"content": None, "reasoning_content": SAID},
        {"content": None, "refusal": SAID},
        {"content": [{"type": "text", "text": SAID}]},
        {"content": None, "tool_calls": [{"function": {"name": "f", "arguments": SAID}}]},
        {"content": None, "audio": {"transcript": SAID}},
    ],
)
def test_what_was_generated_beside_the_content_does_not_come_out_as_the_model(message: dict[str, object]) -> None:
    """Reasoning, refusals, parts and arguments are as much the model's words as the content is."""
    choices = [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}]
    facts = facts_of(completion(choices=choices, model=SAID))
    assert "Contoso" not in facts.model_dump_json()


@pytest.mark.parametrize("choices", [9, 128, 129, 1000])
@pytest.mark.parametrize("model", [SAID, SAID[4:30], f"gpt-4o-mini-{SAID.replace(' ', '-')}"])
def test_what_the_last_of_many_choices_says_does_not_come_out_as_the_model(choices: int, model: str) -> None:
    """However many there are: what cannot be held against all of them is withheld."""
    said = ["pong"] * (choices - 1) + [SAID]
    messages = [{"message": {"content": text}, "finish_reason": "stop"} for text in said]
    facts = facts_of(completion(choices=messages, model=model, **{SAID.replace(" ", "_"): 1}))
    assert facts.choice_count == choices
    assert "quarter" not in facts.model_dump_json()


@pytest.mark.parametrize(
    "content",
    [
        "x " * 20_000 + SAID,
        [*({"type": "text", "text": f"this is part number {number}"} for number in range(200)), {"text": SAID}],
        [[]] * 30_000 + [SAID],
    ],
)
def test_what_a_very_long_reply_says_at_its_end_does_not_come_out_as_the_model(content: object) -> None:
    """Too much text, too many texts, too many members: it is not held, which would take long, and no model is shown."""
    assert "Contoso" not in facts_of(completion(content, model=SAID)).model_dump_json()
    assert facts_of(completion(content)).model_answered == "[redacted]"


def test_the_model_that_was_asked_for_is_shown_beside_any_flood() -> None:
    """The user wrote it, so nobody generated it."""
    choices = [{"message": {"content": "pong"}}] * 1000
    assert facts_of(completion(choices=choices, model="gpt-4o-mini")).model_answered == "gpt-4o-mini"
    assert facts_of(completion(choices=choices)).model_answered == "[redacted]"


def test_as_many_choices_as_the_api_has_change_no_model_and_no_field() -> None:
    """Somebody may ask for 128 on purpose."""
    choices = [{"index": 0, "message": {"role": "assistant", "content": "pong"}, "finish_reason": "stop"}] * 128
    facts = facts_of(completion(choices=choices, vendors_field=1))
    assert facts.model_answered == "gpt-4o-mini-2024-07-18"
    assert "vendors_field" in facts.response_fields


def test_a_reply_that_comes_out_as_the_model_or_a_field_does_not_come_out() -> None:
    """A hostile gateway may put what was generated where a name should be."""
    reply = "Quartz-Falcon-Meridian-Sunset"
    facts = facts_of(completion(reply, model=f"gpt-4o-mini-{reply}", **{reply: {reply: 1}}))
    assert "Falcon" not in facts.model_dump_json()


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"content": "pong"}, ContentKind.TEXT),
        ({"content": [{"type": "text", "text": "pong"}]}, ContentKind.TEXT),
        ({"content": ""}, ContentKind.EMPTY),
        ({"content": []}, ContentKind.EMPTY),
        ({"content": None}, ContentKind.NULL),
        ({}, ContentKind.NULL),
        ({"content": None, "tool_calls": [{"id": "call_1"}]}, ContentKind.TOOL_CALLS),
    ],
)
def test_the_kind_of_content_is_a_fact(message: object, kind: ContentKind) -> None:
    """A null content is not a failure."""
    assert facts_of(completion(choices=[{"message": message}])).content_kind is kind


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        *((word, word) for word in ("length", "end_turn", "max_tokens", "eos_token", "STOP")),
        ("insufficient_system_resource", "insufficient_system_resource"),
        (None, NO_REASON),
        ("x" * 41, OTHER_REASON),
        ("because I was done", OTHER_REASON),
        ("", OTHER_REASON),
    ],
)
def test_a_finish_reason_is_the_word_that_was_served(value: str | None, reason: str) -> None:
    """Other vendors' words too, for two of them must not look alike; what is no word is text that a server chose."""
    choices = [{"message": {"content": "pong"}, "finish_reason": value}]
    assert facts_of(completion(choices=choices)).finish_reason == reason


def test_a_missing_usage_and_a_missing_model_are_facts() -> None:
    """Several engines leave them out."""
    facts = facts_of({"choices": [{"message": {"content": "pong"}}]})
    assert (facts.usage_present, facts.usage_fields, facts.model_answered) == (False, (), None)


@pytest.mark.parametrize(
    "strange",
    [
        {"a key with spaces": 1},
        {"Ⅳ": 1},
        {"x" * 65: 1},
        {f"field_{number}": 1 for number in range(400)},
        {"deep": json.loads('{"a":' * 20 + "1" + "}" * 20)},
        {"wide": [[[{}] * 64] * 64] * 32},
    ],
)
def test_a_strange_shape_is_counted_as_other_and_bounded(strange: Mapping[str, object]) -> None:
    """Key paths are identifiers, not too deep and not too many; all else is one word."""
    fields = facts_of(completion(**strange)).response_fields
    assert "other" in fields
    assert len(fields) <= shape.MAX_KEY_PATHS + 1


@pytest.mark.parametrize("document", [{"choices": []}, {"choices": [{}]}, {"choices": "x"}, {"object": "list"}, []])
def test_what_is_no_completion_is_rejected(document: object) -> None:
    """A 2xx is a pass only with what the route promises."""
    with pytest.raises(ReplyRejected):
        facts_of(document)
