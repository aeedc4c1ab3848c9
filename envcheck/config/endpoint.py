"""One endpoint that is told of by flags, for `envcheck probe`, which has no file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from envcheck.config.cross import NEEDS_A_MODEL
from envcheck.config.explain import explained
from envcheck.config.fields import Surroundings
from envcheck.config.file_model import EnvironmentTable
from envcheck.config.own_words import keys_in_flags
from envcheck.config.problems import Problem
from envcheck.config.resolve import asks_for_no_model, environment_of
from envcheck.config.selection import NOTHING_SAID
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.model import Environment


def endpoint(  # noqa: PLR0913 - one for each flag of `envcheck probe`, by name only
    *,
    base_url: str,
    api_key_env: str | None = None,
    model: str | None = None,
    probes: Sequence[str] | None = None,
    timeout_s: float | None = None,
    prompt: str | None = None,
    variables: Mapping[str, str],
) -> Environment:
    """Give the one environment that `envcheck probe` is told of by flags, checked as a file's are.

    Raises:
        ConfigError: with every mistake at once, each with its flag.

    """
    said = {
        "base_url": base_url,
        "api_key_env": api_key_env,
        "model": model,
        "probes": None if probes is None else list(probes),
        "timeout_s": timeout_s,
        "prompt": prompt,
    }
    given = {name: value for name, value in said.items() if value is not None}
    try:
        settings = EnvironmentTable.model_validate(given, context=Surroundings(variables, Path()))
    except ValidationError as error:
        raise ConfigError([str(_as_flag(problem)) for problem in explained(error)]) from None
    environment = environment_of("endpoint", settings, variables, NOTHING_SAID)
    told = [str(_as_flag(problem)) for problem in keys_in_flags(environment)]
    if asks_for_no_model(environment):
        told.append(str(_as_flag(Problem(("model",), NEEDS_A_MODEL))))
    if told:
        raise ConfigError(told)
    return environment


def _as_flag(problem: Problem) -> Problem:
    name = str(problem.path[0]).removesuffix("_s").replace("_", "-")
    return Problem((f"--{name}", *problem.path[1:]), problem.sentence)
