"""Every exception envcheck raises on purpose.

::

    EnvcheckError                "cannot run": one sentence for stderr and an exit code
    ├── ConfigError              usage or configuration; nothing was sent            exit 2
    ├── ReportError              a report or an output file could not be written     exit 6
    ├── EvidenceError            saved evidence cannot be read or compared           exit 5
    ├── StorageError             object storage does not give what is to be read     exit 5
    ├── BusyError                another run holds the report folder; nothing was sent  exit 75
    └── LeakError                the tripwire found a known secret in an artifact    exit 1

    PluginError                  a plug-in broke or hung: one probe's column, or one format's files, and nothing else

    ReplyRejected                a 2xx whose body is not what the route promises; never
                                 leaves `evidence.normalize`, which makes it a failed check

"Ran and failed" is not an exception: a dead gateway is an observation, and so a column of the table.
The messages are ours alone. They never quote a foreign exception, a key or a server.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.model import FailureClass, Fault
    from envcheck.probes.base import Reply
    from envcheck.redact import Redacted


class ExitCode(IntEnum):
    """What a script or a cron job can act on; see the README for the order of precedence."""

    OK = 0
    FAULT = 1
    USAGE = 2
    DIFFERS = 3
    FAILED = 4
    INCONCLUSIVE = 5
    NOT_WRITTEN = 6
    TEMPFAIL = 75
    INTERRUPTED = 130
    TERMINATED = 143


class EnvcheckError(Exception):
    """The base: what is said of it may quote a path that somebody typed, so it is printed by `Console` alone."""

    exit_code = ExitCode.FAULT

    @property
    def sentences(self) -> tuple[str, ...]:
        """What there is to say, each on a line of its own."""
        return (str(self),)


class ConfigError(EnvcheckError):
    """Usage or configuration is wrong; nothing was sent.

    `problems` holds one sentence per mistake, each with its dotted path and its remedy.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The problems."""
        return self.problems


class ReportError(EnvcheckError):
    """A report could not be written; the result itself stands."""

    exit_code = ExitCode.NOT_WRITTEN


class EvidenceError(EnvcheckError):
    """Saved evidence cannot be read, or not compared with what it is held against; a sentence for each file."""

    exit_code = ExitCode.INCONCLUSIVE

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it was made of: a line break in one is of a file's name."""
        return tuple(map(str, self.args))

    def __str__(self) -> str:
        return "\n".join(self.sentences)


class StorageError(EnvcheckError):
    """Object storage does not give what is to be read of it: nothing can be said of what may be there."""

    exit_code = ExitCode.INCONCLUSIVE


class BusyError(EnvcheckError):
    """Another run holds the report folder; nothing was sent, and the same command may do better later."""

    exit_code = ExitCode.TEMPFAIL


class LeakError(EnvcheckError):
    """The tripwire found a form of a known secret in an artifact, which was therefore not written."""

    exit_code = ExitCode.FAULT


class PluginError(Exception):
    """A plug-in broke, hung, or gave what it may not give.

    `doing` is a phrase of ours, so that the sentence can be shown. What it raised is the cause, and may hold anything.
    """

    def __init__(self, plugin: str, doing: str) -> None:
        self.plugin = plugin
        """The name of its distribution."""
        super().__init__(f"the plug-in {plugin} {doing}")


class ReplyRejected(Exception):  # noqa: N818 - a verdict on a reply, not an error of the program
    """A 2xx whose body is not what the route promises; `detail` is a phrase of ours."""

    def __init__(
        self,
        failure_class: FailureClass,
        detail: LiteralString | Fault,
        *,
        learnt: Reply | None = None,
        preview: Redacted | None = None,
        status: int | None = None,
    ) -> None:
        self.failure_class = failure_class
        self.detail: LiteralString | Fault = detail
        self.learnt = learnt
        """What it says all the same, where it was right up to some place."""
        self.preview = preview
        """What it gives as its error, safe to share."""
        self.status = status
        """The one that its error speaks of, where `failure_class` is by that."""
        super().__init__(detail)
