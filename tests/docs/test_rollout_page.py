"""docs/rollout.md is followed from its first line to its last, against gateways that are as it says."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
import tomli
from checkout import ROOT

from cli_runs import run_envcheck
from gateways.certificates import Certificate
from gateways.good import Delay, Manner, good_gateway, openai_error
from gateways.server import serving_all
from gateways.wire import json_reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cli_runs import Ran
    from gateways.gateway import Gateway
    from gateways.server import Server
    from gateways.wire import Exchange

PAGE: Final = (ROOT / "docs" / "rollout.md").read_text(encoding="utf-8")
WIDTH: Final = "110"
KEYS: Final = {"PROD_API_KEY": "sk-prod-3QpX7vK1mZt9", "STAGING_API_KEY": "sk-stag-8LwR2nY5cHd4"}
ROUNDS_BEFORE: Final = 2
"""How many rounds of waiting find staging as it was."""


class Staging:
    """A gateway that is rolled out while somebody waits for it."""

    def __init__(self) -> None:
        self._before = good_gateway(_manner("gpt-4o-mini"))
        self._after = good_gateway(_manner("gpt-4o-mini", "text-embedding-3-large"))
        self._rounds_left: int | None = None

    def begin(self) -> None:
        """Be rolled out two rounds from now."""
        self._rounds_left = ROUNDS_BEFORE

    @property
    def gateway(self) -> Gateway:
        """Give what is to be started."""
        return replace(self._before, models=self._models, chat=self._chat)

    @property
    def _is_new(self) -> bool:
        return self._rounds_left is not None and self._rounds_left < 0

    async def _models(self, exchange: Exchange) -> None:
        if self._rounds_left is not None:
            self._rounds_left -= 1
        await (self._after if self._is_new else self._before).models(exchange)

    async def _chat(self, exchange: Exchange) -> None:
        if self._is_new:
            await self._after.chat(exchange)
        else:
            await exchange.send(json_reply(503, openai_error("no healthy upstream", kind="upstream_error")))


def _manner(*models: str) -> Manner:
    return Manner(models=(models,), models_delay=Delay(0.02), chat_delay=Delay(0.02))


def _over_tls(gateway: Gateway) -> Gateway:
    return replace(gateway, certificate=Certificate.GOOD, base_url="https://127.0.0.1:{port}/v1")


def blocks(language: str) -> list[str]:
    """Give the page's blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, str]]:
    """Give each command that is shown with an output, and that output."""
    for block in blocks("console"):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            yield command, output


def addressed(text: str, servers: Mapping[str, Server]) -> str:
    """Put the loopback gateways in the place of the page's hosts."""
    for host, server in servers.items():
        text = text.replace(f'base_url = "{host}"', f'base_url = "{server.base_url}"\nca_file = "{server.ca_file}"')
    return text


def unhurried(text: str, servers: Mapping[str, Server]) -> str:
    """Leave out of an output what is another one in each run: addresses, times, days, and the room that they take.

    So is how often a request was sent again, on a machine that has other things to do.
    """
    text = re.sub(r"^envcheck: sent .*\n?", "", text, flags=re.MULTILINE)
    for host, server in servers.items():
        text = text.replace(server.base_url, host)
    text = re.sub(r"\d[\d.,]* m?s\b(?: ±\d[\d.,]*)?", "TIME", text)
    text = re.sub(r"20\d\d-\d\d-\d\d(?: \d\d:\d\d UTC)?", "DAY", text)
    text = re.sub(r"\bn( ?= ?)\d+", r"n\1N", text)
    text = re.sub(r"^@@ .* @@", "@@ LINE @@", text, flags=re.MULTILINE)
    text = re.sub(r"\bp = [\d.]+", "p = P", text)
    return re.sub(r"-{3,}", "---", re.sub(r"\s+", " ", text)).strip()


def said(ran: Ran, servers: Mapping[str, Server]) -> tuple[str, str]:
    """Give what a command printed on each stream."""
    return unhurried(ran.stdout, servers), unhurried(ran.stderr, servers)


def shown(output: str) -> tuple[str, str]:
    """Give what the page shows of each stream: what envcheck says of itself is on stderr."""
    lines = output.splitlines()
    own = [line for line in lines if line.startswith("envcheck: ")]
    return unhurried("\n".join(line for line in lines if line not in own), {}), unhurried("\n".join(own), {})


@pytest.mark.clock
def test_whoever_follows_the_page_sees_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file, the run, the list with items of every state, the wait, and the list that can be signed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", WIDTH)
    production, staging = good_gateway(_manner("gpt-4o-mini", "o3", "text-embedding-3-large")), Staging()
    with serving_all([_over_tls(production), _over_tls(staging.gateway)]) as started:
        hosts = ("https://gateway.example.com/v1", "https://staging.gateway.example.com/v1")
        servers = dict(zip(hosts, started, strict=True))
        (tmp_path / "environments.toml").write_text(addressed(blocks("toml")[0], servers))
        ran = None
        for command, output in steps():
            if command == "echo $?":
                assert ran is not None
                assert ran.code == int(output)
                continue
            if "--wait" in command:
                staging.begin()
            ran = run_envcheck(*shlex.split(command.replace("--every 20s", "--every 1s"))[1:], variables=KEYS)
            assert said(ran, servers) == shown(output), command
        saved = (tmp_path / "reports" / "checklist.md").read_text()
        assert run_envcheck("checklist").stdout == saved
        # What the page's jq chooses, by hand.
        items = json.loads((tmp_path / "reports" / "comparison.json").read_text())["checklist"]
        assert {each["state"] for each in items if each["state"] != "done"} == {"accepted", "manual"}
        assert all(each.keys() >= {"title", "state", "detail"} for each in items)


def test_the_list_shows_items_of_every_state() -> None:
    """Met, not met, could not be told, accepted, and a person's."""
    lists = "".join(output for command, output in steps() if command == "envcheck checklist")
    states = [
        r"\[x\] The rollout's models",
        r"\[ \] \*\*",
        r"\[ \] \? ",
        r"\[x\] known: ",
        r"\[ \] Rollback .* a person",
    ]
    assert [state for state in states if re.search(f"^- {state}", lists, re.MULTILINE) is None] == []


def test_the_file_is_the_one_that_the_page_speaks_of() -> None:
    """It expects, accepts and leaves to a person what the rest of the page is about."""
    document = tomli.loads(blocks("toml")[0])
    assert {"expect", "accept", "checklist", "environments"} <= document.keys()
