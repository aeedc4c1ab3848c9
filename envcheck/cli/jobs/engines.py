"""Which shard this process is: what `--shard` says, or the variables of the engine that started it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import MOST_SHARDS
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHARDS_VARIABLE: Final = "ENVCHECK_SHARDS"
"""How many shards there are, for an engine that does not tell its jobs."""
FROM_THE_ENGINE: Final = ""
"""What `--shard` without a value stands for."""

_REMEDY: Final = "give the shard, as --shard 1/10"
_SPELLED: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


class Part(NamedTuple):
    """One part of so many."""

    number: int
    """Counted from 1."""
    of: int

    def __str__(self) -> str:
        """Spell it as `--shard` takes it."""
        return f"{self.number}/{self.of}"


class Engine(NamedTuple):
    """How an engine tells a job which one it is."""

    name: str
    own: str
    """The variable with the job's own number."""
    first: str | int
    """The number that the first job has, or the variable that holds it."""
    total: str
    """The variable with the number of jobs."""
    step: str | None = None
    """The variable with what is between two numbers; None where that is 1."""


# Kubernetes: https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
# Slurm: https://slurm.schedmd.com/job_array.html#env_vars
# AWS Batch: https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
# GitLab: https://docs.gitlab.com/ci/variables/predefined_variables/
ENGINES: Final = (
    Engine("Kubernetes", "JOB_COMPLETION_INDEX", 0, SHARDS_VARIABLE),
    Engine(
        "Slurm",
        "SLURM_ARRAY_TASK_ID",
        "SLURM_ARRAY_TASK_MIN",
        "SLURM_ARRAY_TASK_COUNT",
        "SLURM_ARRAY_TASK_STEP",
    ),
    Engine("AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", 0, SHARDS_VARIABLE),
    Engine("GitLab", "CI_NODE_INDEX", 1, "CI_NODE_TOTAL"),
)


def part_of(said: str, variables: Mapping[str, str]) -> Part:
    """Return the shard that `--shard` names, or, where it has no value, the one that an engine's variables name.

    Raises:
        ConfigError: it names none, no engine tells, or two things that are told do not agree.

    """
    if said != FROM_THE_ENGINE:
        return _spelled(said)
    told: dict[str, Part] = {}
    problems: list[str] = []
    for engine in ENGINES:
        if variables.get(engine.own):
            try:
                told[engine.own] = _told_by(engine, variables)
            except ConfigError as error:
                problems += error.problems
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))
    if not told:
        known = ", ".join(engine.own for engine in ENGINES)
        raise ConfigError(f"--shard: no engine says which one this is ({known} are not set); {_REMEDY}")
    if len(set(told.values())) > 1:
        both = " and ".join(f"{variable} says {part}" for variable, part in told.items())
        raise ConfigError(f"--shard: {both}; unset what is not meant, or {_REMEDY}")
    return next(iter(told.values()))


def _spelled(said: str) -> Part:
    found = _SPELLED.fullmatch(said)
    part = None if found is None else Part(int(found[1]), int(found[2]))
    if part is None or not 1 <= part.number <= part.of <= MOST_SHARDS:
        raise ConfigError(
            f"--shard: is not K/N with K from 1 to N and N up to {MOST_SHARDS:,}, as in --shard 1/10; without a value"
            " it is read from the engine's variables"
        )
    return part


def _told_by(engine: Engine, variables: Mapping[str, str]) -> Part:
    numbers: dict[str, int] = {}
    problems = list(_read(engine, variables, numbers))
    if problems:
        raise ConfigError(problems)
    first = numbers[engine.first] if isinstance(engine.first, str) else engine.first
    step = 1 if engine.step is None else numbers.get(engine.step, 1)
    of = numbers[engine.total]
    said_otherwise = numbers.get(SHARDS_VARIABLE, of)
    if said_otherwise != of:
        raise ConfigError(
            f"{SHARDS_VARIABLE}: says {said_otherwise} shards, and {engine.total} says {of}; a job that was started"
            " again alone has to be told which it is, as --shard 3/10"
        )
    place, is_between = divmod(numbers[engine.own] - first, max(1, step))
    if is_between or not 0 <= place < of <= MOST_SHARDS:
        raise ConfigError(
            f"{engine.own}: is {numbers[engine.own]}, which is none of {of} shards of {engine.name}, the first of"
            f" which is {first}; number them without a gap, up to {MOST_SHARDS:,}"
        )
    return Part(place + 1, of)


def _read(engine: Engine, variables: Mapping[str, str], into: dict[str, int]) -> Iterator[str]:
    needed = {engine.own, engine.total, *([engine.first] if isinstance(engine.first, str) else [])}
    for variable in sorted(needed | {SHARDS_VARIABLE, engine.step or SHARDS_VARIABLE}):
        text = variables.get(variable, "")
        if _NUMBER.fullmatch(text):
            into[variable] = int(text)
        elif text:
            yield f"{variable}: is not a whole number; {_REMEDY}"
        elif variable in needed:
            remedy = "set it to how many shards there are" if variable == SHARDS_VARIABLE else _REMEDY
            yield f"{variable}: is not set, and {engine.own} is; {remedy}"
