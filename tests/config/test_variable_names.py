from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from config_texts import loads_one, refuses_one
from key_shapes import ANY, BASE64URL, HEX, KEYS, LOWER, UPPER

from envcheck.config import endpoint
from envcheck.config.variable_names import VARIABLE_NAME, is_no_name
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_runs import Ran

NAMES = Path(__file__).with_name("variable_names.txt").read_text().split()
NO_SERVER = "http://127.0.0.1:9/v1"


def spellings(key: str) -> list[str]:
    """Give the key as it is and in one case, as a hurried hand or a tool makes it."""
    return list(dict.fromkeys((key, key.lower(), key.upper())))


def repeats(said: str, key: str) -> bool:
    """Tell whether the key, or the end of it, was said, in whatever case."""
    return key[-8:].casefold() in said.casefold()


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_in_the_place_of_a_name_is_refused_in_the_file(
    envcheck: Callable[..., Ran], tmp_path: Path, key: str
) -> None:
    """`check-config` and `run` name every place where it stands, also where a variable is called that."""
    for spelled in spellings(key):
        (tmp_path / "environments.toml").write_text(
            f"""baseline = "a"
[defaults]
headers = {{ X-Team = "${{{spelled}}}" }}
[environments.a]
base_url = "https://gateway.test/${{{spelled}}}"
api_key_env = "{spelled}"
[environments.b]
base_url = "https://gateway.test"
proxy = "http://${{{spelled}}}@127.0.0.1:9"
query = {{ version = "${{{spelled}}}" }}
"""
        )
        for command, variables in (("check-config", {}), ("run", {spelled: "https://set.test"})):
            ran = envcheck(command, variables=variables)
            assert (ran.code, ran.stdout) == (2, "")
            for place in ("defaults.headers.X-Team", "a.base_url", "a.api_key_env", "b.proxy", "b.query.version"):
                assert f"{place}: " in ran.stderr
            assert not repeats(ran.stderr, key)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_as_a_flag_is_refused_before_anything_is_sent(envcheck: Callable[..., Ran], key: str) -> None:
    """`--api-key-env` holds a name, and what is pasted there stands in no report."""
    for spelled in spellings(key):
        ran = envcheck("probe", "--base-url", NO_SERVER, "--api-key-env", spelled, "--json", variables={spelled: "set"})
        assert (ran.code, ran.stdout) == (2, "")
        assert "--api-key-env: must be the NAME of a variable" in ran.stderr
        assert not repeats(ran.stderr, key)


@pytest.mark.parametrize("alphabet", [HEX, LOWER, UPPER, ANY, BASE64URL.replace("-", "")], ids=str)
@pytest.mark.parametrize(("length", "at_most"), [(20, 8), (24, 4), (32, 0)])
def test_random_text_is_hardly_ever_taken_for_a_name(alphabet: str, length: int, at_most: int) -> None:
    """Of 500 keys of no known shape, a few of the shortest read like a word."""
    chance = random.Random(length)
    made = ("k" + "".join(chance.choices(alphabet, k=length - 1)) for _ in range(500))
    assert sum(not is_no_name(each) for each in made) <= at_most


def test_a_providers_prefix_is_enough() -> None:
    """Behind it random letters may happen to read like a word."""
    assert is_no_name("fw_" + "banatoromelina")
    assert not is_no_name("fireworks_banatoromelina")


def test_what_variables_are_called_is_a_name() -> None:
    """Providers, gateways, regions, machines, versions and ports are in honest names."""
    assert len(NAMES) == len(set(NAMES)) > 150
    assert all(VARIABLE_NAME.fullmatch(name) for name in NAMES)
    assert [name for name in NAMES if is_no_name(name)] == []


@pytest.mark.parametrize("name", ["PROD_API_KEY", "AZURE_OPENAI_KEY_EUWEST1", "K8S_SVC_TOKEN_V2", "LLMGATEWAYKEY"])
def test_an_honest_name_is_read_wherever_a_name_may_stand(name: str) -> None:
    """The key, a header and a query's parameter get what the variable holds."""
    keys = f"api_key_env = '{name}'\nheaders = {{ X-Team = '${{{name}}}' }}\nquery = {{ v = '${{{name}}}' }}"
    environment = loads_one(keys, {name: "held"})
    assert environment.api_key is not None
    held = (environment.api_key, environment.headers["X-Team"], environment.query["v"])
    assert {each.get_secret_value() for each in held} == {"held"}


def test_the_remedy_is_said() -> None:
    """Who pasted a key is told where it belongs, and that others may have seen it."""
    key = KEYS["mistral"]
    remedy = "looks like a key; put the key in a variable, name that here, and replace a key that others saw"
    keys = f"api_key_env = '{key}'\nheaders = {{ X-Team = '${{{key}}}' }}"
    assert refuses_one(keys) == [
        f"api_key_env: must be the NAME of a variable, and this {remedy}",
        f"headers.X-Team: `${{…}}` must hold the NAME of a variable, and this {remedy}",
    ]
    with pytest.raises(ConfigError, match="--api-key-env: must be the NAME of a variable"):
        endpoint(base_url=NO_SERVER, api_key_env=key, variables={key: "set"})
