"""`envcheck checklist`, and the checklist that a run writes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_runs import Ran

OLD = Path(__file__).parents[1] / "records" / "0.1.0"
FILE = """baseline = "production"
[defaults]
samples = 9
[environments.production]
base_url = "{production}"
[environments.staging]
base_url = "{staging}"
[environments.canary]
base_url = "{canary}"
[compare]
latency_floor_ms = 5000
[[accept]]
rule = "models.removed"
environment = "staging"
reason = "o3 is not on staging yet"
expires = 2099-01-31
[checklist]
environments = ["staging"]
manual = ["Rollback plan is linked"]
"""


def run_all(envcheck: Callable[..., Ran], folder: Path, staging: Manner, *arguments: str, more: str = "") -> Ran:
    """Roll staging out, beside a canary that has nothing in common with production."""
    production = Manner(models=((*MODELS, "o3"),))
    canary = Manner(models=(("other",),), usage=None)
    with serving_all([good_gateway(each) for each in (production, staging, canary)]) as servers:
        urls = zip(("production", "staging", "canary"), (server.base_url for server in servers), strict=True)
        (folder / "environments.toml").write_text(FILE.format(**dict(urls)) + more)
        return envcheck("run", *arguments)


def test_a_rollout_from_run_to_signature(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Open first, then mended and ready; what is printed again is what was written, with the ids of the run before."""
    assert run_all(envcheck, tmp_path, Manner(usage=None)).code == 3
    first = envcheck("checklist")
    assert (first.code, first.stderr) == (3, "")
    assert first.stdout == (tmp_path / "reports" / "checklist.md").read_text()
    assert "# Rollout checklist: staging against production\n\n**Not ready: 1 of " in first.stdout
    assert "- [ ] **usage is reported as in production** · `missing` instead of `present` → " in first.stdout
    assert "- [x] known: o3 is not on staging yet · accepted until 2099-01-31 · lacks `o3`\n" in first.stdout
    assert first.stdout.endswith("- [ ] Rollback plan is linked *(for a person)*\n")
    assert "canary" not in first.stdout
    open_ids = {item["title"]: item["id"] for item in json.loads(envcheck("checklist", "--json").stdout)["checklist"]}

    run_all(envcheck, tmp_path, Manner())
    second = envcheck("checklist", "reports/comparison.json")
    document = json.loads(envcheck("checklist", "reports", "--json").stdout)
    assert second.code == 0
    assert "**Ready: " in second.stdout
    assert {item["title"]: item["id"] for item in document["checklist"]} == open_ids
    assert {item["state"] for item in document["checklist"]} == {"done", "accepted", "manual"}
    assert (document["ready"], document["open"], document["for_a_person"], document["samples"]) == (True, 0, 1, 9)
    assert document["checklist"] == json.loads((tmp_path / "reports" / "comparison.json").read_text())["checklist"]
    shutil.copytree(tmp_path / "reports", tmp_path / "saved")
    envcheck("compare", "saved", "-o", "again")
    assert (tmp_path / "again" / "checklist.md").read_text() == second.stdout


def test_what_takes_no_part_is_not_ready(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Whoever is rolled out and was not probed is on the list, and a named format is the whole list of formats."""
    run_all(envcheck, tmp_path, Manner(), "canary", "-f", "json")
    assert not (tmp_path / "reports" / "checklist.md").exists()
    ran = envcheck("checklist")
    assert ran.code == 3
    assert "- [ ] ? staging is probed · could not tell: it takes no part in this run → run again with it" in ran.stdout


def test_it_is_written_where_it_is_asked_for_and_not_by_default(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Without a file that has a `[checklist]`, only `-f` asks for it; of any other record it is made again."""
    envcheck("run", "--sample", "-o", "default")
    envcheck("run", "--sample", "-o", "named", "-f", "checklist", "-f", "json")
    assert not (tmp_path / "default" / "checklist.md").exists()
    assert json.loads((tmp_path / "default" / "comparison.json").read_text())["checklist"] == []
    written = (tmp_path / "named" / "checklist.md").read_text()
    saved, made = envcheck("checklist", "named"), envcheck("checklist", "default")
    assert (saved.code, saved.stdout, saved.stderr) == (3, written, "")
    assert (made.code, made.stdout) == (3, written.replace(" 5 samples,", ""))
    assert "default: holds no checklist; this one is made of its rows and findings" in made.stderr
    assert "Made-up evidence" in written
    envcheck("run", "--sample", "-o", "tests", "-f", "junit")
    assert "staging answers `GET /models`" in (tmp_path / "tests" / "junit.xml").read_text()


def test_an_old_record_gives_what_there_is(envcheck: Callable[..., Ran]) -> None:
    """It says on stderr that it does, and is no fault of the record."""
    ran = envcheck("checklist", OLD / "comparison.json")
    assert ran.code == 3
    assert "holds no checklist; this one is made of its rows and findings" in ran.stderr
    assert "- [ ] **every model of production is listed** · lacks " in ran.stdout


def test_where_there_is_no_comparison_that_is_said(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A gate must not pass for want of a file, nor by one that is of another run."""
    for ran in (envcheck("checklist"), envcheck("checklist", tmp_path)):
        assert (ran.code, ran.stdout) == (2, "")
        assert "holds no comparison; `envcheck run` writes one, or name another folder" in ran.stderr
    (tmp_path / "comparison.json").write_text("[]")
    assert envcheck("checklist", tmp_path).code == 5


def test_a_comparison_of_another_run_is_refused(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The reports beside it are newer: somebody would sign what is no longer so."""
    run_all(envcheck, tmp_path, Manner(), "-o", "first")
    run_all(envcheck, tmp_path, Manner(), "-o", "second")
    shutil.copy(tmp_path / "first" / "comparison.json", tmp_path / "second" / "comparison.json")
    ran = envcheck("checklist", "second")
    assert (ran.code, ran.stdout) == (5, "")
    assert "its comparison is of another run than the reports beside it; run again" in ran.stderr


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            'environments = ["stagign"]',
            'checklist.environments[0]: is not an environment of this file; did you mean "staging"?',
        ),
        ('manual = ["a", "a"]', "checklist.manual: has a line twice; keep one of the two"),
        ('titel = "x"', 'checklist.titel: unknown key; did you mean "title"?'),
        ('title = ""', "checklist.title: "),
    ],
)
def test_a_mistake_in_the_table_is_told_before_anything_is_sent(
    envcheck: Callable[..., Ran], tmp_path: Path, line: str, sentence: str
) -> None:
    """With its place and what was likely meant."""
    text = '[environments.staging]\nbase_url = "http://127.0.0.1:9/v1"\n[checklist]\n'
    (tmp_path / "environments.toml").write_text(f"{text}{line}\n")
    ran = envcheck("run")
    assert ran.code == 2
    assert sentence in ran.stderr


def test_a_key_in_the_users_own_lines_is_refused(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The checklist is pasted where others read it."""
    key = "correct-horse-battery-77"
    (tmp_path / "environments.toml").write_text(
        '[environments.staging]\nbase_url = "http://127.0.0.1:9/v1"\napi_key_env = "KEY"\n'
        f'[checklist]\ntitle = "with {key}"\nmanual = ["and {key}"]\n'
    )
    ran = envcheck("run", variables={"KEY": key})
    assert ran.code == 2
    assert "checklist.title: holds a key" in ran.stderr
    assert "checklist.manual[0]: holds a key" in ran.stderr
    assert key not in ran.stderr
