"""A plug-in's format: written where `-f` names it, checked as ours are, and when it breaks nothing else is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from envcheck.plugins import files
from gateways.good import good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runs import Ran

KEY = "sk-live-4Tq9ZxW2mK7vB1nR8yLpA3dF"
HEAD = "import time\nfrom envcheck.plugins.kit import Format\ndef files(result):\n    "


@pytest.fixture(scope="module")
def text() -> Iterator[str]:
    """A file with one gateway, which is named as a file of the format may be."""
    with serving_all([good_gateway()]) as (server,):
        head = 'plugins = ["toy-plugin"]\n[environments.toyform-e]\napi_key_env = "KEY"\n'
        yield f'{head}base_url = "{server.base_url}"\n'


@pytest.fixture
def run(text: str, tmp_path: Path, envcheck: Callable[..., Ran]) -> Callable[..., Ran]:
    """Run the file."""

    def ran(*arguments: str) -> Ran:
        (tmp_path / "environments.toml").write_text(text)
        return envcheck("run", *arguments, variables={"KEY": KEY})

    return ran


def form(body: str, made: str = "TOY = Format('toyform', files)\n") -> str:
    return f"{HEAD}{body}\n{made}"


def test_a_format_is_written_for_whoever_names_it(
    toy: Callable[..., None], run: Callable[..., Ran], tmp_path: Path
) -> None:
    """Beside ours, and never by default."""
    toy(form("yield 'toyform.txt', str(len(result.evidences))"), formats={"toyform": "TOY"})
    ran = run("-f", "toyform", "-f", "json", "-o", "named")
    assert ran.code == 0, ran.stderr
    assert (tmp_path / "named" / "toyform.txt").read_text() == "1"
    assert (tmp_path / "named" / "comparison.json").is_file()
    assert run("-o", "unnamed").code == 0
    assert "toyform.txt" not in {path.name for path in (tmp_path / "unnamed").iterdir()}


def test_a_name_that_is_no_format_comes_with_the_nearest_one(toy: Callable[..., None], run: Callable[..., Ran]) -> None:
    """Those of the file's plug-ins are known too."""
    toy(form("yield from ()"), formats={"toyform": "TOY"})
    ran = run("-f", "toyfrom", "-f", "jsn")
    assert ran.code == 2
    assert '-f toyfrom: is not a format; did you mean "toyform"?' in ran.stderr
    assert '-f jsn: is not a format; did you mean "json"?' in ran.stderr


BREAKS = {
    "at import": ("raise OSError", "cannot be imported"),
    "with no format": (form("", "TOY = files"), "is of no use here: toyform is no Format"),
    "as another one": (form("", "TOY = Format('other', files)"), "is a format of another name than its entry point"),
    "by default": (form("", "TOY = Format('toyform', files, on_by_default=True)"), "which is not for plug-ins"),
    "at work": (form("raise OSError"), "broke while it made its files"),
    "midway": (form("yield 'toyform.txt', ''\n    raise OSError"), "broke while it made its files"),
    "hanging": (form("time.sleep(30)"), "hung while it made its files"),
    "with no text": (form("yield 'toyform.txt', None"), "gave what are no names and texts of files"),
    "twice": (form("yield 'toyform.txt', ''\n    yield 'toyform.TXT', ''"), "gave two files one name"),
    "endless": (form("while True: yield 'toyform.txt', ''"), "gave what are no names and texts of files"),
    "as ours": (form("yield 'comparison.json', ''"), "gave a file a name that is not its own"),
    "elsewhere": (form("yield 'toyform./../../up', ''"), "gave a file a name that is not its own"),
    "as an environment's": (form("yield 'toyform-e.json', ''"), "gave a file a name that is not its own"),
    "with a key": (form(f"yield 'toyform.txt', '{KEY}'"), "put a key of this run into a file"),
}


@pytest.mark.parametrize(("module", "said"), BREAKS.values(), ids=BREAKS.keys())
def test_a_broken_format_costs_its_own_files_alone(
    module: str,
    said: str,
    *,
    toy: Callable[..., None],
    run: Callable[..., Ran],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The result stands, ours are written, and exit code 6 says that something is missing."""
    monkeypatch.setattr(files, "FILES_S", 0.3)
    toy(module.replace("def files(result):\n    \n", "def files(result):\n    yield\n"), formats={"toyform": "TOY"})
    ran = run("-f", "toyform", "-f", "json", "-o", "reports")
    assert (ran.code, "the plug-in toy-plugin " in ran.stderr, said in ran.stderr) == (6, True, True), ran.stderr
    assert "; -f toyform has written nothing" in ran.stderr
    written = {path.name for path in (tmp_path / "reports").iterdir() if not path.name.startswith(".")}
    assert written == {"comparison.json", "toyform-e.json"}
    assert KEY not in ran.stderr
