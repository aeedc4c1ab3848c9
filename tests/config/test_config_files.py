from __future__ import annotations

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import tomli

from envcheck.config import STARTER, Overrides, describe, endpoint, file_schema, load, read, read_judging
from envcheck.config.expect_model import ExpectTable
from envcheck.config.file_model import AcceptTable, Compare, EnvironmentTable, File
from envcheck.errors import ConfigError
from envcheck.model import DEFAULT_TIMEOUT_S
from envcheck.policy import Accept, FailOn, Operator
from envcheck.probes import PROBES, probe_sets, rules
from envcheck.probes.base import Options
from gateways.certificates import write_authority

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

EXAMPLE = (Path(__file__).parents[2] / "environments.example.toml").read_text()
VALID = '[environments.prod]\nbase_url = "https://gateway.test/v1"\n'


def uncommented(text: str) -> str:
    """Give a file with the keys that it only suggests."""
    return re.sub(r"^#(?=[\[a-z])", "", text, flags=re.MULTILINE)


def as_json(value: object) -> object:
    """Give a document as JSON has it, which is what a schema judges."""
    if isinstance(value, dict):
        return {key: as_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [as_json(member) for member in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


@pytest.mark.parametrize("text", [STARTER, EXAMPLE], ids=["starter", "example"])
def test_the_files_we_give_out_need_no_variable(text: str) -> None:
    """They load as they are, on a machine where nothing is set."""
    config = load(text, variables={}, folder=Path("nowhere"))
    assert config.baseline == "production"
    assert [each.key_is_set for each in describe(config)] == [False, False]
    assert config.warnings == ()


@pytest.mark.parametrize("text", [STARTER, EXAMPLE], ids=["starter", "example"])
def test_the_keys_they_suggest_are_right(text: str, tmp_path: Path) -> None:
    """Every commented key can be uncommented."""
    write_authority(tmp_path).rename(tmp_path / "staging-ca.pem")
    config = load(uncommented(text), variables={"TEAM": "platform"}, folder=tmp_path)
    assert [environment.name for environment in config.environments] == ["production", "staging"]


def test_the_example_has_every_key() -> None:
    """A key that is not in it is a key nobody finds."""
    document = tomli.loads(uncommented(EXAMPLE))
    environments = document["environments"].values()
    assert set(File.model_fields) == document.keys()
    assert set(EnvironmentTable.model_fields) == {
        key for table in [*environments, document["defaults"]] for key in table
    }
    assert set(Compare.model_fields) == document["compare"].keys()
    assert set(AcceptTable.model_fields) == {key for table in document["accept"] for key in table}
    expected = {key for table in document["expect"] for key in table}
    assert set(ExpectTable.model_fields) - expected <= set(Operator)
    assert [each for each in Operator if not re.search(rf"\b{each.value}\b", EXAMPLE)] == []


@pytest.mark.parametrize("text", [STARTER, EXAMPLE, uncommented(EXAMPLE)], ids=["starter", "example", "all keys"])
def test_the_schema_takes_the_files_we_give_out(text: str) -> None:
    """An editor that knows the schema has nothing to say about them."""
    schema = file_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(as_json(tomli.loads(text)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "environments = {}",
        VALID + "modle = 1",
        VALID + "samples = 0",
        VALID + "samples = 'many'",
        VALID + "[environments.prod.probe.chat]\nmodel = 1",
        VALID + "[environments.prod.probe.models]\nmodel = 'm'",
        VALID + "probes = ['model']",
        "[environments.'.a']\nbase_url = 'x'",
        "[environments.a]",
        VALID + "[compare]\nseverity = { 'x.y' = 'err' }",
        VALID + "[[accept]]\nrule = 'models.added'\nenvironment = 'prod'",
        VALID + "[[accept]]\nrule = 'latency.slower'\nenvironment = 'prod'\nreason = 'r'\nat_most_ratio = 1",
    ],
)
def test_the_schema_refuses_what_load_refuses(text: str) -> None:
    """Structure, names and limits are in the schema, too."""
    assert not jsonschema.Draft202012Validator(file_schema()).is_valid(tomli.loads(text))
    with pytest.raises(ConfigError):
        load(text, variables={}, folder=Path("nowhere"))


def test_the_schema_is_what_is_published(snapshot: SnapshotAssertion) -> None:
    """A change of the file's format is seen in a review; a new probe or rule is none."""
    assert without_registries(file_schema()) == snapshot


def without_registries(schema: object) -> object:
    """Give the schema with a word in place of each list of what is registered."""
    if isinstance(schema, dict):
        of_probes = {each.options.__name__ for each in PROBES.values() if each.options not in {None, Options}}
        kept = {key: without_registries(value) for key, value in schema.items() if key not in of_probes}
        return kept | {"properties": "one for each probe"} if schema.get("title") == "ProbeTables" else kept
    if isinstance(schema, list):
        for registry, word in (([*PROBES, *probe_sets()], "probes and sets"), (list(rules()), "rules")):
            if schema == registry:
                return word
        return [without_registries(each) for each in schema]
    return schema


def test_the_schema_lists_what_is_registered() -> None:
    """Probes and sets of them, rules, and each probe's own table."""
    schema = file_schema()
    tables = schema["$defs"]
    assert isinstance(tables, dict)
    assert tables["Defaults"]["properties"]["probes"]["items"]["enum"] == [*PROBES, *probe_sets()]
    assert tables["Compare"]["properties"]["severity"]["propertyNames"]["enum"] == list(rules())
    assert tables["AcceptTable"]["properties"]["rule"]["enum"] == list(rules())
    assert set(tables["ProbeTables"]["properties"]) == {name for name, probe in PROBES.items() if probe.options}


def test_a_file_is_read_with_its_byte_order_mark(tmp_path: Path) -> None:
    """Some editors write one, and it means nothing."""
    path = tmp_path / "environments.toml"
    path.write_bytes(b"\xef\xbb\xbf" + VALID.replace("\n", "\r\n").encode())
    assert read(path, variables={}).environments[0].name == "prod"
    assert read(path, variables={}, overrides=Overrides(samples=2)).environments[0].samples == 2


def problem_of(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read(path, variables={})
    (problem,) = caught.value.problems
    return problem


def test_a_missing_file_is_answered_with_what_to_do(tmp_path: Path) -> None:
    """Who starts is told of the commands to start with."""
    problem = problem_of(tmp_path / "environments.toml")
    assert problem.startswith(str(tmp_path))
    assert "envcheck init" in problem
    assert "envcheck demo" in problem


def test_what_is_no_file_of_ours_is_named(tmp_path: Path) -> None:
    """A folder, another encoding, and a file of a size that no environments file has."""
    latin, large = tmp_path / "latin.toml", tmp_path / "large.toml"
    latin.write_bytes("# \u00e4".encode("latin-1"))
    large.write_bytes(b"#" * (1024 * 1024 + 1))
    assert "is a folder" in problem_of(tmp_path)
    assert "is not UTF-8 text" in problem_of(latin)
    assert "is larger than 1024 KiB" in problem_of(large)
    assert "cannot be read" in problem_of(tmp_path / ("x" * 5000))


def test_an_endpoint_is_checked_like_an_environment() -> None:
    """`envcheck probe` has no file, and the same rules."""
    environment = endpoint(
        base_url="https://gateway.test/v1/",
        api_key_env="KEY",
        model="gpt-4o-mini",
        probes=("chat",),
        timeout_s=3,
        prompt="Say pong",
        variables={"KEY": "k"},
    )
    assert (environment.base_url, environment.probes, environment.timeout_s) == (
        "https://gateway.test/v1",
        ("chat",),
        3.0,
    )
    assert environment.api_key is not None
    assert endpoint(base_url="http://gateway.test", variables={}).timeout_s == DEFAULT_TIMEOUT_S


def test_an_endpoints_mistakes_are_named_by_their_flags() -> None:
    """Who wrote flags reads flags."""
    with pytest.raises(ConfigError) as caught:
        endpoint(
            base_url="gateway.test",
            api_key_env="sk-proj-Zm9vYmFyYmF6cXV4Zm9v",
            model="",
            probes=("chats",),
            timeout_s=0,
            prompt="",
            variables={},
        )
    assert sorted(problem.split(": ")[0] for problem in caught.value.problems) == [
        "--api-key-env",
        "--base-url",
        "--model",
        "--probes[0]",
        "--prompt",
        "--timeout",
    ]
    assert "Zm9v" not in str(caught.value)


def test_a_policy_is_read_without_the_variables_of_the_probing(tmp_path: Path) -> None:
    """A comparison of saved evidence sends nothing, so only its own mistakes stop it; names are checked as ever."""
    path = tmp_path / "environments.toml"
    accept = '[[accept]]\nrule = "chat.usage"\nenvironment = "prod"\nreason = "known"\n'
    path.write_text('[environments.prod]\nbase_url = "${UNSET}"\n[compare]\nlatency_ratio = 3\n' + accept)
    path.write_text('baseline = "prod"\n' + path.read_text())
    judging = read_judging(path, overrides=Overrides(fail_on=FailOn.ERR))
    policy = judging.policy
    assert judging.baseline == "prod"
    assert (policy.latency_ratio, policy.fail_on) == (3.0, FailOn.ERR)
    assert policy.accept == (Accept("chat.usage", "prod", "known"),)
    assert policy.accept[0].position == 1
    path.write_text(path.read_text() + 'valuez = "o3"\n')
    with pytest.raises(ConfigError, match=r'did you mean "values?"'):
        read_judging(path)
