"""A plug-in's probe in the main job: it is one of ours where it works, and one column where it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import pytest

from envcheck import probes
from envcheck.plugins import guard
from envcheck.run import visit
from gateways.good import good_gateway
from gateways.server import serving_all
from gateways.wire import Exchange, json_reply
from plugins.packages import PROBE, install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runs import Ran

KEY = "sk-live-4Tq9ZxW2mK7vB1nR8yLpA3dF"
BROKEN = PROBE + f"def broken(*given):\n    raise KeyError('{KEY}')\n"


async def one(exchange: Exchange) -> None:
    await exchange.send(json_reply(200, {"answer": 1, "name": exchange.request.key}))


async def two(exchange: Exchange) -> None:
    await exchange.send(json_reply(200, {"answer": 2, "name": exchange.request.key}))


@pytest.fixture(scope="module")
def tables() -> Iterator[str]:
    """Two gateways of which the second answers otherwise, as a file's environments."""
    with serving_all([replace(good_gateway(), other=other) for other in (one, two)]) as servers:
        yield "".join(
            f'[environments.{name}]\nbase_url = "{server.base_url}"\napi_key_env = "KEY"\n'
            for name, server in zip(("production", "staging"), servers, strict=True)
        )


@pytest.fixture
def run(tables: str, tmp_path: Path, envcheck: Callable[..., Ran]) -> Callable[..., Ran]:
    """Write a file that names the plug-in, and run it."""

    def ran(*arguments: str, more: str = "", asked: str = '"models", "toy"') -> Ran:
        head = f'plugins = ["toy-plugin"]\nbaseline = "production"\n[defaults]\ntimeout_s = 5\nprobes = [{asked}]\n'
        (tmp_path / "environments.toml").write_text(head + tables + more)
        return envcheck("run", *arguments, variables={"KEY": KEY})

    return ran


def checks(folder: Path, name: str) -> dict[str, dict[str, object]]:
    record = json.loads((folder / "reports" / f"{name}.json").read_text())
    return {check["probe"]: check for check in record["checks"]}


def test_a_plug_ins_probe_is_asked_judged_and_written_as_ours_are(
    toy: Callable[..., None], run: Callable[..., Ran], tmp_path: Path
) -> None:
    """By its own rule, with its own table in the file, and for whoever names it alone."""
    toy()
    told = '[defaults.probe.toy]\nshade = "green"\n[compare]\nseverity = { "toy.answer" = "err" }\n'
    ran = run(more=told)
    assert (ran.code, "1 → 2" in ran.stdout) == (3, True), ran
    assert checks(tmp_path, "staging")["toy"]["facts"] == {"answer": 2, "name": None}
    assert run("--no-reports", "--json", asked='"models"').code == 0


def test_what_a_file_says_to_a_plug_in_is_checked_too(toy: Callable[..., None], run: Callable[..., Ran]) -> None:
    """A misspelt key, a wrong type, a rule that it has not."""
    toy()
    accept = '[[accept]]\nrule = "toy.anser"\nenvironment = "staging"\nreason = "r"\n'
    ran = run(more=f'[defaults.probe.toy]\nshad = "green"\n{accept}')
    assert ran.code == 2
    assert 'defaults.probe.toy.shad: unknown key; did you mean "shade"?' in ran.stderr
    assert 'did you mean "toy.answer"?' in ran.stderr


BREAKS = {
    "at import": ("raise KeyError('x')\n", "cannot be imported"),
    "by leaving at import": ("import sys\nsys.exit(3)\n", "cannot be imported"),
    "with no probe": ("TOY = 7\n", "is of no use here: toy is no Probe"),
    "with no such name": ("", "cannot be imported"),
    "at ask": (BROKEN + "TOY = Probe(**told | dict(ask=broken))", "broke while it asked"),
    "by leaving at ask": (
        PROBE + "import sys\nasync def left(asking): sys.exit(3)\nTOY = Probe(**told | dict(ask=left))",
        "tried to end the process while it asked",
    ),
    "with no exchange": (
        PROBE + "async def nothing(asking): return {}\nTOY = Probe(**told | dict(ask=nothing))",
        "asked, and gave back what is no exchange",
    ),
    "at read": (BROKEN + "TOY = Probe(**told | dict(read=broken))", "broke while it read a reply"),
    "with others' facts": (
        PROBE + "TOY = Probe(**told | dict(read=lambda e, r: Reply(Facts())))",
        "read facts that are not its own",
    ),
    "with raw text": (
        PROBE + "class Raw(Facts):\n    answer: int\n    said: str\nTOY = Probe(**told | dict(facts=Raw))",
        "has facts that may hold raw text (said)",
    ),
    "with a rule of ours": (
        PROBE + "R = Rule('models.removed', Severity.ERR, 'm', 'e')\n"
        "TOY = Probe(**told | dict(fields=(Scalar('answer', R),)))",
        "has a rule whose name is not toy.SOMETHING",
    ),
    "with a field of its own": (
        PROBE + "class Own(Scalar): pass\nTOY = Probe(**told | dict(fields=(Own('answer', ANSWER),)))",
        "has a field that judges by itself",
    ),
    "with a field that is no fact": (
        PROBE + "TOY = Probe(**told | dict(fields=(Scalar('anser', ANSWER),)))",
        "has a probe whose fields do not fit its facts",
    ),
    "by default": (PROBE + "TOY = Probe(**told | dict(on_by_default=True))", "which is not for plug-ins"),
}


@pytest.mark.parametrize(("module", "said"), BREAKS.values(), ids=BREAKS.keys())
def test_a_broken_plug_in_is_a_sentence_and_a_column(
    module: str, said: str, toy: Callable[..., None], run: Callable[..., Ran], tmp_path: Path
) -> None:
    """Whatever it raised stays inside, and the other probe of the same environment stands."""
    toy(module)
    more = "[defaults.probe.toy]\nanything = 1\n" if "import" in said or "no use" in said else ""
    ran = run(more=more)
    assert ran.code == 4, ran.stderr
    assert ran.stderr.count("the plug-in toy-plugin ") == 1
    assert said in ran.stderr
    assert KEY not in ran.stderr + ran.stdout
    for name in ("production", "staging"):
        found = checks(tmp_path, name)
        assert (found["models"]["outcome"], found["toy"]["failure_class"]) == ("pass", "plugin")
        assert str(found["toy"]["failure_detail"]).startswith("the plug-in toy-plugin ")


def test_one_that_awaits_for_ever_is_a_column(
    toy: Callable[..., None], run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a deadline of its own beside those of its requests, and the probe before it stands."""
    monkeypatch.setattr(visit, "PROBE_GRACE_S", -4.8)
    toy(PROBE + "async def hang(asking): await anyio.sleep_forever()\nTOY = Probe(**told | dict(ask=hang))")
    ran = run()
    assert (ran.code, "the plug-in toy-plugin took too long to ask" in ran.stderr) == (4, True)
    assert checks(tmp_path, "staging")["models"]["outcome"] == "pass"


def test_a_reader_that_never_comes_back_is_given_no_second_reply(
    toy: Callable[..., None], run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would leave a thread behind; the event loop is never held up."""
    monkeypatch.setattr(guard, "READ_S", 0.2)
    toy(PROBE + "def hang(e, r): time.sleep(30)\nTOY = Probe(**told | dict(read=hang))")
    ran = run()
    assert (ran.code, "hung while it read a reply" in ran.stderr) == (4, True), ran.stderr
    assert {checks(tmp_path, name)["toy"]["failure_class"] for name in ("production", "staging")} == {"plugin"}


def test_what_a_plug_in_passes_off_as_redacted_is_redacted_all_the_same(
    toy: Callable[..., None], run: Callable[..., Ran], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In facts and in the words of a rejection; what it prints goes nowhere."""
    toy(
        PROBE + "def read(e, r):\n    name = parsed(e)['name']\n    print(name, flush=True)\n"
        "    if parsed(e)['answer'] == 2:\n"
        "        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, f'it said {name}', preview=name)\n"
        "    return Reply(ToyFacts(answer=1, name=Redacted(f'is {name}')))\n"
        "TOY = Probe(**told | dict(read=read))"
    )
    ran = run("--json")
    assert ran.code == 4
    json.loads(ran.stdout)
    assert "[redacted]" in str(checks(tmp_path, "production")["toy"]["facts"])
    failed = checks(tmp_path, "staging")["toy"]
    assert (failed["failure_class"], "[redacted]" in str(failed["failure_detail"])) == ("response_shape", True)
    for name in ("production", "staging"):  # it was redacted where it came in, and not withheld at the last moment
        record = json.loads((tmp_path / "reports" / f"{name}.json").read_text())
        assert record["safety"]["server_text"] == "shown"
    written = "".join(path.read_text() for path in (tmp_path / "reports").iterdir())
    assert KEY not in written + ran.stdout + ran.stderr
    assert tuple(capsys.readouterr()) == ("", "")


def test_what_it_prints_from_threads_and_at_the_end_of_the_process_goes_nowhere(tables: str, tmp_path: Path) -> None:
    """In a process of its own, whose streams are envcheck's until it ends."""
    module = PROBE + (
        "import atexit, os, sys, threading\n"
        "def say(where):\n    print(where, os.environ['KEY'])\n    print(where, os.environ['KEY'], file=sys.stderr)\n"
        "say('import')\natexit.register(say, 'exit')\n"
        "def late():\n    threading.main_thread().join()\n    say('thread')\n    raise KeyError(os.environ['KEY'])\n"
        "threading.Thread(target=late).start()\nTOY = Probe(**told)\n"
    )
    install(tmp_path, "toy-plugin", module, probes={"toy": "TOY"})
    head = 'plugins = ["toy-plugin"]\nbaseline = "production"\n[defaults]\nprobes = ["models", "toy"]\n'
    (tmp_path / "environments.toml").write_text(head + tables)
    ran = subprocess.run(
        [sys.executable, "-m", "envcheck", "run", "--json", "--no-reports"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, KEY in ran.stdout + ran.stderr) == (3, False), ran
    json.loads(ran.stdout)


def test_a_field_that_cannot_judge_its_fact_is_undecided(toy: Callable[..., None], run: Callable[..., Ran]) -> None:
    """A set of what is no set would break the comparison of every probe."""
    toy(PROBE + "TOY = Probe(**told | dict(fields=(Members('answer', ANSWER, ANSWER), Scalar('name', ANSWER))))")
    ran = run("--no-reports", "--json")
    rows = {(row["probe"], row["field"]): row for row in json.loads(ran.stdout)["rows"]}
    assert ran.code == 0, ran.stderr
    assert {cell["state"] for cell in rows["toy", "answer"]["cells"].values()} == {"undecided"}
    assert rows["toy", "name"]["cells"]["staging"]["state"] == "same"


def test_saved_facts_of_a_plug_in_that_is_not_loaded_are_shown_and_not_judged(
    toy: Callable[..., None], run: Callable[..., Ran], envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """Nothing is called the same, and one line says why and what to do."""
    toy(PROBE + "TOY = Probe(**told | dict(name='toy'))")
    assert run().code == 3
    judged = envcheck("compare", "reports", "--json")
    assert "toy.answer" in {each["rule"] for each in json.loads(judged.stdout)["findings"]}
    del probes._REGISTERED["toy"]  # as in another process, which was never told of it
    (tmp_path / "environments.toml").unlink()
    ran = envcheck("compare", "reports", "--json")
    comparison = json.loads(ran.stdout)
    assert comparison["findings"] == []
    assert ("no_probe", "toy") in [(each["note"]["why"], each["note"]["word"]) for each in comparison["notices"]]
    rows = {(row["probe"], row["field"]): row["cells"] for row in comparison["rows"]}
    assert [(cell["value"], cell["state"]) for cell in rows["toy", "answer"].values()] == [
        (1, "incomparable"),
        (2, "incomparable"),
    ]
    shown = envcheck("compare", "reports").stdout
    assert "toy is a probe that is not known here, so its facts are shown and not judged" in " ".join(shown.split())


def test_a_stand_in_takes_whatever_is_said_of_the_probe(toy: Callable[..., None], run: Callable[..., Ran]) -> None:
    """Nobody can tell which rules and facts a package has that cannot be imported."""
    toy("raise OSError")
    expect = '[[expect]]\nfield = "toy.answer"\nat_most = 3\n'
    accept = '[[accept]]\nrule = "toy.answer"\nenvironment = "staging"\nfield = "toy.answer"\nreason = "r"\n'
    ran = run("--no-reports", "--json", more=f'[compare]\nseverity = {{ "toy.answer" = "err" }}\n{expect}{accept}')
    assert ran.code == 4, ran.stderr
    assert {each["answer"] for each in json.loads(ran.stdout)["expectations"]} == {"unknown"}


def test_another_file_of_the_same_process_has_to_name_the_plug_in_too(
    toy: Callable[..., None], run: Callable[..., Ran], tmp_path: Path, envcheck: Callable[..., Ran]
) -> None:
    """What one file names is loaded for both, and used by the one that names it."""
    toy()
    assert run("--no-reports").code == 3
    path = tmp_path / "environments.toml"
    path.write_text(path.read_text().replace('plugins = ["toy-plugin"]\n', ""))
    ran = envcheck("check-config", path)
    assert (ran.code, "name that in `plugins`" in ran.stderr) == (2, True)


def test_the_schema_of_a_file_knows_what_its_plug_ins_bring(
    toy: Callable[..., None], run: Callable[..., Ran], envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """An editor that goes by it completes the probe, its rule and its own table, and takes the file."""
    toy()
    assert run("--no-reports", more='[defaults.probe.toy]\nshade = "green"\n').code == 3
    schema = json.loads(envcheck("schema", "config", "-c", "environments.toml").stdout)
    document = tomllib.loads((tmp_path / "environments.toml").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    document["defaults"]["probe"]["toy"]["shad"] = "green"
    assert not jsonschema.Draft202012Validator(schema).is_valid(document)
    assert '"toy.answer"' in json.dumps(schema)
    evidence = envcheck("schema", "evidence", "-c", "environments.toml").stdout
    assert '"ToyFacts"' in evidence


def test_a_file_that_is_not_there_brings_no_format(envcheck: Callable[..., Ran]) -> None:
    """The name of the format is what is wrong, as far as anybody can tell."""
    ran = envcheck("run", "-f", "toyform")
    assert (ran.code, "-f toyform: is not a format" in ran.stderr) == (2, True)
