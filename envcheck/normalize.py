"""The only seam: a raw observation goes in, a reading that is safe to share comes out.

Nothing past here has seen a body, a header or an exception.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from envcheck.classify import REDIRECTS, failure_class, is_success
from envcheck.error_body import error_body, error_in_success
from envcheck.errors import ReplyRejected
from envcheck.evidence import FailureName
from envcheck.model import Connection, FailureClass, Fault, Timing
from envcheck.probes import PROBES

if TYPE_CHECKING:
    from envcheck.model import Observation
    from envcheck.probes.base import Facts
    from envcheck.redact import Redacted, Redactor

_SPARES_THE_OTHERS: Final = frozenset(
    {
        FailureClass.AUTH,
        FailureClass.MISSING_KEY,
        FailureClass.NETWORK,
        FailureClass.TIMEOUT,
        FailureClass.RATE_OR_QUOTA,
        FailureClass.UPSTREAM_OR_GATEWAY,
    }
)
"""When `models` fails like this, the other probes would only fail the same way, or make it worse."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One exchange, safe to share."""

    probe: str
    status: int | None = None
    failure: FailureClass | None = None
    detail: Redacted | None = None
    preview: Redacted | None = None
    facts: Facts | None = None
    timing: Timing = field(default_factory=Timing)
    connection: Connection = Connection.NEW
    voided: bool = False
    """Taken while this process was late itself."""

    @property
    def failure_name(self) -> FailureName | None:
        """The failure as evidence spells it."""
        match self.failure:
            case None:
                return None
            case FailureClass.HTTP:
                return FailureName(f"http_{self.status}")
            case named:
                return FailureName(named.value)

    @property
    def spares_the_others(self) -> bool:
        """Whether the environment's other probes are not worth sending after this."""
        return self.failure in _SPARES_THE_OTHERS


def broken(probe: str, redactor: Redactor) -> Reading:
    """Return what is read of an exchange in which envcheck itself broke."""
    return Reading(probe, failure=FailureClass.INTERNAL, detail=redactor.own(Fault.INTERNAL))


def normalize(observation: Observation, redactor: Redactor) -> Reading:
    """Take what is safe to share out of one exchange. Never raises for anything that a server sent.

    Raises:
        TypeError: the probe's reader gave facts that are not the probe's, which is a fault of ours.

    """
    failure = failure_class(observation)
    detail, facts = None, None
    if failure is not None:
        detail = _detail(observation, redactor)
    else:
        try:
            facts = _facts(observation, redactor)
        except ReplyRejected as rejected:
            failure, detail = rejected.failure_class, redactor.own(rejected.detail)
    return Reading(
        probe=observation.probe,
        status=observation.status,
        failure=failure,
        detail=detail,
        preview=None if failure is None else _preview(observation, redactor),
        facts=facts,
        timing=observation.timing,
        connection=observation.connection,
    )


def _facts(observation: Observation, redactor: Redactor) -> Facts:
    probe = PROBES[observation.probe]
    facts = probe.read(observation, redactor)
    if not isinstance(facts, probe.FACTS):
        raise TypeError(f"the probe {probe.NAME} read facts that are not its own")
    return facts


def _detail(observation: Observation, redactor: Redactor) -> Redacted | None:
    if observation.status in REDIRECTS:
        target = redactor.text(f"redirects to {redactor.url(observation.location)}") if observation.location else None
        return target or redactor.own("a redirect, which is never followed")
    if observation.fault is not None:
        return redactor.own(observation.fault)
    if observation.retry_after_s is not None:
        return redactor.text(f"asks to wait {observation.retry_after_s} s before the next try")
    return None


def _preview(observation: Observation, redactor: Redactor) -> Redacted | None:
    if observation.status is None:
        return None
    if is_success(observation.status):
        error = error_in_success(observation.body)
    else:
        error = error_body(observation.body, observation.content_type)
    return redactor.preview([word for word in (error.code, error.kind) if word is not None], error.messages)
