"""`${NAME}` in a value of the file: reads a variable, so that secrets and hosts need not be in the file.

`$${` is a plain `${`. What a variable holds is never expanded again, and stands without the white space around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.config.problems import Problem
from envcheck.config.secret_shapes import looks_like_key

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_REFERENCE: Final = re.compile(rf"(?P<escaped>\$\$\{{)|\$\{{(?P<name>{VARIABLE_NAME.pattern})\}}|(?P<broken>\$\{{)")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A value with its variables read."""

    text: str
    literal: str
    """What the file itself holds of it: the value without its `${NAME}`."""
    has_reference: bool
    problems: tuple[Problem, ...]


def expand(template: str, variables: Mapping[str, str]) -> Expanded:
    """Read the variables a value names; an unset or empty one is a problem, and so is a `${` without a name."""
    problems: list[Problem] = []
    references = 0

    def value(match: re.Match[str]) -> str:
        nonlocal references
        if match["escaped"]:
            return "${"
        if match["broken"]:
            problems.append(Problem((), "`${` needs a variable's name and `}`; write `$${` for a plain `${`"))
            return ""
        references += 1
        found = variables.get(match["name"], "").strip()
        if not found:
            problems.append(Problem((), missing(match["name"], variables), of_variable=True))
        return found

    text = _REFERENCE.sub(value, template)
    literal = _REFERENCE.sub(" ", template)
    return Expanded(text, literal, references > 0, tuple(problems))


def missing(name: str, variables: Mapping[str, str]) -> str:
    """Say that a variable is unset or empty, and how to set it."""
    if looks_like_key(name):
        return "the variable named in `${…}` is not set, and its name looks like a key"
    state = "is empty" if name in variables else "is not set"
    return f"the variable {name} {state}; export it, or name a file that sets it with --env-file"


def refuse_reference(text: str) -> str | None:
    """Give the sentence for a `${NAME}` where none is read; None where there is none."""
    if "${" in text:
        return "`${NAME}` is read in base_url, proxy and the values of headers and query only"
    return None
