"""What the user wrote is the user's: it costs nobody a report, whatever a header says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from envcheck.redact import Redactor
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from cli_runs import Ran

KEY = "sk-proj-MadeUp0123456789abcdefghijkl"
TEAM = "team-zebra-4471"


def write_config(folder: Path, first: str, second: str, more: str = "") -> None:
    (folder / "environments.toml").write_text(
        f"""baseline = "production"
[defaults]
model = "gpt-4o"
[environments.production]
base_url = "{first}"
[environments.staging]
base_url = "{second}"
api_key_env = "SOME_KEY"
headers = {{ "X-Team" = "${{TEAM}}" }}
prompt = "Does {TEAM} like penguins more than anybody else does?"
{more}"""
    )


ACCEPT = f"""
[[accept]]
rule = "chat.usage"
environment = "staging"
reason = "{TEAM} has no metering yet. Does {TEAM} like penguins more than anybody else does?"
"""


def test_a_reason_may_say_what_a_header_and_a_prompt_say(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The run goes on, shows the reason and writes it."""
    with serving_all([good_gateway(), good_gateway(Manner(usage=None))]) as (one, two):
        write_config(tmp_path, one.base_url, two.base_url, ACCEPT)
        ran = envcheck("run", variables={"SOME_KEY": KEY, "TEAM": TEAM})
    assert ran.code == 0, ran.stderr
    assert TEAM in ran.stdout
    assert TEAM in (tmp_path / "reports" / "comparison.json").read_text()


def test_last_nights_report_may_hold_what_a_header_says_tonight(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A model called like the team was listed before the header was set, and is the same model tonight."""
    with serving_all([good_gateway(), good_gateway(Manner(models=((TEAM, "gpt-4o"),)))]) as (one, two):
        write_config(tmp_path, one.base_url, two.base_url)
        envcheck("run", variables={"SOME_KEY": KEY, "TEAM": "another-team-9"})
        assert TEAM in (tmp_path / "reports" / "comparison.json").read_text()
        ran = envcheck("run", "--against", "reports", "--json", variables={"SOME_KEY": KEY, "TEAM": TEAM})
    assert ran.code == 3, ran.stderr
    assert (TEAM, "unchanged") in {(each["actual"], each["state"]) for each in json.loads(ran.stdout)["findings"]}


def test_last_nights_report_that_holds_a_key_is_told_and_left_out(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Otherwise every run would end with exit 1 until somebody deletes it."""
    with serving_all([good_gateway(), good_gateway(Manner(models=((TEAM, "gpt-4o"),)))]) as (one, two):
        write_config(tmp_path, one.base_url, two.base_url)
        envcheck("run", variables={"SOME_KEY": KEY, "TEAM": "another-team-9"})
        ran = envcheck("run", "--against", "reports", variables={"SOME_KEY": TEAM, "TEAM": "another-team-9"})
    assert ran.code == 3, ran.stderr
    assert "holds a key of this run" in ran.stderr
    assert TEAM not in ran.stdout + ran.stderr


def test_a_hit_in_one_servers_words_withholds_those_alone(
    envcheck: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should every layer fail for one environment, the run still ends as it would have, and says what it left out."""
    monkeypatch.setattr(Redactor, "model_ids", lambda _self, served: list(served))
    listed = (f"m-{KEY}", *MODELS)
    with serving_all([good_gateway(), good_gateway(Manner(models=(listed,)))]) as (one, two):
        write_config(tmp_path, one.base_url, two.base_url)
        ran = envcheck("run", variables={"SOME_KEY": KEY, "TEAM": TEAM})
    staging = json.loads((tmp_path / "reports" / "staging.json").read_text())
    assert ran.code == 0, ran.stderr
    assert "staging: its server gave a secret back" in ran.stderr
    assert staging["safety"]["server_text"] == "withheld_by_tripwire"
    assert set(staging["checks"][0]["facts"]["model_ids"]) == {"[redacted]", *MODELS}
    assert "a secret was still found in it" in (tmp_path / "reports" / "staging.md").read_text()
    assert not any(KEY in path.read_text() for path in (tmp_path / "reports").iterdir())
    assert KEY not in ran.stdout + ran.stderr


def test_a_path_that_holds_a_key_is_told_without_it(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """A sentence on stderr is scrubbed where it quotes a path of the user's, and the run goes on."""
    with serving_all([good_gateway(), good_gateway()]) as (one, two):
        write_config(tmp_path, one.base_url, two.base_url)
        ran = envcheck("run", "--against", f"no-{KEY}", variables={"SOME_KEY": KEY, "TEAM": TEAM})
    assert ran.code == 0
    assert "holds no earlier comparison yet" in ran.stderr
    assert KEY not in ran.stderr
