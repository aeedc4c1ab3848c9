"""Options that more than one command takes, so that they are named and explained once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

import typer

from envcheck.errors import ConfigError
from envcheck.places import Location, ObjectPath, place_named
from envcheck.policy import FailOn
from envcheck.render import FORMATS

DEFAULT_CONFIG = Path("environments.toml")
DEFAULT_OUT_DIR = Path("reports")
LAST: Final = "last"
"""As `--against` names the last run of the history."""

_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_VANTAGE: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
_DURATION: Final = re.compile(r"([0-9]{1,9})([smh]?)")
_SECONDS: Final = MappingProxyType({"": 1, "s": 1, "m": 60, "h": 3600})
_LONGEST_S: Final = 24 * 3600
_DAYS: Final = re.compile(r"([0-9]{1,5})([dw])")  # so few that no day is before the first there is
_DAYS_IN: Final = MappingProxyType({"d": 1, "w": 7})

OfOneFormat = StrEnum("OfOneFormat", [(n.upper(), n) for n, form in FORMATS.items() if form.of_each])  # type: ignore[misc]  # as above


def _formats_beginning(incomplete: str) -> list[str]:
    return [name for name in FORMATS if name.startswith(incomplete)]


def is_given(context: typer.Context, parameter: str) -> bool:
    """Tell whether the user gave a parameter, on the command line or by a variable."""
    source = context.get_parameter_source(parameter)
    return source is not None and source.name not in {"DEFAULT", "DEFAULT_MAP"}


def folder_named(value: str) -> Location:
    """Read the name of a folder, here or in object storage; none at all would be the current one.

    Raises:
        typer.BadParameter: the name is empty.
        ConfigError: it needs a package that is not installed.

    """
    if not value:
        raise typer.BadParameter("names no folder; leave it out, or write . for this one")
    return reports_named(value)


def reports_named(value: str | Path) -> Location:
    """Read the name of a report or a folder of them, here or in object storage; typer hands a default over too.

    Raises:
        typer.BadParameter: it is a URL of something else.
        ConfigError: it needs a package that is not installed.

    """
    try:
        named = place_named(str(value))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if isinstance(named, ObjectPath) and find_spec("obstore") is None:
        raise ConfigError(
            f"{named}: needs a package that is not installed; python -m pip install 'llm-envcheck[s3]' brings it, for"
            " gs:// and az:// too"
        )
    return named


def file_named(value: str) -> Path:
    """Read the name of a file.

    Raises:
        typer.BadParameter: the name is empty.

    """
    if not value:
        raise typer.BadParameter("names no file; leave it out for stdout")
    return Path(value)


def history_named(value: str) -> Path:
    """Read the name of the file in which runs are kept.

    Raises:
        typer.BadParameter: the name is empty.

    """
    if not value:
        raise typer.BadParameter("names no file; leave it out, or name one such as history.sqlite")
    return Path(value)


def vantage_named(value: str) -> str:
    """Read the name of a vantage, which is spelled as that of an environment.

    Raises:
        typer.BadParameter: it is none, or looks like a key.

    """
    if not _VANTAGE.fullmatch(value):
        raise typer.BadParameter("is not 1 to 64 of A-Z a-z 0-9 . _ - without a dot at its front")
    from envcheck.config.secret_shapes import looks_like_key  # noqa: PLC0415 - only who names a vantage needs it

    if looks_like_key(value):
        raise typer.BadParameter("looks like a key, and would stand in every report; name the place")
    return value


def number_or_auto(value: str) -> int | str:
    """Read a number of samples, or `auto`.

    Raises:
        typer.BadParameter: it is neither.

    """
    if value == "auto":
        return value
    if not _WHOLE_NUMBER.fullmatch(value):
        raise typer.BadParameter("is neither a whole number nor auto")
    return int(value)


def duration_s(value: str) -> float:
    """Read a duration, `90`, `90s`, `10m` or `1h`, and give its seconds.

    Raises:
        typer.BadParameter: it is none, or not from 1 s to 24 h.

    """
    found = _DURATION.fullmatch(value)
    if not found:
        raise typer.BadParameter("is no duration; write seconds, as 90 or 90s, minutes as 10m or hours as 1h")
    seconds = int(found[1]) * _SECONDS[found[2]]
    if not 1 <= seconds <= _LONGEST_S:
        raise typer.BadParameter("is not from 1s to 24h")
    return float(seconds)


def days_or_never(value: str) -> int | str:
    """Read a number of days, `7d` or `2w`, or `never`.

    Raises:
        typer.BadParameter: it is neither, or no day at all.

    """
    if value == "never":
        return value
    found = _DAYS.fullmatch(value)
    if not found or not int(found[1]):
        raise typer.BadParameter("is no number of days; write days as 7d, weeks as 2w, or never")
    return int(found[1]) * _DAYS_IN[found[2]]


def first_day(value: str) -> date:
    """Read how many days back, `90d` or `12w`, or the day itself, `2026-11-18`, and give that day, in UTC.

    Raises:
        typer.BadParameter: it is neither.

    """
    found = _DAYS.fullmatch(value)
    try:
        if found is None:
            return date.fromisoformat(value)
        return datetime.now(UTC).date() - timedelta(days=int(found[1]) * _DAYS_IN[found[2]])
    except ValueError:
        raise typer.BadParameter("is no time; write days as 90d, weeks as 12w, or a day as 2026-11-18") from None


ConfigOption = Annotated[
    Path, typer.Option("-c", "--config", envvar="ENVCHECK_CONFIG", help="The file that names the environments.")
]
BaselineOption = Annotated[
    str | None, typer.Option("-b", "--baseline", help="Hold the others against this environment.", metavar="NAME")
]
FormatOption = Annotated[
    list[str] | None,
    typer.Option(
        "-f",
        "--format",
        # No choice that typer could hold it against: a plug-in that the file names may bring another one.
        metavar=f"[{'|'.join(FORMATS)}]",
        autocompletion=_formats_beginning,
        help="Report format; repeat for more. Default: markdown, json, and github where GITHUB_ACTIONS=true.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout in place of the table.")]
FailOnOption = Annotated[
    FailOn | None, typer.Option("--fail-on", help="The least severity that makes the exit code 3 or 4. Default: warn.")
]
FailOnUndecidedOption = Annotated[
    bool, typer.Option("--fail-on-undecided", help="Count what could not be decided, whatever its severity.")
]
ProbesOption = Annotated[
    list[str] | None,
    typer.Option("--probes", help="Send these probes, or sets of them, in place of the file's; repeat for more."),
]
OnlyDifferencesOption = Annotated[
    bool, typer.Option("--only-differences", help="Leave out of the table what is the same.")
]
BriefOption = Annotated[
    bool,
    typer.Option(
        "--brief", help="Print the verdict and a line for each environment that is not the same, in place of the table."
    ),
]
ShowAllOption = Annotated[
    bool, typer.Option("--show-all", help="Show every member of a long difference, and p values.")
]
AgainstOption = Annotated[
    Location | None,
    typer.Option(
        "--against",
        parser=folder_named,
        help="Tag findings new, unchanged or absent against this earlier comparison.",
        metavar="DIR",
    ),
]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a run's findings are held against."""

    folder: Location | None
    """Of an earlier comparison; None for the last run of the history."""


def earlier_named(value: str) -> Earlier:
    """Read what `run --against` names: `last`, or a folder, which `./last` is one.

    Raises:
        typer.BadParameter: the name is empty.

    """
    return Earlier(None if value == LAST else folder_named(value))


RunAgainstOption = Annotated[
    Earlier | None,
    typer.Option(
        "--against",
        parser=earlier_named,
        help="Tag findings new, unchanged or absent against this earlier comparison, or the last run of the history.",
        metavar="DIR|last",
    ),
]
HistoryOption = Annotated[
    Path | None,
    typer.Option(
        "--history",
        envvar="ENVCHECK_HISTORY",
        parser=history_named,
        help="Keep every run in this file. Default: [history] path of the configuration file.",
        metavar="FILE",
    ),
]
FailOnNewOption = Annotated[bool, typer.Option("--fail-on-new", help="Count only findings tagged new.")]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing on stderr but errors.")]
ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard",
        help="Probe the Kth of N parts of the environments, and the baseline; without a value the variables of"
        " Kubernetes, Slurm, AWS Batch or GitLab say which.",
        metavar="[K/N]",
    ),
]
VantageOption = Annotated[
    str | None,
    typer.Option(
        "--vantage",
        parser=vantage_named,
        envvar="ENVCHECK_VANTAGE",
        help="Where this looks from, such as eu-west; stands in the reports.",
        metavar="NAME",
    ),
]
EnvFileOption = Annotated[
    Path | None,
    typer.Option("--env-file", help="Read variables from this file; it never overrides what is set.", metavar="PATH"),
]
