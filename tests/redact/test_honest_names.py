"""The rule for names depends on keys and credentials alone: what else a run holds takes no model id away.

A list in which one id changed is a list of another gateway, so this is what a verdict rests on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from pydantic import SecretStr

from envcheck.redact import Redactor, Secret, SecretKind

NAMES: Final = [
    line
    for line in Path(__file__).with_name("honest_names.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
KEY: Final = Secret(SecretKind.KEY, SecretStr("sk-proj-Vt3bQ9xLm2Rk8WzYp5Nc7HdJ4sGfA6uE"))

PROMPTS: Final = (
    "ping", "ping test", "latest", "model", "test", "Say hi.", "Say pong", "hello world", "instruct", "mini",
    "preview", "chat", "flash", "Reply with the single word: pong", "openai", "anthropic", "Which model are you?",
    "claude sonnet", "What is your knowledge cutoff?", "latest test of the llama", "Hello, how are you?", "embedding",
    "vision preview", "Write a haiku about mistral winds",
    "Is gpt-4o-mini-2024-07-18 better than claude-3-5-sonnet-20241022 at code?",
    "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo", "deepseek reasoner",
    "Instruct the model to answer in JSON, please.",
    "Summarise the quarterly revenue of the northern branch in two sentences, please.", "grok", "command r plus",
    "List three models of publishers/google/models/gemini-2.5-pro and arn:aws:bedrock:us-east-1::foundation-model",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "translate: multilingual e5 large instruct", "gemini flash thinking",
    "请用一句话总结北方分公司本季度的营业收入情况", "Составь письмо заказчику", "a", "1", "20241022",
)  # fmt: skip
REPLIES: Final = (
    "pong", "Time is up", "ok", "Hello!", "I am gpt-4o-mini-2024-07-18.", "latest", "I'm Claude, made by Anthropic.",
    "My name is meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo", "queue time", "instruct", "preview", "turbo",
    "2024-10-22", "anthropic.claude-3-5-sonnet-20241022-v2:0", "I am a large language model, trained by Google.",
    "Qwen", "mistral", "I am deepseek-ai/DeepSeek-R1-Distill-Llama-70B and I think.", "llama", "mini", "It is Paris.",
    "I run as hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q6_K_L here", "chat", "test", "Yes.", "No.", "42", "gemini",
    "You can use gpt-4o-realtime-preview-2024-12-17, gpt-4.1-nano-2025-04-14 or o4-mini-deep-research-2025-06-26.",
    "sentence-transformers/all-MiniLM-L6-v2 is an embedding model", "model", "assistant", "vision", "pong pong pong",
    "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-sonnet-20241022-v2:0", "flash", "1",
    "我是通义千问", "Sure! Here is a summary of the quarterly revenue of the northern branch.",
    "publishers/google/models/gemini-2.5-pro",
)  # fmt: skip
HEADERS: Final = (
    "openai", "azure", "anthropic", "google", "meta-llama", "mistralai", "Qwen", "bedrock", "vertex_ai", "gpt-4o",
    "gpt-4o-mini", "claude-3-5-sonnet-20241022", "meta-llama/Llama-3.3-70B-Instruct", "latest", "preview",
    "production", "staging", "prod", "test", "team-blue", "internal", "v1", "2024-10-21", "2024-08-01-preview",
    "us-east-1", "eu", "eu-central-1", "swedencentral", "instruct", "default", "free", "accounts/fireworks",
    "moonshotai", "contoso", "TheBloke", "bartowski", "huggingface", "deepseek-ai", "nvidia", "application/json",
)  # fmt: skip


def changed(view: Redactor) -> list[tuple[str, str]]:
    """Say which names come out other than they are, listed, and one by one as what a chat answers."""
    listed = [(name, shown) for name, shown in zip(NAMES, view.model_ids(NAMES), strict=True) if name != shown]
    tripped = [(name, "withheld") for name in NAMES if view.holds_secret(name)]
    return [*listed, *tripped]


def test_the_names_are_many_and_of_all_kinds() -> None:
    """Two hundred at least, each once, against forty of each kind of secret."""
    assert len(set(NAMES)) == len(NAMES) >= 200
    assert {len(set(PROMPTS)), len(set(REPLIES)), len(set(HEADERS))} == {40}


@pytest.mark.parametrize("prompt", PROMPTS)
def test_no_prompt_takes_a_name_away(prompt: str) -> None:
    """Not even one that is a name, or that says several."""
    assert changed(Redactor([KEY, Secret(SecretKind.PROMPT, SecretStr(prompt))])) == []


@pytest.mark.parametrize("reply", REPLIES)
def test_no_reply_takes_a_name_away(reply: str) -> None:
    """A model may say what it is called, and what others are."""
    assert changed(Redactor([KEY]).also(reply)) == []


@pytest.mark.parametrize("value", HEADERS)
@pytest.mark.parametrize("kind", [SecretKind.HEADER, SecretKind.QUERY])
def test_no_header_or_query_value_takes_a_name_away(kind: SecretKind, value: str) -> None:
    """Vendors, regions, versions and whole model ids are set in headers every day."""
    assert changed(Redactor([KEY, Secret(kind, SecretStr(value))])) == []


def test_no_name_depends_on_its_neighbours() -> None:
    """Each comes out of any list as it comes out alone, the keys' pieces in the list or not."""
    pieces = ["Vt3", "bQ9", "xLm", "2Rk", "8Wz"]
    view = Redactor([KEY])
    assert view.model_ids([*pieces, *NAMES]) == [view.model_id(name) for name in [*pieces, *NAMES]]


@pytest.mark.parametrize("path", ["usage.queue_time", "x_groq.usage.queue_time", "usage.total_time", "choices[].index"])
@pytest.mark.parametrize("reply", ["Time is up", "queue", "pong", "The usage of the queue time is total."])
def test_no_short_reply_takes_the_name_of_a_field_away(path: str, reply: str) -> None:
    """`usage.queue_time` is the same field, whatever the model said."""
    assert Redactor([KEY]).also(reply).key_path(path) == path


@pytest.mark.parametrize(
    "name",
    ["tenants/{}/gpt-4o", "{}", "gpt-4o-{}", "ft:gpt-4o:{}", "{}-latest"],
    ids=["path", "alone", "end", "ft", "front"],
)
def test_a_key_in_a_name_is_taken_out_all_the_same(name: str) -> None:
    """Whole, without its provider's prefix, or eight characters of it."""
    view = Redactor([KEY])
    key = KEY.value.get_secret_value()
    for part in (key, key.removeprefix("sk-proj-"), "Rk8WzYp5"):
        shown = view.model_id(name.format(part))
        assert "[redacted]" in shown
        assert "Rk8WzYp5" not in shown
