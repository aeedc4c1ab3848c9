"""`python -m envcheck`."""

# The interpreter's own half of `signal`, which is there already; the other half takes milliseconds to load, in which
# a signal would be Python's own.
import _signal  # type: ignore[import-not-found]  # typeshed has `signal` alone
import gc
import os
import select
import sys

from envcheck import __version__


def _said_at_once(line: str) -> bool:
    try:
        return os.write(1, line.encode()) == len(line)
    except OSError:
        return False


def main() -> None:
    """Run the command line and exit with its code."""
    _end_when_signalled()
    # What scripts and installers ask most is answered before anything is loaded; not even `typing` is. Where stdout
    # takes none of it the command line is asked after all, which knows what that means to the exit code.
    if sys.argv[1:] == ["--version"] and _said_at_once(f"envcheck {__version__}\n"):
        return
    # Importing makes many objects and no garbage, and looking for some costs a short command time.
    # `cli.jobs.probing` turns it on again before it begins what may take long.
    gc.disable()
    # A plugin would see all that is validated, keys too; and pydantic looks for one in every installed package.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    from envcheck.cli import main as command_line  # noqa: PLC0415 - see above

    command_line()


def _end_when_signalled() -> None:
    """Let a signal end the process with its code, one line and no traceback; `cli.signals` does better where it pays.

    This comes before everything else that is loaded: a signal until then is Python's own, with a traceback.
    """

    def end(number: int, _frame: object) -> None:
        interrupted = number == _signal.SIGINT
        try:
            if select.select([], [2], [], 0)[1]:  # a pipe that is full and that nobody reads from takes no last words
                os.write(2, b"envcheck: interrupted\n" if interrupted else b"envcheck: terminated\n")
        finally:
            os._exit(130 if interrupted else 143)

    for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP):
        if _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, end)


if __name__ == "__main__":
    main()
