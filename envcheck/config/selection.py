"""What the command line asks of the file: which environments take part, and which one is the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from envcheck.config.cross import table
from envcheck.config.explain import explained
from envcheck.config.file_model import Samples, Timeout
from envcheck.config.problems import Problem, listed, shown, suggestion
from envcheck.errors import ConfigError
from envcheck.probes import PROBES, probe_sets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from envcheck.policy import FailOn

ONLY_WITHOUT_CHAT: Final = "models"
"""What `--skip-chat` leaves."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says; None, or nothing, where it does not say."""

    environments: tuple[str, ...] = ()
    """The names to keep; none stands for all."""
    baseline: str | None = None
    samples: int | str | None = None
    """A number, or `auto`."""
    timeout_s: float | None = None
    skip_chat: bool = False
    """Keep the `models` probe alone, whatever the file says."""
    probes: tuple[str, ...] = ()
    """Names of probes and of sets of them, in place of the file's; none for those of the file."""
    fail_on: FailOn | None = None
    only_new_count: bool = False
    fail_on_undecided: bool = False
    history: Path | None = None
    """The file in which runs are kept."""


NOTHING_SAID: Final = Overrides()


@dataclass(frozen=True, slots=True)
class Selection:
    """The environments that take part."""

    names: tuple[str, ...]
    """The baseline first, then in the file's order."""
    baseline: str | None
    """None where only one environment takes part."""
    problems: tuple[Problem, ...]


def selected(document: Mapping[str, object], overrides: Overrides) -> Selection:
    """Choose from the file's environments.

    Where some are named, the baseline takes part too, for they cannot be compared without it; where the baseline
    alone is named, it is alone.
    """
    names = list(table(document, "environments"))
    problems = list(_flag_problems(names, overrides))
    wanted = [name for name in names if name in overrides.environments] or names
    of_file = document.get("baseline")
    baseline = overrides.baseline if overrides.baseline is not None else of_file
    if baseline in names and wanted != [baseline]:
        baseline = str(baseline)
        wanted = [baseline, *(name for name in wanted if name != baseline)]
        return Selection(tuple(wanted), baseline if len(wanted) > 1 else None, tuple(problems))
    if len(wanted) > 1 and baseline is None:
        problems.append(
            Problem(
                ("baseline",),
                "is missing; with more than one environment, say which the others are held against, here or with"
                f" --baseline (one of: {listed(names)})",
            )
        )
    return Selection(tuple(wanted), None, tuple(problems))


def _flag_problems(names: list[str], overrides: Overrides) -> Iterator[Problem]:
    if names:  # a file without environments has that one problem
        for name in dict.fromkeys(overrides.environments):
            if name not in names:
                yield Problem((), f"{shown(name)} is not an environment of this file; {suggestion(name, names)}")
        if overrides.baseline is not None and overrides.baseline not in names:
            yield Problem(
                ("--baseline",), f"is not an environment of this file; {suggestion(overrides.baseline, names)}"
            )
    if overrides.probes and overrides.skip_chat:
        yield Problem(("--skip-chat",), "has nothing to act on beside --probes; leave it out")
    yield from _unknown_probes(overrides.probes)
    if isinstance(overrides.samples, int):
        yield from _out_of_range("--samples", TypeAdapter(Samples), overrides.samples)
    if overrides.timeout_s is not None:
        yield from _out_of_range("--timeout", TypeAdapter(Timeout), overrides.timeout_s)


def _unknown_probes(names: Iterable[str]) -> Iterator[Problem]:
    known = [*PROBES, *probe_sets()]
    for name in dict.fromkeys(names):
        if name not in known:
            yield Problem(("--probes",), f"{shown(name)} is not a probe; {suggestion(name, known)}")


def probes_of_flag(names: Sequence[str]) -> frozenset[str]:
    """Give the probes that `--probes` names, alone or by a set.

    Raises:
        ConfigError: with every name that is none.

    """
    problems = [str(problem) for problem in _unknown_probes(names)]
    if problems:
        raise ConfigError(problems)
    return frozenset(probe for name in names for probe in probe_sets().get(name, (name,)))


def _out_of_range(flag: str, limits: TypeAdapter[int | str] | TypeAdapter[float], value: float) -> Iterator[Problem]:
    try:
        limits.validate_python(value, strict=True)
    except ValidationError as error:
        yield from (problem.below((flag,)) for problem in explained(error))
