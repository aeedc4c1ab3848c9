"""The jobs that send nothing: a starter file, a check of the file, a schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from envcheck.api import load
from envcheck.cli.jobs.inputs import counted, variables_with
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.config import STARTER, check_alone, describe, file_schema, plug_in_from
from envcheck.errors import ConfigError, ExitCode
from envcheck.paths import Found, found_at
from envcheck.store import edit_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.config import Config, Description


def init_job(console: Console, path: Path, *, force: bool) -> ExitCode:
    """Write the starter file, never over another one unless that is asked for."""
    if not force and (found_at(path) is not Found.NOTHING or path.is_symlink()):
        raise ConfigError(f"{path}: is there already; --force overwrites it, or name another path")
    with wound_up_when_signalled() as interruption:
        edit_text(path, STARTER)
    console.complain(f"wrote {path}; edit it, set its key variables, then `envcheck check-config` and `envcheck run`")
    return interruption.code or ExitCode.OK


def check_config_job(console: Console, path: Path, env_file: Path | None) -> None:
    """Say what a run of this file would send, and which of its keys are set; never a key itself."""
    plan = load(path, variables=variables_with(env_file, console))
    console.guard(plan.redactor)
    for warning in plan.warnings:
        console.complain(f"warning: {warning}")
    console.result("".join(f"{line}\n" for line in _plan_in_words(console.shown(str(path)), plan)))


def check_files_job(console: Console, paths: Sequence[Path]) -> None:
    """Find every mistake in these files that can be found without the variables that they name, as a hook does.

    Raises:
        ConfigError: with every mistake in all of them.

    """
    problems: list[str] = []
    valid: list[str] = []
    for path in paths:
        try:
            size = check_alone(path)
        except ConfigError as error:
            problems += (f"{path}: {each.removeprefix(f'{path}: ')}" for each in error.problems)
        else:
            valid.append(f"{console.shown(str(path))}: valid, {_in_words(*size)}\n")
    if problems:
        raise ConfigError(problems)
    console.result("".join(valid))


def _plan_in_words(path: str, plan: Config) -> Iterator[str]:
    descriptions = describe(plan)
    yield f"{path}: valid, {_in_words(len(descriptions), len(plan.policy.expect))}"
    for each in descriptions:
        yield ""
        yield f"{each.name} (baseline)" if each.is_baseline else each.name
        yield f"  url       {plan.redactor.url(each.base_url)}{'' if each.verify_tls else '  (TLS is not verified)'}"
        yield f"  key       {_key_in_words(each)}"
        yield f"  model     {plan.redactor.model_id(each.model) if each.model else 'the first that /models lists'}"
        yield f"  probes    {', '.join(each.probes)}"
        yield f"  requests  {_requests_in_words(each)}"
    yield ""
    now = sum(each.requests for each in descriptions)
    later = sum(each.requests_with_key for each in descriptions)
    yield f"a run sends {counted(now, 'request')}" + (f", {later} once every key is set" if later > now else "")


def _in_words(environments: int, expectations: int) -> str:
    expected = f", {counted(expectations, 'expectation')}" if expectations else ""
    return f"{counted(environments, 'environment')}{expected}"


def _requests_in_words(description: Description) -> str:
    each = f", {description.samples} samples of each probe among them" if description.samples > 1 else ""
    if description.key_is_missing:
        return f"0 until {description.api_key_env} is set, then {description.requests_with_key}{each}"
    return f"{description.requests}{each}"


def _key_in_words(description: Description) -> str:
    if description.api_key_env is None:
        return "none is sent"
    return f"{description.api_key_env} is {'set' if description.key_is_set else 'NOT SET: it fails as missing_key'}"


def schema_job(console: Console, name: str, config: Path | None) -> None:
    """Print a JSON Schema; `config` is a file whose plug-ins it is to know."""
    if config is not None:
        plug_in_from(config)
    console.result(json.dumps(_schema(name), indent=2, ensure_ascii=False) + "\n")


def _schema(name: str) -> object:
    from envcheck.comparison import Comparison  # noqa: PLC0415 - of the three, only the one that is asked for
    from envcheck.evidence import Evidence  # noqa: PLC0415 - the same

    match name:
        case "config":
            return file_schema()
        case "evidence":
            return Evidence.model_json_schema(mode="serialization")
        case _:
            return Comparison.model_json_schema(mode="serialization")
