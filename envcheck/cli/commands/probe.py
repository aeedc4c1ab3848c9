"""`envcheck probe`: one endpoint, without a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from envcheck.cli.options import (
    EnvFileOption,
    JsonOption,
    OfOneFormat,
    ProbesOption,
    QuietOption,
    VantageOption,
    file_named,
)
from envcheck.model import DEFAULT_TIMEOUT_S

_MARKDOWN: Final = OfOneFormat("markdown")


def probe(
    context: typer.Context,
    *,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="Where the routes begin: https://HOST/v1.", metavar="URL")
    ] = None,
    api_key_env: Annotated[
        str | None, typer.Option("--api-key-env", help="The NAME of the variable that holds the key.", metavar="NAME")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="The model to ask; else the first one listed.", metavar="ID")
    ] = None,
    skip_chat: Annotated[bool, typer.Option("--skip-chat", help="Send the `models` probe alone.")] = False,
    probes: ProbesOption = None,
    timeout: Annotated[
        float, typer.Option("--timeout", help="Deadline of each request, in seconds.", metavar="SECONDS")
    ] = DEFAULT_TIMEOUT_S,
    prompt: Annotated[str | None, typer.Option("--prompt", help="Sent, never stored.", metavar="TEXT")] = None,
    prompt_file: Annotated[
        Path | None, typer.Option("--prompt-file", help="Read the prompt from this file.", metavar="PATH")
    ] = None,
    format_: Annotated[OfOneFormat, typer.Option("-f", "--format", help="Format of the report.")] = _MARKDOWN,
    json: JsonOption = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", parser=file_named, help="Write the report here in place of stdout.", metavar="FILE"
        ),
    ] = None,
    vantage: VantageOption = None,
    env_file: EnvFileOption = None,
    quiet: QuietOption = False,
    sample: Annotated[bool, typer.Option("--sample", help="Show made-up evidence: no network, no key.")] = False,
) -> int:
    """Probe one endpoint and print its report; exit 0 when it passes, 4 when a probe failed."""
    from envcheck.cli.jobs.probe import ProbeOptions, probe_job, show_sample

    console = context.obj
    console.quiet = quiet
    format_name = "json" if json else format_.value
    options = ProbeOptions(
        base_url=base_url,
        api_key_env=api_key_env,
        model=model,
        skip_chat=skip_chat,
        probes=tuple(probes or ()),
        timeout_s=timeout,
        prompt=prompt,
        prompt_file=prompt_file,
        env_file=env_file,
        vantage=vantage,
    )
    return (show_sample if sample else probe_job)(console, options, format_name, out)
