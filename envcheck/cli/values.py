"""Options whose value may be left out: typer has none, so an empty one is put in before it looks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHARD: Final = "--shard"
_END_OF_OPTIONS: Final = "--"


def with_values(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with `--shard=` for each `--shard` that is followed by no value of its own."""
    return list(_with_values(arguments))


def _with_values(arguments: Sequence[str]) -> Iterator[str]:
    options_end = False
    for argument, following in pairwise((*arguments, "")):
        options_end = options_end or argument == _END_OF_OPTIONS
        is_bare = argument == SHARD and not options_end and not _is_one(following)
        yield f"{argument}=" if is_bare else argument


def _is_one(argument: str) -> bool:
    """Tell whether an argument is meant as a shard: an environment has no slash in its name, and hardly is a number."""
    return "/" in argument or argument.isdecimal()
