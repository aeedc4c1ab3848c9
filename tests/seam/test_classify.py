from __future__ import annotations

import dataclasses
import json

import pytest

from envcheck.model import Exchange, FailureClass, Fault, Request, Route
from envcheck.seam.classify import failure_class

STATUSES = {
    401: "auth",
    402: "rate_or_quota",
    403: "permission",
    404: "base_url_or_route",
    405: "base_url_or_route",
    408: "timeout",
    429: "rate_or_quota",
    **dict.fromkeys((301, 302, 303, 307, 308), "base_url_or_route"),
    **dict.fromkeys((500, 501, 502, 503, 504, 520, 529, 599), "upstream_or_gateway"),
    **dict.fromkeys((304, 400, 409, 410, 413, 418, 422, 451, 600, 999), "http"),
}


def observed(status: int | None, *, message: object = None, code: str | None = None, **more: object) -> Exchange:
    body = json.dumps({"error": {"message": message, "code": code}}).encode()
    request = Request(Route("POST", "/chat/completions"), {"model": "m-1"})
    return Exchange(request, status=status, body=body, **more)  # type: ignore[arg-type]  # whatever a test is about


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
def test_the_status_decides(status: int, expected: str) -> None:
    """Every status has one class, whatever the body says."""
    assert failure_class(observed(status, message="the upstream request timed out")) == expected


@pytest.mark.parametrize("status", [200, 201, 299])
def test_a_success_is_left_to_the_probe(status: int) -> None:
    """Whether a 2xx is a pass depends on its body, which the probe reads."""
    assert failure_class(observed(status)) is None


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        *((fault, FailureClass.TIMEOUT) for fault in Fault if fault.name.startswith("TIMEOUT")),
        *((fault, FailureClass.INTERNAL) for fault in (Fault.INTERNAL, Fault.CA_FILE, Fault.OPEN_FILES, Fault.THREADS)),
        *((fault, FailureClass.INTERNAL) for fault in (Fault.LOCAL_ADDRESS, Fault.BUFFERS)),
        (Fault.TOO_LARGE, FailureClass.RESPONSE_SHAPE),
        (Fault.BAD_ENCODING, FailureClass.RESPONSE_SHAPE),
        *(
            (fault, FailureClass.NETWORK)
            for fault in (Fault.DNS, Fault.REFUSED, Fault.TLS_EXPIRED, Fault.NOT_HTTP, Fault.CUT_SHORT)
        ),
    ],
)
def test_a_fault_has_its_class(fault: Fault, expected: FailureClass) -> None:
    """What breaks below HTTP is the network, the deadline, or a body that nobody can read."""
    assert failure_class(observed(None, fault=fault)) is expected


def test_an_error_status_counts_although_its_body_broke_off() -> None:
    """The status came first and says more than the end of its body."""
    assert failure_class(observed(401, fault=Fault.TIMEOUT_BODY)) is FailureClass.AUTH


MODEL_SENTENCES = [
    "The model `m-1` does not exist or you do not have access to it.",
    "The model `gpt-9` does not exist.",
    "model 'm-1' not found, try pulling it first",
    "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes",
    "m-1 is not a valid model ID",
    "Invalid model: m-1",
    "/chat/completions: Invalid model name passed in model=m-1. Call `/v1/models` to view available models.",
    "Model not found, inaccessible, and/or not deployed",
    "Unable to access model m-1. Please visit the model page.",
    "This is not a chat model and thus not supported in the v1/chat/completions endpoint.",
    "Unknown model: m-1",
    "Model 'ibm/m-1' is not supported for this environment.",
    "The requested model 'm-1' is currently not supported by any provider.",
    "Model acme/m-1.5 does not exist",
    "No models are loaded. Please load one.",
    "No endpoints found for m-1.",
    "模型m-1不存在",
    "Invalid OpenAI model",
    "Invalid value: unknown `model`",
]


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("sentence", MODEL_SENTENCES)
def test_a_400_or_404_that_says_so_is_about_the_model(status: int, sentence: str) -> None:
    """The sentences of real gateways for a model they do not know."""
    assert failure_class(observed(status, message=sentence)) is FailureClass.MODEL_SELECTION


@pytest.mark.parametrize(
    "code",
    [
        "model_not_found",
        "DeploymentNotFound",
        "unknown_model",
        "model_not_supported",
        "InvalidEndpointOrModel.NotFound",
        "ModelNotFoundError",
        "model_not_available",
        "model_not_exist",
        "invalid_model",
        "invalid_model_name",
        "model_decommissioned",
    ],
)
def test_a_code_says_so_too(code: str) -> None:
    """Where there is a code, no sentence is needed."""
    assert failure_class(observed(404, code=code)) is FailureClass.MODEL_SELECTION


def test_a_404_that_names_the_model_is_about_the_model() -> None:
    """A gateway in another language still repeats the model's id."""
    assert failure_class(observed(404, message="Modèle M-1 introuvable")) is FailureClass.MODEL_SELECTION


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("default", "default backend - 404"),
        ("chat", "Not Found: /v1/chat/completions"),
        ("m-1", "No route m-10"),
        ("m-1", "No route am-1"),
        ("", "Not Found"),
    ],
)
def test_a_404_that_has_the_models_name_by_chance_is_about_the_route(model: str, sentence: str) -> None:
    """A model may be called by an ordinary word, or by a part of another name."""
    asking = Request(Route("POST", "/chat/completions"), {"model": model})
    exchange = dataclasses.replace(observed(404, message=sentence), request=asking)
    assert failure_class(exchange) is FailureClass.BASE_URL_OR_ROUTE


@pytest.mark.parametrize(
    ("status", "sentence", "expected"),
    [
        (404, "Invalid URL (POST /v1/chat/completions)", "base_url_or_route"),
        (404, "Not Found", "base_url_or_route"),
        (404, "Resource not found", "base_url_or_route"),
        (400, "This model's maximum context length is 8192 tokens.", "http"),
        (400, "Unsupported parameter: 'max_tokens' is not supported with this model.", "http"),
        (400, "m-1: invalid temperature", "http"),
        (400, "No connected db.", "http"),
        (400, "tools is not supported in this model.", "http"),
        (400, "model m-1: streaming is not supported", "http"),
        (400, "Invalid 'stop' for the model m-1", "http"),
        (400, "Invalid request: see the model card", "http"),
        (400, "Invalid response from the model", "http"),
        (400, "The adapter does not exist for this model", "http"),
        (400, "Ask the model again. The file was not found", "http"),
        (503, "The model `m-1` does not exist.", "upstream_or_gateway"),
    ],
)
def test_other_sentences_leave_the_status_its_class(status: int, sentence: str, expected: str) -> None:
    """A route that is not there, or a parameter that is not allowed, is not about the model."""
    assert failure_class(observed(status, message=sentence)) == expected


def test_a_404_on_the_list_of_models_is_about_the_route() -> None:
    """Where no model was asked for, none can be unknown."""
    exchange = Exchange(Request(Route("GET", "/models")), status=404, body=b'{"error":{"code":"model_not_found"}}')
    assert failure_class(exchange) is FailureClass.BASE_URL_OR_ROUTE
