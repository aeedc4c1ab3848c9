from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tomlkit
from config_texts import refuses, refuses_one
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envcheck.config import load
from envcheck.config.file_model import AcceptTable, Compare, EnvironmentTable, File
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
