"""All that a plug-in is written with, under names that stay: `docs/plugins.md` shows them at work."""

from envcheck.comparison import Result
from envcheck.errors import ReplyRejected
from envcheck.evidence import Evidence
from envcheck.formats import Format
from envcheck.judge.members import Members
from envcheck.judge.names import Names
from envcheck.judge.scalar import Scalar
from envcheck.judge.stated import Stated
from envcheck.model import Exchange, FailureClass, JsonValue, Request, Route
from envcheck.probes.base import Asking, Facts, Measure, Options, Probe, Reply
from envcheck.probes.json_reply import parsed
from envcheck.redact import Redacted, Redactor, SafeText
from envcheck.rules import Rule, Severity

__all__ = [
    "Asking",
    "Evidence",
    "Exchange",
    "Facts",
    "FailureClass",
    "Format",
    "JsonValue",
    "Measure",
    "Members",
    "Names",
    "Options",
    "Probe",
    "Redacted",
    "Redactor",
    "Reply",
    "ReplyRejected",
    "Request",
    "Result",
    "Route",
    "Rule",
    "SafeText",
    "Scalar",
    "Severity",
    "Stated",
    "parsed",
]
