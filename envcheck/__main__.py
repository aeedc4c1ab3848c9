"""`python -m envcheck`."""

import gc
import os
import sys

from envcheck import __version__


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        # What scripts and installers ask most is answered before anything is loaded; not even `typing` is.
        sys.stdout.write(f"envcheck {__version__}\n")
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
