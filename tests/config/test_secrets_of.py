from __future__ import annotations

from dataclasses import replace

from pydantic import SecretStr

from envcheck.config.secrets import secrets_of
from envcheck.model import DEFAULT_PROMPT, Environment
from envcheck.probes.base import Options
from envcheck.redact import SecretKind

BARE = Environment("staging", "https://gateway.example.com/v1")
FULL = replace(
    BARE,
    api_key=SecretStr("of the key"),
    prompt=SecretStr("of the prompt"),
    headers={"X-Team": SecretStr("of the team"), "X-Auth-Token": SecretStr("of the header")},
    query={"api-version": SecretStr("of the version"), "sig": SecretStr("of the signature")},
    proxy=SecretStr("http://sam:pw@proxy.example"),
    options={
        "chat": Options(
            params={
                "stop": ["three little words"],
                "reasoning_effort": "low",
                "user": "customer-00017",
                "n": 1,
                "metadata": {"note": "of the note", "short": "Ab-1", "none": None},
            }
        )
    },
)


def told(environment: Environment) -> set[tuple[SecretKind, str]]:
    return {(secret.kind, secret.value.get_secret_value()) for secret in secrets_of([environment])}


def test_every_secret_of_an_environment_is_handed_over_by_its_kind() -> None:
    """What its name says lets somebody in is a key, wherever it is set; sentences in parameters are prompts."""
    assert told(FULL) == {
        (SecretKind.KEY, "of the key"),
        (SecretKind.PROMPT, "of the prompt"),
        (SecretKind.HEADER, "of the team"),
        (SecretKind.KEY, "of the header"),
        (SecretKind.QUERY, "of the version"),
        (SecretKind.KEY, "of the signature"),
        (SecretKind.PROXY, "http://sam:pw@proxy.example"),
        (SecretKind.PROMPT, "three little words"),
        (SecretKind.QUERY, "customer-00017"),
        (SecretKind.PROMPT, "of the note"),
    }


def test_a_probes_own_options_are_handed_over_like_its_parameters() -> None:
    """Whoever adds a probe with a sentence of its own need not remember this place; its model is shown."""

    class Sentence(Options):
        sentence: str = "what we ask of it"

    asking = replace(BARE, options={"moderations": Sentence(model="a model of ours")})
    assert told(asking) - told(BARE) == {(SecretKind.PROMPT, "what we ask of it")}


def test_the_default_prompt_is_a_secret_too() -> None:
    """An echo of it is still an echo of what was sent."""
    assert told(BARE) == {(SecretKind.PROMPT, DEFAULT_PROMPT)}


def test_what_many_environments_share_is_handed_over_once() -> None:
    """A thousand environments with one key are one key to look for."""
    assert secrets_of([FULL, replace(FULL, name="other")]) == secrets_of([FULL])
