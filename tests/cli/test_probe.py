from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gateways.gateway import Listening
from gateways.good import Manner, good_gateway
from gateways.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran

KEY = "sk-proj-MadeUp0123456789abcdefghijkl"


def test_an_endpoint_that_passes_is_exit_0(envcheck: Callable[..., Ran]) -> None:
    """One line, no file: the report is on stdout."""
    with serving(good_gateway(Manner(key=KEY))) as server:
        ran = envcheck("probe", "--base-url", server.base_url, "--api-key-env", "SOME_KEY", variables={"SOME_KEY": KEY})
    assert ran.code == 0
    assert ran.stdout.startswith("# envcheck")
    assert KEY not in ran.stdout


def test_an_endpoint_that_fails_is_exit_4(envcheck: Callable[..., Ran]) -> None:
    """A refused connection is a report that says so."""
    with serving(replace(good_gateway(), listening=Listening.NOTHING)) as server:
        ran = envcheck("probe", "--base-url", server.base_url, "--json")
    assert ran.code == 4
    assert json.loads(ran.stdout)["summary"] == {"ok": False, "failure_class": "network"}


@pytest.mark.parametrize("arguments", [("--json",), ("--format", "json")])
def test_json_is_asked_for_in_two_ways(envcheck: Callable[..., Ran], arguments: tuple[str, ...]) -> None:
    """--json is short for --format json."""
    with serving(good_gateway()) as server:
        ran = envcheck("probe", "--base-url", server.base_url, "--skip-chat", *arguments)
    assert [check["probe"] for check in json.loads(ran.stdout)["checks"]] == ["models"]


def test_out_writes_the_file_and_keeps_stdout_empty(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The report is in one place."""
    with serving(good_gateway()) as server:
        ran = envcheck("probe", "--base-url", server.base_url, "--out", "report.md")
    assert (ran.code, ran.stdout) == (0, "")
    assert (tmp_path / "report.md").read_text().startswith("# envcheck")


def test_out_that_cannot_be_written_is_exit_6(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The endpoint passed, and the report is missing."""
    (tmp_path / "file").write_text("")
    assert envcheck("probe", "--sample", "--out", "file/report.md").code == 6


def test_the_prompt_may_come_from_a_file_and_stays_out_of_the_report(
    envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """What is sent is the user's own, and the report only says that it was not the default."""
    prompt = "Summarise the merger of Nimbus and Contoso in one sentence"
    (tmp_path / "prompt.txt").write_text(prompt)
    with serving(good_gateway(Manner(reply=f"You asked: {prompt}"))) as server:
        ran = envcheck("probe", "--base-url", server.base_url, "--prompt-file", "prompt.txt", "--json")
        assert server.requests[1].json()["messages"] == [{"role": "user", "content": prompt}]
    assert json.loads(ran.stdout)["safety"]["prompt_source"] == "custom"
    assert "merger" not in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "--base-url"),
        (("--base-url", "ftp://host/v1"), "--base-url"),
        (("--base-url", f"https://user:{KEY}@host/v1"), "--base-url"),
        (("--base-url", "http://127.0.0.1:9/v1", "--api-key-env", KEY), "--api-key-env"),
        (("--base-url", "http://127.0.0.1:9/v1", "--prompt", "a", "--prompt-file", "b"), "give one of them"),
        (("--base-url", "http://127.0.0.1:9/v1", "--prompt-file", "missing.txt"), "no such file"),
        (("--base-url", "http://127.0.0.1:9/v1", "--prompt-file", "binary.txt"), "UTF-8"),
        (("--base-url", "http://127.0.0.1:9/v1", "--prompt-file", "large.txt"), "larger than"),
        (("--base-url", "http://127.0.0.1:9/v1", "--timeout", "0"), "--timeout"),
    ],
)
def test_a_mistake_in_a_flag_is_exit_2_and_is_not_repeated(
    envcheck: Callable[..., Ran], tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    """The flag is named, its value may be a key."""
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "large.txt").write_bytes(b"x" * (1024 * 1024 + 1))
    ran = envcheck("probe", *arguments)
    assert ran.code == 2
    assert ran.stdout == ""
    assert sentence in ran.stderr
    assert KEY not in ran.stderr


def test_an_unset_key_is_said_and_nothing_is_sent(envcheck: Callable[..., Ran]) -> None:
    """missing_key is a failed endpoint, not a mistake in the command."""
    with serving(good_gateway()) as server:
        ran = envcheck("probe", "--base-url", server.base_url, "--api-key-env", "UNSET_KEY")
        assert server.connections == 0
    assert ran.code == 4
    assert "missing_key" in ran.stdout


def test_sample_needs_nothing(envcheck: Callable[..., Ran]) -> None:
    """A made-up report, to see what one looks like."""
    ran = envcheck("probe", "--sample")
    assert ran.code == 0
    assert ran.stdout.startswith("# envcheck")


def test_probes_and_skip_chat_are_not_both_said(envcheck: Callable[..., Ran]) -> None:
    """One of them would do nothing."""
    ran = envcheck("probe", "--base-url", "http://127.0.0.1:9/v1", "--skip-chat", "--probes", "chat")
    assert (ran.code, ran.stdout) == (2, "")
    assert "--skip-chat: has nothing to act on beside --probes; leave it out" in ran.stderr
