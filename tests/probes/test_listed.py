from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from envcheck.model import Exchange, Request
from envcheck.probes.models import MODELS, ModelsFacts
from envcheck.redact import MARKER, Redactor, Secret, SecretKind

if TYPE_CHECKING:
    from envcheck.model import JsonValue

KEY = "sk-proj-Zx81kQ0vLm47Tr5WnYb2"


def facts_of(*entries: dict[str, JsonValue], asked: str | None = "m", redactor: Redactor | None = None) -> ModelsFacts:
    body = json.dumps({"data": list(entries)}).encode()
    exchange = Exchange(Request(MODELS.route, about=asked), status=200, body=body)
    facts = MODELS.read(exchange, redactor or Redactor()).facts
    assert isinstance(facts, ModelsFacts)
    return facts


SAYS: list[tuple[str, object, dict[str, JsonValue]]] = [
    ("retires_on", date(2026, 12, 1), {"shutdown_date": "2026-12-01"}),
    ("retires_on", date(2026, 12, 1), {"deprecation": "2026-12-01T12:00:00Z"}),
    ("retires_on", date(2026, 12, 1), {"expiration_date": "2026-12-01"}),
    ("retires_on", date(2026, 12, 1), {"shutdown_date": 1_796_083_200}),
    ("retires_on", date(2026, 12, 1), {"deprecation": {"fine_tune": 1_700_000_000, "inference": 1_796_083_200}}),
    ("retires_on", date(2026, 12, 1), {"shutdown_date": "soon", "expiration_date": "2026-12-01"}),
    ("context_length", 8192, {"max_model_len": 8192}),
    ("context_length", 8192, {"context_length": 8192}),
    ("context_length", 8192, {"max_context_length": 8192}),
    ("context_length", 8192, {"max_input_tokens": 8192}),
    ("context_length", 8192, {"context_window": 8192}),
    ("context_length", 8192, {"max_model_len": None, "context_window": 8192}),
    ("output_limit", 4096, {"max_output_tokens": 4096}),
    ("output_limit", 4096, {"top_provider": {"max_completion_tokens": 4096}}),
    ("owned_by", "openai", {"owned_by": "openai"}),
    ("root", "Qwen/Qwen3-32B", {"root": "Qwen/Qwen3-32B"}),
]


@pytest.mark.parametrize(("fact", "value", "entry"), SAYS)
def test_each_engines_word_for_it_is_read(fact: str, value: object, entry: dict[str, JsonValue]) -> None:
    """Of the model that is asked alone, whatever the other entries say."""
    other: dict[str, JsonValue] = {"id": "n", "shutdown_date": "2001-01-01", "max_model_len": 1, "owned_by": "nobody"}
    assert getattr(facts_of(other, {"id": "m", **entry}), fact) == value


NONSENSE: list[JsonValue] = [
    None, True, -1, 0, 1.5, 10**30, float("nan"), float("inf"), "", "2026", "9999-99-99", "0001-01-01", [], {},
    {"inference": {"inference": {}}}, {"inference": True}, "2026-12-01" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_is_nothing(value: JsonValue) -> None:
    """A list that is odd in what nobody needs is a list all the same."""
    names = ("shutdown_date", "max_model_len", "max_output_tokens", "owned_by", "root", "top_provider")
    facts = facts_of({"id": "m", **dict.fromkeys(names, value)})
    assert facts.is_listed
    assert (facts.context_length, facts.output_limit) == (None, None)
    assert facts.retires_on in {None, date(2026, 12, 1)}


@pytest.mark.parametrize(
    ("ids", "is_listed"),
    [(["m"], True), (["models/m"], True), (["m:latest"], True), (["m-mini"], False), (["M"], False), (["x/m"], False)],
)
def test_a_list_may_spell_an_id_with_what_a_request_may_leave_out(ids: list[str], is_listed: bool) -> None:  # noqa: FBT001
    """Google's and Ollama's lists do; anything else is another model."""
    entries: list[dict[str, JsonValue]] = [{"id": each} for each in ids]
    assert facts_of(*entries).is_listed is is_listed


def test_where_no_model_is_configured_it_is_about_the_first_that_is_listed() -> None:
    """That is the one which will be asked."""
    facts = facts_of({"id": "b", "max_model_len": 1}, {"id": "a", "max_model_len": 2}, asked=None)
    assert (facts.model, facts.is_listed, facts.context_length) == ("b", True, 1)


def test_a_key_in_an_owners_name_is_not_shown() -> None:
    """What a server wrote is redacted wherever it wrote it."""
    redactor = Redactor([Secret(SecretKind.KEY, SecretStr(KEY))])
    facts = facts_of({"id": "m", "owned_by": f"org-{KEY}", "root": KEY}, redactor=redactor)
    assert KEY not in facts.model_dump_json()
    assert MARKER in str(facts.owned_by)
    assert facts.root == MARKER


def test_what_says_nothing_of_what_is_served_is_left_alone() -> None:
    """Prices, descriptions, permissions and the day of creation are nobody's business here."""
    entry: dict[str, JsonValue] = {"id": "m", "created": 1, "description": "tall", "pricing": {"prompt": "0.1"}}
    assert set(facts_of(entry).model_dump()) == {
        "model_count", "model_ids", "model_ids_sha256", "sample_model_ids", "model", "is_listed", "retires_on",
        "context_length", "output_limit", "owned_by", "root",
    }  # fmt: skip
    assert "tall" not in facts_of(entry).model_dump_json()
