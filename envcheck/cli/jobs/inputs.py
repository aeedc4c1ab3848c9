"""What commands read besides their options: variables, earlier comparisons, and how they count things aloud."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from envcheck.errors import ConfigError, LeakError
from envcheck.paths import Found, found_at, read_input
from envcheck.store import COMPARISON_STEM, load_comparison

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.comparison import Comparison


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


def earlier_comparison(folder: Path, console: Console) -> Comparison | None:
    """Give the comparison to tag findings against; none on the first night, which is said and is no mistake.

    One that holds what is a key by now is told and left out: what it says would stop tonight's report.

    Raises:
        ConfigError: the path leads nowhere that can be looked at.
        EvidenceError: there is one that cannot be read.

    """
    file = folder / f"{COMPARISON_STEM}.json" if found_at(folder, option="--against") is Found.FOLDER else folder
    if found_at(file, option="--against") is not Found.NOTHING:
        comparison = load_comparison(file)
        try:
            console.check(comparison.model_dump_json())
        except LeakError:
            console.complain(f"--against {folder}: holds a key of this run; it is left out, so every finding counts")
            return None
        return comparison
    console.complain(f"--against {folder}: holds no earlier comparison yet, so every finding counts")
    return None


def counted(number: int, noun: str) -> str:
    """Say a number of things: `1 request`, `2 requests`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
