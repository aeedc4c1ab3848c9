"""The only seam: a raw exchange goes in, a reading that is safe to share comes out.

Nothing past here has seen a body, a header or an exception.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from envcheck.errors import PluginError, ReplyRejected
from envcheck.model import Connection, FailureClass, Fault, Timing
from envcheck.record import FailureName, failure_name
from envcheck.redact import Redacted
from envcheck.seam.classify import REDIRECTS, failure_class, fault_class, is_refusal, is_success
from envcheck.seam.error_body import error_body, error_in_success
from envcheck.seam.unsupported import is_unsupported

if TYPE_CHECKING:
    from envcheck.model import Exchange
    from envcheck.probes.base import Probe, Reply
    from envcheck.redact import Redactor

_MAX_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """One exchange, safe to share but for its reply's `offers` and `generated`, which stay in the process."""

    status: int | None = None
    spoken_of: int | None = None
    """The status that the error in a success names, where it names one."""
    failure: FailureClass | None = None
    detail: Redacted | None = None
    preview: Redacted | None = None
    reply: Reply | None = None
    """Of a failure too, where something was learnt before it."""
    timing: Timing = field(default_factory=Timing)
    connection: Connection = Connection.NEW
    voided: bool = False
    """Taken while this process was late itself."""
    is_unsupported: bool = False
    """The gateway says that it does not have what an optional probe asked for."""

    @property
    def failure_name(self) -> FailureName | None:
        """The failure as evidence spells it."""
        return None if self.failure is None else failure_name(self.failure, self.spoken_of or self.status)


def broken(redactor: Redactor, error: Exception | None = None) -> Reading:
    """Return what is read of an exchange in which envcheck itself broke, or the plug-in that an error names."""
    if isinstance(error, PluginError):
        return Reading(failure=FailureClass.PLUGIN, detail=Redacted(str(error)))
    return Reading(failure=FailureClass.INTERNAL, detail=redactor.own(Fault.INTERNAL))


def normalize(probe: Probe, exchange: Exchange, redactor: Redactor) -> Reading:
    """Take what is safe to share out of one exchange. Never raise for anything that a server sent.

    Raises:
        TypeError: the probe's reader gave facts that are not the probe's, which is a fault of ours.

    """
    failure = _failure(probe, exchange)
    detail, reply, preview, spoken_of = None, None, None, None
    if failure is not None and not _is_read_in_part(probe, exchange):
        detail = _detail(exchange, redactor)
    else:
        try:
            reply, failure = _read(probe, exchange, redactor), None
        except ReplyRejected as rejected:
            failure, detail = rejected.failure_class, redactor.own(rejected.detail)
            reply, preview, spoken_of = rejected.learnt, rejected.preview, rejected.status
    return Reading(
        status=exchange.status,
        spoken_of=spoken_of,
        failure=failure,
        detail=detail,
        preview=None if failure is None else preview or _preview(exchange, redactor),
        reply=reply,
        timing=exchange.timing,
        connection=exchange.connection,
        is_unsupported=failure is not None and is_unsupported(probe, exchange),
    )


def _is_read_in_part(probe: Probe, exchange: Exchange) -> bool:
    """Tell whether a success broke off midway, and its probe can make something of what came until then."""
    return probe.reads_in_part and exchange.status is not None and is_success(exchange.status)


def _failure(probe: Probe, exchange: Exchange) -> FailureClass | None:
    """Name what went wrong. A refusal is what some probes ask for: to those only one that broke off is a failure."""
    if not (probe.reads_refusals and is_refusal(exchange.status)):
        return failure_class(exchange)
    return None if exchange.fault is None else fault_class(exchange.fault)


def _read(probe: Probe, exchange: Exchange, redactor: Redactor) -> Reply:
    reply = probe.read(exchange, redactor)
    if not isinstance(reply.facts, probe.facts):
        raise TypeError(f"the probe {probe.name} read facts that are not its own")
    return reply


def _detail(exchange: Exchange, redactor: Redactor) -> Redacted | None:
    if exchange.status in REDIRECTS:
        location = exchange.headers.get("location")
        target = redactor.text(f"redirects to {redactor.url(location)}") if location else None
        return target or redactor.own("a redirect, which is never followed")
    if exchange.fault is not None:
        return redactor.own(exchange.fault)
    if (seconds := _seconds(exchange.headers.get("retry-after"))) is not None:
        return redactor.text(f"asks to wait {seconds} s before the next try")
    return None


def _seconds(retry_after: str | None) -> int | None:
    """Read a number of seconds; a date, or anything else a server may have put there, is not read."""
    is_number = retry_after is not None and retry_after.isascii() and retry_after.isdecimal()
    return int(retry_after) if retry_after is not None and is_number and len(retry_after) <= _MAX_DIGITS else None


def _preview(exchange: Exchange, redactor: Redactor) -> Redacted | None:
    if exchange.status is None:
        return None
    if is_success(exchange.status):
        error = error_in_success(exchange.body)
    else:
        error = error_body(exchange.body, exchange.content_type)
    return redactor.preview([word for word in (error.code, error.kind) if word is not None], error.messages)
