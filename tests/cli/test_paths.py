from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from every_path import EVERY_PATH, NOWHERE, command_line

from cli_runs import as_if_real, console_of
from envcheck.cli.jobs.inputs import variables_with
from envcheck.errors import ConfigError
from gateways.good import good_gateway
from gateways.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cli_runs import Ran


@pytest.fixture
def folder(envcheck: Callable[..., Ran], tmp_path: Path) -> Path:
    (tmp_path / "environments.toml").write_text(f'[environments.production]\nbase_url = "{NOWHERE}"\n')
    (tmp_path / "loop").symlink_to("loop")
    assert envcheck("run", "--sample", "-q", "-o", "night").code == 4
    return tmp_path


def is_one_sentence(code: int, stdout: str, stderr: str) -> bool:
    """Whether it was told in one line with a remedy: as a mistake, or as a report that is missing.

    `demo` and `run` may say before that what they are doing, in lines without one.
    """
    told = [line for line in stderr.splitlines() if "; " in line and line.startswith("envcheck: ")]
    return len(told) == 1 and "internal fault" not in stderr and ((code == 2 and not stdout) or code == 6)


@pytest.mark.parametrize("named", [*EVERY_PATH])
@pytest.mark.parametrize("path", ["x" * 300, "loop", "loop/deeper", f"{'x' * 300}/deeper"])
def test_a_path_that_the_system_refuses_is_one_sentence(
    envcheck: Callable[..., Ran], folder: Path, named: str, path: str
) -> None:
    """Too long or a link to itself: a mistake of whoever typed it, and never a fault of envcheck."""
    ran = envcheck(*command_line(EVERY_PATH[named], path))
    assert is_one_sentence(ran.code, ran.stdout, ran.stderr), (ran.code, ran.stderr)


@pytest.mark.parametrize("named", [*EVERY_PATH])
def test_a_null_character_in_a_path_is_one_sentence(envcheck: Callable[..., Ran], folder: Path, named: str) -> None:
    """No shell can type it, and a program that starts envcheck in its own process can."""
    ran = envcheck(*command_line(EVERY_PATH[named], "a\0b"))
    assert is_one_sentence(ran.code, ran.stdout, ran.stderr), (ran.code, ran.stderr)


# Root may search every folder until it gives that up, and what it starts then may not either.
WITHOUT_PRIVILEGES = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def without_privileges(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a user who may only do what a file's mode says."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_PRIVILEGES, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def locked(folder: Path) -> Iterator[Path]:
    """Give a folder that cannot be searched, in a folder that can."""
    inner = folder / "locked"
    inner.mkdir(mode=0o600)
    if "PermissionError" not in without_privileges(folder, "-c", "import os; os.stat('locked/it')").stderr:
        pytest.skip("this system lets the tests search every folder")
    yield inner
    inner.chmod(0o700)


# All in one process, for it is the dropping of what root may that takes one, and there are many commands.
RUN_EACH = """
import json, sys
from cli_runs import run_envcheck
ran = [run_envcheck(*arguments) for arguments in json.loads(sys.argv[1])]
print(json.dumps([(each.code, each.stdout, each.stderr) for each in ran]))
"""


def test_a_path_in_a_folder_that_may_not_be_searched_is_one_sentence(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which root always may: hence a process of its own."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    each = [command_line(arguments, "locked/it") for arguments in EVERY_PATH.values()]
    ran = without_privileges(locked.parent, "-c", RUN_EACH, json.dumps(each))
    told = dict(zip(EVERY_PATH, json.loads(ran.stdout), strict=True))
    assert {named: words for named, words in told.items() if not is_one_sentence(*words)} == {}


def test_a_folder_that_may_not_be_written_to_is_found_before_anything_is_sent(locked: Path) -> None:
    """It is there, and only trying shows that it takes nothing."""
    locked.chmod(0o500)
    ran = without_privileges(locked.parent, "-m", "envcheck", "run", "-o", "locked")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("envcheck: locked: no report can be written there (Permission denied); ")
    assert ran.stderr.count("\n") == 1


def test_a_folder_that_takes_no_report_is_found_before_anything_is_sent(
    envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """An hour of probing is not for nothing."""
    (tmp_path / "file").write_text("")
    with serving(good_gateway()) as server:
        (tmp_path / "environments.toml").write_text(f'[environments.a]\nbase_url = "{server.base_url}"\n')
        ran = envcheck("run", "-o", "file/reports")
        alone = envcheck("probe", "--base-url", server.base_url, "--out", "file/report.md")
        assert server.connections == 0
    assert (ran.code, ran.stdout, alone.code, alone.stdout) == (2, "", 2, "")
    assert "(Not a directory); name another folder with -o, or none with --no-reports" in ran.stderr
    assert "(Not a directory); name another file with --out, or leave it out" in alone.stderr


def test_a_folder_in_the_reports_place_is_found_before_anything_is_sent(
    envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """`--out reports` is easily typed for `-o reports`, and the endpoint need not be asked for that."""
    (tmp_path / "reports").mkdir()
    with serving(good_gateway()) as server:
        ran = envcheck("probe", "--base-url", server.base_url, "--out", "reports")
        assert server.connections == 0
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == (
        "envcheck: reports: is a folder and no regular file; name another file with --out, or leave it out\n"
    )


@pytest.mark.parametrize("option", ["--env-file", "--prompt-file"])
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("missing", "there is no such file"),
        ("file/missing", "there is no such file"),
        ("folder", "is a folder"),
        ("latin1", "is not UTF-8"),
        ("large", "is larger than 1 MiB"),
        ("/dev/zero", "is larger than 1 MiB"),
        ("/dev/fd/987654321", "cannot be read"),
    ],
)
def test_what_holds_no_such_text_is_exit_2_with_a_sentence(
    envcheck: Callable[..., Ran], tmp_path: Path, option: str, path: str, sentence: str
) -> None:
    """It names the option, the path, what is wrong and what is expected there."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin1").write_bytes(b"A=\xe9\n")
    (tmp_path / "large").write_bytes(b"#" * (1024 * 1024 + 1))
    ran = envcheck("probe", "--base-url", NOWHERE, option, path)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"envcheck: {option} {path}: {sentence}")
    assert "; name " in ran.stderr
    with pytest.raises(ConfigError):
        variables_with(tmp_path / path, console_of()[0])


def test_a_megabyte_is_still_read(tmp_path: Path) -> None:
    """The limit is what it says."""
    (tmp_path / "keys").write_bytes(b"A=1\n" + b"#" * (1024 * 1024 - 4))
    assert variables_with(tmp_path / "keys", console_of()[0]) == {"A": "1"}


def test_init_does_not_take_a_dangling_link_for_a_free_name(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Somebody's configuration lives at the other end, or will; with --force it is written there."""
    (tmp_path / "mine.toml").symlink_to("dotfiles.toml")
    assert envcheck("init", "mine.toml").code == 2
    assert not (tmp_path / "dotfiles.toml").exists()
    assert envcheck("init", "--force", "mine.toml").code == 0
    assert (tmp_path / "mine.toml").is_symlink()
    assert "baseline" in (tmp_path / "dotfiles.toml").read_text()


def test_accept_edits_the_file_behind_a_link(envcheck: Callable[..., Ran], folder: Path) -> None:
    """Whoever keeps the configuration among other dotfiles finds it changed there."""
    environments = "".join(
        f'[environments.{name}]\nbase_url = "{NOWHERE}"\n' for name in ("production", "staging", "new-region")
    )
    (folder / "dotfiles.toml").write_text(f'baseline = "production"\n{environments}')
    (folder / "environments.toml").unlink()
    (folder / "environments.toml").symlink_to("dotfiles.toml")
    as_if_real(folder / "night")
    assert envcheck("accept", "--reason", "known", "--from", "night").code == 0
    assert (folder / "environments.toml").is_symlink()
    assert 'reason = "known"' in (folder / "dotfiles.toml").read_text()


def test_reports_of_different_faults_are_told_apart(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """One sentence for each reason, with how many more it holds for; every other report is written."""
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "production.json").symlink_to("production.json")
    (reports / "production.md").symlink_to("elsewhere")
    (reports / "staging.json").mkdir()
    ran = envcheck("run", "--sample", "-o", "reports")
    assert ran.code == 6
    assert "Verdict" in ran.stdout
    assert [line.split("; ")[0] for line in sorted(ran.stderr.splitlines())] == [
        "envcheck: reports/production.md: is a symbolic link and no regular file",
        "envcheck: reports/staging.json: is a folder and no regular file",
    ]
    assert "(and 1 more like it)" in ran.stderr
    assert sorted(path.name for path in reports.iterdir() if path.is_file()) == [
        "comparison.json",
        "comparison.md",
        "new-region.json",
        "new-region.md",
        "staging.md",
    ]
