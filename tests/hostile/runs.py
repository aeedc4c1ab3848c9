"""One run of the command line over two healthy gateways and many hostile ones, and what must hold of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Final

from leaks.judge import leaks

from cli_runs import run_envcheck
from envcheck.errors import EnvcheckError
from envcheck.store import load_evidence
from gateways.gateway import Gateway
from gateways.server import serving
from hostile.bodies import MODEL
from hostile.echo import KEY
from hostile.replies import case_of, good_reply, hostile_reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gateways.gateway import Behaviour
    from gateways.wire import Exchange

HEALTHY: Final = ("baseline", "candidate")
DEADLINE_S: Final = 1.0
PATIENCE_S: Final = 30.0
"""The deadline of the healthy ones, which a busy machine must not let them miss."""
GRACE_S: Final = 60.0
"""What starting, redacting and writing may take past the deadlines of two probes, on a machine that is busy."""
HUNG_S: Final = 120.0
JUDGED: Final = frozenset({0, 3, 4})
"""The exit codes of a run whose baseline is healthy, whatever the others are."""
_WHICH: Final = re.compile(r"\bh(\d+)(?:/v1/|\.invalid:443)")
_PROXIED: Final = 10
"""Every so-manyth gateway is a proxy, which is asked for a tunnel first."""
_SAMPLED: Final = 25
"""Every so-manyth is good in the opening, and hostile while it is sampled."""
_SAMPLES: Final = 2
_OURS: Final = re.compile(r"envcheck: [^\x00-\x1f\x7f]*")
# What moves a cursor, hides text or turns its direction; a report has lines, and nothing else of the kind.
_HARMFUL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_CLASSES: Final[Mapping[int, frozenset[str | None]]] = {
    **{status: frozenset({"base_url_or_route"}) for status in (300, 301, 302, 303, 305, 307, 308, 405)},
    400: frozenset({"http_400", "model_selection"}),
    401: frozenset({"auth"}),
    402: frozenset({"rate_or_quota"}),
    403: frozenset({"permission"}),
    404: frozenset({"base_url_or_route", "model_selection"}),
    408: frozenset({"timeout"}),
    429: frozenset({"rate_or_quota"}),
    **dict.fromkeys(range(500, 600), frozenset({"upstream_or_gateway"})),
    **dict.fromkeys(range(200, 300), frozenset({None, "response_shape", "model_selection", "network", "timeout"})),
}
_WITHOUT_A_STATUS: Final = frozenset({None, "network", "timeout", "response_shape"})


@dataclass(slots=True)
class Judged:
    """What came of one run."""

    classes: Counter[str] = field(default_factory=Counter)
    """How often each probe of a hostile gateway came to what."""
    faults: list[tuple[int | None, str]] = field(default_factory=list)
    """What must not be, and the number of the gateway that it is about, where it is about one."""
    took_s: float = 0.0


def is_proxied(seed: int) -> bool:
    """Tell whether a gateway is reached by a tunnel that is never there."""
    return seed % _PROXIED == 1


def is_sampled(seed: int) -> bool:
    """Tell whether a gateway begins well."""
    return seed % _SAMPLED == 2


def hostile_gateway() -> Gateway:
    """Serve every gateway there is from one port: the base URL's path, or the host of a tunnel, says which."""
    asked = Counter[tuple[str, str]]()

    def behaviour(probe: str) -> Behaviour:
        async def answer(exchange: Exchange) -> None:
            which = _WHICH.search(exchange.request.target)
            if which is None:
                return await good_reply(probe).send(exchange)
            asked[which[1], probe] += 1
            seed, number = int(which[1]), asked[which[1], probe]
            if is_sampled(seed):
                if number == 1:
                    return await good_reply(probe).send(exchange)
                return await hostile_reply(seed, probe, number).send(exchange)
            case = case_of(seed)
            return await (case.models if probe == "models" else case.chat).send(exchange)

        return answer

    return Gateway(models=behaviour("models"), chat=behaviour("chat"), other=behaviour("models"))


def configuration(port: int, seeds: Sequence[int]) -> str:
    """Write environments.toml: the healthy ones first and last, so that the hostile ones are between them."""
    tables = (_table(f"h{seed}", port, seed) for seed in seeds)
    first, last = (
        f'[environments.{name}]\nbase_url = "http://127.0.0.1:{port}/{name}/v1"\ntimeout_s = {PATIENCE_S}\n'
        for name in HEALTHY
    )
    defaults = f'model = "{MODEL}"\napi_key_env = "GATEWAY_KEY"\n'
    return f'baseline = "{HEALTHY[0]}"\n[defaults]\n{defaults}{first}{"".join(tables)}{last}'


def _table(name: str, port: int, seed: int) -> str:
    server = f"http://127.0.0.1:{port}"
    where = f'"https://{name}.invalid/v1"\nproxy = "{server}"' if is_proxied(seed) else f'"{server}/{name}/v1"'
    samples = f"samples = {_SAMPLES}\n" if is_sampled(seed) else ""
    return f"[environments.{name}]\nbase_url = {where}\ntimeout_s = {DEADLINE_S}\n{samples}"


def run_over(folder: Path, seeds: Sequence[int], *, port: int | None = None, parser: str | None = None) -> Judged:
    """Run `envcheck run` over these gateways and judge it.

    With a port it is a process of its own, over a server that is there; `parser` then chooses aiohttp's.
    """
    config, reports = folder / "environments.toml", folder / "reports"
    arguments = ("run", "-c", str(config), "-o", str(reports))
    variables = {"GATEWAY_KEY": KEY}
    started = perf_counter()
    if port is None:
        with serving(hostile_gateway()) as server:
            config.write_text(configuration(server.port, seeds))
            started = perf_counter()
            ran = run_envcheck(*arguments, variables=variables)
            took_s = perf_counter() - started
        code, stdout, stderr = ran.code, ran.stdout, ran.stderr
    else:
        config.write_text(configuration(port, seeds))
        variables |= {"PYTHONWARNINGS": "always", **({"AIOHTTP_NO_EXTENSIONS": "1"} if parser == "python" else {})}
        code, stdout, stderr = _in_a_process(arguments, {**os.environ, **variables})
        took_s = perf_counter() - started
    files = {file.name: file.read_bytes().decode() for file in reports.iterdir()} if reports.exists() else {}
    judged = Judged(took_s=took_s)
    in_turn = sum(2 * _SAMPLES for seed in seeds if is_sampled(seed))
    judged.faults += _of_the_run(code, stdout, stderr, took_s, (2 + in_turn) * DEADLINE_S + GRACE_S)
    for name in (*HEALTHY, *(f"h{seed}" for seed in seeds)):
        number = int(name[1:]) if name not in HEALTHY else None
        judged.faults += ((number, fault) for fault in _of_one(reports / f"{name}.json", files, judged.classes))
    judged.faults += _shown({"stdout": stdout, "stderr": stderr, **files})
    return judged


def _in_a_process(arguments: Sequence[str], variables: Mapping[str, str]) -> tuple[int, str, str]:
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "envcheck", *arguments],
            env=variables,
            capture_output=True,
            timeout=HUNG_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, "", "it hung"
    return ran.returncode, ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace")


def _of_the_run(code: int, stdout: str, stderr: str, took_s: float, limit_s: float) -> Iterator[tuple[None, str]]:
    if code not in JUDGED:
        yield None, f"exit {code}"
    if not stdout:
        yield None, "nothing on stdout"
    if took_s > limit_s:
        yield None, f"took {took_s:.1f} s"
    for line in stderr.splitlines():
        if not _OURS.fullmatch(line) or "internal fault" in line:
            yield None, f"stderr: {line[:200]!r}"


def _of_one(path: Path, files: Mapping[str, str], classes: Counter[str]) -> Iterator[str]:
    if not {path.name, f"{path.stem}.md"} <= files.keys():
        yield "has no report"
        return
    try:
        record = json.loads(files[path.name])
        load_evidence(path)
    except (ValueError, EnvcheckError) as error:
        yield f"has a report that cannot be read: {error}"
        return
    healthy = path.stem in HEALTHY
    if healthy and not record["summary"]["ok"]:
        yield f"{path.stem} did not pass: {record['summary']}"
    if record["safety"]["server_text"] != "shown":
        yield f"server_text is {record['safety']['server_text']}"
    for check in record["checks"]:
        outcome, failure, status = check["outcome"], check["failure_class"], check["http_status"]
        if not healthy:
            classes.update([failure or outcome, *check["failed_samples"]])
        if status is not None and not 100 <= status <= 999:
            yield f"{check['probe']}: a status of {status}"
        right = _WITHOUT_A_STATUS if status is None else _CLASSES.get(status, frozenset({f"http_{status}"}))
        if failure not in right:
            yield f"{check['probe']}: {failure} ({check['failure_detail']}) with a status of {status}"
        if (outcome == "fail") != (failure is not None):
            yield f"{check['probe']}: {outcome} and {failure}"


def _shown(outputs: Mapping[str, str]) -> Iterator[tuple[int | None, str]]:
    """Look for what no output may hold; the key in every distinct line at once, for that is where the time goes."""
    for name, text in outputs.items():
        if harmful := _HARMFUL.search(text):
            yield _number(name), f"{name}: holds {harmful[0]!r}"
    lines = dict.fromkeys(line for text in outputs.values() for line in text.splitlines())
    if leaks("\n".join(lines), KEY):
        for name, text in outputs.items():
            if found := leaks(text, KEY):
                yield _number(name), f"{name}: {', '.join(found)}"


def _number(name: str) -> int | None:
    with suppress(ValueError):
        return int(name.partition(".")[0].removeprefix("h"))
    return None
