from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from replies import served

from envcheck.errors import ReplyRejected
from envcheck.probes.base import CHAT_COMPLETIONS, Answer
from envcheck.probes.chat import ContentKind
from envcheck.probes.tools import TOOLS, ArgumentsKind, ToolsFacts
from envcheck.redact import Redactor
from gateways.capable import call, called

if TYPE_CHECKING:
    from envcheck.model import JsonValue
    from envcheck.probes.base import Reply

SAID = "Quartz-Falcon-Meridian-Sunset"


def read(document: object) -> Reply:
    return TOOLS.read(served(document, CHAT_COMPLETIONS), Redactor())


def facts_of(document: object) -> ToolsFacts:
    facts = read(document).facts
    assert isinstance(facts, ToolsFacts)
    return facts


def test_a_call_as_the_api_promises_it_is_honoured() -> None:
    """Counts, kinds and shapes come out; the call does not."""
    facts = facts_of(called(call()))
    assert facts.model_dump(exclude={"response_fields"}) == {
        "honoured": Answer.HONOURED,
        "call_count": 1,
        "name_matches": True,
        "arguments_kind": ArgumentsKind.JSON_STRING,
        "has_id": True,
        "finish_reason": "tool_calls",
        "content_kind": ContentKind.TOOL_CALLS,
    }


@pytest.mark.parametrize("calls", [{}, {"tool_calls": None}, {"tool_calls": []}, {"function_call": {"name": "f"}}])
def test_a_completion_without_a_call_has_ignored_the_tools(calls: dict[str, JsonValue]) -> None:
    """There is nothing to say of a call that is not there; the call of an older API is none."""
    message = {"role": "assistant", "content": "blue", **calls}
    facts = facts_of({"choices": [{"message": message, "finish_reason": "stop"}]})
    assert facts.honoured is Answer.IGNORED
    assert (facts.call_count, facts.name_matches, facts.arguments_kind, facts.has_id) == (0, None, None, None)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ('{"colour": "blue"}', ArgumentsKind.JSON_STRING),
        ("{}", ArgumentsKind.JSON_STRING),
        ({"colour": "blue"}, ArgumentsKind.OBJECT),
        ('"blue"', ArgumentsKind.INVALID),
        ('{"colour": ', ArgumentsKind.INVALID),
        ("", ArgumentsKind.INVALID),
        (None, ArgumentsKind.INVALID),
        (["blue"], ArgumentsKind.INVALID),
        ("[" * 100_000, ArgumentsKind.INVALID),
    ],
)
def test_the_form_of_the_arguments_is_a_fact(arguments: JsonValue, kind: ArgumentsKind) -> None:
    """Nothing but a string that holds an object is what clients parse, however deep or long it is."""
    assert facts_of(called(call(arguments))).arguments_kind is kind


def test_arguments_of_too_many_members_are_not_parsed() -> None:
    """Their commas are written so that the bound on the whole reply does not see them."""
    many = r"{\"a\": [" + r"1\u002c" * 500_000 + "1]}"
    body = json.dumps(called(call("MANY"))).replace("MANY", many).encode()
    assert facts_of(body).arguments_kind is ArgumentsKind.INVALID


def test_one_bad_call_among_good_ones_is_seen() -> None:
    """A client handles all of them."""
    facts = facts_of(called(call(), call({}, name="other", id=None), call()))
    assert (facts.call_count, facts.name_matches, facts.has_id) == (3, False, False)
    assert facts.arguments_kind is ArgumentsKind.OBJECT


@pytest.mark.parametrize("odd", ["x", 1, None, [], {}, {"function": "x"}, {"function": []}])
def test_a_call_that_is_none_is_a_call_with_everything_wrong(odd: JsonValue) -> None:
    """Whatever stands in the list: no exception, and no fact that is better than it is."""
    facts = facts_of(called(odd))
    assert (facts.honoured, facts.name_matches, facts.has_id) == (Answer.HONOURED, False, False)
    assert facts.arguments_kind is ArgumentsKind.INVALID


@pytest.mark.parametrize(
    "message",
    [
        {"tool_calls": [call(json.dumps({"colour": SAID}))]},
        {"tool_calls": [call({"colour": SAID})]},
        {"tool_calls": [call({"colour": {"deep": [SAID]}})]},
        {"tool_calls": [call({SAID: 1})]},
        {"tool_calls": [call(SAID)]},
        {"tool_calls": [call(name=SAID)]},
        {"tool_calls": [call(json.dumps({"colour": SAID}).replace("Q", "\\u0051"))]},
        {"content": SAID},
        {"reasoning_content": SAID},
        {"refusal": SAID},
    ],
)
def test_nothing_that_was_generated_comes_out_by_another_field(message: dict[str, JsonValue]) -> None:
    """Arguments, their names and a name that was made up are as much the model's words as the content is."""
    choice: JsonValue = {"message": {"content": None, **message}, "finish_reason": SAID, SAID: 1}
    reply = read({"choices": [choice], "model": SAID, SAID: {SAID: 1}, f"x_{SAID.replace('-', '_')}": 1})
    assert "falcon" not in reply.facts.model_dump_json().lower()
    assert any(SAID in text for text in reply.generated)


@pytest.mark.parametrize(
    "arguments", ['{"colour": "Zanzibar"}', {"colour": "Zanzibar"}, '{"colour": "\\u005aanzibar"}']
)
def test_a_short_argument_is_a_secret_of_its_reply_too(arguments: JsonValue) -> None:
    """As it reads, however it is spelled on the wire."""
    assert "Zanzibar" in read(called(call(arguments))).generated


@pytest.mark.parametrize("document", [{"choices": []}, {"choices": [{"message": {"tool_calls": {}}}]}, {}, []])
def test_what_is_no_completion_is_rejected(document: object) -> None:
    """A 2xx is a pass only with what the route promises."""
    with pytest.raises(ReplyRejected):
        facts_of(document)
