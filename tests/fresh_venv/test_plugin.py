"""From a virtual environment that holds nothing to a comparison by a plug-in's probe, and what broken ones come to."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from plugins.packages import EXAMPLE, PROBE, install
from plugins.reranking import file_of, reranking_gateway

from gateways.good import good_gateway
from gateways.server import serving_all
from gateways.wire import Exchange, json_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.fresh_venv

ROOT = Path(__file__).parents[2]
KEY = "sk-live-4Tq9ZxW2mK7vB1nR8yLpA3dF"


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a process that sees one key and none of the checkout."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={"KEY": KEY, "COLUMNS": "110", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    print("$", Path(command[0]).name, *command[1:], f"\n{done.stdout}{done.stderr}exit {done.returncode}")  # noqa: T201
    return done


def pip_install(folder: Path, what: Path) -> None:
    """Install a project into the environment of a folder."""
    python = folder / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--constraint", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, str(what)], check=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with envcheck as pip installs it, and no plug-in yet."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    pip_install(folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def file(place: Path) -> Iterator[Path]:
    """Two gateways that rerank, and a file that asks for it."""
    with serving_all([reranking_gateway((1, 0, 2)), reranking_gateway((2, 1), (1, 2))]) as servers:
        path = place / "environments.toml"
        path.write_text(file_of([each.base_url for each in servers]))
        yield path


def test_the_example_is_installed_and_run(place: Path, file: Path) -> None:
    """Before that the file says what to install; after it, its probe is judged and its format written."""
    envcheck = place / "venv" / "bin" / "envcheck"
    before = run(envcheck, "run", cwd=file.parent)
    assert before.returncode == 2
    assert "plugins[0]: envcheck-rerank is not installed; python -m pip install envcheck-rerank" in before.stderr
    pip_install(place, EXAMPLE)
    ran = run(envcheck, "run", "-f", "json", "-f", "findings_csv", cwd=file.parent)
    assert ran.returncode == 3, ran.stderr
    assert "rerank.best: 1 → 2" in ran.stdout
    assert "warn,staging,rerank.best,1,2" in (place / "reports" / "findings_csv.csv").read_text()
    schema = run(envcheck, "schema", "config", "-c", file, cwd=file.parent)
    assert '"rerank.best"' in schema.stdout


BROKEN = {
    "import": ("raise KeyError('x')", "cannot be imported"),
    "ask": ("async def ask(asking): raise KeyError('x')\nTOY = Probe(**told | dict(ask=ask))", "broke while it asked"),
    "read": (
        "def read(e, r): raise KeyError('x')\nTOY = Probe(**told | dict(read=read))",
        "broke while it read a reply",
    ),
    "raw text": (
        "class Raw(Facts):\n    said: str\nTOY = Probe(**told | dict(facts=Raw, fields=()))",
        "has facts that may hold raw text (said)",
    ),
    "asks for ever": (
        "async def ask(asking): await anyio.sleep_forever()\nTOY = Probe(**told | dict(ask=ask))",
        "took too long to ask",
    ),
    "reads for ever": (
        "def read(e, r):\n    while True: pass\nTOY = Probe(**told | dict(read=read))",
        "hung while it read a reply",
    ),
}


async def answer(exchange: Exchange) -> None:
    await exchange.send(json_reply(200, {"answer": 1}))


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_one_is_a_sentence_and_a_column(place: Path, how: str, tmp_path: Path) -> None:
    """As a process of its own, which ends although a reader of its never does."""
    module, said = BROKEN[how]
    (site,) = (place / "venv" / "lib").glob("python*/site-packages")
    name = f"toy-{how.replace(' ', '-')}"
    install(site, name, PROBE + module, probes={"toy": "TOY"})
    with serving_all([replace(good_gateway(), other=answer)]) as (server,):
        text = f'plugins = ["{name}"]\n[environments.e]\ntimeout_s = 1\nbase_url = "{server.base_url}"\n'
        (tmp_path / "environments.toml").write_text(f'{text}probes = ["models", "toy"]\n')
        ran = run(place / "venv" / "bin" / "envcheck", "run", cwd=tmp_path)
    assert (ran.returncode, said in ran.stderr) == (4, True), ran.stderr
    found = {each["probe"]: each for each in json.loads((tmp_path / "reports" / "e.json").read_text())["checks"]}
    assert (found["models"]["outcome"], found["toy"]["failure_class"]) == ("pass", "plugin")
