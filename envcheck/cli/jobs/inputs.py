"""What commands read besides their options: variables, earlier comparisons, and how they count things aloud."""

from __future__ import annotations

import stat
from io import StringIO
from typing import TYPE_CHECKING, Final

from envcheck.config.secrets import secrets_of_storage
from envcheck.errors import ConfigError, EvidenceError, LeakError, StorageError
from envcheck.paths import Found, read_input
from envcheck.places import ObjectPath
from envcheck.redact import Redactor
from envcheck.store import COMPARISON_STEM, found_in, load_comparison, read_ahead, run_id_in, set_aside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.comparison import Comparison
    from envcheck.places import Location

_EVERYTHING_COUNTS: Final = "nothing is called new or unchanged, and every finding counts"


def variables_with(env_file: Path | None, console: Console) -> Mapping[str, str]:
    """Add a file's variables to those that the process has, which go first.

    Raises:
        ConfigError: the file cannot be read.

    """
    if env_file is None:
        return console.variables
    from dotenv.parser import parse_stream  # noqa: PLC0415 - only `--env-file` needs it

    text = read_input(env_file, option="--env-file", expected="UTF-8 lines of NAME=value", tell=console.complain)
    # The parser without dotenv's interpolation: a `$` in a key is a `$`.
    lines = list(parse_stream(StringIO(text)))
    if problems := [
        f"--env-file {env_file}: line {line.original.line} is not NAME=value" for line in lines if line.error
    ]:
        raise ConfigError(problems)
    from_file = {line.key: line.value for line in lines if line.key is not None and line.value is not None}
    if not from_file:
        raise ConfigError(f"--env-file {env_file}: sets no variable; did the command that should write it fail?")
    return {**from_file, **console.variables}


def guard_storage(console: Console) -> None:
    """Let no credential of object storage out, where no file of environments says what else to keep in."""
    secrets = secrets_of_storage(console.variables)
    if secrets:
        console.guard(Redactor(secrets))


def earlier_comparison(folder: Location, console: Console, *, into: Location | None) -> Comparison | None:
    """Give the comparison to tag findings against; None where there is none to go by, which is said.

    `into` is the folder that this run writes its own comparison into, if any. One there that cannot be read is set
    aside, for it would be replaced; whatever else was named is somebody's file and stays where it is.

    What is missing (on the first night), broken, of another run than the reports beside it, or holds what is a key by
    now, is no reason to stop: the run goes on, and nothing is called new or unchanged.

    Raises:
        ConfigError: the path leads nowhere that can be looked at.

    """
    try:
        return _earlier_comparison(folder, console, into)
    except StorageError as error:
        console.complain(f"--against {error}; meanwhile {_EVERYTHING_COUNTS}")
        return None


def _earlier_comparison(folder: Location, console: Console, into: Location | None) -> Comparison | None:
    is_folder = found_in(folder, option="--against") is Found.FOLDER
    file = folder / f"{COMPARISON_STEM}.json" if is_folder else folder
    if found_in(file, option="--against") is Found.NOTHING:
        console.complain(f"--against {folder}: holds no earlier comparison yet, so {_EVERYTHING_COUNTS}")
        return None
    try:
        comparison = load_comparison(file)
        console.check(comparison.model_dump_json())
    except EvidenceError as error:
        console.complain(f"{error}; {_kept(file, into)}, and {_EVERYTHING_COUNTS}")
        return None
    except LeakError:
        console.complain(f"--against {folder}: holds a key of this run; it is left out, so {_EVERYTHING_COUNTS}")
        return None
    if is_folder and not is_of_its_reports(folder, comparison):
        console.complain(
            f"--against {folder}: its comparison is of another run than the reports beside it, so {_EVERYTHING_COUNTS}"
        )
        return None
    return comparison


def _kept(file: Location, into: Location | None) -> str:
    """Set a comparison aside that this run would replace, and say where it is from now on."""
    if not _is_replaced(file, into):
        return "it stays where it is"
    aside = set_aside(file)
    return "move it away" if aside is None else f"it is kept as {aside.name}"


def _is_replaced(file: Location, into: Location | None) -> bool:
    """Tell whether a run that writes into this folder writes its comparison in this file's place."""
    if into is None or file.name != f"{COMPARISON_STEM}.json":
        return False
    if isinstance(file, ObjectPath) or isinstance(into, ObjectPath):
        return file.parent == into
    try:
        return stat.S_ISREG(file.lstat().st_mode) and file.parent.samefile(into)
    except (OSError, ValueError):  # somebody took the folder away meanwhile
        return False


def is_of_its_reports(folder: Location, comparison: Comparison) -> bool:
    """Tell whether a folder's comparison was made of the records beside it, as far as these say so."""
    if comparison.run_id is None:
        return True  # of an older release, or of saved evidence
    records = [folder / f"{name}.json" for name in comparison.environments]
    read_ahead(records)
    ids = map(run_id_in, records)
    return all(run_id in {None, comparison.run_id} for run_id in ids)


def counted(number: int, noun: str) -> str:
    """Say a number of things: `1 request`, `2 requests`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
