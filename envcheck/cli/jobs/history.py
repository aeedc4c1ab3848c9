"""Looking back over the nights that a history keeps: one reading, shown as text, JSON, a table or a page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.choosing import refuse_without_package
from envcheck.cli.jobs.history_import import import_job
from envcheck.cli.jobs.reports import write_out
from envcheck.config import Judging, Overrides, read_judging
from envcheck.config.problems import shown, suggestion
from envcheck.errors import ConfigError, ExitCode
from envcheck.history import Asked, environments_in, fields_in, opened_to_read, past_of
from envcheck.paths import Found, found_at
from envcheck.policy import NO_CHECKLIST, Keeping, Policy
from envcheck.render.history import csv_of, document_of, text_of
from envcheck.store import try_as_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from envcheck.cli.console import Console
    from envcheck.history import History
    from envcheck.past import Past

IMPORT: Final = "import"
"""The word that stands in the place of environments."""
_NO_HISTORY: Final = (
    "history: nothing says which; name its file with --history, with ENVCHECK_HISTORY, or as path of [history] in the"
    " configuration file"
)


class Form(Enum):
    """How it is shown: the option that asks for it."""

    TEXT = ""
    JSON = "--json"
    CSV = "--csv"
    PAGE = "--html"


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """What the command line says about what is looked at, and how it is shown."""

    words: tuple[str, ...]
    """The environments, of which none named is all; or `import`, and folders."""
    fields: tuple[str, ...]
    """None named is all of them."""
    since: date | None
    forms: tuple[Form, ...]
    page: Path | None
    history: Path | None
    """None where neither an option nor a variable names it."""
    config: Path
    config_is_given: bool
    """Whether the user named the file, so that it has to be there."""


def history_job(console: Console, options: HistoryOptions) -> ExitCode:
    """Show what changed, what failed and what got slower over the nights; or keep the runs of report folders too.

    Raises:
        ConfigError: there is no history, or nothing in it of what was asked for.
        ReportError: it cannot be read.

    """
    judging = _judging(options)
    path = judging.keeping.path
    if path is None:
        raise ConfigError(_NO_HISTORY)
    if options.words[:1] == (IMPORT,):
        return import_job(console, path, _folders(options))
    form = _form(options)
    if form is Form.PAGE:
        refuse_without_package("html", option="--html")
        try_as_named(options.page, remedy="name another file with --html")
    with opened_to_read(path) as history:
        environments = environments_in(history)
        if not environments:
            raise ConfigError(f"{path}: holds no run yet; `envcheck run --history {path}` keeps one")
        past = past_of(history, _asked(history, environments, options, judging.policy))
    if not past.days:
        raise ConfigError(f"--since: there is no run since then in {path}; name an earlier day")
    return _shown(console, past, form, options.page)


def _folders(options: HistoryOptions) -> list[Path]:
    """Give the folders that are named after `import`, beside which nothing is shown."""
    given = {"--field": options.fields, "--since": options.since, **{form.value: form for form in options.forms}}
    problems = [f"{option}: has nothing to act on beside import; leave it out" for option in given if given[option]]
    if not all(options.words[1:]) or len(options.words) == 1:
        problems.append("import: names no folder; name folders that `envcheck run` wrote")
    if problems:
        raise ConfigError(problems)
    return [Path(word) for word in options.words[1:]]


def _form(options: HistoryOptions) -> Form:
    if len(options.forms) > 1:
        named = " and ".join(form.value for form in options.forms)
        raise ConfigError(f"{named}: each is shown in place of the others; leave all but one out")
    return options.forms[0] if options.forms else Form.TEXT


def _judging(options: HistoryOptions) -> Judging:
    """Go by the configuration file where there is one, as `run` does; the command line goes before it."""
    there = options.config_is_given or found_at(options.config) is not Found.NOTHING
    if there:
        return read_judging(options.config, overrides=Overrides(history=options.history))
    return Judging(Policy(), NO_CHECKLIST, None, Keeping(options.history))


def _asked(history: History, environments: Sequence[str], options: HistoryOptions, policy: Policy) -> Asked:
    """Say what is looked at; every name that is in no run is told at once."""
    named = [name for name in environments if name in options.words] or environments
    problems = [
        *_unknown("ENVIRONMENT", options.words, environments),
        *_unknown("--field", options.fields, fields_in(history, named) if options.fields else ()),
    ]
    if problems:
        raise ConfigError(problems)
    return Asked(named, policy.latency_floor_ms, frozenset(options.fields), options.since)


def _unknown(option: str, names: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{option} {shown(name)}: is in no run of this history; {suggestion(name, known)}"


def _shown(console: Console, past: Past, form: Form, page: Path | None) -> ExitCode:
    if form is Form.PAGE and page is not None:
        from envcheck.render.html.past import past_page  # noqa: PLC0415 - needs a package of its own

        if not write_out(page, past_page(past), console):
            return ExitCode.NOT_WRITTEN
        console.note(f"page: {page}")
        return ExitCode.OK
    match form:
        case Form.JSON:
            text = document_of(past)
        case Form.CSV:
            text = csv_of(past)
        case _:
            text = text_of(past, width=console.width, color=console.colour)
    console.result(text)
    return ExitCode.OK
