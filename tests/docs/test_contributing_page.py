"""CONTRIBUTING.md takes a stranger from a clone to a merged probe, for it is followed here word by word."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gateways.good import good_gateway
from gateways.server import serving_all
from gateways.wire import Exchange, json_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()


def block(language: str, number: int = 0) -> str:
    """Give a block of code as the page has it."""
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return blocks[number]


def with_diff(text: str, diff: str) -> str:
    """Give a text with a diff's lines applied, each at its place; what the diff leaves as it is has to be there."""
    lines = text.splitlines(keepends=True)
    place = 0
    for line in diff.splitlines(keepends=True):
        sign, rest = line[0], line[1:]
        if sign == "+":
            lines.insert(place, rest)
            place += 1
            continue
        place = lines.index(rest, place)
        if sign == "-":
            del lines[place]
        else:
            place += 1
    return "".join(lines)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone to which the page's probe was added, in the two places that it names."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "envcheck", folder / "envcheck", ignore=shutil.ignore_patterns("__pycache__"))
    module, registry = re.findall(r"`(envcheck/probes/\w+\.py)`", PAGE)[:2]
    (folder / module).write_text(block("python"))
    (folder / registry).write_text(with_diff((folder / registry).read_text(), block("diff")))
    return folder


async def old_release(exchange: Exchange) -> None:
    await exchange.send(json_reply(200, {"version": "0.9.1"}))


async def new_release(exchange: Exchange) -> None:
    await exchange.send(json_reply(200, {"version": "0.10.0"}))


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Two gateways that say which release they run, and a file that asks for it as the page says."""
    gateways = [replace(good_gateway(), other=release) for release in (old_release, new_release)]
    with serving_all(gateways) as servers:
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\n'
            for name, server in zip(("production", "staging"), servers, strict=True)
        )
        asks = re.findall(r"`(probes = \[.*?\])`", PAGE)[0]
        path = tmp_path / "environments.toml"
        path.write_text(f'baseline = "production"\n[defaults]\n{asks}\n' + "".join(tables))
        yield path


def envcheck(clone: Path, file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the clone's package, and no other."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "envcheck", *arguments],
        cwd=file.parent,
        env={"PYTHONPATH": str(clone), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_new_probe_is_in_the_table_the_reports_and_the_exit_code(clone: Path, file: Path) -> None:
    """Two files were touched, and everything that reads the registry knows it."""
    ran = envcheck(clone, file, "run", "--fail-on", "info")
    assert (ran.returncode, ran.stderr.count("rror")) == (3, 0), ran.stderr
    assert re.search(r"release +0\.9\.1 +≠ 0\.10\.0", ran.stdout)
    assert re.search(r"info +staging +version\.release: 0\.9\.1 → 0\.10\.0", ran.stdout)
    record = json.loads((file.parent / "reports" / "staging.json").read_text())
    assert record["checks"][-1]["facts"] == {"release": "0.10.0"}
    assert "`version`" in (file.parent / "reports" / "staging.md").read_text()
    (finding,) = json.loads((file.parent / "reports" / "comparison.json").read_text())["findings"]
    assert (finding["rule"], finding["expected"], finding["actual"]) == ("version.release", "0.9.1", "0.10.0")
    again = envcheck(clone, file, "compare", "reports", "--json")
    assert json.loads(again.stdout)["findings"][0]["fingerprint"] == finding["fingerprint"]


def test_the_new_probe_can_be_asked_for_judged_and_described(clone: Path, file: Path) -> None:
    """`--probes`, `[compare] severity`, the schema and check-config, as the page says."""
    ran = envcheck(clone, file, "run", "--probes", "version", "--no-reports", "--json")
    assert {row["probe"] for row in json.loads(ran.stdout)["rows"]} == {"version", "transport"}
    assert "probes    models, chat, version" in envcheck(clone, file, "check-config").stdout
    schema = envcheck(clone, file, "schema", "config").stdout
    assert '"version"' in schema
    assert '"version.release"' in schema
    assert '"release"' in envcheck(clone, file, "schema", "evidence").stdout
    file.write_text(file.read_text() + '[compare]\nseverity = { "version.release" = "err" }\n')
    assert envcheck(clone, file, "run", "--no-reports").returncode == 3
    file.write_text(file.read_text().replace("version.release", "version.releas"))
    assert 'did you mean "version.release"?' in envcheck(clone, file, "check-config").stderr
    probed = envcheck(clone, file, "probe", "--base-url", "http://127.0.0.1:9/v1", "--probes", "versio")
    assert 'did you mean "version"?' in probed.stderr


def test_nobody_who_did_not_ask_for_it_gets_it(clone: Path, file: Path) -> None:
    """Registering a probe changes nobody's default."""
    asks = re.findall(r"^probes = .*\n", file.read_text(), re.MULTILINE)[0]
    file.write_text(file.read_text().replace(asks, ""))
    ran = envcheck(clone, file, "run", "--no-reports", "--json", "--fail-on", "info")
    assert ran.returncode == 0
    assert {row["probe"] for row in json.loads(ran.stdout)["rows"]} == {"models", "chat", "transport"}
    assert "probes    models, chat\n" in envcheck(clone, file, "check-config").stdout
    starter = file.parent / "starter.toml"
    envcheck(clone, file, "init", str(starter))
    assert "version" not in envcheck(clone, file, "check-config", "-c", str(starter)).stdout


FORMAT = '''
"""One line for each finding, for a spreadsheet."""

import sys

from envcheck.render import Format, register


def files(result):
    for evidence in result.evidences:
        yield f"{evidence.environment}.csv", f"{evidence.environment},{evidence.summary.ok}\\n"
    if result.comparison is not None:
        rows = (f"{each.rule},{each.environment},{each.severity}\\n" for each in result.comparison.findings)
        yield "comparison.csv", "".join(rows)


register(Format("csv", files))

from envcheck.cli.boundary import main

main()
'''


def test_a_format_is_a_function_and_a_name(file: Path) -> None:
    """It is written where it is asked for, beside none that was not, and by default nobody gets it."""
    driver = file.parent / "driver.py"
    driver.write_text(FORMAT)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        file.write_text(re.sub(r"^probes = .*\n", "", file.read_text(), flags=re.MULTILINE))
        return subprocess.run(
            [sys.executable, driver, *arguments],
            cwd=file.parent,
            env={"PYTHONPATH": str(ROOT), "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    ran = run("run", "-f", "csv", "-o", "asked")
    assert ran.returncode == 0, ran.stderr
    written = {path.name: path.read_text() for path in (file.parent / "asked").iterdir()}
    assert written == {"production.csv": "production,True\n", "staging.csv": "staging,True\n", "comparison.csv": ""}
    assert run("run", "--sample", "-f", "csv", "-o", "sample").returncode == 4
    assert "models.removed,staging,err\n" in (file.parent / "sample" / "comparison.csv").read_text()
    assert run("run", "-o", "default").returncode == 0
    assert {path.suffix for path in (file.parent / "default").iterdir()} == {".json", ".md"}


SUITE = r"""
import sys

import pytest

from envcheck import probes

sys.path.insert(0, "docs_probe")
import version

probes.register(version.VERSION)
# A probe imports anyio, which is a plugin of pytest's too and should have been imported by it.
ignored = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
without = ["-p", "no:cacheprovider", "-p", "no:randomly"]
sys.exit(pytest.main(["-q", "--no-header", *ignored, *without, *sys.argv[1:]]))
"""


def test_a_registered_probe_is_noticed_by_the_documentations_tests_alone(tmp_path: Path) -> None:
    """What the registry drives asks for a line in the documentation, and nothing else fails."""
    (tmp_path / "docs_probe").mkdir()
    (tmp_path / "docs_probe" / "version.py").write_text(block("python"))
    driver = tmp_path / "driver.py"
    driver.write_text(SUITE.replace('"docs_probe"', repr(str(tmp_path / "docs_probe"))))
    driven = ("docs/test_rules_docs.py", "docs/test_readme.py", "config/test_config_files.py", "cli/test_setup.py")
    ran = subprocess.run(
        [sys.executable, driver, *(f"tests/{each}" for each in driven)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    failed = re.findall(r"^FAILED (\S+?)::", ran.stdout, re.MULTILINE)
    assert set(failed) == {"tests/docs/test_rules_docs.py", "tests/docs/test_readme.py"}, ran.stdout[-3000:]
