"""Keys that are sent where anyone on the way can read them: a fault of any environment by itself."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from envcheck.compare.targets import PROBE
from envcheck.comparison import Cell, CellState
from envcheck.judge.judgement import Judgement, Subject, switched_off
from envcheck.model import FailureClass
from envcheck.record import FailureName
from envcheck.redact import Redacted
from envcheck.rules import PLAIN_HTTP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.compare.grid import Grid
    from envcheck.evidence import Evidence
    from envcheck.judge.columns import Column
    from envcheck.policy import Policy

_FIELD: Final = "scheme"
_IN_THE_CLEAR: Final = Redacted("http, with a key")


def judge_schemes(columns: Sequence[Column], policy: Policy) -> Grid:
    """Find the environments whose key travels without TLS."""
    return {(PROBE, _FIELD): {column.name: _judged(column, policy) for column in columns}}


def _judged(column: Column, policy: Policy) -> Judgement:
    if column.evidence is None:
        return Judgement(Cell(value=None, state=CellState.SAME))
    subject = Subject(column.name, column.name, f"{PROBE}.{_FIELD}", 0, policy.severity)
    settled = frozenset({PLAIN_HTTP.name})
    if not _sends_a_key_in_the_clear(column.evidence):
        return Judgement(Cell(value=None, state=CellState.SAME), settled=settled)
    if subject.is_off(PLAIN_HTTP):
        cell = Cell(value=_IN_THE_CLEAR, state=CellState.SAME, notes=(switched_off(PLAIN_HTTP),))
        return Judgement(cell, settled=settled)
    was = _IN_THE_CLEAR if _did_so_before(column) else None
    cell = Cell(value=_IN_THE_CLEAR, state=CellState.DIFFERS, expected=was)
    return Judgement(cell, (subject.finding(PLAIN_HTTP),), settled)


def _did_so_before(column: Column) -> bool:
    before = column.against
    return before is not None and before.name == column.name and _sends_a_key_in_the_clear(before.evidence)


def _sends_a_key_in_the_clear(evidence: Evidence | None) -> bool:
    if evidence is None or evidence.target.api_key_env is None:
        return False
    was_sent = all(check.failure_class != FailureName(FailureClass.MISSING_KEY) for check in evidence.checks)
    return was_sent and _is_on_the_way(evidence.target.base_url)


def _is_on_the_way(base_url: str) -> bool:
    """Tell whether what is sent to an address can be read on its way: names below `localhost` are here, by RFC 6761."""
    try:
        parts = urlsplit(base_url)
    except ValueError:  # a saved record's, of which not all may be left
        return False
    host = parts.hostname or ""
    if parts.scheme != "http" or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True
