"""`${NAME}` in a value of the file: reads a variable, so that secrets and hosts need not be in the file.

`$${` is a plain `${`. What a variable holds is never expanded again, and stands without the white space around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.config.problems import Problem
from envcheck.config.variable_names import LOOKS_LIKE_KEY, VARIABLE_NAME, is_no_name

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        if is_no_name(match["name"]):
            problems.append(Problem((), f"`${{…}}` must hold the NAME of a variable, and this {LOOKS_LIKE_KEY}"))
            return ""
        found = variables.get(match["name"], "").strip()
        if not found:
            problems.append(Problem((), missing(match["name"], variables), of_variable=True))
        return found

    text = _REFERENCE.sub(value, template)
    literal = _REFERENCE.sub(" ", template)
    return Expanded(text, literal, references > 0, tuple(problems))


def missing(name: str, variables: Mapping[str, str]) -> str:
    """Say that a variable is unset or empty, and how to set it."""
    state = "is empty" if name in variables else "is not set"
    return f"the variable {name} {state}; export it, or name a file that sets it with --env-file"


def refuse_reference(text: str) -> str | None:
    """Give the sentence for a `${NAME}` where none is read; None where there is none."""
    if "${" in text:
        return "`${NAME}` is read in base_url, proxy and the values of headers and query only"
    return None
