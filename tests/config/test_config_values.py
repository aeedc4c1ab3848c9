from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from config_texts import loads, loads_one, refuses, refuses_one

from envcheck.model import DEFAULT_TIMEOUT_S, Environment
from envcheck.policy import Accept, Policy
from envcheck.rules import Severity
from gateways.certificates import write_authority

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import SecretStr

FULL = """
baseline = "production"
[defaults]
timeout_s = 5
samples = 7
headers = { "X-Team" = "${TEAM}", "X-Kept" = "kept" }
query = { api-version = "1", other = "2" }
chat_params = { max_tokens = 16, temperature = 0 }
[environments.staging]
base_url = "  ${STAGING_URL}/v1/ "
api_key_env = "STAGING_API_KEY"
model = "gpt-4o-mini"
probes = ["chat", "models"]
timeout_s = 2.5
headers = { "x-team" = "own $${TEAM}" }
auth_header = "api-key"
query = { api-version = "${VERSION}" }
proxy = "http://user:${PROXY_PASSWORD}@127.0.0.1:3128/"
verify_tls = false
prompt = "Say ${it}"
chat_params = { max_tokens = 8, stream = false, stop = ["a", { b = 1.5 }], logprobs = true }
server_text = false
[environments.production]
base_url = "https://gateway.test/v1"
[compare]
latency_ratio = 2
latency_floor_ms = 0
severity = { "models.added" = "none", "chat.usage" = "err" }
[[accept]]
rule = "models.removed"
environment = "staging"
reason = " not rolled out "
value = "o3"
expires = 2027-01-31
"""
VARIABLES = {
    "TEAM": " platform\n",
    "STAGING_URL": "https://staging.test",
    "STAGING_API_KEY": " key-of-staging\n",
    "VERSION": "2024-10-21",
    "PROXY_PASSWORD": "pw",
}


@pytest.fixture
def ca_folder(tmp_path: Path) -> Path:
    """Give a folder with `authority.pem` in it."""
    return write_authority(tmp_path).parent


def opened(secrets: Mapping[str, SecretStr]) -> dict[str, str]:
    return {name: secret.get_secret_value() for name, secret in secrets.items()}


def test_every_key_reaches_the_environment() -> None:
    """Defaults lie below what an environment says, tables entry by entry, and variables are read."""
    production, staging = loads(FULL, VARIABLES).environments
    assert staging.base_url == "https://staging.test/v1"
    assert staging.api_key is not None
    assert staging.api_key.get_secret_value() == "key-of-staging"
    assert staging.model == "gpt-4o-mini"
    assert staging.probes == ("models", "chat")
    assert (staging.timeout_s, production.timeout_s) == (2.5, 5.0)
    assert staging.samples == production.samples == 7
    assert opened(staging.headers) == {"X-Kept": "kept", "x-team": "own ${TEAM}"}
    assert opened(production.headers) == {"X-Team": "platform", "X-Kept": "kept"}
    assert opened(staging.query) == {"api-version": "2024-10-21", "other": "2"}
    assert staging.auth_header == "api-key"
    assert staging.proxy is not None
    assert staging.proxy.get_secret_value() == "http://user:pw@127.0.0.1:3128"
    assert (staging.verify_tls, staging.server_text) == (False, False)
    assert staging.prompt is not None
    assert staging.prompt.get_secret_value() == "Say ${it}"
    assert staging.options["chat"].params == {
        "max_tokens": 8,
        "temperature": 0,
        "stream": False,
        "stop": ["a", {"b": 1.5}],
        "logprobs": True,
    }


def test_compare_and_accept_become_the_policy() -> None:
    """Thresholds, severities and accepted differences are what the comparison is judged by."""
    assert loads(FULL, VARIABLES).policy == Policy(
        latency_ratio=2.0,
        latency_floor_ms=0.0,
        severity={"models.added": Severity.NONE, "chat.usage": Severity.ERR},
        accept=(Accept("models.removed", "staging", "not rolled out", "o3", date(2027, 1, 31)),),
    )


def test_an_environment_needs_its_base_url_only() -> None:
    """Everything else has a default."""
    environment = loads_one("")
    assert environment == Environment("prod", "https://gateway.test/v1")
    assert environment.timeout_s == DEFAULT_TIMEOUT_S


@pytest.mark.parametrize("variables", [{}, {"KEY": ""}, {"KEY": " \n"}])
def test_a_missing_key_is_no_mistake_of_the_file(variables: Mapping[str, str]) -> None:
    """That environment fails when it is probed, and the others run."""
    environment = loads_one('api_key_env = "KEY"', variables)
    assert environment.api_key is None
    assert environment.key_is_missing


@pytest.mark.parametrize(("variables", "state"), [({}, "is not set"), ({"URL": " "}, "is empty")])
def test_an_unset_variable_is_named(variables: Mapping[str, str], state: str) -> None:
    """Without its variable a URL is no URL, and the sentence says which variable to set."""
    assert refuses('[environments.prod]\nbase_url = "${URL}/v1"', variables) == [
        f"environments.prod.base_url: the variable URL {state}; export it, or name a file that sets it with --env-file"
    ]


def test_a_dollar_in_a_proxys_password_is_a_dollar() -> None:
    """What looks like a shell's variable is one before the path alone, and never in a password."""
    assert loads_one('proxy = "http://user:pa$Sword@127.0.0.1:3128"').proxy is not None
    assert loads('[environments.prod]\nbase_url = "https://x.test/odata/$batch"').environments[0].base_url[-1] == "h"
    assert "reads a variable as" in refuses_one('proxy = "$PROXY"')[0]


def test_each_unset_variable_of_a_value_is_named() -> None:
    """Two variables in one value are two problems."""
    found = refuses_one("headers = { X-A = '${ONE} ${TWO} ${ONE}' }")
    assert [each.split(" is not set")[0] for each in found] == [
        "headers.X-A: the variable ONE",
        "headers.X-A: the variable TWO",
    ]


def test_what_a_variable_holds_is_not_expanded_again() -> None:
    """A value with `${…}` in it, as a password may have, is sent as it is."""
    environment = loads_one("headers = { X-A = '${ONE}' }", {"ONE": "${TWO}", "TWO": "2"})
    assert opened(environment.headers) == {"X-A": "${TWO}"}


def test_a_base_url_is_checked_after_its_variables_are_read() -> None:
    """Userinfo from a variable is refused like any other, and not repeated."""
    found = refuses('[environments.prod]\nbase_url = "${URL}"', {"URL": "https://user:hunter2@x.test"})
    assert len(found) == 1
    assert "user name" in found[0]
    assert "hunter2" not in found[0]


@pytest.mark.parametrize(
    ("value", "reason"),
    [("one\ntwo", "holds a line break"), ("\u201ckey\u201d", "holds a character outside ASCII")],
)
def test_a_key_that_no_header_can_carry_is_named_by_its_variable(value: str, reason: str) -> None:
    """A pasted line break or typographic quote is found before anything is sent."""
    (found,) = refuses_one('api_key_env = "KEY"', {"KEY": value})
    assert found.startswith(f"api_key_env: the value of KEY {reason}")
    assert value not in found


@pytest.mark.parametrize(
    ("keys", "variables", "warning"),
    [
        ('ca_file = "authority.pem"\nverify_tls = false', {}, "ca_file: has no effect beside verify_tls = false"),
        ('auth_header = "api-key"', {}, "auth_header: has no effect without api_key_env"),
        ('api_key_env = "KEY"', {"KEY": '"k7Rw2Nf9Kd4X"'}, "api_key_env: the value of KEY begins with a quote"),
        ('api_key_env = "KEY"', {"KEY": "Bearer k7Rw2Nf9Kd4X"}, "api_key_env: the value of KEY begins with `Bearer`"),
        ('api_key_env = "KEY"', {"KEY": "hunter2"}, "api_key_env: the value of KEY can be guessed"),
        ('api_key_env = "KEY"', {"KEY": "internal-api-key"}, "api_key_env: the value of KEY can be guessed"),
    ],
)
def test_what_was_probably_not_meant_is_a_warning(
    keys: str, variables: Mapping[str, str], warning: str, ca_folder: Path
) -> None:
    """It is no reason to stop, and is said all the same."""
    text = f'[environments.prod]\nbase_url = "https://x.test"\n{keys}'
    (found,) = loads(text, variables, folder=ca_folder).warnings
    assert found.startswith(f"environments.prod.{warning}")


def test_a_route_in_the_base_url_is_a_warning() -> None:
    """Who pastes the whole URL of a completion is told what is added to it."""
    config = loads('[environments.prod]\nbase_url = "https://x.test/v1/chat/completions"')
    assert config.warnings == (
        "environments.prod.base_url: ends in /chat/completions, which is added to it for every request; leave it out",
    )


def test_a_bare_key_may_begin_with_bearer() -> None:
    """Where a header of one's own carries the key, `Bearer` in it may be meant."""
    text = '[environments.prod]\nbase_url = "https://x.test"\nauth_header = "X-Auth"\napi_key_env = "KEY"'
    assert loads(text, {"KEY": "Bearer k7Rw2Nf9Kd4X"}).warnings == ()


@pytest.mark.parametrize("key", ["EMPTY", "ollama", "none", "lm-studio", "sk-no-key-required", "dummy", "k7Rw2Nf9Kd4X"])
def test_placeholders_and_good_keys_are_not_warned_of(key: str) -> None:
    """Who sets what a local server's manual says to set is told nothing."""
    text = '[environments.prod]\nbase_url = "https://x.test"\napi_key_env = "KEY"'
    assert loads(text, {"KEY": key}).warnings == ()


def test_a_ca_file_is_found_from_the_folder_of_the_file(ca_folder: Path) -> None:
    """The file can be used from any working folder."""
    text = '[environments.prod]\nbase_url = "https://x.test"\nca_file = "authority.pem"'
    assert loads(text, folder=ca_folder).environments[0].ca_file == ca_folder / "authority.pem"
