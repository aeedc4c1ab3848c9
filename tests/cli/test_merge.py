from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from evidences import evidence, failed
from shards import Fleet, fleet_of, judged

from cli_runs import run_envcheck
from envcheck.comparison import shard_of
from envcheck.policy import Rollout
from envcheck.render.checklist.items import with_checklist
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran
    from envcheck.compare.shards import Part

A_DAY_S: Final = 24 * 3600.0
CANDIDATES: Final = {
    "staging": Manner(),
    "canary": Manner(models=((MODELS[0], "gpt-5-preview"),)),
    "eu-west": Manner(answered_model="gpt-4o-2024-08-06"),
    "us-east": Manner(usage=None),
    "lab": Manner(),
}


def saved(part: Part, folder: Path) -> Path:
    """Write what a shard leaves behind into a folder."""
    folder.mkdir()
    for name, record in part.evidences.items():
        own = record.model_copy(update={"run_id": f"{part.shard.number:016x}"})
        (folder / f"{name}.json").write_text(own.model_dump_json())
    comparison = part.comparison.model_copy(update={"run_id": f"{part.shard.number:016x}"})
    (folder / "comparison.json").write_text(comparison.model_dump_json())
    return folder


@pytest.fixture
def fleet() -> Fleet:
    """Twelve environments and their baseline, of which one is not like the others."""
    return Fleet(fleet_of(13))


def test_three_shards_of_real_gateways_come_to_what_one_run_does(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """What is found, accepted, expected and counted is the same, and the exit code too."""
    with serving_all([good_gateway(), *map(good_gateway, CANDIDATES.values())]) as servers:
        tables = "\n".join(
            f'[environments.{name}]\nbase_url = "{server.base_url}"'
            for name, server in zip(("production", *CANDIDATES), servers, strict=True)
        )
        (tmp_path / "environments.toml").write_text(
            f"""baseline = "production"
[defaults]
model = "gpt-4o"
{tables}
[[accept]]
rule = "chat.model_answered"
environment = "eu-west"
reason = "the alias is spelled out there"
[[expect]]
field = "models.model_ids"
contains = ["{MODELS[0]}", "{MODELS[1]}"]
"""
        )
        whole = envcheck("run", "-o", "whole", "-q")
        for number in (1, 2, 3):
            envcheck("run", "--shard", f"{number}/3", "-q")
    folders = sorted((tmp_path / "reports").iterdir())
    assert [folder.name for folder in folders] == ["shard-1-of-3", "shard-2-of-3", "shard-3-of-3"]
    together = envcheck("merge", *folders, "-o", tmp_path / "all", "-q")
    assert together.code == whole.code == 3
    assert together.stderr == ""
    as_one, as_three = (json.loads((tmp_path / name / "comparison.json").read_text()) for name in ("whole", "all"))
    assert {"models.removed", "chat.usage", "expect.unmet"} <= {each["rule"] for each in as_one["findings"]}
    assert judged(as_three) == judged(as_one)
    names = {path.stem for path in (tmp_path / "all").glob("*.json")}
    assert names == {"production", *CANDIDATES, "comparison"}


def test_a_shard_with_nobody_but_the_baseline_writes_its_report(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """So that it can be told from one that was not run."""
    number = next(number for number in (1, 2) if number != shard_of("staging", 2))
    with serving_all([good_gateway(), good_gateway()]) as (one, two):
        (tmp_path / "environments.toml").write_text(
            f"""baseline = "production"
[environments.production]
base_url = "{one.base_url}"
[environments.staging]
base_url = "{two.base_url}"
"""
        )
        ran = envcheck("run", "--skip-chat", "--shard", variables={"CI_NODE_INDEX": f"{number}", "CI_NODE_TOTAL": "2"})
    assert ran.code == 0
    assert f"shard {number} of 2: 0 of 1 environments, held against production" in ran.stderr
    comparison = json.loads((tmp_path / f"reports/shard-{number}-of-2/comparison.json").read_text())
    assert comparison["environments"] == ["production"]
    shard = comparison["shard"]
    assert (shard["number"], shard["of"], shard["fleet"]) == (number, 2, ["production", "staging"])


def test_a_missing_shard_is_exit_5_and_the_rest_is_there(fleet: Fleet, tmp_path: Path) -> None:
    """What was probed is shown and written; who was not is named on stderr, in the verdict and in the record."""
    folders = [saved(fleet.part(number, 3), tmp_path / f"{number}") for number in (1, 3)]
    ran = run_envcheck("merge", *folders, "-o", tmp_path / "all")
    absent = [name for name in fleet.part(2, 3).evidences if name != "production"]
    assert ran.code == 5
    assert (
        f"shard 2 is missing, and with it {len(absent)} environments: {', '.join(absent)}; run it again" in ran.stderr
    )
    assert "Verdict: inconclusive because shard 2 is missing" in ran.stdout
    comparison = json.loads((tmp_path / "all/comparison.json").read_text())
    assert comparison["merged"]["not_probed"] == absent
    assert len(comparison["environments"]) == 13 - len(absent)
    assert f"putting 2 of 3 shards together: {12 - len(absent)} of 12 environments" in ran.stderr


def test_a_doubled_shard_is_named(fleet: Fleet, tmp_path: Path) -> None:
    """The newer one counts, and the result is for somebody to look at."""
    folders = [saved(part, tmp_path / part.where) for part in fleet.parts(2)]
    again = saved(fleet.part(2, 2, late_s=60.0), tmp_path / "again")
    ran = run_envcheck("merge", *folders, again)
    assert ran.code == 5
    assert (
        f"{folders[1]}: is shard 2 of 2 once more, of 2026-03-04 05:06 UTC; the one in {again}, of 2026-03-04 05:07"
        in (ran.stderr)
    )
    assert "inconclusive because shard 2 is there more than once" in " ".join(ran.stdout.split())


def test_a_shard_of_another_configuration_is_named(fleet: Fleet, tmp_path: Path) -> None:
    """It is left out, and its number is missing."""
    parts = [*fleet.parts(3)[:2], fleet.part(3, 3, configuration="f" * 16)]
    folders = [saved(part, tmp_path / part.where) for part in parts]
    ran = run_envcheck("merge", *folders)
    assert ran.code == 5
    assert f"{folders[2]}: is shard 3 of 3, and of another configuration than {folders[0]}, shard 1 of 3;" in ran.stderr
    assert "envcheck: shard 3 is missing" in ran.stderr


def test_a_shard_of_last_night_is_named(fleet: Fleet, tmp_path: Path) -> None:
    """It is left out unless so much is allowed for."""
    old = saved(fleet.part(1, 2), tmp_path / "old")
    new = saved(fleet.part(2, 2, late_s=A_DAY_S - 3600.0), tmp_path / "new")
    ran = run_envcheck("merge", old, new)
    assert ran.code == 5
    assert f"{old}: is shard 1 of 2 of 2026-03-04 05:06 UTC, and {new} is of 2026-03-05 04:06 UTC; it is left out" in (
        ran.stderr
    )
    assert run_envcheck("merge", old, new, "--within", "24h").code == fleet.compared(fleet.records).summary.exit_code


def test_a_shard_that_was_cut_short_is_named_and_missing(fleet: Fleet, tmp_path: Path) -> None:
    """Its folder holds no comparison, or an earlier run's, or one that cannot be read."""
    folders = [saved(part, tmp_path / part.where) for part in fleet.parts(4)]
    (folders[0] / "comparison.json").unlink()
    record = folders[1] / "production.json"
    record.write_text(record.read_text().replace('"run_id":"0000000000000002"', '"run_id":"00000000000000ff"'))
    (folders[2] / "comparison.json").write_text("{}")
    ran = run_envcheck("merge", *folders, tmp_path / "never-made")
    assert ran.code == 5
    for sentence in (
        f"{folders[0]}: holds no comparison, so its shard was not run to the end",
        f"{folders[1]}: its comparison is of another run than the reports beside it",
        f"{folders[2]}/comparison.json: has no schema_version of envcheck.comparison",
        f"{tmp_path / 'never-made'}: holds no comparison",
        "shard 1 is missing",
        "shard 2 is missing",
        "shard 3 is missing",
    ):
        assert sentence in ran.stderr


def test_records_that_cannot_be_read_are_told(fleet: Fleet, tmp_path: Path) -> None:
    """One environment's record costs that environment, the baseline's its whole shard; neither passes for the rest."""
    folders = [saved(part, tmp_path / part.where) for part in fleet.parts(2)]
    name = next(path for path in folders[0].glob("gateway-*.json"))
    name.write_text("[")
    ran = run_envcheck("merge", *folders)
    assert ran.code == 5
    assert f"{name}: is not JSON" in ran.stderr
    assert "1 record could not be read" in ran.stdout
    (folders[1] / "production.json").unlink()
    ran = run_envcheck("merge", *folders)
    assert f"{folders[1]}: the record of its baseline is missing" in ran.stderr
    assert "shard 2 is missing" in ran.stderr


def test_nothing_that_can_be_put_together_is_exit_5(tmp_path: Path) -> None:
    """A merge job whose shards all failed says so, and writes nothing."""
    (tmp_path / "empty").mkdir()
    ran = run_envcheck("merge", tmp_path / "empty", tmp_path / "missing", "-o", tmp_path / "all")
    assert ran.code == 5
    assert "no shard is left that could be put together" in ran.stderr
    assert list((tmp_path / "all").iterdir()) == []


def test_what_is_named_has_to_be_a_shards_folder(fleet: Fleet, tmp_path: Path) -> None:
    """A run of everything, a file, and an output folder that would lose what it is made of are mistakes."""
    shard = saved(fleet.part(1, 2), tmp_path / "shard")
    whole = saved(fleet.part(2, 2), tmp_path / "whole")
    document = json.loads((whole / "comparison.json").read_text())
    (whole / "comparison.json").write_text(json.dumps({**document, "shard": None}))
    of_a_run = run_envcheck("merge", shard, whole)
    of_a_file = run_envcheck("merge", shard, whole / "comparison.json")
    onto_itself = run_envcheck("merge", shard, "-o", tmp_path / "x" / ".." / "shard")
    new_to_nothing = run_envcheck("merge", shard, "--fail-on-new")
    assert [ran.code for ran in (of_a_run, of_a_file, onto_itself, new_to_nothing)] == [2, 2, 2, 2]
    assert f"{whole}: is of a run without --shard" in of_a_run.stderr
    assert "name the report folder of a shard" in of_a_file.stderr
    assert "is a shard's own folder, whose comparison would be lost" in onto_itself.stderr
    assert "add --against DIR" in new_to_nothing.stderr


def test_findings_of_all_shards_are_held_against_those_of_the_night_before(fleet: Fleet, tmp_path: Path) -> None:
    """A fleet that is probed in shards has a history as any other."""
    folders = [saved(part, tmp_path / part.where) for part in fleet.parts(2)]
    last = run_envcheck("merge", *folders, "-o", tmp_path / "last")
    assert last.code == 3
    again = run_envcheck("merge", *folders, "-o", tmp_path / "last", "--against", tmp_path / "last", "--fail-on-new")
    assert again.code == 0
    comparison = json.loads((tmp_path / "last/comparison.json").read_text())
    assert comparison["is_tracked"]
    assert {each["state"] for each in comparison["findings"]} == {"unchanged"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--shard", "1/2", "--against", "reports"], "leave --against,"),
        (["--shard", "1/2", "--fail-on-new"], "leave --against,"),
        (["--shard", "1/2", "--changes-only"], "leave --against,"),
        (["--shard", "1/2", "--prune"], "leave --against,"),
        (["--shard", "1/2", "-f", "markdown"], "add -f json, or write no reports"),
        (["--shard", "production"], "no engine says which one this is"),
        (["production", "--shard", "1/2"], "one environment alone cannot be shared out"),
        (["--shard", "3/2"], "is not K/N with K from 1 to N"),
    ],
)
def test_a_shard_that_cannot_be_is_exit_2(
    envcheck: Callable[..., Ran], tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    """Nothing is sent, and it is said what to do."""
    (tmp_path / "environments.toml").write_text(
        """baseline = "production"
[environments.production]
base_url = "http://127.0.0.1:9/v1"
[environments.staging]
base_url = "http://127.0.0.1:9/v1"
"""
    )
    ran = envcheck("run", *arguments)
    assert ran.code == 2
    assert sentence in ran.stderr
    assert not (tmp_path / "reports").exists()


def test_the_checklist_of_all_shards_is_made_as_the_file_says(tmp_path: Path, fleet: Fleet) -> None:
    """Title and what only a person can say are in it, and every environment; of shards without one there is none."""
    plain = [saved(part, tmp_path / part.where) for part in fleet.parts(2)]
    run_envcheck("merge", *plain, "-o", tmp_path / "without")
    assert not (tmp_path / "without/checklist.md").exists()
    rollout = Rollout(title="Release 7", manual=("Ask the team.",), is_asked_for=True)
    asked = []
    for part in fleet.parts(2):
        comparison = with_checklist(part.comparison, list(part.evidences.values()), rollout)
        asked.append(saved(replace(part, comparison=comparison), tmp_path / f"asked-{part.where}"))
    run_envcheck("merge", *asked, "-o", tmp_path / "with")
    page = (tmp_path / "with/checklist.md").read_text()
    assert "Release 7" in page
    assert page.count("Ask the team.") == 1
    assert all(f"gateway-{number:04}" in page for number in range(1, 13))
    one = run_envcheck("merge", asked[0], "-o", tmp_path / "one")
    assert one.code == 5
    assert "shard 2 is missing" in (tmp_path / "one/checklist.md").read_text()


def test_a_checklist_for_some_is_for_the_same_in_the_whole(tmp_path: Path, fleet: Fleet) -> None:
    """Each shard's list names whom the file rolls out, also those of other shards, and has a title of names."""
    rollout = Rollout(environments=("gateway-0001", "gateway-0002"), is_asked_for=True)
    asked = []
    for part in fleet.parts(3):
        comparison = with_checklist(part.comparison, list(part.evidences.values()), rollout)
        asked.append(saved(replace(part, comparison=comparison), tmp_path / part.where))
    run_envcheck("merge", *asked, "-o", tmp_path / "all")
    head = json.loads((tmp_path / "all/comparison.json").read_text())["checklist_head"]
    assert head["environments"] == ["gateway-0001", "gateway-0002"]
    assert head["title"] == "Rollout checklist: gateway-0001, gateway-0002 against production"


def test_the_failed_record_of_the_baseline_is_the_one_that_is_written(fleet: Fleet, tmp_path: Path) -> None:
    """What is in the folder of all is what its comparison shows."""
    down = Fleet([evidence("production", failed("models", "network")), *fleet.records[1:]])
    folders = [
        saved(each.part(number, 3), tmp_path / f"{number}") for number, each in enumerate((fleet, down, fleet), 1)
    ]
    ran = run_envcheck("merge", *folders, "-o", tmp_path / "all")
    assert "the one of shard 2 is shown" in ran.stderr
    assert not json.loads((tmp_path / "all/production.json").read_text())["summary"]["ok"]
    assert ran.code == 5
    assert "inconclusive because the baseline production failed (models: network)" in " ".join(ran.stdout.split())


def test_a_missing_shard_without_environments_is_told_as_one(tmp_path: Path) -> None:
    """Nothing was left unprobed but the baseline, and yet nobody knows why it is not there."""
    small = Fleet(fleet_of(3))
    parts = small.parts(9)
    (empty, *_), there = [each for each in parts if len(each.evidences) == 1], []
    for part in parts:
        there += [] if part is empty else [saved(part, tmp_path / part.where)]
    ran = run_envcheck("merge", *there)
    assert ran.code == 5
    assert f"shard {empty.shard.number} is missing, which has no environment but the baseline" in ran.stderr


def test_a_comparison_that_is_a_link_is_not_followed(fleet: Fleet, tmp_path: Path) -> None:
    """As no other report is; its shard is missing then."""
    folders = [saved(part, tmp_path / part.where) for part in fleet.parts(2)]
    (folders[1] / "comparison.json").rename(tmp_path / "moved.json")
    (folders[1] / "comparison.json").symlink_to(tmp_path / "moved.json")
    ran = run_envcheck("merge", *folders)
    assert ran.code == 5
    assert f"{folders[1]}/comparison.json: is a symbolic link" in ran.stderr
    assert "shard 2 is missing" in ran.stderr


def test_shards_of_two_vantages_are_not_put_together(fleet: Fleet, tmp_path: Path) -> None:
    """A fleet that is looked at from two places is two, and no part of one passes for a part of the other."""
    folders = [saved(part, tmp_path / part.where) for part in fleet.parts(3)]
    for folder, vantage in zip(folders, ("eu-west", "eu-west", "us-east"), strict=True):
        for file in folder.glob("*.json"):
            document = json.loads(file.read_text())
            if file.name != "comparison.json":
                file.write_text(json.dumps({**document, "vantage": vantage}))
    ran = run_envcheck("merge", *folders)
    assert ran.code == 5
    assert f"{folders[2]}: is shard 3 of 3, and of another configuration than {folders[0]}" in ran.stderr
    assert "envcheck: shard 3 is missing" in ran.stderr


def test_a_shard_whose_comparison_lacks_one_of_its_environments_is_no_whole_one(fleet: Fleet, tmp_path: Path) -> None:
    """What it does not speak of would be missing in silence."""
    folders = [saved(part, tmp_path / part.where) for part in fleet.parts(2)]
    file = folders[0] / "comparison.json"
    document = json.loads(file.read_text())
    file.write_text(json.dumps({**document, "environments": document["environments"][:-1]}))
    ran = run_envcheck("merge", *folders)
    assert ran.code == 5
    assert f"{folders[0]}: its comparison is of other environments than shard 1 of 2 has" in ran.stderr
    assert "envcheck: shard 1 is missing" in ran.stderr


def test_an_environment_that_nobody_looked_at_is_not_called_gone(fleet: Fleet, tmp_path: Path) -> None:
    """Its shard is missing, which is told; that it takes no part any more is not so."""
    folders = [saved(part, tmp_path / part.where) for part in fleet.parts(2)]
    run_envcheck("merge", *folders, "-o", tmp_path / "last")
    ran = run_envcheck("merge", folders[0], "-o", tmp_path / "all", "--against", tmp_path / "last")
    assert ran.code == 5
    assert "takes no part any more" not in ran.stdout
