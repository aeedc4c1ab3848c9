"""What was typed in the place of a path or a name is quoted so that it can do no harm, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from every_path import EVERY_NAME, EVERY_PATH, NOWHERE, command_line
from key_shapes import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran

SOME_KEYS = [KEYS[shape] for shape in ("openai project", "mistral", "home-made")]
FORGED = "night\nenvcheck: all is well\x1b[31m\r\x85\u2028\u202e"


@pytest.fixture
def folder(envcheck: Callable[..., Ran], tmp_path: Path) -> Path:
    tables = (f'[environments.{each}]\nbase_url = "{NOWHERE}"' for each in ("production", "staging", "new-region"))
    (tmp_path / "environments.toml").write_text('baseline = "production"\n' + "\n".join(tables))
    assert envcheck("run", "--sample", "-q", "-o", "night").code == 4
    return tmp_path


@pytest.mark.parametrize("named", [*EVERY_PATH])
def test_a_key_in_the_place_of_a_path_is_not_repeated(envcheck: Callable[..., Ran], folder: Path, named: str) -> None:
    """Whatever is there, and whether it goes well: it was pasted one option too far, and a log would keep it."""
    nothing, file, directory = SOME_KEYS
    (folder / file).write_bytes((folder / "environments.toml").read_bytes())
    (folder / directory).mkdir()
    for path in (nothing, file, directory, f"{file}/deeper", f"./{nothing}.toml", f"a/{nothing}"):
        said = envcheck(*command_line(EVERY_PATH[named], path))
        assert not [key for key in SOME_KEYS if key in said.stdout + said.stderr], path


@pytest.mark.parametrize("named", [*EVERY_NAME])
def test_a_key_in_the_place_of_a_name_is_not_repeated(envcheck: Callable[..., Ran], folder: Path, named: str) -> None:
    """A key that is refused is no more shown than one that is not."""
    for key in SOME_KEYS:
        ran = envcheck(*command_line(EVERY_NAME[named], key))
        assert key not in ran.stdout + ran.stderr


@pytest.mark.parametrize("named", [*EVERY_PATH, *EVERY_NAME])
@pytest.mark.parametrize("there", [False, True])
def test_a_line_cannot_be_forged_by_what_was_typed(
    envcheck: Callable[..., Ran], folder: Path, named: str, *, there: bool
) -> None:
    """Whoever names a branch, or a folder that a job goes through, does not write its log; nor does a file name."""
    if there:
        (folder / FORGED).write_bytes((folder / "environments.toml").read_bytes())
    ran = envcheck(*command_line({**EVERY_PATH, **EVERY_NAME}[named], FORGED))
    lines = (ran.stdout + ran.stderr).split("\n")
    assert not [line for line in lines if line.startswith("envcheck: all is well")]
    assert not [line for line in lines if not line.isprintable()]


@pytest.mark.parametrize(
    "path", ["nights/3f2a9c0b1d4e5f60718293a4b5c6d7e8f9012345", "réports-2026-11-24", "2026-11-24T03:00Z"]
)
def test_an_honest_path_is_shown_as_it_was_typed(envcheck: Callable[..., Ran], folder: Path, path: str) -> None:
    """A commit's number below a folder, a moment, a letter of one's own language: a reader has to find the place."""
    assert f"--against {path}: holds no earlier comparison yet" in envcheck("run", "--sample", "--against", path).stderr


def test_a_sentence_about_keys_is_whole(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """In what a server wrote all behind `Cookie:` would be one; here it is what to do."""
    (tmp_path / "environments.toml").write_text(
        f'[environments.a]\nbase_url = "{NOWHERE}"\nheaders = {{ Cookie = "literal" }}\n'
    )
    assert envcheck("check-config").stderr == (
        "envcheck: environments.a.headers.Cookie: a literal value may be a key, which must not be in this file; write"
        " `${NAME}`\n"
    )


def test_a_path_that_holds_a_key_of_the_run_is_told_without_it(envcheck: Callable[..., Ran], folder: Path) -> None:
    """Nothing in its shape says that it is one; the run knows, and goes on."""
    key = "correct-horse-7battery"
    text = (folder / "environments.toml").read_text()
    (folder / f"{key}.toml").write_text(f'{text}\napi_key_env = "A"\n')
    ran = envcheck("check-config", "-c", f"{key}.toml", variables={"A": key})
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("[redacted]")
    assert key not in ran.stdout
    ran = envcheck("run", "-c", f"{key}.toml", "--against", f"no-{key}", "--no-reports", variables={"A": key})
    assert "holds no earlier comparison yet" in ran.stderr
    assert key not in ran.stdout + ran.stderr
