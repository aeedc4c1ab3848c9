from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from envcheck.model import Exchange, Fault, Request
from envcheck.probes import PROBES
from envcheck.seam.unsupported import is_unsupported, refuses

if TYPE_CHECKING:
    from envcheck.model import JsonValue

TOOLS = PROBES["tools"]


def refused(status: int, body: JsonValue, fault: Fault | None = None) -> Exchange:
    headers = {"content-type": "application/json"}
    request = Request(TOOLS.route, {"model": "gpt-4o-mini"})
    return Exchange(request, status=status, body=json.dumps(body).encode(), headers=headers, fault=fault)


def error(message: str, **members: JsonValue) -> JsonValue:
    return {"error": {"message": message, **members}}


@pytest.mark.parametrize(
    "body",
    [
        error("No.", param="tools"),
        error("No.", param="tools[0].function.strict"),
        error("No.", param="tool_choice"),
        error("Unrecognized request argument supplied: tools"),
        error("registry.ollama.ai/library/gemma:2b does not support tools"),
        error("litellm.UnsupportedParamsError: x does not support parameters: ['tools'], for model=y."),
        error('"required" tool choice requires --tool-call-parser to be set'),
        error("tools param requires --jinja flag"),
        error("Tools are unavailable. Tools: unavailable."),
        {"detail": [{"loc": ["body", "tools"], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}]},
        {"detail": [{"loc": ["body", "tools", 0, "type"], "msg": "Extra inputs are not permitted"}]},
    ],
)
@pytest.mark.parametrize("status", [400, 403, 422])
def test_a_refusal_that_names_the_parameter_is_no_failure(status: int, body: JsonValue) -> None:
    """However engines and proxies put it: by a member of their own, or in a sentence."""
    assert is_unsupported(TOOLS, refused(status, body))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, error("The messages are too long.")),
        (400, error("Unknown parameter: 'x'.", param="x")),
        (400, error("toolset is not supported")),
        (400, error("tools must be a list")),
        (401, error("No.", param="tools")),
        (429, error("tools are not available")),
        (500, error("tools are not supported")),
        (404, error("The model `gpt-4o-mini` does not exist")),
        (404, error("No.", code="model_not_found")),
        (422, {"detail": [{"loc": ["query", "tools"], "msg": "Extra inputs are not permitted"}]}),
        (422, {"detail": [{"loc": "body", "msg": "tools"}]}),
        (422, {"detail": [{"loc": ["body"], "msg": "No."}]}),
    ],
)
def test_a_refusal_of_something_else_is_a_failure(status: int, body: JsonValue) -> None:
    """Nobody has said that tools are not there: not where the model is not, nor where another parameter is not."""
    assert not is_unsupported(TOOLS, refused(status, body))


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_route_that_is_not_there_is_no_failure(status: int) -> None:
    """What broke on the way says nothing."""
    assert is_unsupported(TOOLS, refused(status, error("Not Found")))
    assert not is_unsupported(TOOLS, refused(status, error("Not Found"), Fault.CUT_SHORT))


def test_a_gateway_may_not_do_without_chat() -> None:
    """Only what is optional can be missing without being a failure."""
    assert not is_unsupported(PROBES["chat"], refused(404, error("Not Found")))


@pytest.mark.parametrize("status", [200, 404, 500])
def test_only_a_refusal_refuses_a_parameter(status: int) -> None:
    """A reply of another status is about something else, whatever it names."""
    assert not refuses(refused(status, error("No.", param="tools")), {"tools"})
    assert refuses(refused(400, error("No.", param="tools")), {"tools"})
