from __future__ import annotations

import json
import re
import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cli_runs import Ran


def save_run(envcheck: Callable[..., Ran], folder: Path, staging: Manner) -> None:
    """Probe two gateways and keep the reports in a folder."""
    with serving_all([good_gateway(), good_gateway(staging)]) as (one, two):
        (folder.parent / "environments.toml").write_text(
            f"""baseline = "production"
[environments.production]
base_url = "{one.base_url}"
[environments.staging]
base_url = "{two.base_url}"
"""
        )
        envcheck("run", "-o", folder)


@pytest.fixture
def nights(envcheck: Callable[..., Ran], tmp_path: Path) -> tuple[Path, Path]:
    """Last night, and tonight with usage missing in staging."""
    save_run(envcheck, tmp_path / "last", Manner(models=((*MODELS, "o3"),)))
    save_run(envcheck, tmp_path / "tonight", Manner(usage=None))
    return tmp_path / "last", tmp_path / "tonight"


def test_two_folders_hold_each_environment_against_itself(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """Last night against tonight: what changed in staging is found, and production is the same."""
    ran = envcheck("compare", *nights, "--json")
    findings = json.loads(ran.stdout)["findings"]
    assert ran.code == 3
    assert {(finding["rule"], finding["environment"]) for finding in findings} == {
        ("models.removed", "staging"),
        ("chat.usage", "staging"),
    }


def test_files_compare_as_environments(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """The first file is the baseline, unless another is named."""
    files = [nights[1] / "staging.json", nights[1] / "production.json"]
    first = json.loads(envcheck("compare", *files, "--json").stdout)
    named = json.loads(envcheck("compare", *files, "--baseline", "production", "--json").stdout)
    assert (first["baseline"], named["baseline"]) == ("staging", "production")
    assert {finding["severity"] for finding in first["findings"]} == {"info"}
    assert {finding["severity"] for finding in named["findings"]} == {"err"}


def test_one_environments_two_records_are_two_runs_of_it(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """A file of last night and one of tonight by the same name are that environment over time."""
    ran = envcheck("compare", *(night / "staging.json" for night in nights), "--json")
    assert json.loads(ran.stdout)["held_against"] == "itself_earlier"


def test_only_new_findings_count_when_that_is_asked(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """One difference is resolved, one is new, and then nothing is new any more."""
    last, tonight = nights
    files = [tonight / "production.json", tonight / "staging.json"]
    out = tonight.parent / "out"
    before = envcheck("compare", *files, "--against", last, "--fail-on-new", "-o", out)
    states = [finding["state"] for finding in json.loads((out / "comparison.json").read_text())["findings"]]
    after = envcheck("compare", *files, "--against", out, "--fail-on-new")
    assert (before.code, after.code) == (3, 0)
    assert sorted(states) == ["absent", "new"]


def test_two_runs_say_what_is_new_by_themselves(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """What tonight has and last night had not is new; held the other way round, so is what was lost."""
    ran = envcheck("compare", *nights, "--fail-on-new", "--json")
    assert ran.code == 3
    assert {finding["state"] for finding in json.loads(ran.stdout)["findings"]} == {"new"}
    same = envcheck("compare", nights[1], nights[1], "--fail-on-new")
    assert same.code == 0


def test_a_failure_that_was_there_last_night_is_unchanged(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """A gateway that is down for the second night is not news."""
    for night in nights:
        record = json.loads((night / "staging.json").read_text())
        record["checks"][1] |= {"outcome": "fail", "failure_class": "timeout", "facts": {}}
        (night / "staging.json").write_text(json.dumps(record))
    ran = envcheck("compare", *nights, "--json")
    states = {finding["rule"]: finding["state"] for finding in json.loads(ran.stdout)["findings"]}
    assert states["probe.failed"] == "unchanged"


def test_the_file_of_environments_says_how_to_judge(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path], tmp_path: Path
) -> None:
    """Severities and accepted differences hold here too, and the file's variables need not be set."""
    (tmp_path / "rules.toml").write_text(
        """baseline = "production"
[environments.production]
base_url = "${NOT_SET_HERE}/v1"
[environments.staging]
base_url = "https://staging.example.com/v1"
[compare]
severity = { "models.removed" = "none" }
[[accept]]
rule = "chat.usage"
environment = "staging"
reason = "the new proxy does not count tokens yet"
"""
    )
    ran = envcheck("compare", *nights, "--config", tmp_path / "rules.toml")
    assert ran.code == 0
    assert "does not count tokens yet" in ran.stdout
    (tmp_path / "rules.toml").write_text("[compare]\nseverty = 1\n")
    broken = envcheck("compare", *nights, "--config", tmp_path / "rules.toml")
    assert broken.code == 2
    assert "compare.severty" in broken.stderr


@pytest.mark.parametrize(
    ("paths", "code", "sentence"),
    [
        (["last/staging.json"], 2, "give two or more"),
        (["last/comparison.json", "last/staging.json"], 2, "give two or more"),
        (["last", "tonight", "last"], 2, "give one report folder, two of them with the earlier run first, or evidence"),
        (["last", "tonight/staging.json"], 2, "give one report folder, two of them"),
        (["last", "missing"], 2, "no such file"),
        (["last", "empty"], 2, "holds no evidence"),
        (["last", "tonight", "--baseline", "production"], 2, "leave it out"),
        (["last/staging.json", "tonight/production.json", "--fail-on-new"], 2, "--against"),
        (["tonight", "last"], 2, "give the earlier one first, or --any-order"),
        (["tonight/staging.json", "last/staging.json"], 2, "give the earlier one first, or --any-order"),
        (
            ["last", "--baseline", "nobody"],
            2,
            "--baseline: is not among the environments compared; known here: production, staging",
        ),
    ],
)
def test_paths_that_cannot_be_compared_are_one_sentence(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path], paths: list[str], code: int, sentence: str
) -> None:
    """Usage is exit 2, and nothing else is said."""
    (nights[0].parent / "empty").mkdir()
    aged(nights[0], days=1)
    ran = envcheck("compare", *paths)
    assert ran.code == code
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_an_environment_of_one_night_alone_is_said(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """A new region has nothing to be held against, and one that is gone is not passed over."""
    last, tonight = nights
    (last / "staging.json").unlink()
    (tonight / "production.json").unlink()
    ran = envcheck("compare", last, tonight)
    assert "staging" in ran.stdout
    assert "production" in ran.stdout


def test_a_record_that_the_folders_own_comparison_speaks_of_is_not_passed_over(
    envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """Of two that are left nothing can be said of the third: it is named, and the exit code is 5."""
    envcheck("run", "--sample", "-o", tmp_path / "saved")
    (tmp_path / "saved" / "staging.json").unlink()
    ran = envcheck("compare", tmp_path / "saved")
    assert ran.code == 5
    assert "staging.json: is missing, and the comparison beside it speaks of it" in ran.stderr


def test_an_earlier_comparison_that_cannot_be_read_is_told_and_stays(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """One of another version is never guessed at, and no reason to stop: nothing is new or unchanged."""
    last, tonight = nights
    older = last.parent / "older"
    shutil.copytree(last, older)
    (older / "comparison.json").write_text('{"schema_version": "envcheck.comparison/0"}')
    ran = envcheck("compare", last, tonight, "--against", older)
    assert ran.code == 3
    assert "another version" in ran.stderr
    assert "it stays where it is, and nothing is called new or unchanged" in ran.stderr
    assert (older / "comparison.json").exists()
    elsewhere = envcheck("compare", last, tonight, "--against", older, "-o", last.parent / "yet to be made")
    assert "it stays where it is, and nothing is called new or unchanged" in elsewhere.stderr
    into = envcheck("compare", last, tonight, "--against", older, "-o", older)
    assert "it is kept as comparison.json.old, and nothing is called new or unchanged" in into.stderr
    assert (older / "comparison.json.old").read_text() == '{"schema_version": "envcheck.comparison/0"}'


def aged(folder: Path, *, days: int, names: Sequence[str] = ("production", "staging")) -> None:
    """Let a folder's records be of another day."""
    for name in names:
        record = json.loads((folder / f"{name}.json").read_text())
        when = datetime.fromisoformat(record["generated_at"]) - timedelta(days=days)
        (folder / f"{name}.json").write_text(json.dumps(record | {"generated_at": when.isoformat()}))


def test_one_folder_shows_that_run_again(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """As `run` showed it: with the run's own baseline, whatever comes first by its name, and its latencies judged."""
    with serving_all([good_gateway(), good_gateway(Manner(usage=None))]) as (one, two):
        (tmp_path / "environments.toml").write_text(
            f"""baseline = "zone"
[environments.zone]
base_url = "{one.base_url}"
[environments.alpha]
base_url = "{two.base_url}"
"""
        )
        ran = envcheck("run", "-o", "night", "--json", "--samples", "5")
    (tmp_path / "environments.toml").unlink()
    again = envcheck("compare", "night", "--json")
    first, second = json.loads(ran.stdout), json.loads(again.stdout)
    assert (again.code, second["rows"], second["run_id"]) == (ran.code, first["rows"], first["run_id"])
    assert [each["fingerprint"] for each in second["findings"]] == [each["fingerprint"] for each in first["findings"]]
    (latency,) = (row for row in second["rows"] if (row["probe"], row["field"]) == ("chat", "latency"))
    assert "different_runs" not in {note["why"] for note in latency["cells"]["alpha"]["notes"]}
    record = json.loads((tmp_path / "night" / "alpha.json").read_text())
    (tmp_path / "night" / "alpha.json").write_text(json.dumps(record | {"run_id": "0" * 16}))
    mixed = json.loads(envcheck("compare", "night", "--json").stdout)
    (latency,) = (row for row in mixed["rows"] if (row["probe"], row["field"]) == ("chat", "latency"))
    assert [note["why"] for note in latency["cells"]["alpha"]["notes"]] == ["different_runs"]
    by_files = json.loads(envcheck("compare", *sorted((tmp_path / "night").glob("*.json")), "--json").stdout)
    assert (by_files["baseline"], second["baseline"]) == ("alpha", "zone")


def test_a_folder_without_its_comparison_takes_the_files_baseline(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path], tmp_path: Path
) -> None:
    """So a run that was stopped before it compared can be compared."""
    (nights[1] / "comparison.json").unlink()
    file = tmp_path / "environments.toml"
    file.write_text(file.read_text().replace('baseline = "production"', 'baseline = "staging"'))
    assert json.loads(envcheck("compare", nights[1], "--json").stdout)["baseline"] == "staging"
    file.unlink()
    assert json.loads(envcheck("compare", nights[1], "--json").stdout)["baseline"] == "production"


def test_dates_are_said_and_the_order_is_held(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """A removed model would be read as an added one."""
    last, tonight = nights
    aged(last, days=2)
    ran = envcheck("compare", last, tonight)
    assert re.search(
        r"comparing reports of (\S+) \S+ UTC with those of (?!\1)\S+ \S+ UTC, judged by environments.toml", ran.stderr
    )
    assert envcheck("compare", tonight, last).code == 2
    other_way = envcheck("compare", tonight, last, "--any-order", "--json")
    assert {finding["rule"] for finding in json.loads(other_way.stdout)["findings"]} == {"models.added", "chat.usage"}
    one = envcheck("compare", tonight, "-c", "environments.toml")
    assert re.search(r"comparing reports of \S+ \S+ UTC$", one.stderr, re.MULTILINE)
    assert envcheck("compare", last, tonight, "-q").stderr == ""


def test_the_file_that_run_goes_by_is_gone_by(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path], tmp_path: Path
) -> None:
    """`run` and `compare` say the same of the same evidence."""
    file = tmp_path / "environments.toml"
    file.write_text(
        file.read_text() + '[[accept]]\nrule = "chat.usage"\nenvironment = "staging"\nreason = "known for now"\n'
    )
    ran = envcheck("compare", nights[1])
    assert ran.code == 0
    assert "known for now" in ran.stdout
    assert envcheck("compare", nights[1], "--config", "other.toml").code == 2


def test_one_bad_record_is_told_and_left_out(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """The rest is compared: a broken file, one of another version, a link, one under another name."""
    tonight = nights[1]
    record = (tonight / "staging.json").read_text()
    comparison = json.loads((tonight / "comparison.json").read_text())
    more = ["broken", "newer", "link", "renamed"]
    comparison["environments"] += more
    (tonight / "comparison.json").write_text(json.dumps(comparison))
    (tonight / "broken.json").write_text(record[: len(record) // 2])
    (tonight / "newer.json").write_text(record.replace("envcheck.evidence/1", "envcheck.evidence/2"))
    (tonight / "link.json").symlink_to("staging.json")
    (tonight / "renamed.json").write_text(record)
    ran = envcheck("compare", tonight, "--json")
    assert (ran.code, json.loads(ran.stdout)["summary"]["exit_code"]) == (5, 5)
    assert json.loads(ran.stdout)["environments"] == ["production", "staging"]
    left_out = [line for line in ran.stderr.splitlines() if line.endswith(" (left out)")]
    assert [line.removeprefix(f"envcheck: {tonight}/").split("; ")[0] for line in left_out] == [
        "broken.json: is not JSON",
        "link.json: is a symbolic link",
        "newer.json: was written by another version of envcheck, which this one cannot read",
        "renamed.json: is the record of another environment than its name says",
    ]
    by_files = envcheck("compare", *(tonight / f"{name}.json" for name in ("production", "staging", "broken")))
    assert by_files.code == 5
    assert "broken.json: is not JSON" in by_files.stderr
    named = envcheck("compare", tonight / "production.json", tonight / "link.json", tonight / "staging.json")
    assert (named.code, named.stdout) == (2, "")
    two_runs = envcheck("compare", nights[0], tonight)
    assert two_runs.code == 5
    assert two_runs.stderr.count("(left out)") == 4


def test_what_is_left_alone_is_not_called_the_same(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """A record without a second one, a folder without its baseline, and one where nothing can be read."""
    tonight = nights[1]
    (tonight / "staging.json").write_text("broken")
    for paths in ([tonight], [tonight / "production.json", tonight / "staging.json"]):
        ran = envcheck("compare", *paths)
        assert (ran.code, ran.stdout) == (5, "")
        assert "staging.json: is not JSON" in ran.stderr
        assert "one record is left, and has nothing to be compared with" in ran.stderr
    record = json.loads((nights[0] / "staging.json").read_text())
    for name in ("staging", "third"):
        (tonight / f"{name}.json").write_text(json.dumps(record | {"environment": name}))
    comparison = json.loads((tonight / "comparison.json").read_text())
    (tonight / "comparison.json").write_text(
        json.dumps(comparison | {"environments": ["production", "staging", "third"]})
    )
    (tonight / "production.json").write_text("broken")
    ran = envcheck("compare", tonight)
    assert (ran.code, ran.stdout) == (5, "")
    assert "production: the record of the run's baseline is missing; name another with --baseline" in ran.stderr
    assert envcheck("compare", tonight, "--baseline", "third").code == 5
    for name in ("staging", "third"):
        (tonight / f"{name}.json").write_text("broken")
    ran = envcheck("compare", tonight)
    assert (ran.code, ran.stdout, ran.stderr.count("is not JSON")) == (5, "", 3)
    assert [line for line in ran.stderr.splitlines() if line.count("is not JSON") == 1] == ran.stderr.splitlines()


def test_what_cannot_be_read_is_not_the_same(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """Where all that can be read agrees, the code says that the rest was not judged; a missing report goes before."""
    for name in ("production", "third"):
        record = json.loads((nights[0] / "production.json").read_text())
        (nights[0] / f"{name}.json").write_text(json.dumps(record | {"environment": name}))
    (nights[0] / "staging.json").write_text("broken")
    files = [nights[0] / f"{name}.json" for name in ("production", "third", "staging")]
    assert envcheck("compare", *files[:2]).code == 0
    ran = envcheck("compare", *files, "--fail-on", "never")
    assert ran.code == 5
    said = " ".join(ran.stdout.split())
    assert "Verdict: inconclusive because 1 record could not be read, so not compared; latency not judged" in said
    assert "no difference" not in ran.stdout
    made = json.loads(envcheck("compare", *files, "--json").stdout)
    assert (made["summary"]["verdict"], made["notices"][0]["note"]) == (
        "inconclusive",
        {"why": "unread", "number": 1, "word": None, "day": None},
    )
    (nights[0].parent / "out" / "comparison.md").mkdir(parents=True)
    assert envcheck("compare", *files, "-o", "out").code == 6


def test_records_of_several_runs_in_one_folder_are_told(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """Two runs wrote into it at once, or one was stopped: what is there was not made side by side."""
    last, tonight = nights
    aged(last, days=3)
    (tonight / "staging.json").write_text((last / "staging.json").read_text())
    ran = envcheck("compare", tonight)
    assert re.search(
        r"warning: .*tonight: its reports are of 2 runs \(1 of \S+ \S+ UTC, 1 of \S+ \S+ UTC\), so they were not made",
        ran.stderr,
    )
    both = envcheck("compare", tonight, tonight)
    assert both.stderr.count("its reports are of 2 runs") == 2
    assert "runs" not in envcheck("compare", last).stderr
    files = envcheck("compare", last / "production.json", tonight / "production.json")
    assert "warning" not in files.stderr


def test_what_is_another_one_than_it_was_is_told(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """A difference may come of what was asked, and of whom."""
    record = json.loads((nights[1] / "staging.json").read_text())
    record["target"]["base_url"] = "https://elsewhere.example.com/v1"
    record["target"]["selected_model"] = "another-model"
    record["safety"]["prompt_source"] = "custom"
    (nights[1] / "staging.json").write_text(json.dumps(record))
    notices = json.loads(envcheck("compare", *nights, "--json").stdout)["notices"]
    told = {notice["note"]["why"] for notice in notices if notice["environment"] == "staging"}
    assert {"url_changed", "model_changed", "prompt_changed"} <= told


def test_only_the_comparison_is_written(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """Evidence of one run never takes the place of another's, whatever folder is named."""
    last, tonight = nights
    before = {path: path.read_text() for path in last.iterdir() if path.stem != "comparison"}
    assert envcheck("compare", last, tonight, "-o", last).code == 3
    assert {path: path.read_text() for path in last.iterdir() if path.stem != "comparison"} == before
    assert json.loads((last / "comparison.json").read_text())["held_against"] == "itself_earlier"
    envcheck("compare", last, tonight, "-o", "new")
    assert {path.name for path in (last.parent / "new").iterdir()} == {"comparison.json", "comparison.md"}


def test_a_comparison_in_another_format_leaves_the_runs_own_where_it_is(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """It is set aside by a run alone, whose reports it would be taken for."""
    assert envcheck("compare", nights[1], "-f", "markdown", "-o", nights[1]).code == 3
    assert (nights[1] / "comparison.json").is_file()


def test_made_up_evidence_is_never_held_against_real(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """Fiction would be taken for history."""
    envcheck("run", "--sample", "-o", "sample")
    ran = envcheck("compare", nights[1] / "production.json", nights[1].parent / "sample" / "staging.json")
    assert (ran.code, ran.stdout) == (5, "")
    assert "made up" in ran.stderr


def test_undecided_counts_where_that_is_asked_for(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """Names that were redacted cannot be told apart across files."""
    ids = ["gpt-4o", "ft:[redacted]"]
    for night in nights:
        for name in ("production", "staging"):
            record = json.loads((night / f"{name}.json").read_text())
            record["checks"][0]["facts"] |= {"model_ids": ids, "model_count": 2, "model_ids_sha256": "0" * 64}
            record["checks"][1] = json.loads((nights[0] / "staging.json").read_text())["checks"][1]
            (night / f"{name}.json").write_text(json.dumps(record))
    ran = envcheck("compare", *nights, "--json")
    assert [finding["rule"] for finding in json.loads(ran.stdout)["findings"]] == ["models.undecided"] * 2
    assert ran.code == 0
    assert envcheck("compare", *nights, "--fail-on-undecided").code == 3
    (nights[0].parent / "environments.toml").unlink()
    assert envcheck("compare", *nights, "--fail-on-undecided").code == 3
