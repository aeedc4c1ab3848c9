"""From text to environments: everything that is wrong is found first, and only then anything is made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import SecretStr, TypeAdapter, ValidationError

from envcheck.config.cautions import cautions
from envcheck.config.cross import cross_problems, table
from envcheck.config.explain import explained
from envcheck.config.fields import Surroundings
from envcheck.config.file_model import AcceptTable, Compare, EnvironmentTable, File
from envcheck.config.problems import Problem, in_file_order
from envcheck.config.selection import NOTHING_SAID, ONLY_WITHOUT_CHAT, selected
from envcheck.config.toml_text import document_of, text_of
from envcheck.errors import ConfigError
from envcheck.model import Environment
from envcheck.policy import Accept, FailOn, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.config.selection import Overrides, Selection


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a run needs. Holds secrets."""

    environments: tuple[Environment, ...]
    """The baseline first, then in the file's order."""
    baseline: str | None
    """None only where a single environment takes part."""
    policy: Policy
    warnings: tuple[str, ...]
    """What works and was probably not meant; one sentence each, safe to print."""


def read(path: Path, *, variables: Mapping[str, str], overrides: Overrides = NOTHING_SAID) -> Config:
    """Read the file and give what it asks for; see `load`.

    Raises:
        ConfigError: the file cannot be read, or with every mistake in it.

    """
    return load(text_of(path), variables=variables, folder=path.parent, overrides=overrides)


def read_policy(path: Path, *, overrides: Overrides) -> Policy:
    """Read how evidence is judged, for a comparison that sends nothing and so needs none of the file's variables.

    Raises:
        ConfigError: the file cannot be read, or with every mistake in it.

    """
    document = document_of(text_of(path))
    surroundings = Surroundings({}, path.parent)
    problems = [*_model_problems(document, surroundings), *cross_problems(document)]
    counted = [problem for problem in problems if not problem.of_variable]
    if counted:
        raise ConfigError(in_file_order(counted, document))
    compare = Compare.model_validate(table(document, "compare"), context=surroundings)
    accept = TypeAdapter(list[AcceptTable]).validate_python(document.get("accept", []), context=surroundings)
    return _policy(compare, accept, overrides)


def load(text: str, *, variables: Mapping[str, str], folder: Path, overrides: Overrides = NOTHING_SAID) -> Config:
    """Give what the text of an environments file asks for.

    The whole file is checked, also the environments that take no part; only the variables these name need not be set.
    A key whose variable is unset is no mistake: that environment fails as `missing_key` when it is probed.

    Raises:
        ConfigError: with every mistake at once, in the order of the file. Nothing in it repeats a value.

    """
    document = document_of(text)
    selection = selected(document, overrides)
    surroundings = Surroundings(variables, folder)
    problems = [*_model_problems(document, surroundings), *cross_problems(document), *selection.problems]
    counted = [problem for problem in problems if not problem.of_variable or _takes_part(problem, selection)]
    if counted:
        raise ConfigError(in_file_order(counted, document))
    all_environments = table(document, "environments")
    taking_part = {name: all_environments[name] for name in selection.names}
    file = File.model_validate({**document, "environments": taking_part}, context=surroundings)
    environments = tuple(
        _environment(name, own.over(file.defaults), variables, overrides) for name, own in file.environments.items()
    )
    accepted_here = [each for each in file.accept if each.environment in file.environments]
    return Config(
        environments=environments,
        baseline=selection.baseline,
        policy=_policy(file.compare, accepted_here, overrides),
        warnings=tuple(sentence for environment in environments for sentence in cautions(environment)),
    )


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
    return _environment("endpoint", settings, variables, NOTHING_SAID)


def _as_flag(problem: Problem) -> Problem:
    name = str(problem.path[0]).removesuffix("_s").replace("_", "-")
    return Problem((f"--{name}", *problem.path[1:]), problem.sentence)


def _model_problems(document: Mapping[str, object], surroundings: Surroundings) -> Iterator[Problem]:
    try:
        File.model_validate(document, context=surroundings)
    except ValidationError as error:
        yield from explained(error)


def _takes_part(problem: Problem, selection: Selection) -> bool:
    return problem.path[0] != "environments" or problem.path[1] in selection.names


def _environment(
    name: str, settings: EnvironmentTable, variables: Mapping[str, str], overrides: Overrides
) -> Environment:
    key = variables.get(settings.api_key_env, "").strip() if settings.api_key_env else ""
    return Environment(
        name=name,
        base_url=settings.base_url,
        api_key_env=settings.api_key_env,
        api_key=SecretStr(key) if key else None,
        model=settings.model,
        probes=(ONLY_WITHOUT_CHAT,) if overrides.skip_chat else tuple(settings.probes),
        timeout_s=float(settings.timeout_s if overrides.timeout_s is None else overrides.timeout_s),
        samples=settings.samples if overrides.samples is None else overrides.samples,
        headers=MappingProxyType(settings.headers),
        query=MappingProxyType(settings.query),
        auth_header=settings.auth_header,
        proxy=settings.proxy,
        ca_file=Path(settings.ca_file) if settings.ca_file else None,
        verify_tls=settings.verify_tls,
        prompt=settings.prompt,
        chat_params=MappingProxyType(settings.chat_params),
        server_text=settings.server_text,
    )


def _policy(compare: Compare, accept: Sequence[AcceptTable], overrides: Overrides) -> Policy:
    return Policy(
        latency_ratio=compare.latency_ratio,
        latency_floor_ms=compare.latency_floor_ms,
        severity=MappingProxyType(compare.severity),
        accept=tuple(
            Accept(
                rule=each.rule,
                environment=each.environment,
                reason=each.reason,
                value=each.value,
                expires=each.expires,
            )
            for each in accept
        ),
        fail_on=overrides.fail_on if overrides.fail_on is not None else FailOn.WARN,
        only_new_count=overrides.only_new_count,
    )
