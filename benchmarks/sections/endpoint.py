"""One endpoint: `envcheck probe` against a script and against curl, all sending the same two requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks.bench import ASKED, ENVCHECK, python
from benchmarks.measure import Contestant
from benchmarks.ratios import cost_table

if TYPE_CHECKING:
    from benchmarks.bench import Bench

TITLE: Final = "One endpoint"
ABOUT: Final = (
    "The whole process, for `GET /models` and one small completion from a gateway that answers at once: any wait "
    "would flatter the ratio. The script is the least Python that could work: bare aiohttp, two requests, two "
    "`json.loads`. curl sends both in one process and parses nothing."
)

_SCRIPT: Final = "bare aiohttp script"


def run(bench: Bench) -> list[str]:
    """Measure it."""
    base_url = bench.gateways.base_url("one")
    contestants = (
        Contestant(_SCRIPT, python("bare_endpoint.py", base_url)),
        Contestant("envcheck probe", (ENVCHECK, "probe", "--base-url", base_url)),
        Contestant("envcheck probe --skip-chat", (ENVCHECK, "probe", "--base-url", base_url, "--skip-chat")),
        Contestant("curl, both requests in one", curl(base_url)),
    )
    return cost_table(bench.take_turns(contestants, bench.rounds * 2), _SCRIPT)


def curl(base_url: str) -> tuple[str, ...]:
    """Give the command that sends both requests; its URL may be a placeholder of xargs."""
    quietly = ("--silent", "--fail", "--noproxy", "*", "--output", "/dev/null")
    chat = ("--header", "Content-Type: application/json", "--data", ASKED, f"{base_url}/chat/completions")
    return ("curl", *quietly, f"{base_url}/models", "--next", *quietly, *chat)
