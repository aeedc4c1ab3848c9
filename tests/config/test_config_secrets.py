from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tomlkit
from config_texts import refuses, refuses_one
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from key_shapes import KEYS

from envcheck.config import Overrides, endpoint, load
from envcheck.config.file_model import AcceptTable, Compare, EnvironmentTable, File
from envcheck.config.secret_shapes import has_key_prefix
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVIDER_KEY = "sk-proj-Zm9vYmFyYmF6cXV4Zm9v"
HEX_KEY = "d41d8cd98f00b204e9800998ecf8427e"
PASSWORD = "hunter2"
ENVIRONMENT = '[environments.a]\nbase_url = "https://x.test"\n'


@pytest.mark.parametrize(
    "keys",
    [
        f'api_key = "{PASSWORD}"',
        f'apikey = "{PASSWORD}"',
        f'OPENAI_API_KEY = "{PASSWORD}"',
        f'token = "{PASSWORD}"',
        f'secret = "{PASSWORD}"',
        f'password = "{PASSWORD}"',
        f'Authorization = "Bearer {PASSWORD}"',
        f'headers = {{ Authorization = "Bearer {PASSWORD}" }}',
        f'headers = {{ Proxy-Authorization = "Basic {PASSWORD}" }}',
        f'headers = {{ Cookie = "{PASSWORD}" }}',
        f'headers = {{ api-key = "{PASSWORD}" }}',
        f'headers = {{ X-API-Key = "{PASSWORD}" }}',
        f'headers = {{ X-Forwarded = "{PROVIDER_KEY}" }}',
        f'headers = {{ X-Forwarded = "{HEX_KEY}" }}',
        f'headers = {{ X-Forwarded = "Bearer {PASSWORD}-more" }}',
        f"headers = {{ Authorization = 'Bearer {PROVIDER_KEY}${{SET}}' }}",
        f"headers = {{ Authorization = 'Bearer {HEX_KEY[:20]}${{SET}}' }}",
        f'query = {{ key = "{PASSWORD}" }}',
        f'query = {{ sig = "{PASSWORD}" }}',
        f'query = {{ any = "{PROVIDER_KEY}" }}',
        f'api_key_env = "{PROVIDER_KEY}"',
        f'api_key_env = "{HEX_KEY}"',
        f'api_key_env = "gsk_{HEX_KEY}"',
        f'auth_header = "{PROVIDER_KEY}"',
        f'model = "{PROVIDER_KEY}"',
        f'chat_params = {{ api_key = "{PASSWORD}" }}',
        f'chat_params = {{ extra = [{{ note = "{PROVIDER_KEY}" }}] }}',
        f'chat_params = {{ metadata = {{ Authorization = "{PASSWORD}" }} }}',
        f"{PROVIDER_KEY} = 1",
        f'"{PASSWORD} {PASSWORD}" = 1',
        f'proxy = "http://user:{PASSWORD}@127.0.0.1:1/path"',
        f'base_urls = "https://user:{PASSWORD}@gateway.test"',
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(keys: str) -> None:
    """Wherever a key is pasted, one problem names the place and nothing of the key."""
    (found,) = refuses_one(keys, {"SET": "set"})
    for secret in (PASSWORD, PROVIDER_KEY, HEX_KEY):
        assert secret not in found


@pytest.mark.parametrize(
    "text",
    [
        f'[environments.{PROVIDER_KEY}]\nbase_url = "https://x.test"',
        f'baseline = "{PROVIDER_KEY}"\n[environments.a]\nbase_url = "https://x.test"',
        f'[environments.a]\nbase_url = "https://user:{PROVIDER_KEY}@x.test"',
        f'[environments.a]\nbase_url = "https://x.test/?key={PROVIDER_KEY}"',
        f'[environments.a]\nbase_url = "${{{HEX_KEY.replace("4", "f", 1)}}}"',
        f'api_key = "{PROVIDER_KEY}"\n[environments.a]\nbase_url = "https://x.test"',
        f'[defaults]\napi_key = "{PROVIDER_KEY}"\n[environments.a]\nbase_url = "https://x.test"',
        f'{ENVIRONMENT}[[accept]]\nrule = "{PROVIDER_KEY}"\nenvironment = "a"\nreason = "r"',
        f'{ENVIRONMENT}[[accept]]\nrule = "chat.usage"\nenvironment = "a"\nreason = "{PROVIDER_KEY}"',
        f'{ENVIRONMENT}[compare.severity]\n"{PROVIDER_KEY}" = "err"',
        f"[environments.a]\napi_key = {PROVIDER_KEY}",
        f'[environments.a]\napi_key = "{PROVIDER_KEY}',
    ],
)
def test_a_secret_elsewhere_is_not_repeated_either(text: str) -> None:
    """Names, rules and the TOML parser's own errors are places, too."""
    found = "\n".join(refuses(text))
    assert PROVIDER_KEY not in found
    assert HEX_KEY.replace("4", "f", 1) not in found


@pytest.mark.parametrize(
    "keys",
    [
        "headers = { Authorization = 'Bearer ${SET}' }",
        "headers = { Cookie = 'session=${SET}; other=${SET}' }",
        "headers = { X-API-Key = '${SET}' }",
        "headers = { X-Team = 'platform', X-Task = 'task-force-of-the-platform-team', X-Tenant = 'a1b2c3d4-0000' }",
        "query = { api-version = '2024-10-21', key = '${SET}' }",
        "model = 'accounts/fireworks/models/deepseek-v3p1-terminus'",
        "model = 'meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8'",
        "model = 'd41d8cd98f00b204e9800998ecf8427e'",
        "api_key_env = 'A_VERY_LONG_NAME_OF_A_VARIABLE_FOR_THE_KEY_2'",
        "chat_params = { max_tokens = 16, prompt_cache_key = 'envcheck', user = 'envcheck' }",
        "prompt = 'Explain what sk-proj-Zm9vYmFyYmF6cXV4Zm9v is'",
    ],
)
def test_what_is_no_secret_is_let_through(keys: str) -> None:
    """Variables, plain words and names of models are what the file is for."""
    text = f'[environments.prod]\nbase_url = "https://gateway.test/v1"\n{keys}'
    assert load(text, variables={"SET": "set"}, folder=Path("nowhere")).environments


ACCEPT = f'{ENVIRONMENT}[[accept]]\nrule = "chat.usage"\nenvironment = "a"\nreason = "r"\n'
PLACES = {
    "top": '"KEY" = 1\n' + ENVIRONMENT,
    "top table": ENVIRONMENT + '["KEY"]\nx = 1',
    "environment's key": ENVIRONMENT + '"KEY" = "x"',
    "environment's table": ENVIRONMENT + '[environments.a."KEY"]\nx = 1',
    "defaults": ENVIRONMENT + '[defaults]\n"KEY" = "x"',
    "compare": ENVIRONMENT + '[compare]\n"KEY" = "x"',
    "severity": ENVIRONMENT + '[compare]\nseverity = { "KEY" = "err" }',
    "accept": ACCEPT + '"KEY" = 1',
    "baseline": 'baseline = "KEY"\n' + ENVIRONMENT,
    "baseline, near": 'baseline = "KEY1"\n[environments."KEY"]\nbase_url = "https://x.test"',
    "probe": ENVIRONMENT + 'probes = ["KEY"]',
    "rule": ENVIRONMENT + '[[accept]]\nrule = "KEY"\nenvironment = "a"\nreason = "r"',
    "accepted environment": ENVIRONMENT + '[[accept]]\nrule = "chat.usage"\nenvironment = "KEY"\nreason = "r"',
    "ca_file": ENVIRONMENT + 'ca_file = "KEY"',
}
# An environment may be named after a tenant's id, which is as opaque, and a mistake in it must be found.
NAMES_OF_TENANTS = {"uuid", "home-made, with underscores", "home-made, in groups"}
SHOWN_PLACES = {
    "environment": '[environments."KEY"]\nbase_url = "https://x.test"\nsamples = 0',
    "model": ENVIRONMENT + 'model = "KEY"',
    "auth_header": ENVIRONMENT + 'auth_header = "KEY"',
    "header": ENVIRONMENT + 'headers = { "KEY" = "x" }',
    "query": ENVIRONMENT + 'query = { "KEY" = "x" }',
    "chat_params": ENVIRONMENT + 'chat_params = { "KEY" = "x" }',
    "reason": ACCEPT.replace('"r"', '"for KEY"'),
    "value": ACCEPT + 'value = "KEY"',
}


@pytest.mark.parametrize("place", [*PLACES, *SHOWN_PLACES])
def test_no_key_of_any_shape_is_repeated(place: str) -> None:
    """Wherever the file has a name or a text, a mistake there, or below it, is told without what stands there."""
    for shape, key in KEYS.items():
        if place in {"environment", "baseline, near"} and shape in NAMES_OF_TENANTS:
            continue
        text = (PLACES | SHOWN_PLACES)[place].replace("KEY", key)
        if place not in PLACES and not has_key_prefix(key):
            text += "\nx = 1"  # without a prefix it may be an honest name, so that there is no mistake yet
        said = "\n".join(refuses(text)).casefold()
        assert key[-8:].casefold() not in said, shape


REFUSED = re.compile("looks like a key|a key must not be in this file")


@pytest.mark.parametrize("place", SHOWN_PLACES)
def test_a_providers_key_is_refused_where_it_would_be_shown_or_sent_as_a_name(place: str) -> None:
    """Whatever else is right about the file, nothing is sent."""
    for key in filter(has_key_prefix, KEYS.values()):
        found = refuses(SHOWN_PLACES[place].replace("KEY", key).replace("samples = 0", "samples = 1"))
        assert len(found) == 1
        assert REFUSED.search(found[0])


@pytest.mark.parametrize("shape", KEYS)
def test_a_key_for_an_argument_is_not_repeated(shape: str) -> None:
    """`-b`, ENVIRONMENT and `--model` are places where something is pasted, too."""
    key = KEYS[shape]
    for overrides in (Overrides(baseline=key), Overrides(environments=(key,))):
        (found,) = refuses(ENVIRONMENT, overrides=overrides)
        assert key[-8:] not in found
    with pytest.raises(ConfigError) as caught:
        endpoint(base_url="http://", model=key, variables={})
    assert key[-8:] not in str(caught.value)
    assert ("--model: looks like a key" in str(caught.value)) == has_key_prefix(key)


def test_a_key_for_a_key_is_answered_with_where_it_belongs() -> None:
    """Who wrote name and value the wrong way round is told so, and of no similar name."""
    (found,) = refuses_one(f'{KEYS["mistral"]} = "PROD_KEY"')
    assert found == (
        "(a name of 32 characters): a key must not be in this file; put it in a variable, name that in api_key_env, and"
        " replace a key that others saw"
    )


def test_names_that_are_no_keys_are_shown() -> None:
    """A mistake is found by its path, and a header or an environment with a number in it is an honest name."""
    names = ["X-Amzn-Trace-Id", "Ocp-Apim-Subscription-Key", "cf-aig-authorization2", "x-ms-client-request-id"]
    text = "\n".join(f"[environments.{name}]\nbase_url = 'https://x.test'\nsamples = 0" for name in ENVIRONMENT_NAMES)
    headers = ", ".join(f'{name} = "\u00e9"' for name in names)
    found = refuses(f"baseline = 'eu-west-1'\n{text}\nheaders = {{ {headers} }}")
    for name in ENVIRONMENT_NAMES:
        assert f"environments.{name}.samples: must be at least 1" in found
    for name in names:
        assert any(f".headers.{name}: the value holds" in each for each in found)


ENVIRONMENT_NAMES = ["eu-west-1", "customer-8f3a9c2b1d", "prod-gpt4o-20241021", "7f3e9a1c-24b1-4f0e-9d7a-1b2c3d4e5f60"]

KNOWN_KEYS = sorted(
    {*File.model_fields, *EnvironmentTable.model_fields, *Compare.model_fields, *AcceptTable.model_fields}
)
SCALARS = (
    st.none().map(lambda _: PROVIDER_KEY)
    | st.sampled_from(["", "production", "https://x.test/v1", f"https://u:{PROVIDER_KEY}@x.test", "${SET}", "${UNSET}"])
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.dates()
    | st.datetimes()
    | st.times()
)
NAMES = st.sampled_from([*KNOWN_KEYS, "production", "staging", "api_key", PROVIDER_KEY]) | st.text(max_size=12)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
DOCUMENTS = st.fixed_dictionaries(
    {"environments": st.dictionaries(st.sampled_from(["production", "staging"]) | NAMES, VALUES, max_size=3)},
    optional=dict.fromkeys(("baseline", "defaults", "compare", "accept", "other"), VALUES),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=DOCUMENTS)
def test_any_document_is_loaded_or_refused(document: Mapping[str, object]) -> None:
    """Whatever TOML can say, the answer is a configuration or a list of problems, and no value is repeated."""
    problems: tuple[str, ...] = ()
    try:
        load(tomlkit.dumps(document), variables={"SET": PROVIDER_KEY}, folder=Path("nowhere"))
    except ConfigError as error:
        problems = error.problems or ("a refusal without a problem: \0",)
    assert all(PROVIDER_KEY not in problem and problem.isprintable() for problem in problems)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=80) | st.text(alphabet="[]{}=.,#'\"\\\n abc1${}", max_size=60))
def test_any_text_is_loaded_or_refused(text: str) -> None:
    """No text makes a fault of ours."""
    with pytest.raises(ConfigError):
        load(text, variables={}, folder=Path("nowhere"))
