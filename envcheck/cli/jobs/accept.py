"""Accepting known differences: the last comparison's findings become entries of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.api.dates import today
from envcheck.cli.jobs.inputs import counted, is_of_its_reports
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.config import check_text, read_judging
from envcheck.config.accept import Narrowed, accepts_for, chosen_notices
from envcheck.config.edit import add_accepts, diff, prune, renew
from envcheck.config.toml_text import text_of
from envcheck.errors import ConfigError, EvidenceError, ExitCode
from envcheck.paths import Found
from envcheck.store import edit_text, found_in, load_comparison

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.comparison import Comparison
    from envcheck.places import Location

_DONE_FOR: Final = frozenset({"expired", "unused"})
_TO_RENEW: Final = frozenset({"expired", "expires_soon"})


@dataclass(frozen=True, slots=True)
class AcceptOptions:
    """What the command line says about what to accept, to prune or to renew."""

    config: Path
    comparison: Location
    reason: str | None
    rules: tuple[str, ...]
    environments: tuple[str, ...]
    expires: date | None
    prune: bool
    renew: str | None
    """The reason why entries hold on."""


def accept_job(console: Console, options: AcceptOptions, *, dry_run: bool) -> ExitCode:
    """Show the change to the file, then make it."""
    _check(options)
    before = text_of(options.config)
    after = _edited(console, before, options)
    if after == before:
        console.complain(f"{options.config}: there is nothing to change")
        return ExitCode.OK
    check_text(after, folder=options.config.parent)  # before it is shown: a reason may hold what must not be
    console.result(diff(before, after, console.shown(str(options.config))))
    if dry_run:
        return ExitCode.OK
    with wound_up_when_signalled() as interruption:
        edit_text(options.config, after)
    console.complain(f"{options.config}: is written; `envcheck run` goes by it from now on")
    return interruption.code or ExitCode.OK


def _check(options: AcceptOptions) -> None:
    wanted = [options.reason is not None, options.prune, options.renew is not None]
    if sum(wanted) != 1:
        raise ConfigError("accept: give one of --reason WHY, --prune, and --renew WHY with --expires DATE")
    if options.expires is not None and options.expires < today():
        raise ConfigError("--expires: is a day that has passed, so the entries would do nothing")
    if options.renew is not None and options.expires is None:
        raise ConfigError("--renew: say until when with --expires DATE")
    if options.prune and options.expires is not None:
        raise ConfigError("--expires: has nothing to act on beside --prune; leave it out")
    for flag, why in (("--reason", options.reason), ("--renew", options.renew)):
        if why is not None and (not why.strip() or not why.isprintable()):
            raise ConfigError(f"{flag}: say why, in one line; it is shown with the difference from now on")


def _last_comparison(path: Location) -> Comparison:
    comparison = load_comparison(path)
    if comparison.made_up:
        raise EvidenceError(f"{path}: its evidence is made up, so there is nothing in it to accept")
    if found_in(path) is Found.FOLDER and not is_of_its_reports(path, comparison):
        raise EvidenceError(f"{path}: its comparison is of another run than the reports beside it; run again")
    return comparison


def _edited(console: Console, before: str, options: AcceptOptions) -> str:
    known = read_judging(options.config).policy.accept
    comparison = _last_comparison(options.comparison)
    narrowed = Narrowed(options.rules, options.environments)
    if options.prune:
        return prune(before, chosen_notices(comparison, _DONE_FOR, narrowed))
    if options.renew is not None and options.expires is not None:
        notices = chosen_notices(comparison, _TO_RENEW, narrowed)
        return renew(before, notices, reason=options.renew.strip(), expires=options.expires)
    accepting = accepts_for(comparison, known, reason=options.reason or "", expires=options.expires, narrowed=narrowed)
    if accepting.there_already:
        console.complain(
            f"{counted(accepting.there_already, 'finding')} left out, for the file has an [[accept]] for"
            f" {'it' if accepting.there_already == 1 else 'them'} already; one that has expired is renewed with"
            " --renew, or taken out with --prune"
        )
    for finding in accepting.unnamed:
        console.complain(
            f"{finding.environment}: {finding.rule} of {finding.unnamed:,} that no list names is left out, for an"
            " [[accept]] of it would cover whatever else the rule finds"
        )
    return add_accepts(before, accepting.entries)
