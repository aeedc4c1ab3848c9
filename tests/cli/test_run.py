from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from gateways.gateway import Listening
from gateways.good import MODELS, Delay, Manner, good_gateway
from gateways.server import serving, serving_all
from gateways.wire import Exchange, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cli_runs import Ran

KEY = "sk-proj-MadeUp0123456789abcdefghijkl"


def write_config(folder: Path, urls: Mapping[str, str], more: str = "", each: str = "") -> Path:
    """Write a file in which the first environment is the baseline."""
    tables = "\n".join(f'[environments.{name}]\nbase_url = "{url}"\n{each}' for name, url in urls.items())
    path = folder / "environments.toml"
    path.write_text(f'baseline = "{next(iter(urls))}"\n[defaults]\ntimeout_s = 20\nmodel = "gpt-4o"\n{tables}\n{more}')
    return path


def test_two_equal_gateways_are_the_same(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Equal environments give exit 0, a table that says so, and reports."""
    with serving_all([good_gateway(), good_gateway()]) as (one, two):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url})
        ran = envcheck("run")
    assert ran.code == 0
    assert "production" in ran.stdout
    assert "staging" in ran.stdout
    written = {path.name for path in (tmp_path / "reports").iterdir()}
    assert written == {f"{name}.{kind}" for name in ("production", "staging", "comparison") for kind in ("json", "md")}


def test_a_planted_difference_is_exit_3(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Two models gone, one new, another model answering, another finish reason, usage missing: found, nothing else."""
    staging = Manner(
        models=((MODELS[0], "gpt-5-preview"),),
        answered_model="gpt-4o-2024-08-06",
        finish_reasons=("length",),
        usage=None,
    )
    with serving_all([good_gateway(), good_gateway(staging)]) as (one, two):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url})
        ran = envcheck("run", "--json", "--no-reports")
    comparison = json.loads(ran.stdout)
    found = sorted((finding["rule"], finding["expected"], finding["actual"]) for finding in comparison["findings"])
    assert ran.code == 3
    assert [rule for rule, _, _ in found] == [
        "chat.finish_reason",
        "chat.model_answered",
        "chat.usage",
        "models.added",
        "models.removed",
        "models.removed",
    ]
    assert not (tmp_path / "reports").exists()


def test_everything_planted_is_found_and_nothing_else(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Seven planted differences, a slower chat among them, are the findings, each once."""
    production = Manner(chat_delay=Delay(0.01))
    staging = Manner(
        models=((MODELS[0], "gpt-5-preview"),),
        answered_model="gpt-4o-2024-08-06",
        finish_reasons=("length",),
        usage=None,
        chat_delay=Delay(0.05),
    )
    with serving_all([good_gateway(production), good_gateway(staging)]) as (one, two):
        write_config(
            tmp_path,
            {"production": one.base_url, "staging": two.base_url},
            "[compare]\nlatency_floor_ms = 10\n",
        )
        ran = envcheck("run", "--json", "--no-reports", "--samples", "9")
    assert ran.code == 3
    assert sorted(finding["rule"] for finding in json.loads(ran.stdout)["findings"]) == [
        "chat.finish_reason",
        "chat.model_answered",
        "chat.usage",
        "latency.slower",
        "models.added",
        "models.removed",
        "models.removed",
    ]


def test_noise_is_shown_and_is_no_finding(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A finish reason that alternates and a list that flaps prove nothing about staging."""
    staging = Manner(models=(MODELS, MODELS[:2]), finish_reasons=("stop", "length"))
    with serving_all([good_gateway(), good_gateway(staging)]) as (one, two):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url})
        ran = envcheck("run", "--json", "--no-reports", "--samples", "4")
    comparison = json.loads(ran.stdout)
    states = {row["field"]: row["cells"]["staging"]["state"] for row in comparison["rows"]}
    assert (ran.code, comparison["findings"]) == (0, [])
    assert (states["model_ids"], states["finish_reason"]) == ("noisy", "noisy")


def test_a_dead_candidate_is_exit_4_and_the_others_complete(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A refused connection is one column, and every other environment has its report."""
    dead = replace(good_gateway(), listening=Listening.NOTHING)
    with serving_all([good_gateway(), good_gateway(), dead]) as (one, two, three):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url, "new-region": three.base_url})
        ran = envcheck("run")
    assert ran.code == 4
    assert "network" in ran.stdout
    assert json.loads((tmp_path / "reports" / "staging.json").read_text())["summary"]["ok"] is True


def test_a_dead_baseline_is_exit_5(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Without a baseline nothing is proved, whatever the candidates say."""
    dead = replace(good_gateway(), listening=Listening.NOTHING)
    with serving_all([dead, good_gateway()]) as (one, two):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url})
        ran = envcheck("run")
        never = envcheck("run", "--fail-on", "never")
    assert (ran.code, never.code) == (5, 5)
    assert "inconclusive" in ran.stdout.lower()


@pytest.mark.parametrize(("options", "expected"), [((), 4), (("--fail-on", "never"), 5)])
def test_nothing_reached_is_never_exit_0(
    envcheck: Callable[..., Ran], tmp_path: Path, options: tuple[str, ...], expected: int
) -> None:
    """A single dead environment is a failure even where failures are silenced."""
    with serving(replace(good_gateway(), listening=Listening.NOTHING)) as server:
        write_config(tmp_path, {"production": server.base_url})
        ran = envcheck("run", *options)
    assert ran.code == expected


def test_every_mistake_is_named_at_once_and_nothing_is_sent(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Five different mistakes, five sentences, exit 2, and the gateway has seen nobody."""
    with serving(good_gateway()) as server:
        (tmp_path / "environments.toml").write_text(
            f"""baseline = "prodution"
[environments.production]
base_url = "{server.base_url}"
modle = "gpt-4o"
timeout_s = "20"
[environments.staging]
base_url = "https://user:{KEY}@gateway.example.com/v1"
api_key = "{KEY}"
"""
        )
        ran = envcheck("run")
        assert server.connections == 0
    assert ran.code == 2
    assert ran.stdout == ""
    for place in (
        "baseline",
        "environments.production.modle",
        "environments.production.timeout_s",
        "environments.staging.base_url",
        "environments.staging.api_key",
    ):
        assert place in ran.stderr
    assert '"model"' in ran.stderr or "`model`" in ran.stderr or "model" in ran.stderr
    assert KEY not in ran.stderr


def test_reports_and_stdout_follow_the_schemas_that_are_printed(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """What a script reads is what `envcheck schema` promises."""
    with serving_all([good_gateway(), good_gateway(Manner(usage=None))]) as (one, two):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url})
        printed = envcheck("run", "--json", "--samples", "2").stdout
    evidence_schema = json.loads(envcheck("schema", "evidence").stdout)
    comparison_schema = json.loads(envcheck("schema", "comparison").stdout)
    Draft202012Validator(comparison_schema).validate(json.loads(printed))
    Draft202012Validator(evidence_schema).validate(json.loads((tmp_path / "reports" / "staging.json").read_text()))
    assert json.loads(printed) == json.loads((tmp_path / "reports" / "comparison.json").read_text())


def test_a_key_that_a_gateway_echoes_is_nowhere(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """In the list of models, the error and a header: no file and neither stream has it."""

    async def echo(exchange: Exchange) -> None:
        message = f"Incorrect API key provided: {exchange.request.key}. Find yours in the console."
        await exchange.send(
            json_reply(
                401, {"error": {"message": message, "code": exchange.request.key}}, ("X-Key", exchange.request.key)
            )
        )

    echoing_list = good_gateway(
        Manner(models=((*MODELS, f"echo/{KEY}", KEY.lower(), KEY[:20]),), answered_model=f"m-{KEY}")
    )
    with serving_all([echoing_list, replace(good_gateway(), chat=echo)]) as (one, two):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url}, each='api_key_env = "SOME_KEY"\n')
        ran = envcheck("run", variables={"SOME_KEY": KEY})
    outputs = [ran.stdout, ran.stderr, *(path.read_text() for path in (tmp_path / "reports").iterdir())]
    assert len(outputs) == 8
    for text in outputs:
        assert KEY.casefold() not in text.casefold()
        assert KEY[:20] not in text
    assert "Incorrect API key provided" in ran.stdout


def test_a_report_that_cannot_be_written_is_exit_6_and_the_result_stands(
    envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """The table is printed all the same; the exit code says that a file is missing."""
    (tmp_path / "reports" / "production.md").mkdir(parents=True)
    with serving(good_gateway()) as server:
        write_config(tmp_path, {"production": server.base_url})
        ran = envcheck("run")
    assert ran.code == 6
    assert "production" in ran.stdout
    assert "reports/production.md: is a folder" in ran.stderr
    assert (tmp_path / "reports" / "production.json").is_file()


def test_named_environments_run_with_the_baseline(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Naming one candidate probes it and what it is held against, and nothing else."""
    with serving_all([good_gateway()] * 3) as (one, two, three):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url, "new-region": three.base_url})
        ran = envcheck("run", "staging", "--json", "--no-reports")
        assert three.connections == 0
    assert json.loads(ran.stdout)["environments"] == ["production", "staging"]


def test_skip_chat_sends_models_alone(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Where completions cost money a run can do without them."""
    with serving(good_gateway()) as server:
        write_config(tmp_path, {"production": server.base_url})
        assert envcheck("run", "--skip-chat").code == 0
        assert [request.method for request in server.requests] == ["GET"]


def test_the_plan_is_said_before_a_run_unless_it_is_to_be_quiet(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """stderr says how many requests are sent, and says nothing at all with --quiet."""
    with serving(good_gateway()) as server:
        write_config(tmp_path, {"production": server.base_url})
        assert "sending 2 requests to 1 environment" in envcheck("run", "--no-reports").stderr
        assert envcheck("run", "--no-reports", "--quiet").stderr == ""


def test_progress_shows_on_a_terminal_alone(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A display is for a person; a log gets lines."""
    with serving(good_gateway(Manner(models_delay=Delay(0.1)))) as server:
        write_config(tmp_path, {"production": server.base_url})
        assert envcheck("run", "--no-reports", "--samples", "2", terminal=True).code == 0


@pytest.mark.parametrize(
    ("variables", "terminal", "coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
    ],
)
def test_colour_follows_the_terminal_and_the_two_variables(
    envcheck: Callable[..., Ran], variables: Mapping[str, str], *, terminal: bool, coloured: bool
) -> None:
    """See no-color.org and force-color.org: a pipe has no colour unless it is forced."""
    ran = envcheck("run", "--sample", "--no-reports", variables=variables, terminal=terminal)
    assert ("\x1b[" in ran.stdout) is coloured


def test_tonight_is_tagged_against_last_night(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A difference is new once; from then on --fail-on-new keeps silent."""
    with serving_all([good_gateway(), good_gateway(Manner(usage=None))]) as (one, two):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url})
        first = envcheck("run", "--against", "reports", "--fail-on-new")
        second = envcheck("run", "--against", "reports", "--fail-on-new")
        third = envcheck("run", "--against", "reports")
    assert (first.code, second.code, third.code) == (3, 0, 3)
    assert "no earlier comparison" in first.stderr
    assert "(2 runs)]" in second.stdout


def test_what_is_undecided_counts_where_that_is_asked_for(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Five samples among so many environments cannot say that one is slower, though it is; that is not the same."""
    slow = good_gateway(Manner(chat_delay=Delay(0.08)))
    with serving_all([good_gateway()] * 8 + [slow]) as servers:
        write_config(
            tmp_path,
            {f"e{number}": server.base_url for number, server in enumerate(servers)},
            "[compare]\nlatency_floor_ms = 40\n",
        )
        options = ("run", "--no-reports", "--samples", "5", "--json")
        ran, counted = envcheck(*options), envcheck(*options, "--fail-on-undecided")
    assert (ran.code, counted.code) == (0, 3)
    assert json.loads(ran.stdout)["summary"]["undecided"] >= 1
    findings = json.loads(counted.stdout)["findings"]
    assert ("latency.undecided", "e8", "chat.latency", True) in {
        (finding["rule"], finding["environment"], finding["field"], finding["counted"]) for finding in findings
    }


def test_auto_takes_the_samples_that_it_takes_to_tell(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """On the command line and in the file; the plan says how many that is."""
    with serving_all([good_gateway()] * 2) as (one, two):
        write_config(tmp_path, {"production": one.base_url, "staging": two.base_url}, each='samples = "auto"\n')
        of_file = envcheck("run", "--no-reports")
        of_flag = envcheck("run", "--no-reports", "--samples", "auto", "--probes", "models")
    assert "sending 28 requests to 2 environments, 6 samples of each probe among them" in of_file.stderr
    assert "sending 14 requests to 2 environments, 6 samples of each probe among them" in of_flag.stderr


def test_fail_on_new_needs_something_to_be_new_against(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Without --against every finding would be new, or none."""
    with serving(good_gateway()) as server:
        write_config(tmp_path, {"production": server.base_url})
        ran = envcheck("run", "--fail-on-new")
        assert server.connections == 0
    assert ran.code == 2
    assert "--against" in ran.stderr


def test_staging_that_points_at_production_is_said(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A shared base URL and a shared key are findings, and nothing of the key is in them."""
    with serving(good_gateway()) as server:
        write_config(
            tmp_path, {"production": server.base_url, "staging": server.base_url}, each='api_key_env = "SOME_KEY"\n'
        )
        ran = envcheck("run", "--json", "--no-reports", variables={"SOME_KEY": KEY})
    rules = [finding["rule"] for finding in json.loads(ran.stdout)["findings"]]
    assert rules == ["target.same_endpoint", "target.same_key"]
    assert ran.code == 3


def test_variables_come_from_a_file_too_and_never_override(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """cron has few variables: the file adds those it lacks."""
    (tmp_path / "keys.env").write_text(f"SOME_KEY={KEY}$x\nOTHER=a\nEMPTY_ONE\n")
    with serving(good_gateway()) as server:
        write_config(tmp_path, {"production": server.base_url}, each='api_key_env = "SOME_KEY"\n')
        envcheck("run", "--env-file", "keys.env", "--no-reports")
        envcheck("run", "--env-file", "keys.env", "--no-reports", variables={"SOME_KEY": "set-already-in-the-shell"})
        keys = [request.key for request in server.requests if request.method == "GET"]
    assert keys == [f"{KEY}$x", "set-already-in-the-shell"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# keys\nSOME_KEY: x1y2z3\n", "line 2 is not NAME=value"),
        ('SOME_KEY="never closed\n', "line 1 is not NAME=value"),
        ("", "sets no variable; did the command that should write it fail?"),
        ("SOME_KEY\n", "sets no variable"),
    ],
)
def test_an_env_file_that_sets_nothing_is_exit_2(
    envcheck: Callable[..., Ran], tmp_path: Path, text: str, sentence: str
) -> None:
    """Otherwise the key is said to be missing, to somebody who has just named the file that holds it."""
    (tmp_path / "keys.env").write_text(text)
    write_config(tmp_path, {"production": "http://127.0.0.1:9/v1"}, each='api_key_env = "SOME_KEY"\n')
    ran = envcheck("run", "--env-file", "keys.env")
    assert (ran.code, ran.stdout) == (2, "")
    assert f"--env-file keys.env: {sentence}" in ran.stderr
    assert "x1y2z3" not in ran.stderr


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_an_env_file_that_cannot_be_read_is_exit_2(
    envcheck: Callable[..., Ran], tmp_path: Path, content: bytes | None
) -> None:
    """A missing or binary file is named, before anything is sent."""
    if content is not None:
        (tmp_path / "keys.env").write_bytes(content)
    with serving(good_gateway()) as server:
        write_config(tmp_path, {"production": server.base_url})
        ran = envcheck("run", "--env-file", "keys.env")
    assert ran.code == 2
    assert "--env-file keys.env" in ran.stderr


def test_sample_needs_no_file_and_no_network(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Made-up evidence goes through the same comparison and table, and lies where it is put alone."""
    ran = envcheck("run", "--sample")
    assert ran.code == 4
    assert list(tmp_path.iterdir()) == []
    assert envcheck("run", "--sample", "-o", "made-up").code == 4
    for name in ("comparison", "staging"):
        assert json.loads((tmp_path / "made-up" / f"{name}.json").read_text())["made_up"] is True


@pytest.mark.parametrize(
    ("options", "code", "environments"),
    [
        (("--fail-on", "never"), 0, ["production", "staging", "new-region"]),
        (("staging",), 3, ["production", "staging"]),
        (("staging", "--baseline", "new-region"), 5, ["new-region", "staging"]),
        (("new-region", "--skip-chat"), 0, ["production", "new-region"]),
        (("--fail-on-new", "--against", "nowhere"), 4, ["production", "staging", "new-region"]),
    ],
)
def test_sample_is_judged_and_shown_as_a_run_would_be(
    envcheck: Callable[..., Ran], options: tuple[str, ...], code: int, environments: list[str]
) -> None:
    """The evidence is made up; what the other options say holds."""
    ran = envcheck("run", "--sample", "--json", "--no-reports", *options)
    assert ran.code == code
    assert json.loads(ran.stdout)["environments"] == environments


@pytest.mark.parametrize("options", [("nope",), ("--baseline", "nope"), ("--fail-on-new",)])
def test_sample_refuses_what_a_run_would_refuse(envcheck: Callable[..., Ran], options: tuple[str, ...]) -> None:
    """A name that is not there is a mistake here too."""
    ran = envcheck("run", "--sample", *options)
    assert (ran.code, ran.stdout) == (2, "")


def test_what_was_probably_not_meant_is_said_before_a_run(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A key that begins with `Bearer` is sent with it twice: that is said, and the key is not."""
    with serving(good_gateway()) as server:
        write_config(tmp_path, {"production": server.base_url}, each='api_key_env = "SOME_KEY"\n')
        ran = envcheck("run", "--no-reports", variables={"SOME_KEY": f"Bearer {KEY}"})
        probed = envcheck(
            "probe", "--base-url", server.base_url, "--api-key-env", "SOME_KEY", variables={"SOME_KEY": f"'{KEY}'"}
        )
    assert "warning: environments.production.api_key_env" in ran.stderr
    assert "warning: --api-key-env" in probed.stderr
    assert KEY not in ran.stderr + probed.stderr


def test_a_night_on_which_staging_was_down_makes_nothing_new(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """What was known of staging the night before its outage is still known the night after."""
    options = ("run", "--against", "reports", "--fail-on-new")
    staging = good_gateway(Manner(usage=None))
    with serving_all([good_gateway(), staging, replace(staging, listening=Listening.NOTHING)]) as (one, two, down):
        codes = []
        for url in (two.base_url, down.base_url, two.base_url):
            write_config(tmp_path, {"production": one.base_url, "staging": url})
            codes.append(envcheck(*options).code)
    assert codes == [3, 4, 0]


def test_a_missing_file_says_what_to_do(envcheck: Callable[..., Ran]) -> None:
    """The newcomer's first mistake has an answer."""
    ran = envcheck("run")
    assert ran.code == 2
    assert "environments.toml" in ran.stderr
    assert "envcheck init" in ran.stderr
