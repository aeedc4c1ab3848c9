"""The two streams, and the tripwire before each: the last thing any text passes on its way out."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from typing import TYPE_CHECKING, Final, LiteralString, TextIO

from envcheck.cli.streams import failure_of, never_raising
from envcheck.errors import LeakError, ReportError
from envcheck.paths import reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.redact import Redactor

WIDTH_OF_A_PIPE: Final = 120
"""Columns of a table that nobody's terminal bounds: what a wiki, a ticket or a build log shows without wrapping."""


class Console:
    """stdout for the result alone, stderr for everything else."""

    def __init__(self, stdout: TextIO, stderr: TextIO, variables: Mapping[str, str]) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self.variables = variables
        self.quiet = False
        self._redactor: Redactor | None = None

    def guard(self, redactor: Redactor) -> None:
        """From here on, let nothing out in which this redactor finds a secret."""
        self._redactor = redactor

    def check(self, text: str) -> None:
        """Run the tripwire.

        Raises:
            LeakError: a form of a known secret is in the text.

        """
        if self._redactor is not None:
            self._redactor.check(text)

    def result(self, text: str) -> None:
        """Write the result, and nothing else, to stdout.

        Raises:
            LeakError: a form of a known secret is in it.
            ReportError: stdout takes nothing, for the disk behind it is full, say.

        """
        self.check(text)
        _write(self._stdout, text)
        self.confirm()

    def confirm(self) -> None:
        """Hold that stdout took all that was written to it, by whomever.

        Raises:
            ReportError: it did not, for the disk behind it is full, say.

        """
        failure = failure_of(self._stdout)
        if failure is not None:
            raise ReportError(
                f"stdout: cannot be written ({reason_of(failure)}); the result is lost, unless it is in the reports"
            )

    def note(self, text: str) -> None:
        """Say something on stderr that can be done without: `--quiet` drops it."""
        if not self.quiet:
            self.complain(text)

    def complain(self, *sentences: str) -> None:
        """Say something on stderr that has to be said, each sentence on a line of its own."""
        _write(self._stderr, "".join(f"envcheck: {self.shown(sentence)}\n" for sentence in sentences))

    def shown(self, sentence: str) -> str:
        """Give what may be printed of a sentence of ours that may quote a path or a name of the user's: see `harmless`.

        Raises:
            LeakError: a form of a known secret is in it that cannot be taken out.

        """
        from envcheck.cli.harmless import harmless  # noqa: PLC0415 - what has nothing to say is quicker without

        said = harmless(sentence)
        try:
            self.check(said)
        except LeakError:
            said = harmless(self.scrubbed(sentence))  # which costs nobody the result
            self.check(said)
        return said

    def show_help(self, text: str) -> None:
        """Show how the command is used to someone who typed nothing else."""
        _write(self._stderr, f"{text}\n")

    def last_words(self, words: LiteralString) -> None:
        """Say a sentence of ours when not even the tripwire works."""
        _write(self._stderr, f"envcheck: {words}\n")

    def scrubbed(self, text: str) -> str:
        """Take every known secret and everything that is shaped like one out of a text of ours."""
        from envcheck.redact import Redactor  # noqa: PLC0415 - only a fault or a usage error gets here

        return (self._redactor or Redactor()).scrub(text)

    def without_what_was_typed(self, text: str) -> str:
        """Take out of a sentence about the command line whatever may be a key that was typed in a wrong place."""
        from envcheck.redact import Redactor  # noqa: PLC0415 - as above

        return Redactor().loaded(self.scrubbed(text))

    @property
    def shows_progress(self) -> bool:
        """Whether a display on stderr would be seen by a person."""
        return not self.quiet and self._stderr.isatty()

    @property
    def terminal(self) -> TextIO:
        """Where a display is shown: stderr, which a command's own words go to as well."""
        return self._stderr

    @property
    def colour(self) -> bool:
        """Whether stdout takes colour: see no-color.org and force-color.org."""
        if self.variables.get("NO_COLOR"):
            return False
        is_terminal = self._stdout.isatty() and self.variables.get("TERM") != "dumb"
        return bool(self.variables.get("FORCE_COLOR")) or is_terminal

    @property
    def width(self) -> int:
        """How many columns the table may have: the terminal's, or `$COLUMNS`."""
        return shutil.get_terminal_size((WIDTH_OF_A_PIPE, 24)).columns


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Spell a character that a stream has not the way JSON does, so that JSON stays JSON and marks stay distinct."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start : error.end]
    units = characters.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end


def standard_console() -> Console:
    """Give the process's own streams, made to take any character and never to raise; typer, too, prints to these."""
    codecs.register_error("envcheck.escaped", _escaped)
    sys.stdout = never_raising(sys.stdout, errors="envcheck.escaped")
    sys.stderr = never_raising(sys.stderr, errors="envcheck.escaped")
    return Console(sys.stdout, sys.stderr, os.environ)
