"""The one place where exceptions become exit codes and sentences."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Final, NoReturn

import typer

from envcheck.cli.app import app
from envcheck.cli.completion import ASKED_BY_A_SHELL, is_answered_by_its_code
from envcheck.cli.console import standard_console
from envcheck.cli.faults import tell_fault
from envcheck.errors import ConfigError, EnvcheckError, ExitCode, ReportError
from envcheck.paths import reason_of

if TYPE_CHECKING:
    from envcheck.cli.console import Console

# typer has a click of its own inside, and exports of its exceptions only the leaves.
_COMPLETION: Final = "--install-completion"
_UsageError = typer.BadParameter.__mro__[1]


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    # asyncio and aiohttp report some exceptions by logging them, texts and all, straight to stderr.
    logging.disable(logging.CRITICAL)
    sys.exit(run_command_line(sys.argv[1:], standard_console()))


def run_command_line(arguments: list[str], console: Console) -> int:
    """Run one command and give its exit code; whatever happens, what is printed is ours and safe."""
    try:
        return _run(arguments, console)
    except BaseException:  # noqa: BLE001 - even telling of the fault broke: say only what cannot hold anything
        console.last_words("internal fault, and it could not be told safely")
        return ExitCode.FAULT


def _run(arguments: list[str], console: Console) -> int:
    try:
        code = _called(arguments, console)
        console.confirm()
    except EnvcheckError as error:
        return _tell(console, error.exit_code, *error.sentences)
    except (KeyboardInterrupt, typer.Abort):
        return _tell(console, ExitCode.INTERRUPTED, "interrupted")
    except BaseException as error:  # noqa: BLE001 - the boundary: a fault ends here, in one safe line, of whatever class
        if isinstance(error, _UsageError):
            return _tell_usage(console, error, arguments)
        tell_fault(console, error)
        return ExitCode.FAULT
    return code


def _called(arguments: list[str], console: Console) -> int:
    try:
        return int(app(arguments, standalone_mode=False, obj=console, prog_name="envcheck") or ExitCode.OK)
    except SystemExit as done:  # how typer ends a completion
        if is_answered_by_its_code(console.variables):
            return bool(done.code)
        if done.code:
            raise _no_completion() from None
        return ExitCode.OK
    except (KeyError, ValueError):  # what typer makes of a shell's question that lacks its other variables
        if ASKED_BY_A_SHELL not in console.variables:
            raise
        raise _no_completion() from None
    except OSError as error:
        if _COMPLETION not in arguments:
            raise
        # typer writes into the home folder by itself.
        raise ReportError(
            f"{_COMPLETION}: cannot be written ({reason_of(error)}); set HOME to a folder of yours, or use"
            " --show-completion"
        ) from None


def _no_completion() -> ConfigError:
    return ConfigError(
        f"{ASKED_BY_A_SHELL}: is set, and not as a shell does that asks what to complete; unset it, and see"
        f" {_COMPLETION}"
    )


def _tell(console: Console, code: ExitCode, *sentences: str) -> ExitCode:
    console.complain(*sentences)
    return code


def _tell_usage(console: Console, error: BaseException, arguments: list[str]) -> ExitCode:
    # `str` of these leaves out which option it is about.
    message = getattr(error, "format_message", error.__str__)().strip()
    if not arguments:
        console.show_help(message)
        return ExitCode.USAGE
    message = console.without_what_was_typed(message)
    return _tell(console, ExitCode.USAGE, f"{message.removesuffix('.').replace('Value error, ', '')}; see --help")
