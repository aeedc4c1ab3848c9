"""What commands read besides their options: variables, earlier comparisons, and how they count things aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.errors import ConfigError, LeakError
from envcheck.store import COMPARISON_STEM, load_comparison

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.comparison import Comparison


def variables_with(env_file: Path | None, variables: Mapping[str, str]) -> Mapping[str, str]:
    """Add a file's variables to the process's own, which go first.

    Raises:
        ConfigError: the file cannot be read.

    """
    if env_file is None:
        return variables
    from dotenv import dotenv_values  # noqa: PLC0415 - only `--env-file` needs it

    if not env_file.is_file():
        raise ConfigError(f"--env-file {env_file}: there is no such file")
    try:
        # Without interpolation: a `$` in a key is a `$`.
        from_file = dotenv_values(env_file, interpolate=False)
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"--env-file {env_file}: cannot be read; it should be UTF-8 lines of NAME=value") from None
    return {**{name: value for name, value in from_file.items() if value is not None}, **variables}


def earlier_comparison(folder: Path, console: Console) -> Comparison | None:
    """Give the comparison to tag findings against; none on the first night, which is said and is no mistake.

    One that holds what is a key by now is told and left out: what it says would stop tonight's report.

    Raises:
        EvidenceError: there is one that cannot be read.

    """
    file = folder / f"{COMPARISON_STEM}.json" if folder.is_dir() else folder
    if file.exists():
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
