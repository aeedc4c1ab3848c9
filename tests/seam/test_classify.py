from __future__ import annotations

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
]


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("sentence", MODEL_SENTENCES)
def test_a_400_or_404_that_says_so_is_about_the_model(status: int, sentence: str) -> None:
    """The sentences of real gateways for a model they do not know."""
    assert failure_class(observed(status, message=sentence)) is FailureClass.MODEL_SELECTION


@pytest.mark.parametrize("code", ["model_not_found", "DeploymentNotFound", "unknown_model"])
def test_a_code_says_so_too(code: str) -> None:
    """Where there is a code, no sentence is needed."""
    assert failure_class(observed(404, code=code)) is FailureClass.MODEL_SELECTION


def test_a_404_that_names_the_model_is_about_the_model() -> None:
    """A gateway in another language still repeats the model's id."""
    assert failure_class(observed(404, message="Modèle m-1 introuvable")) is FailureClass.MODEL_SELECTION


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
