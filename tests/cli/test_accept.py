from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import tomli

from gateways.gateway import Listening
from gateways.good import Delay, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runs import Ran


@pytest.fixture
def compared(envcheck: Callable[..., Ran], tmp_path: Path) -> Iterator[Path]:
    """A file whose staging lacks usage and a model, compared once."""
    staging = Manner(models=(("gpt-4o", "gpt-4o-mini"),), usage=None)
    with serving_all([good_gateway(), good_gateway(staging)]) as (one, two):
        path = tmp_path / "environments.toml"
        path.write_text(
            f"""baseline = "production" # what users see
[environments.production]
base_url = "{one.base_url}"
[environments.staging]
base_url = "{two.base_url}"
"""
        )
        assert envcheck("run").code == 3
        yield path


def test_accepted_findings_are_shown_and_no_longer_count(envcheck: Callable[..., Ran], compared: Path) -> None:
    """The change is shown first, comments stay, and the next run is exit 0."""
    ran = envcheck("accept", "--reason", "known until the rollout")
    assert ran.code == 0
    assert "+[[accept]]" in ran.stdout
    assert "# what users see" in compared.read_text()
    again = envcheck("run")
    assert again.code == 0
    assert "known until the rollout" in again.stdout


def test_a_dry_run_shows_the_change_and_writes_nothing(envcheck: Callable[..., Ran], compared: Path) -> None:
    """Look first."""
    before = compared.read_text()
    ran = envcheck("accept", "--reason", "r", "--dry-run", "--rule", "chat.usage", "--expires", "2099-01-31")
    assert "+expires = 2099-01-31" in ran.stdout
    assert "models.removed" not in ran.stdout
    assert compared.read_text() == before


def test_accepting_twice_changes_nothing(envcheck: Callable[..., Ran], compared: Path) -> None:
    """The file has each entry once."""
    envcheck("accept", "--reason", "r")
    before = compared.read_text()
    ran = envcheck("accept", "--reason", "another reason", "--expires", "2099-01-31")
    assert (ran.code, ran.stdout) == (0, "")
    assert "2 findings left out, for the file has an [[accept]] for them already" in ran.stderr
    assert "nothing to change" in ran.stderr
    assert compared.read_text() == before


def test_a_reason_is_needed(envcheck: Callable[..., Ran], compared: Path) -> None:
    """It is what the next reader has."""
    for reason in ("  ", "two\nlines"):
        ran = envcheck("accept", "--reason", reason)
        assert ran.code == 2
        assert "--reason: say why, in one line" in ran.stderr
    assert "--renew: say why, in one line" in envcheck("accept", "--renew", "", "--expires", "2099-01-31").stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "give one of --reason WHY, --prune, and --renew WHY with --expires DATE"),
        (("--reason", "r", "--prune"), "give one of"),
        (("--prune", "--renew", "r", "--expires", "2099-01-31"), "give one of"),
        (("--renew", "r"), "--renew: say until when with --expires DATE"),
        (("--prune", "--expires", "2099-01-31"), "--expires: has nothing to act on beside --prune"),
        (("--reason", "r", "--expires", "2020-01-01"), "--expires: is a day that has passed"),
        (("--reason", "r", "--rule", "models.remove"), 'did you mean "models.removed"?'),
        (("--reason", "r", "--environment", "stagin"), 'did you mean "staging"?'),
        (("--prune",), "told of no [[accept]] that is expired or unused"),
        (("--renew", "r", "--expires", "2099-01-31"), "told of no [[accept]] that is expired or expires soon"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(
    envcheck: Callable[..., Ran], compared: Path, options: tuple[str, ...], sentence: str
) -> None:
    """Usage is exit 2, and nothing is written."""
    before = compared.read_text()
    ran = envcheck("accept", *options)
    assert (ran.code, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert sentence in ran.stderr
    assert compared.read_text() == before


@pytest.mark.parametrize(
    "options",
    [("--reason", "sk-proj-abcdefghijklmnopqrstuvwx1234"), ("--reason", "r", "--expires", "2020-01-01")],
)
def test_what_would_be_refused_or_do_nothing_is_not_written(
    envcheck: Callable[..., Ran], compared: Path, options: tuple[str, ...]
) -> None:
    """A key pasted as a reason, a day that has passed: said before anything is shown or written."""
    before = compared.read_text()
    ran = envcheck("accept", *options)
    assert (ran.code, ran.stdout) == (2, "")
    assert "abcdefghijklmnop" not in ran.stderr
    assert compared.read_text() == before


def test_an_inconclusive_comparison_cannot_be_accepted(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Where the baseline failed, nothing is known to accept."""

    with serving_all([replace(good_gateway(), listening=Listening.NOTHING), good_gateway()]) as (one, two):
        (tmp_path / "environments.toml").write_text(
            f"""baseline = "a"
[environments.a]
base_url = "{one.base_url}"
[environments.b]
base_url = "{two.base_url}"
"""
        )
        assert envcheck("run").code == 5
    ran = envcheck("accept", "--reason", "r")
    assert ran.code == 5
    assert "inconclusive" in ran.stderr


def test_a_file_that_is_wrong_is_not_added_to(envcheck: Callable[..., Ran], compared: Path) -> None:
    """What is wrong is told first, and nothing of a change is shown."""
    compared.write_text(compared.read_text() + "[compare]\nseverty = 1\n")
    ran = envcheck("accept", "--reason", "r")
    assert (ran.code, ran.stdout) == (2, "")
    assert "compare.severty" in ran.stderr


def test_made_up_differences_are_nothing_to_accept(envcheck: Callable[..., Ran], compared: Path) -> None:
    """`run --sample -o` writes a comparison as a run does."""
    envcheck("run", "--sample", "-o", "sample")
    ran = envcheck("accept", "--reason", "r", "--from", "sample")
    assert (ran.code, ran.stdout) == (5, "")
    assert "its evidence is made up" in ran.stderr


def test_a_latency_is_accepted_up_to_a_bound(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """What is three times slower tonight may be four and a half times slower, and is an alarm at six."""
    delays = [0.02, 0.06, 0.12]
    with serving_all([good_gateway(Manner(chat_delay=Delay(delay))) for delay in delays]) as (fast, slow, slower):
        file = tmp_path / "environments.toml"
        text = f"""baseline = "production"
[defaults]
samples = 7
[environments.production]
base_url = "{fast.base_url}"
[environments.staging]
base_url = "SLOW"
[compare]
latency_floor_ms = 20
confirm_over_s = 0
"""
        file.write_text(text.replace("SLOW", slow.base_url))
        assert envcheck("run").code == 3
        assert envcheck("accept", "--reason", "small machines").code == 0
        assert 'field = "chat.latency"' in file.read_text()
        assert envcheck("run").code == 0
        file.write_text(file.read_text().replace(slow.base_url, slower.base_url))
        assert envcheck("run").code == 3


def test_members_without_a_name_are_told_and_left_out(envcheck: Callable[..., Ran], compared: Path) -> None:
    """An entry for them would cover whatever else is missing."""
    saved = compared.parent / "reports" / "comparison.json"
    comparison = json.loads(saved.read_text())
    finding = next(each for each in comparison["findings"] if each["rule"] == "models.removed")
    comparison["findings"] = [finding | {"expected": None, "unnamed": 4096}]
    saved.write_text(json.dumps(comparison))
    ran = envcheck("accept", "--reason", "r")
    assert (ran.code, ran.stdout) == (0, "")
    assert "staging: models.removed of 4,096 that no list names is left out" in ran.stderr


KEEPING = """
# the old proxy does not count
[[accept]]
rule = "chat.usage"
environment = "staging"
reason = "until the new proxy" # soon
expires = {day}

# nobody has these
[[accept]]
rule = "chat.usage"
environment = "eu"
reason = "not of this run"
[[accept]]
rule = "models.added"
environment = "staging"
reason = "never came"
"""


@pytest.fixture
def kept(compared: Path) -> Path:
    """A file with entries of each kind: one that has expired, one that covers nothing, one of another environment."""
    eu = '[environments.eu]\nbase_url = "http://127.0.0.1:9/v1"\n'
    compared.write_text(compared.read_text() + eu + KEEPING.format(day="2020-01-31"))
    return compared


def test_what_has_expired_or_covers_nothing_is_pruned(envcheck: Callable[..., Ran], kept: Path) -> None:
    """By its place in the file, although the run was of some environments; comments stay, and the change is shown."""
    assert envcheck("run", "staging").code == 3
    positions = [
        each["position"]
        for each in json.loads((kept.parent / "reports" / "comparison.json").read_text())["accept_notices"]
    ]
    assert positions == [1, 3]
    ran = envcheck("accept", "--prune")
    assert ran.code == 0
    assert '-reason = "until the new proxy" # soon' in ran.stdout
    text = kept.read_text()
    assert "# the old proxy does not count" in text
    assert [entry["environment"] for entry in tomli.loads(text)["accept"]] == ["eu"]
    again = envcheck("accept", "--prune")
    assert (again.code, again.stdout) == (2, "")
    assert "run again to look anew" in again.stderr


def test_what_has_expired_is_renewed_and_not_written_beside_itself(envcheck: Callable[..., Ran], kept: Path) -> None:
    """A copy without an end would win for ever."""
    envcheck("run", "staging")
    ran = envcheck("accept", "--reason", "again", "--rule", "chat.usage")
    assert (ran.code, ran.stdout) == (0, "")
    assert "one that has expired is renewed with --renew, or taken out with --prune" in ran.stderr
    assert envcheck("accept", "--renew", "still the old proxy", "--expires", "2099-01-31").code == 0
    first, *others = tomli.loads(kept.read_text())["accept"]
    assert (first["reason"], first["expires"].isoformat()) == ("still the old proxy", "2099-01-31")
    assert [entry["reason"] for entry in others] == ["not of this run", "never came"]
    assert "usage" not in {each["rule"].partition(".")[2] for each in open_findings(envcheck)}


def test_what_expires_soon_is_told_and_renewed(envcheck: Callable[..., Ran], kept: Path) -> None:
    """Somebody has two weeks to look at it."""
    soon = datetime.now(UTC).date() + timedelta(days=3)
    kept.write_text(kept.read_text().replace("2020-01-31", soon.isoformat()))
    envcheck("run", "staging")
    assert envcheck("accept", "--renew", "longer", "--expires", "2099-01-31", "--dry-run").code == 0
    assert soon.isoformat() in kept.read_text()
    assert envcheck("accept", "--renew", "longer", "--expires", "2099-01-31", "--rule", "chat.usage").code == 0
    assert soon.isoformat() not in kept.read_text()


def open_findings(envcheck: Callable[..., Ran]) -> list[dict[str, str]]:
    findings = json.loads(envcheck("run", "staging", "--json", "--no-reports").stdout)["findings"]
    return [each for each in findings if each["state"] == "open"]
