from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.cli.jobs.engines import ENGINES, FROM_THE_ENGINE, Part, part_of
from envcheck.cli.values import with_values
from envcheck.comparison import MOST_SHARDS
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

KUBERNETES: Final = {"JOB_COMPLETION_INDEX": "2", "ENVCHECK_SHARDS": "10"}
SLURM: Final = {
    "SLURM_ARRAY_TASK_ID": "7",
    "SLURM_ARRAY_TASK_MIN": "5",
    "SLURM_ARRAY_TASK_MAX": "14",
    "SLURM_ARRAY_TASK_COUNT": "10",
}
AWS_BATCH: Final = {"AWS_BATCH_JOB_ARRAY_INDEX": "2", "ENVCHECK_SHARDS": "10"}
VARIABLES: Final = sorted(
    {name for each in ENGINES for name in (each.own, each.first, each.total, each.step) if isinstance(name, str)}
)
GITLAB: Final = {"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "10"}


@pytest.mark.parametrize(
    "variables", [KUBERNETES, SLURM, AWS_BATCH, GITLAB], ids=["Kubernetes", "Slurm", "AWS Batch", "GitLab"]
)
def test_an_engine_says_which_shard_this_is(variables: Mapping[str, str]) -> None:
    """Each counts in its own way, from 0, from 1 or from wherever the array begins."""
    assert part_of(FROM_THE_ENGINE, variables) == Part(3, 10)


@pytest.mark.parametrize(("id_", "step", "part"), [("10", "5", (3, 4)), ("0", "5", (1, 4)), ("2", "0", (3, 4))])
def test_an_array_of_slurm_may_be_numbered_in_steps(id_: str, step: str, part: tuple[int, int]) -> None:
    """`--array=0-15:5` has four tasks, of which the third is no. 10."""
    variables = {
        "SLURM_ARRAY_TASK_ID": id_,
        "SLURM_ARRAY_TASK_MIN": "0",
        "SLURM_ARRAY_TASK_COUNT": "4",
        "SLURM_ARRAY_TASK_STEP": step,
    }
    assert part_of(FROM_THE_ENGINE, variables) == part


def test_what_is_typed_goes_before_the_engine() -> None:
    """A single shard can be run again by hand, wherever that is."""
    assert part_of("4/8", {**KUBERNETES, "JOB_COMPLETION_INDEX": "nonsense"}) == Part(4, 8)


def test_engines_that_agree_are_one() -> None:
    """A GitLab runner in a Kubernetes job may say the same thing twice."""
    assert part_of(FROM_THE_ENGINE, {**KUBERNETES, **GITLAB}) == Part(3, 10)


WRONG: Final = [
    ("nothing", {}, ["no engine says which one this is", "JOB_COMPLETION_INDEX", "--shard 1/10"]),
    ("empty", {"JOB_COMPLETION_INDEX": ""}, ["no engine says"]),
    (
        "two that disagree",
        {**KUBERNETES, "CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "10"},
        ["JOB_COMPLETION_INDEX says 3/10 and CI_NODE_INDEX says 4/10"],
    ),
    ("no total", {"JOB_COMPLETION_INDEX": "2"}, ["ENVCHECK_SHARDS: is not set", "set it to how many"]),
    ("no total of Slurm's", {"SLURM_ARRAY_TASK_ID": "2"}, ["_COUNT: is not set", "_MIN: is not set", "--shard 1/10"]),
    (
        "one task of an array, started again alone",
        {**SLURM, "SLURM_ARRAY_TASK_MIN": "7", "SLURM_ARRAY_TASK_COUNT": "1", "ENVCHECK_SHARDS": "10"},
        ["ENVCHECK_SHARDS: says 10 shards, and SLURM_ARRAY_TASK_COUNT says 1", "--shard 3/10"],
    ),
    ("past the end", {**KUBERNETES, "JOB_COMPLETION_INDEX": "10"}, ["is 10, which is none of 10 shards of Kubernetes"]),
    ("before the first", {**GITLAB, "CI_NODE_INDEX": "0"}, ["is 0, which is none of 10 shards of GitLab"]),
    ("with gaps", {**SLURM, "SLURM_ARRAY_TASK_STEP": "5"}, ["is 7, which is none", "without a gap"]),
    ("too many", {**KUBERNETES, "ENVCHECK_SHARDS": "10001"}, ["none of 10001 shards", "up to 10,000"]),
    ("no number", {**KUBERNETES, "ENVCHECK_SHARDS": "ten"}, ["ENVCHECK_SHARDS: is not a whole number"]),
    (
        "two at once",
        {"JOB_COMPLETION_INDEX": "x", "CI_NODE_INDEX": "1"},
        ["JOB_COMPLETION_INDEX: is not a whole", "ENVCHECK_SHARDS: is not set", "CI_NODE_TOTAL: is not set"],
    ),
]


@pytest.mark.parametrize(("variables", "said"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_an_engine_that_does_not_say_which_shard_this_is_stops_the_run(
    variables: Mapping[str, str], said: list[str]
) -> None:
    """Each mistake is named with its variable and what to do, all of them at once, and each once."""
    with pytest.raises(ConfigError) as stopped:
        part_of(FROM_THE_ENGINE, variables)
    for words in said:
        assert words in str(stopped.value)
    assert len(set(stopped.value.problems)) == len(stopped.value.problems)


def test_a_variable_that_two_engines_lack_is_told_for_each_of_them() -> None:
    """Both have to be mended, and each sentence names its own."""
    with pytest.raises(ConfigError) as stopped:
        part_of(FROM_THE_ENGINE, {"JOB_COMPLETION_INDEX": "1", "AWS_BATCH_JOB_ARRAY_INDEX": "1"})
    assert len(stopped.value.problems) == 2


@pytest.mark.parametrize("said", ["0/3", "4/3", "3", "1/10001", "1/", "/3", "-1/3", "1/3/5", "a/b", "1 / 3", "٣/٤"])
def test_a_shard_that_is_none_is_refused(said: str) -> None:
    """It is said what one looks like; what was typed is not repeated."""
    with pytest.raises(ConfigError, match=re.escape("is not K/N with K from 1 to N")):
        part_of(said, KUBERNETES)


@given(st.dictionaries(st.sampled_from(VARIABLES), st.text("0123456789x", max_size=4)))
def test_whatever_the_variables_hold_it_is_a_shard_or_a_mistake(variables: dict[str, str]) -> None:
    """They are the machine's, and may hold anything."""
    try:
        part = part_of(FROM_THE_ENGINE, variables)
    except ConfigError:
        return
    assert 1 <= part.number <= part.of <= MOST_SHARDS


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["--shard"], ["--shard="]),
        (["--shard", "-q"], ["--shard=", "-q"]),
        (["--shard", "staging"], ["--shard=", "staging"]),
        (["--shard", "1/3", "staging"], ["--shard", "1/3", "staging"]),
        (["--shard", "3"], ["--shard", "3"]),
        (["--shard=1/3"], ["--shard=1/3"]),
        (["-q", "--", "--shard"], ["-q", "--", "--shard"]),
        ([], []),
    ],
)
def test_the_value_of_a_shard_may_be_left_out(typed: list[str], read: list[str]) -> None:
    """What follows it is its value only where it looks like one, and an environment's name otherwise."""
    assert with_values(typed) == read
