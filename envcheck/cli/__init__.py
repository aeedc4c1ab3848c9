"""The composition root: reads the process's environment, wires the rooms, prints, writes, sets the exit code.

Start-up has to be instant, so the commands import the rooms they need when they run: `--help`, `--version` and
shell completion load typer and nothing heavier.
"""

from envcheck.cli.boundary import main

__all__ = ["main"]
