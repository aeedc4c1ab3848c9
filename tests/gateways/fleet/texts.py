"""Errors whose text says something: where the status decides all the same, and the two where the text must."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from gateways.faults import says, whole
from gateways.good import openai_error
from gateways.scenario import MODEL, Scenario, at_both, at_chat, at_models

if TYPE_CHECKING:
    from envcheck.model import JsonValue

_HTML: Final = ("Content-Type", "text/html")
_PLAIN: Final = ("Content-Type", "text/plain")

_STATUS_DECIDES: Final = (
    (401, "auth", "the request timed out (timeout)"),
    (401, "auth", f"The model `{MODEL}` does not exist"),
    (403, "permission", "rate limit exceeded"),
    (403, "permission", f"Project does not have access to model `{MODEL}`"),
    (408, "timeout", "invalid api key"),
    (422, "http_422", f"The model `{MODEL}` does not exist"),
    (429, "rate_or_quota", "Incorrect API key provided"),
    (429, "rate_or_quota", "You exceeded your current quota"),
    (500, "upstream_or_gateway", f"The model `{MODEL}` does not exist"),
    (503, "upstream_or_gateway", "Unauthorized"),
)

_UNKNOWN_MODEL: Final[tuple[tuple[str, str, int, JsonValue], ...]] = (
    (
        "openai",
        "as OpenAI does",
        404,
        openai_error(f"The model `{MODEL}` does not exist or you do not have access to it.", code="model_not_found"),
    ),
    (
        "litellm",
        "as LiteLLM does",
        400,
        {
            "error": {
                "message": f"/chat/completions: Invalid model name passed in model={MODEL}. "
                "Call `/v1/models` to view available models for your key.",
                "type": "None",
                "param": "None",
                "code": "400",
            }
        },
    ),
    (
        "vllm",
        "as vLLM does",
        404,
        {
            "object": "error",
            "message": f"The model `{MODEL}` does not exist.",
            "type": "NotFoundError",
            "param": None,
            "code": 404,
        },
    ),
    (
        "azure",
        "as Azure does",
        404,
        {
            "error": {
                "code": "DeploymentNotFound",
                "message": "The API deployment for this resource does not exist. If you created the deployment within "
                "the last 5 minutes, please wait a moment and try again.",
            }
        },
    ),
    ("ollama", "as Ollama does", 404, openai_error(f"model '{MODEL}' not found", kind="api_error")),
    ("ollama-old", "with a bare sentence", 404, {"error": f"model '{MODEL}' not found, try pulling it first"}),
    ("groq", "as Groq does", 404, openai_error(f"The model `{MODEL}` does not exist", code="model_not_found")),
    (
        "mistral",
        "as Mistral does",
        400,
        {"object": "error", "message": f"Invalid model: {MODEL}", "type": "invalid_model", "code": "1500"},
    ),
    ("openrouter", "as OpenRouter does", 400, {"error": {"message": f"{MODEL} is not a valid model ID", "code": 400}}),
    ("fastapi", "in FastAPI's `detail`", 404, {"detail": f"Model {MODEL} not found"}),
    ("code-alone", "by the error's code alone", 400, openai_error("Bad request.", code="model_not_found")),
)

_OTHER_400: Final[tuple[tuple[str, str, JsonValue], ...]] = (
    (
        "parameter",
        "about a parameter that the model does not take",
        openai_error(
            "Unsupported parameter: 'max_tokens' is not supported with this model.", code="unsupported_parameter"
        ),
    ),
    (
        "content",
        "about the prompt",
        openai_error("The response was filtered due to the prompt.", code="content_filter"),
    ),
    (
        "no-database",
        "about a database, as LiteLLM without one does",
        openai_error("No connected db.", kind="no_db_connection"),
    ),
)

_ROUTE: Final[tuple[tuple[str, str, bytes, tuple[str, str]], ...]] = (
    ("html", "nginx's own page", b"<html><head><title>404 Not Found</title></head></html>", _HTML),
    ("plain", "a bare sentence", b"404 page not found", _PLAIN),
    ("fastapi", "FastAPI's own JSON", b'{"detail": "Not Found"}', ("Content-Type", "application/json")),
    (
        "openai",
        "OpenAI's sentence",
        b'{"error": {"message": "Unknown request URL: POST /chat/completions"}}',
        ("Content-Type", "application/json"),
    ),
    ("empty", "nothing", b"", _PLAIN),
    ("broken-json", "JSON that breaks off", b'{"error": {"message": "The model', ("Content-Type", "application/json")),
)


def _status_decides(number: int, status: int, expected: str, message: str) -> tuple[Scenario, Scenario]:
    return at_both(
        f"{status}-says-{number}",
        f'answers {status} and says "{message}"',
        expected,
        says(status, openai_error(message)),
    )


SCENARIOS: Final = (
    *chain.from_iterable(_status_decides(number, *row) for number, row in enumerate(_STATUS_DECIDES, 1)),
    *(
        at_chat(
            f"unknown-model-{name}", f"does not know the model and says so {how}", "model_selection", says(status, body)
        )
        for name, how, status, body in _UNKNOWN_MODEL
    ),
    *(at_chat(f"400-{name}", f"answers 400 {about}", "http_400", says(400, body)) for name, about, body in _OTHER_400),
    *chain.from_iterable(
        at_both(f"404-{name}", f"answers 404 with {what}", "base_url_or_route", whole(404, body, content_type))
        for name, what, body, content_type in _ROUTE
    ),
    at_models(
        "404-names-a-model",
        "answers 404 for the list and talks of a model, though none was asked for",
        "base_url_or_route",
        says(404, openai_error("The model `models` does not exist", code="model_not_found")),
    ),
)
