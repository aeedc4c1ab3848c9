"""The commands that send nothing: `init`, `check-config`, `schema`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from envcheck.cli.options import DEFAULT_CONFIG, ConfigOption, EnvFileOption
from envcheck.errors import ConfigError


class SchemaName(StrEnum):
    """What there is a JSON Schema of."""

    CONFIG = "config"
    EVIDENCE = "evidence"
    COMPARISON = "comparison"


def init(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Where to write it.")] = DEFAULT_CONFIG,
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> int:
    """Write a commented starter file."""
    from envcheck.cli.jobs.setup import init_job

    return init_job(context.obj, path, force=force)


def check_config(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE", help="Check these by themselves, without the variables that they name: for a hook."
        ),
    ] = None,
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    env_file: EnvFileOption = None,
) -> None:
    """Validate the file and say which key variables are set; nothing is sent."""
    from envcheck.cli.jobs.setup import check_config_job, check_files_job

    if files:
        source = context.get_parameter_source("config")
        if env_file is not None or (source is not None and source.name == "COMMANDLINE"):
            raise ConfigError("--config and --env-file have nothing to act on beside FILE; leave them out")
        check_files_job(context.obj, files)
    else:
        check_config_job(context.obj, config, env_file)


def schema(
    context: typer.Context,
    name: Annotated[SchemaName, typer.Argument(help="Which JSON Schema to print.")],
    *,
    config: Annotated[
        Path | None, typer.Option("-c", "--config", help="Know the probes of this file's plug-ins, too.")
    ] = None,
) -> None:
    """Print the JSON Schema of the file, of an evidence record or of a comparison."""
    from envcheck.cli.jobs.setup import schema_job

    schema_job(context.obj, name.value, config)
