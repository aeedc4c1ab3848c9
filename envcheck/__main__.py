"""`python -m envcheck`."""

import gc
import os
import sys

from envcheck import __version__


def _said_at_once(line: str) -> bool:
    try:
        return os.write(1, line.encode()) == len(line)
    except OSError:
        return False


def main() -> None:
    """Run the command line and exit with its code."""
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


if __name__ == "__main__":
    main()
