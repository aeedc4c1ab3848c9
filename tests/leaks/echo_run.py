"""Echoes sent through the whole command line, over real HTTP, and every output read by the judge."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli_runs import run_envcheck
from gateways.gateway import Gateway
from gateways.server import serving
from gateways.wire import reply
from leaks.judge import leaks
from leaks.kinds import KINDS
from leaks.places import MODEL, PLACES, Replies
from leaks.spellings import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cli_runs import Ran
    from gateways.gateway import Behaviour
    from gateways.wire import Exchange
    from leaks.kinds import Kind

_BASELINE: Final = "good"
_WHICH: Final = re.compile(r"/echo/([a-z0-9-]+)/")
JUDGED: Final = frozenset({0, 3, 4, 5})
"""Exit codes of a run that came to a result."""


@dataclass(frozen=True, slots=True)
class Echo:
    """One secret in one spelling at one place."""

    kind: Kind
    spelling: str
    place: str

    @property
    def replies(self) -> Replies:
        return PLACES[self.place](SPELLINGS[self.spelling](self.kind.secret))

    def __str__(self) -> str:
        return f"{self.kind.name} / {self.spelling} / {self.place}"


def product(kind: Kind) -> list[Echo]:
    """Give every spelling at every place."""
    return [Echo(kind, spelling, place) for spelling in SPELLINGS for place in PLACES]


def sample(share: int, *, part: int = 0) -> list[list[Echo]]:
    """Give a fixed part of the product: `share` echoes of each kind, all places and all spellings among them.

    Another `part` is another choice.
    """
    places, spellings = list(PLACES), list(SPELLINGS)
    numbers = itertools.count(part * share * len(KINDS))
    return [
        [
            Echo(
                kind, spellings[number % len(spellings)], places[(7 * number + number // len(spellings)) % len(places)]
            )
            for number in itertools.islice(numbers, share)
        ]
        for kind in KINDS
    ]


def echoing(replies: Sequence[Replies]) -> Gateway:
    """Give one server for all of the replies: the base URL's path says which."""

    def behaviour(probe: str) -> Behaviour:
        async def answer(exchange: Exchange) -> None:
            which = _WHICH.search(exchange.request.target)
            said = Replies() if which is None or which[1] == _BASELINE else replies[int(which[1])]
            data = said.models if probe == "models" else said.chat
            await exchange.send(data)
            if b"Connection: close" in data or (not data.startswith(b"HTTP/1.1 2") and b"Content-Length" not in data):
                exchange.peer.close()

        return answer

    async def nothing(exchange: Exchange) -> None:
        await exchange.send(reply(404))

    return Gateway(models=behaviour("models"), chat=behaviour("chat"), other=nothing)


def outputs(folder: Path, kind: Kind, replies: Sequence[Replies], *arguments: str) -> tuple[Ran, dict[str, str]]:
    """Run `envcheck run` over a well-behaved baseline and the replies; give all that came out, by name."""
    with serving(echoing(replies)) as server:
        base = f"http://127.0.0.1:{server.port}"
        tables = "\n".join(
            f'[environments.{name}]\nbase_url = "{base}/echo/{which}/v1"'
            for name, which in [(_BASELINE, _BASELINE), *((f"e{i}", str(i)) for i in range(len(replies)))]
        )
        defaults = f'timeout_s = 10\nmodel = "{MODEL}"\napi_key_env = "GATEWAY_KEY"\n{kind.settings(server.port)}'
        config = folder / "environments.toml"
        config.write_text(f'baseline = "{_BASELINE}"\n[defaults]\n{defaults}\n{tables}\n')
        reports = folder / "reports"
        ran = run_envcheck("run", "-c", config, "-o", reports, *arguments, variables=kind.variables)
    written = {file.name: file.read_text() for file in sorted(reports.iterdir())} if reports.exists() else {}
    return ran, {"stdout": ran.stdout, "stderr": ran.stderr, "names": "\n".join(written), **written}


def leaked(folder: Path, echoes: Sequence[Echo], *arguments: str) -> list[str]:
    """Send the echoes of one kind through `envcheck run`; name each that came out, and where."""
    kind = echoes[0].kind
    ran, came_out = outputs(folder, kind, [echo.replies for echo in echoes], *arguments)
    if ran.code not in JUDGED:
        return [f"no result: exit {ran.code}: {ran.stderr}"]
    found = []
    for name, text in came_out.items():
        if why := revealed(kind, text):
            number = re.match(r"e(\d+)\.", name)
            found.append(f"{echoes[int(number[1])] if number else kind.name}: {name}: {', '.join(why)}")
    return found


def revealed(kind: Kind, text: str) -> list[str]:
    """Give the readings of an output in which the secret can be read."""
    return leaks(text, kind.secret, is_prose=kind.is_prose) if kind.is_secret else []
