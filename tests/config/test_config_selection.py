from __future__ import annotations

from dataclasses import replace

import pytest
from config_texts import NOTHING_SAID, loads, loads_one, refuses, refuses_one

from envcheck import probes
from envcheck.config import Overrides, describe, endpoint
from envcheck.errors import ConfigError
from envcheck.judge.duration import samples_to_tell
from envcheck.model import Route
from envcheck.policy import FailOn
from envcheck.probes import PROBES, planned_requests
from envcheck.probes.chat import CHAT
from envcheck.probes.models import MODELS

THREE = """
{baseline}
[environments.dev]
base_url = "https://dev.test"
api_key_env = "DEV_KEY"
[environments.production]
base_url = "https://production.test"
api_key_env = "PROD_KEY"
[environments.staging]
base_url = "${{STAGING_URL}}"
timeout_s = 5
samples = 9
probes = ["chat"]
model = "m-1"
[[accept]]
rule = "models.removed"
environment = "staging"
reason = "r"
[[accept]]
rule = "models.removed"
environment = "dev"
reason = "r"
"""
WITH_BASELINE = THREE.format(baseline='baseline = "production"')
WITHOUT_BASELINE = THREE.format(baseline="")
MANY = 7
STAGING = {"STAGING_URL": "https://staging.test"}


@pytest.mark.parametrize(
    ("overrides", "names", "baseline"),
    [
        (Overrides(), ["production", "dev", "staging"], "production"),
        (Overrides(baseline="staging"), ["staging", "dev", "production"], "staging"),
        (Overrides(environments=("staging",)), ["production", "staging"], "production"),
        (Overrides(environments=("staging", "production")), ["production", "staging"], "production"),
        (Overrides(environments=("staging", "dev", "dev")), ["production", "dev", "staging"], "production"),
        (Overrides(environments=("production",)), ["production"], None),
        (Overrides(environments=("dev",), baseline="staging"), ["staging", "dev"], "staging"),
    ],
)
def test_the_baseline_comes_first_and_always_takes_part(
    overrides: Overrides, names: list[str], baseline: str | None
) -> None:
    """What is named is compared with the baseline, in the file's order; the baseline alone is only shown."""
    config = loads(WITH_BASELINE, STAGING, overrides)
    assert [environment.name for environment in config.environments] == names
    assert config.baseline == baseline


def test_one_environment_needs_no_baseline() -> None:
    """A single environment is shown and not compared, be it of the file or of the command line."""
    config = loads(WITHOUT_BASELINE, overrides=Overrides(environments=("dev",)))
    assert [environment.name for environment in config.environments] == ["dev"]
    assert config.baseline is None
    alone = loads('baseline = "a"\n[environments.a]\nbase_url = "http://a.test"')
    assert alone.baseline is None


def test_several_environments_need_a_baseline() -> None:
    """Without one nothing can be compared, and the sentence says how to name it."""
    (found,) = refuses(WITHOUT_BASELINE, STAGING)
    assert found == (
        "baseline: is missing; with more than one environment, say which the others are held against, here or with"
        " --baseline (one of: dev, production, staging)"
    )


def test_an_unknown_baseline_of_the_file_is_a_mistake_whatever_the_command_line_says() -> None:
    """The file is checked whole."""
    text = THREE.format(baseline='baseline = "prod"')
    assert refuses(text, STAGING, Overrides(baseline="dev")) == [
        'baseline: is not an environment of this file; did you mean "production"?'
    ]


def test_wrong_flags_are_named_beside_the_files_mistakes() -> None:
    """Flags and file are judged in one go."""
    overrides = Overrides(
        environments=("stagin", "s3cr3t/value"), baseline="prodction", samples=0, timeout_s=float("nan")
    )
    assert refuses(WITH_BASELINE + "[compare]\nlatency_ratio = 0", STAGING, overrides) == [
        'stagin is not an environment of this file; did you mean "staging"?',
        "(a name of 12 characters) is not an environment of this file; known here: dev, production, staging",
        "compare.latency_ratio: must be at least 1",
        '--baseline: is not an environment of this file; did you mean "production"?',
        "--samples: must be at least 1",
        "--timeout: must be a finite number",
    ]


def test_variables_are_needed_only_by_those_that_take_part() -> None:
    """A job that probes one environment need not hold the secrets of the others."""
    config = loads(WITH_BASELINE, {}, Overrides(environments=("dev",)))
    assert [environment.name for environment in config.environments] == ["production", "dev"]
    assert len(refuses(WITH_BASELINE, {})) == 1


def test_other_mistakes_count_wherever_they_are() -> None:
    """A mistake in an environment that takes no part is still one of the file."""
    text = WITH_BASELINE + '[environments.late]\nbase_url = "ftp://late.test"'
    (found,) = refuses(text, STAGING, Overrides(environments=("dev",)))
    assert found.startswith("environments.late.base_url")


def test_accepts_of_those_that_take_no_part_are_left_out() -> None:
    """They would be reported as unused, which they are not."""
    policy = loads(WITH_BASELINE, STAGING, Overrides(environments=("dev",))).policy
    assert [accept.environment for accept in policy.accept] == ["dev"]


def test_the_command_line_goes_before_the_file() -> None:
    """Samples, timeout, probes and threshold can be said for one run."""
    overrides = Overrides(samples=3, timeout_s=1, skip_chat=True, fail_on=FailOn.ERR, only_new_count=True)
    config = loads(WITH_BASELINE, STAGING, overrides)
    assert {(each.samples, each.timeout_s, each.probes) for each in config.environments} == {(3, 1.0, ("models",))}
    assert (config.policy.fail_on, config.policy.only_new_count) == (FailOn.ERR, True)


def test_what_a_run_will_send_is_described() -> None:
    """Without a key nothing is sent; with samples, one opening exchange comes before them."""
    config = loads(WITH_BASELINE, {**STAGING, "PROD_KEY": "k"})
    described = describe(config)
    assert [(each.name, each.is_baseline, each.key_is_set, each.requests) for each in described] == [
        ("production", True, True, 2),
        ("dev", False, False, 0),
        ("staging", False, False, 10),
    ]
    assert [(each.key_is_missing, each.requests_with_key) for each in described] == [(False, 2), (True, 2), (False, 10)]
    assert described[2].api_key_env is None
    assert described[2].base_url == "https://staging.test"


def test_two_samples_are_taken_beside_the_opening_exchange() -> None:
    """The opening one finds the facts and is in no median."""
    assert planned_requests(loads_one("samples = 2")) == 6


def test_the_place_of_an_accept_is_that_in_the_file() -> None:
    """Also in a run of some environments, for `accept --prune` goes by it."""
    policy = loads(WITH_BASELINE, STAGING, Overrides(environments=("dev",))).policy
    whole = loads(WITH_BASELINE, STAGING).policy
    place = next(each.position for each in whole.accept if each.environment == "dev")
    assert [each.position for each in whole.accept] == list(range(1, len(whole.accept) + 1))
    assert [each.position for each in policy.accept] == [place]


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        (("chat",), ("chat",)),
        (("chat", "models"), ("models", "chat")),
        (("basic",), ("models", "chat")),
        (("standard", "chat", "standard"), ("models", "chat", "stream", "tools", "structured")),
        (("errors", "chat"), ("chat", "wrong_key", "unknown_model", "bad_request")),
        ((), ("models",)),
    ],
)
def test_probes_are_named_alone_or_by_a_set(named: tuple[str, ...], asked: tuple[str, ...]) -> None:
    """In place of the file's, each once, in the order in which they run."""
    text = 'probes = ["models"]\nmodel = "m"'
    assert loads_one(text, overrides=Overrides(probes=named)).probes == asked
    if named and len(set(named)) == len(named):
        quoted = ", ".join(f'"{name}"' for name in named)
        assert loads_one(f'probes = [{quoted}]\nmodel = "m"').probes == asked


def test_probes_that_cannot_be_asked_are_named_at_once() -> None:
    """The nearest is said, and what has nothing to act on."""
    overrides = Overrides(probes=("chats", "chats", "basics"), skip_chat=True)
    assert refuses('[environments.a]\nbase_url = "https://a.test"', overrides=overrides) == [
        "--skip-chat: has nothing to act on beside --probes; leave it out",
        '--probes: chats is not a probe; did you mean "chat"?',
        '--probes: basics is not a probe; did you mean "basic"?',
    ]


@pytest.mark.parametrize(
    "keys",
    [
        'model = "m"',
        'probe.chat.model = "m"',
        "probe.chat.params = { seed = 1 }\nprobe.chat.model = 'm'",
    ],
)
def test_a_probe_that_asks_for_a_model_needs_one(keys: str) -> None:
    """Where the list of models is left out nothing else names one, whoever left it out."""
    sentence = "is needed where the models probe is left out, for nothing else names a model to ask"
    of_file = '[environments.a]\nbase_url = "https://a.test"\nprobes = ["chat"]\n'
    of_flag = of_file.replace('["chat"]', '["models"]')
    assert (
        refuses(of_file)
        == refuses(of_flag, overrides=Overrides(probes=("chat",)))
        == [f"environments.a.model: {sentence}"]
    )
    assert loads(of_file + keys).environments[0].probes == ("chat",)
    assert loads(of_flag + keys, overrides=Overrides(probes=("chat",))).environments[0].probes == ("chat",)
    defaults = f"[defaults]\n{keys}\n"
    assert loads(defaults + of_file).environments[0].probes == ("chat",)
    with pytest.raises(ConfigError, match=f"^--model: {sentence}$"):
        endpoint(base_url="https://a.test", probes=("chat",), variables={})


def test_auto_takes_as_many_samples_as_the_environments_need() -> None:
    """Alike for all that want it, and those that say a number keep it; the command line goes before both."""
    auto = 'baseline = "e0"\n[defaults]\nsamples = "auto"\n'

    def samples(count: int, overrides: Overrides = NOTHING_SAID) -> list[int]:
        tables = "".join(f'[environments.e{n}]\nbase_url = "https://e{n}.test"\n' for n in range(count))
        return [each.samples for each in loads(auto + tables + "samples = 3\n", overrides=overrides).environments]

    assert samples(2) == [6, 3]
    assert samples(MANY)[:-1] == [samples_to_tell(2 * (MANY - 1)) + 1] * (MANY - 1)
    assert samples_to_tell(2 * (MANY - 1)) > samples_to_tell(MANY - 1)
    assert samples(2, Overrides(samples="auto")) == [6, 6]
    assert samples(2, Overrides(samples=9)) == [9, 9]
    assert loads_one('samples = "auto"').samples == 6


def test_what_a_probe_is_told_is_merged_key_by_key() -> None:
    """Defaults lie below, and what is said for every completion lies below what is said for one probe."""
    text = """
[defaults]
chat_params = { a = 1, b = 1, c = 1, d = 1 }
probe.chat = { model = "of-defaults", params = { b = 2, c = 2, d = 2 } }
[environments.prod]
base_url = "https://a.test"
chat_params = { c = 3 }
probe.chat.params = { d = 4 }
"""
    (environment,) = loads(text).environments
    assert environment.options["chat"].model == "of-defaults"
    assert environment.options["chat"].params == {"a": 1, "b": 2, "c": 2, "d": 4}
    (without,) = loads(text.replace("probe.chat.params = { d = 4 }", "")).environments
    assert without.options["chat"].params == {"a": 1, "b": 2, "c": 2, "d": 2}
    own = loads_one('chat_params = { a = 1 }\nprobe.chat.model = "own"').options["chat"]
    assert (own.model, own.params) == ("own", {"a": 1})
    assert dict(loads_one("").options) == {}
    chat_shaped = {name for name, probe in PROBES.items() if probe.is_chat_shaped}
    assert set(loads_one("chat_params = { a = 1 }").options) == chat_shaped
    assert {"models", "embeddings", "responses"}.isdisjoint(chat_shaped)


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two more probes: one that needs no model, and one of a set of its own that does and is told things."""
    asks_nothing = replace(MODELS, name="version", sets=frozenset())
    embeds = replace(
        CHAT, name="rerank", route=Route("POST", "/rerank"), sets=frozenset({"vectors"}), on_by_default=False
    )
    for probe in (asks_nothing, embeds):
        monkeypatch.setitem(probes._REGISTERED, probe.name, probe)


@pytest.mark.usefixtures("others")
def test_who_needs_a_model_is_the_probes_to_say() -> None:
    """One that asks for none needs none, and a set is what is in it."""
    assert loads_one('probes = ["version"]').probes == ("version",)
    sentence = "model: is needed where the models probe is left out, for nothing else names a model to ask"
    assert refuses_one('probes = ["vectors"]') == [sentence]
    assert sentence in refuses_one('probes = ["vectors"]\ntimeout_s = 0')  # with all else that is wrong
    assert loads_one('probes = ["vectors"]\nmodel = "m"').probes == ("rerank",)


@pytest.mark.usefixtures("others")
def test_parameters_of_completions_are_merged_into_those_alone() -> None:
    """An embedding has no `max_tokens`, and would be refused for it."""
    chat_shaped = {name for name, probe in PROBES.items() if probe.is_chat_shaped}
    assert set(loads_one("chat_params = { max_tokens = 16 }").options) == chat_shaped
