"""The single-endpoint job: one environment made of flags, one report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.cli.jobs.inputs import variables_with
from envcheck.cli.jobs.probing import Work, probe_all
from envcheck.cli.jobs.reports import write_out
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.comparison import Result
from envcheck.config import endpoint
from envcheck.config.secrets import secrets_of
from envcheck.config.warnings import warnings_of
from envcheck.errors import ConfigError, ExitCode
from envcheck.paths import read_input
from envcheck.probes.models import MODELS
from envcheck.redact import Redactor
from envcheck.render import FORMATS
from envcheck.store import try_as_named

if TYPE_CHECKING:
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.evidence import Evidence


@dataclass(frozen=True, slots=True)
class ProbeOptions:
    """What the command line says about the endpoint."""

    base_url: str | None
    api_key_env: str | None
    model: str | None
    skip_chat: bool
    probes: tuple[str, ...]
    """None of them for the probes that are on by default."""
    timeout_s: float
    prompt: str | None
    prompt_file: Path | None
    env_file: Path | None
    vantage: str | None = None
    """Where this looks from; None where nobody said."""


def probe_job(console: Console, options: ProbeOptions, format_name: str, out: Path | None) -> ExitCode:
    """Probe one endpoint and show its report."""
    if options.base_url is None:
        raise ConfigError("--base-url: is needed, such as --base-url https://HOST/v1 (or --sample to see a report)")
    if options.skip_chat and options.probes:
        raise ConfigError("--skip-chat: has nothing to act on beside --probes; leave it out")
    environment = endpoint(
        base_url=options.base_url,
        api_key_env=options.api_key_env,
        model=options.model,
        probes=(MODELS.name,) if options.skip_chat else options.probes or None,
        timeout_s=options.timeout_s,
        prompt=_prompt(options, console),
        variables=variables_with(options.env_file, console),
    )
    redactor = Redactor(secrets_of((environment,)))
    console.guard(redactor)
    for key, warning in warnings_of(environment):
        console.note(f"warning: --{key.replace('_', '-')}: {warning}")
    with wound_up_when_signalled() as interruption:
        try_as_named(out, remedy="name another file with --out, or leave it out")
        probed = probe_all(Work((environment,), redactor, 1, vantage=options.vantage), console, interruption)
        evidence = probed.by_name.get(environment.name)
        if evidence is None:
            console.complain("stopped by a signal before the endpoint had answered every probe; nothing was written")
            return interruption.code or ExitCode.FAULT
        code = _show(console, evidence, format_name, out)
        return interruption.code or code


def show_sample(console: Console, options: ProbeOptions, format_name: str, out: Path | None) -> ExitCode:
    """Show the report of a made-up endpoint."""
    from envcheck.demo.sample import sample_evidence, without_chat  # noqa: PLC0415 - a real probe makes nothing up

    evidence = sample_evidence()
    return _show(console, without_chat(evidence) if options.skip_chat else evidence, format_name, out)


def _show(console: Console, evidence: Evidence, format_name: str, out: Path | None) -> ExitCode:
    [(_, report)] = FORMATS[format_name].files(Result((evidence,)))
    if out is None:
        console.result(report)
    elif not write_out(out, report, console):
        console.result(report)  # the result stands, so it is not lost with the file
        return ExitCode.NOT_WRITTEN
    return ExitCode.OK if evidence.summary.ok else ExitCode.FAILED


def _prompt(options: ProbeOptions, console: Console) -> str | None:
    if options.prompt_file is None:
        return options.prompt
    if options.prompt is not None:
        raise ConfigError("--prompt and --prompt-file: give one of them")
    expected = "a text of a sentence or two"
    return read_input(options.prompt_file, option="--prompt-file", expected=expected, tell=console.complain)
