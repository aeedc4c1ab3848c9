from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from config_texts import loads, refuses
from key_shapes import KEYS

from envcheck.config import Overrides, endpoint
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran

SENTENCE = "holds a key or a part of one; reports show this text, so take it out"
SECRET = "correct-horse-7battery"
REASON = "[[accept]] in line 10, reason"
VALUE = "[[accept]] in line 10, value"
TEXT = """baseline = "a"
[defaults]
model = "of DEFAULT"
[environments.a]
base_url = "https://a.test"
{keys}
[environments.b]
base_url = "https://b.test"
model = "of B"
[[accept]]
rule = "models.removed"
environment = "b"
reason = "of REASON"
value = "of VALUE"
"""
IN_A = {
    "api key": 'api_key_env = "A"',
    "bearer": "headers = { Authorization = 'Bearer ${A}' }",
    "cookie": "headers = { Cookie = 'session=${A}; theme=dark' }",
    "header": "headers = { X-Api-Key = '${A}' }",
    "query": "query = { sig = '${A}' }",
    "password": "proxy = 'http://envcheck:${A}@127.0.0.1:9'",
    "password, percent-encoded": "proxy = 'http://envcheck:correct%2Dhorse%2D7battery@127.0.0.1:9'",
    "token in the user's place": "proxy = 'http://${A}@127.0.0.1:9'",
}


def with_key(place: str, secret: str, keys: str = IN_A["api key"]) -> str:
    return TEXT.format(keys=keys).replace(place, f"{place}, {secret.upper()}.")


@pytest.mark.parametrize("keys", IN_A.values(), ids=IN_A)
def test_every_key_of_the_run_is_looked_for(keys: str) -> None:
    """Wherever a run gets a key from, the text of another environment must not tell it, in whatever case."""
    assert refuses(with_key("REASON", SECRET, keys), {"A": SECRET}) == [f"{REASON}: {SENTENCE}"]


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("REASON", REASON),
        ("VALUE", VALUE),
        ("of B", "environments.b.model"),
        ("DEFAULT", "defaults.model"),
    ],
)
def test_every_text_that_reports_show_is_searched(place: str, path: str) -> None:
    """The path says where, and nothing says what."""
    assert refuses(with_key(place, SECRET), {"A": SECRET}) == [f"{path}: {SENTENCE}"]


@pytest.mark.parametrize("model", ["m", SECRET])
def test_a_name_is_searched_and_not_repeated(model: str) -> None:
    """Where an environment's own name is a key, only its place in the file can be told, also for what is below it."""
    text = TEXT.format(keys=IN_A["api key"]).replace("[environments.b]", f'[environments."b-{SECRET}"]')
    text = text.replace('"b"', f'"b-{SECRET}"').replace("of B", model)
    assert refuses(text, {"A": SECRET}) == [f"environments: the name of table 2 {SENTENCE}"]


def test_the_name_of_a_variable_is_searched() -> None:
    """A variable may be called what another one holds."""
    text = TEXT.format(keys='api_key_env = "A"').replace("of B", 'm"\napi_key_env = "GATEWAY_OF_CONTOSO')
    assert refuses(text, {"A": "gateway_of_contoso"}) == [f"environments.b.api_key_env: {SENTENCE}"]


@pytest.mark.parametrize(
    "value",
    [
        "production",
        "ollama",
        "EMPTY",
        "sk-no-key-required",
        "internal-api-key",
        "qwen2.5-local",
        "k3y-7x",
    ],
)
@pytest.mark.parametrize("keys", [IN_A["api key"], IN_A["bearer"], IN_A["password"]])
def test_a_key_of_ordinary_words_locks_nobody_out(keys: str, value: str) -> None:
    """It is in honest names and reasons, and cannot be told from them."""
    text = with_key("REASON", value, keys).replace("environments.b", 'environments."production"')
    assert len(loads(text.replace('"b"', '"production"'), {"A": value}).environments) == 2


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("headers = { X-Team = '${A}' }", "contoso-platform-team"),
        ("headers = { Cookie = 'since=${A}' }", "2024-10-21"),
        ("query = { api-version = '${A}' }", "2024-10-21-preview"),
        ("query = { region = '${A}' }", "swedencentral-of-contoso"),
        ("prompt = 'which models did contoso remove'", "which models did contoso remove"),
        ("proxy = 'http://contoso:pw@127.0.0.1:9'", "contoso"),
        ("chat_params = { user = 'contoso-envcheck' }", "contoso-envcheck"),
    ],
)
def test_what_is_no_key_may_stand_in_the_users_own_text(keys: str, value: str) -> None:
    """Header values, prompts and the names of teams are theirs to write about."""
    assert len(loads(with_key("REASON", value, keys), {"A": value}).environments) == 2


def test_an_opaque_value_is_a_key_whatever_its_header_is_called() -> None:
    """`X-Tenant` says nothing, and what it holds does."""
    secret = KEYS["home-made"]
    for keys in ("headers = { X-Tenant = 'tenant ${A}' }", "query = { tenant = '${A}' }"):
        assert refuses(with_key("REASON", secret, keys), {"A": secret}) == [f"{REASON}: {SENTENCE}"]


def test_keys_of_those_that_take_no_part_are_not_needed() -> None:
    """Nothing of theirs is opened."""
    text = with_key("of B", SECRET).replace('baseline = "a"', 'baseline = "b"')
    assert (
        loads(text, {"A": SECRET}, Overrides(environments=("b",))).environments[0].model == f"of B, {SECRET.upper()}."
    )


KEY = "sk-proj-Xq7ZmP2rTv9LbK4wNd8HsYc3"
SPELLINGS = {
    "with separators": lambda key: "-".join(key[at : at + 4] for at in range(0, len(key), 4)),
    "in another case": str.swapcase,
    "in base64": lambda key: b64encode(key.encode()).decode(),
    "in hex": lambda key: key.encode().hex(),
    "percent-encoded": lambda key: "".join(f"%{ord(character):02X}" for character in key),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_what_the_finished_report_would_be_refused_for_is_told_before(spell: Callable[[str], str]) -> None:
    """A run that ends with exit 1 when all has been sent, every night, is a mistake of the file, found too late."""
    spelled = spell(KEY)
    for place, path in (
        ("REASON", REASON),
        ("VALUE", VALUE),
        ("of B", "environments.b.model"),
    ):
        found = refuses(with_key("nowhere", "").replace(place, spelled), {"A": KEY})
        # Some of it looks like a key to whoever knows none, too.
        assert [each.partition(":")[0] for each in found] == [path]
        assert spelled not in found[0]


def test_every_place_is_told_at_once_in_the_order_of_the_file() -> None:
    """As for any other mistake."""
    text = TEXT.format(keys=IN_A["api key"])
    for place in ("REASON", "VALUE", "of B", "DEFAULT"):
        text = text.replace(place, SECRET)
    found = refuses(text, {"A": SECRET})
    assert [each.partition(":")[0] for each in found] == [
        "defaults.model",
        "environments.b.model",
        REASON,
        VALUE,
    ]


@pytest.mark.parametrize("command", ["check-config", "run"])
def test_nothing_is_sent_and_nothing_is_repeated(envcheck: Callable[..., Ran], tmp_path: Path, command: str) -> None:
    """A run that tripped its own wire every night is stopped before it begins, with the place to mend."""
    (tmp_path / "environments.toml").write_text(with_key("REASON", SECRET))
    ran = envcheck(command, variables={"A": SECRET})
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"envcheck: {REASON}: {SENTENCE}\n"


def test_flags_are_searched_too() -> None:
    """`probe` shows the model that it was asked for, and the name of the variable."""
    variables = {"A": SECRET, "GATEWAY_OF_CONTOSO": "gateway_of_contoso"}
    assert endpoint(base_url="https://a.test", model="m", api_key_env="A", variables=variables).api_key is not None
    with pytest.raises(ConfigError) as caught:
        endpoint(base_url="https://a.test", model=f"of {SECRET}", api_key_env="A", variables=variables)
    assert str(caught.value) == f"--model: {SENTENCE}"
    with pytest.raises(ConfigError) as caught:
        endpoint(base_url="https://a.test", api_key_env="GATEWAY_OF_CONTOSO", variables=variables)
    assert str(caught.value) == f"--api-key-env: {SENTENCE}"
