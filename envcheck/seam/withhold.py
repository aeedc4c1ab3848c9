"""The tripwire over one environment's record: what its server wrote is searched once more before anyone sees it.

A hit is a mistake of a layer before it. It costs this environment's text, which is left out, and nobody else's report.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from envcheck.evidence import Check, Evidence
from envcheck.redact import MARKER, Redacted, Redactor
from envcheck.transport import TransportFacts

if TYPE_CHECKING:
    from collections.abc import Iterator


def without_trips(evidence: Evidence, redactor: Redactor) -> Evidence:
    """Return the record without the server's words in which a known secret is found; as it is where there is none."""
    target = evidence.target
    own = {str(text) for text in (target.requested_model, target.base_url) if text is not None}
    texts = {text for check in evidence.checks for text in _texts(_of_the_server(check))}
    texts.update(_texts(evidence.model_dump(include={"transport"})))
    texts.update(_texts(target.selected_model))  # the first one listed, where none is configured
    if not any(redactor.holds_secret(text) for text in texts - own):
        return evidence
    kept = _reread(evidence, _Suspecting(redactor, own))
    safety = evidence.safety.model_copy(update={"server_text": "withheld_by_tripwire"})
    return kept.model_copy(update={"safety": safety})


class _Suspecting(Redactor):
    """Lets through what holds no secret, and what the user wrote."""

    def __init__(self, redactor: Redactor, own: AbstractSet[str]) -> None:
        super().__init__()
        self._redactor = redactor
        self._own = own

    def loaded(self, text: str) -> Redacted:
        return Redacted(text if text in self._own or not self._redactor.holds_secret(text) else MARKER)


def _reread(evidence: Evidence, reader: Redactor) -> Evidence:
    """Read the record's checks as saved ones are, each of the server's texts through a reader of ours."""
    checks = tuple(
        Check.model_validate(check.model_dump(), context=reader).model_copy(update={"request": check.request})
        for check in evidence.checks
    )
    target = evidence.target
    if target.selected_model is not None and target.requested_model is None:
        target = target.model_copy(update={"selected_model": reader.loaded(target.selected_model)})
    transport = evidence.transport
    if transport is not None:
        transport = TransportFacts.model_validate(transport.model_dump(), context=reader)
    return evidence.model_copy(update={"checks": checks, "target": target, "transport": transport})


def _of_the_server(check: Check) -> dict[str, object]:
    return check.model_dump(include={"failure_detail", "error_preview", "facts", "varying"})


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for member in value.values():
                yield from _texts(member)
        case list() | tuple():
            for member in value:
                yield from _texts(member)
        case _:
            pass
