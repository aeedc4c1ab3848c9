from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import pytest
from evidences import chat, evidence, models, timed

from cli_runs import run_envcheck
from envcheck.evidence import Evidence
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cli_runs import Ran
    from envcheck.evidence import Check

QUICK: Final = timed(*(100.0 + each for each in range(6)))
FAR: Final = timed(*(900.0 + each for each in range(6)))


def folder(path: Path, vantage: str | None, run: int = 1, **environments: Sequence[Check]) -> Path:
    """Write the records of a run that looked from somewhere."""
    path.mkdir()
    for name, checks in environments.items():
        made = evidence(name, *checks, samples=6).model_copy(update={"vantage": vantage, "run_id": f"{run:016x}"})
        (path / f"{name}.json").write_text(made.model_dump_json())
    return path


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """Two vantages: staging lacks a model where it is looked at from the second, which is far away from everything."""
    near = folder(
        tmp_path / "near",
        "eu-west",
        production=[models("a", "b"), chat(latency=QUICK)],
        staging=[models("a", "b"), chat(latency=QUICK)],
    )
    far = folder(
        tmp_path / "far",
        "us-east",
        run=2,
        production=[models("a", "b"), chat(latency=FAR)],
        staging=[models("a"), chat(latency=FAR)],
    )
    return [near, far]


def test_a_difference_that_one_vantage_sees_is_found_there(two: list[Path]) -> None:
    """Each environment is held against the baseline of its vantage and against itself elsewhere, and told once."""
    ran = run_envcheck("compare", *two, "--baseline", "production", "--json")
    comparison = json.loads(ran.stdout)
    assert ran.code == 3
    assert comparison["environments"] == [
        "production@eu-west",
        "staging@eu-west",
        "production@us-east",
        "staging@us-east",
    ]
    assert (comparison["baseline"], comparison["vantages"]) == ("production", ["eu-west", "us-east"])
    assert [
        (each["rule"], each["environment"], each["baseline"], each["expected"]) for each in comparison["findings"]
    ] == [("models.removed", "staging@us-east", "production@us-east", "b")]
    of_staging = next(each for each in comparison["elsewhere"] if each["environment"] == "staging")
    states = {
        f"{row['probe']}.{row['field']}": {vantage: cell["state"] for vantage, cell in row["cells"].items()}
        for row in of_staging["rows"]
    }
    assert states["models.model_ids"] == {"eu-west": "same", "us-east": "removed"}
    assert states["chat.finish_reason"] == {"eu-west": "same", "us-east": "same"}
    assert states["chat.latency"]["us-east"] == "incomparable"
    latency = next(row for row in comparison["rows"] if row["field"] == "latency" and row["probe"] == "chat")
    assert {cell["state"] for cell in latency["cells"].values()} == {"same"}


def test_the_columns_and_the_section_are_shown(two: list[Path], tmp_path: Path) -> None:
    """In the terminal, in Markdown and on the page a reader sees what differs between vantages, and what is far."""
    ran = run_envcheck("compare", *two, "-f", "markdown", "-f", "html", "-f", "checklist", "-o", tmp_path / "out")
    assert "staging@us-east" in ran.stdout
    section = ran.stdout.partition("Between vantages")[2]
    assert "no fact differs between eu-west, us-east" in section
    assert "models.model_ids: eu-west 2 models; us-east 1 model (-1): -b" in section
    assert "chat.latency: eu-west 102 ms" in section
    assert "staging@us-east differs from production at the same vantage" in " ".join(ran.stdout.split())
    assert "comparing reports of 2026-03-04 05:06 UTC from eu-west, us-east" in ran.stderr
    markdown = (tmp_path / "out/comparison.md").read_text()
    assert "## Between vantages" in markdown
    assert "`production@us-east` (baseline)" in markdown
    page = (tmp_path / "out/comparison.html").read_text()
    assert '<h2 id="vantages">Between vantages</h2>' in page
    assert 'production@us-east <span class="base">baseline</span>' in page
    checklist = (tmp_path / "out/checklist.md").read_text()
    assert "staging@us-east" in checklist


def test_what_all_environments_do_at_one_vantage_is_found(tmp_path: Path) -> None:
    """No comparison with a baseline can say that both answer otherwise there; each is found against itself."""
    folders = [
        folder(tmp_path / "a", "eu", production=[models("a", "b")], staging=[models("a", "b")]),
        folder(tmp_path / "b", "us", run=2, production=[models("a")], staging=[models("a")]),
    ]
    ran = run_envcheck("compare", *folders, "--json")
    found = json.loads(ran.stdout)["findings"]
    assert ran.code == 3
    assert [(each["environment"], each["baseline"], each["counted"]) for each in found] == [
        ("production@us", "production@eu", True),
        ("staging@us", "staging@eu", True),
    ]
    shown = run_envcheck("compare", *folders)
    assert "not the same from another vantage: production@us, staging@us" in " ".join(shown.stdout.split())
    assert "(against production@eu)" in shown.stdout


def test_what_the_file_says_of_an_environment_holds_at_every_vantage(two: list[Path], tmp_path: Path) -> None:
    """Accepted differences and expectations name environments, and an entry that is used at one vantage is used."""
    (tmp_path / "rules.toml").write_text(
        """baseline = "production"
[environments.production]
base_url = "https://production.example.com/v1"
[environments.staging]
base_url = "https://staging.example.com/v1"
[[accept]]
rule = "models.removed"
environment = "staging"
reason = "b comes there last"
[[accept]]
rule = "chat.usage"
environment = "staging"
reason = "never true"
[[expect]]
field = "models.model_ids"
contains = ["b"]
environments = ["staging"]
"""
    )
    ran = run_envcheck("compare", *two, "-c", tmp_path / "rules.toml", "--json")
    comparison = json.loads(ran.stdout)
    assert [(each["rule"], each["environment"], each["state"]) for each in comparison["findings"]] == [
        ("models.removed", "staging@us-east", "accepted"),
        ("expect.unmet", "staging@us-east", "open"),
    ]
    assert [(each["environment"], each["answer"]) for each in comparison["expectations"]] == [
        ("staging@eu-west", "met"),
        ("staging@us-east", "unmet"),
    ]
    assert [(each["environment"], each["position"], each["problem"]) for each in comparison["accept_notices"]] == [
        ("staging", 2, "unused")
    ]


def test_three_vantages_are_compared_and_one_may_lack_an_environment(tmp_path: Path) -> None:
    """What is there is compared; an environment whose baseline was not probed there is not called the same."""
    all_of_them = {"production": [models("a")], "staging": [models("a")]}
    folders = [folder(tmp_path / name, name, run=run, **all_of_them) for run, name in enumerate(("eu", "us"), 1)]
    folders.append(folder(tmp_path / "asia", "asia", run=3, staging=[models("a")]))
    ran = run_envcheck("compare", *folders, "--json")
    comparison = json.loads(ran.stdout)
    assert comparison["summary"]["by_environment"]["staging@asia"]["verdict"] == "not_compared"
    assert comparison["summary"]["by_environment"]["staging@us"]["verdict"] == "same"
    assert [len(each["rows"][0]["cells"]) for each in comparison["elsewhere"]] == [2, 3]


def test_an_earlier_comparison_of_vantages_says_what_is_new(two: list[Path], tmp_path: Path) -> None:
    """The same difference at the same vantage is unchanged."""
    run_envcheck("compare", *two, "-o", tmp_path / "last")
    again = run_envcheck("compare", *two, "--against", tmp_path / "last", "--fail-on-new", "--json")
    assert again.code == 0
    assert [each["state"] for each in json.loads(again.stdout)["findings"]] == ["unchanged"]


def test_files_of_several_vantages_are_held_together_too(two: list[Path]) -> None:
    """One environment's records from two places are no earlier and later run of it."""
    ran = run_envcheck("compare", *(each / "staging.json" for each in two), "--json")
    comparison = json.loads(ran.stdout)
    assert comparison["environments"] == ["staging@eu-west", "staging@us-east"]
    assert [(each["environment"], each["baseline"]) for each in comparison["findings"]] == [
        ("staging@us-east", "staging@eu-west")
    ]


def test_two_runs_of_one_vantage_are_an_earlier_and_a_later_one(tmp_path: Path) -> None:
    """Two folders mean what they always meant unless they are of two places."""
    first = folder(tmp_path / "first", "eu", production=[models("a")])
    second = folder(tmp_path / "second", "eu", run=2, production=[models("a")])
    unsaid = folder(tmp_path / "unsaid", None, run=3, production=[models("a")])
    for pair in ([first, second], [unsaid, second], [unsaid, unsaid]):
        ran = run_envcheck("compare", *pair, "--json")
        assert json.loads(ran.stdout)["held_against"] == "itself_earlier"


def test_folders_that_cannot_be_held_together_are_each_named(two: list[Path], tmp_path: Path) -> None:
    """One of no vantage, one of the same as another, and one that somebody mixed."""
    unsaid = folder(tmp_path / "unsaid", None, production=[models("a")])
    again = folder(tmp_path / "again", "eu-west", production=[models("a")])
    mixed = folder(tmp_path / "mixed", "asia", production=[models("a")])
    other = evidence("staging", models("a")).model_copy(update={"vantage": "africa"})
    (mixed / "staging.json").write_text(other.model_dump_json())
    ran = run_envcheck("compare", *two, unsaid, again, mixed)
    assert ran.code == 2
    for sentence in (
        f"{unsaid}: is not of one vantage",
        f"{again}: is of eu-west, as {two[0]} is",
        f"{mixed}: is not of one vantage",
    ):
        assert sentence in ran.stderr
    files = run_envcheck("compare", two[0] / "staging.json", two[1] / "staging.json", unsaid / "production.json")
    assert files.code == 2
    assert "production: a record of it does not say its vantage" in files.stderr
    twice = run_envcheck("compare", two[0] / "production.json", again / "production.json", two[1] / "staging.json")
    assert twice.code == 2
    assert "production: two records of it are of eu-west" in twice.stderr


def test_a_run_says_where_it_looks_from(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """By option or by variable, in the records, the comparison and the reports; two such runs are held together."""
    lacking = Manner(models=(MODELS[:1],))
    with serving_all([good_gateway(), good_gateway(), good_gateway(lacking)]) as (one, near, far):
        for vantage, staging in (("eu-west", near), ("us-east", far)):
            (tmp_path / "environments.toml").write_text(
                f"""baseline = "production"
[environments.production]
base_url = "{one.base_url}"
[environments.staging]
base_url = "{staging.base_url}"
"""
            )
            envcheck("run", "--skip-chat", "--vantage", vantage, "-o", vantage, "-q")
        probed = envcheck("probe", "--base-url", one.base_url, "--skip-chat", "--vantage", "lab", "--json")
    record = Evidence.model_validate_json((tmp_path / "eu-west/staging.json").read_text())
    assert record.vantage == "eu-west"
    assert json.loads(probed.stdout)["vantage"] == "lab"
    assert json.loads((tmp_path / "us-east/comparison.json").read_text())["vantages"] == ["us-east"]
    for report in ("comparison.md", "staging.md"):
        assert re.search(r", from `?us-east", (tmp_path / "us-east" / report).read_text())
    ran = envcheck("compare", "eu-west", "us-east", "--json")
    assert ran.code == 3
    assert {each["environment"] for each in json.loads(ran.stdout)["findings"]} == {"staging@us-east"}


@pytest.mark.parametrize("name", [".hidden", "eu west", "eu@west", "", "x" * 65, "é"])
def test_a_vantage_is_named_as_an_environment_is(envcheck: Callable[..., Ran], name: str) -> None:
    """Else it could not stand in a column's name; nothing is sent."""
    ran = envcheck("run", "--vantage", name)
    assert ran.code == 2
    assert "is not 1 to 64 of A-Z a-z 0-9 . _ -" in ran.stderr


def test_a_key_in_the_place_of_a_vantage_is_refused(envcheck: Callable[..., Ran]) -> None:
    """It would stand in every report, and is not repeated."""
    key = "sk-proj-MadeUp0123456789abcdefghijkl"
    ran = envcheck("run", "--vantage", key)
    assert ran.code == 2
    assert "looks like a key, and would stand in every report" in ran.stderr
    assert key not in ran.stderr


def test_the_vantage_may_come_from_a_variable(envcheck: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """So that one job's manifest says where it is, and every command in it knows."""
    monkeypatch.setenv("ENVCHECK_VANTAGE", "eu west")
    ran = envcheck("probe", "--base-url", "http://127.0.0.1:9/v1")
    assert ran.code == 2
    assert "is not 1 to 64 of A-Z a-z 0-9 . _ -" in ran.stderr


def test_what_cannot_be_told_between_vantages_is_not_called_the_same(tmp_path: Path) -> None:
    """A name that is redacted in both files may be one or two; the section says so, and no finding more."""
    folders = [
        folder(tmp_path / name, name, run=run, production=[models("[redacted]")], staging=[models("[redacted]")])
        for run, name in enumerate(("eu", "us"), 1)
    ]
    ran = run_envcheck("compare", *folders)
    section = " ".join(ran.stdout.partition("Between vantages")[2].split())
    assert re.search(r"models.model_ids: eu 1 model; us 1 model \([^)]*undecided: redacted names look alike", section)
    assert "no fact differs" not in section
    found = json.loads(run_envcheck("compare", *folders, "--json").stdout)["findings"]
    assert [each["environment"] for each in found] == ["staging@eu", "staging@us"]


def test_a_vantage_without_its_baseline_is_not_called_the_same(tmp_path: Path) -> None:
    """Nothing there was held against anything, whoever left the baseline out."""
    alike = [models("a"), chat()]
    near = folder(tmp_path / "near", "eu-west", production=alike, staging=alike)
    alone = folder(tmp_path / "alone", "asia", run=2, staging=alike)
    ran = run_envcheck("compare", near, alone, "--baseline", "production")
    assert ran.code == 5
    assert "asia: there is no record of production, so nothing there is held against it" in ran.stderr
    assert "Verdict: inconclusive" in ran.stdout


@pytest.mark.parametrize("name", ["production", "staging"])
def test_a_record_that_is_gone_from_a_vantages_folder_is_told(
    envcheck: Callable[..., Ran], tmp_path: Path, name: str
) -> None:
    """The comparison beside it says that it was there."""
    with serving_all([good_gateway(), good_gateway()]) as servers:
        (tmp_path / "environments.toml").write_text(
            'baseline = "production"\n'
            + "".join(
                f'[environments.{each}]\nbase_url = "{server.base_url}"\n'
                for each, server in zip(("production", "staging"), servers, strict=True)
            )
        )
        for vantage in ("eu-west", "us-east"):
            envcheck("run", "--skip-chat", "--vantage", vantage, "-o", vantage)
    assert envcheck("compare", "eu-west", "us-east").code == 0
    (tmp_path / "us-east" / f"{name}.json").unlink()
    ran = envcheck("compare", "eu-west", "us-east")
    assert ran.code == 5
    assert f"us-east/{name}.json: is missing, and the comparison beside it speaks of it (left out)" in ran.stderr


def test_runs_that_had_different_baselines_are_compared_only_by_the_one_named(
    envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """Or the first name in the alphabet would be the baseline of all."""
    with serving_all([good_gateway()] * 2) as servers:
        for vantage, baseline in (("eu-west", "production"), ("us-east", "staging")):
            (tmp_path / "environments.toml").write_text(
                f'baseline = "{baseline}"\n'
                + "".join(
                    f'[environments.{each}]\nbase_url = "{server.base_url}"\n'
                    for each, server in zip(("production", "staging"), servers, strict=True)
                )
            )
            envcheck("run", "--skip-chat", "--vantage", vantage, "-o", vantage)
    (tmp_path / "environments.toml").unlink()
    ran = envcheck("compare", "eu-west", "us-east")
    assert ran.code == 2
    assert "the runs had different baselines (production, staging); say --baseline NAME" in ran.stderr
    assert envcheck("compare", "eu-west", "us-east", "--baseline", "staging").code == 0


def test_one_environment_alone_is_held_against_itself_elsewhere(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Where nobody had a baseline, what one place sees and the other does not is found all the same."""
    with serving_all([good_gateway(), good_gateway(Manner(models=(MODELS[:1],)))]) as servers:
        for place, server in zip(("eu-west", "us-east"), servers, strict=True):
            (tmp_path / "environments.toml").write_text(
                f'[environments.staging]\nbase_url = "{server.base_url}"\nprobes = ["models"]\n'
            )
            assert envcheck("run", "--vantage", place, "-o", place).code == 0
    (tmp_path / "environments.toml").unlink()
    ran = envcheck("compare", "eu-west", "us-east")
    assert ran.code == 3
    assert "staging@us-east" in ran.stdout
