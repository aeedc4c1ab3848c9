"""What the three probes of the error contract have in common: how a gateway refuses, without a word of why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, LiteralString

from envcheck.errors import ReplyRejected
from envcheck.judge.names import Names
from envcheck.judge.scalar import Scalar
from envcheck.model import DEFAULT_PROMPT, FailureClass
from envcheck.probes.base import Facts, Reply
from envcheck.probes.completion import completion_body
from envcheck.probes.json_reply import json_bytes, parsed
from envcheck.redact import Redacted, SafeText
from envcheck.rules import Rule, Severity
from envcheck.seam.classify import is_success
from envcheck.seam.error_body import error_body
from envcheck.seam.error_shape import CodeKind, Envelope, code_kind_of, envelope_of

if TYPE_CHECKING:
    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

STATUS: Final = Rule(
    "error.status",
    Severity.WARN,
    "what should be refused is refused with another status, or served where the baseline refuses it",
    "production refuses a body that breaks off with 400, staging breaks with 500",
    holds="what should be refused is refused with the status of {baseline}",
)
ENVELOPE: Final = Rule(
    "error.envelope",
    Severity.WARN,
    "a refusal is written in another form: openai, flat, string, fastapi, problem_json, text, html or empty",
    "production: openai, staging: html",
    holds="refusals have the form of {baseline}",
)
TYPE: Final = Rule(
    "error.type",
    Severity.WARN,
    "a refusal of the same form gives another type",
    "production: invalid_request_error, staging: auth_error",
    holds="refusals give the type of {baseline}",
)
CODE: Final = Rule(
    "error.code",
    Severity.WARN,
    "a refusal of the same form gives another code",
    "production: model_not_found, staging: null",
    holds="refusals give the code of {baseline}",
)
CODE_KIND: Final = Rule(
    "error.code_kind",
    Severity.WARN,
    "the code of a refusal of the same form is another kind of value: string, number or null",
    "production: string, staging: number",
    holds="refusals give the kind of code of {baseline}",
)
HAS_PARAM: Final = Rule(
    "error.has_param",
    Severity.WARN,
    "a refusal of the same form names the parameter that it is about on one side alone",
    "production names the parameter, staging does not",
    holds="refusals name the parameter as in {baseline}",
)
HAS_RETRY_AFTER: Final = Rule(
    "error.has_retry_after",
    Severity.WARN,
    "a refusal says on one side alone when to try again (Retry-After)",
    "staging says when to try again, production does not",
    holds="refusals say when to try again as in {baseline}",
)

OTHER: Final = Redacted("other")
"""A type or a code that is no identifier, or must not be shown. Two of them are told apart in memory."""


class RefusalFacts(Facts):
    """How a request was refused."""

    status: int
    envelope: Envelope
    error_type: SafeText | None
    error_code: SafeText | None
    code_kind: CodeKind
    has_param: bool
    """Whether it names the member of the request that it is about."""
    has_retry_after: bool


def refusal_fields(of: str = "", *, refused: str | None = None) -> tuple[Scalar, ...]:
    """Give the fields of a refusal, for facts whose names begin with `of`.

    `refused` names a fact that says whether there is a refusal at all, where there may be none.
    """
    alike = f"{of}envelope"
    return (
        Scalar(f"{of}status", STATUS),
        Scalar(alike, ENVELOPE, refused),
        Scalar(f"{of}error_type", TYPE, alike, may_be_redacted=True, stands_for_others=OTHER),
        Scalar(f"{of}error_code", CODE, alike, may_be_redacted=True, stands_for_others=OTHER),
        Scalar(f"{of}code_kind", CODE_KIND, alike),
        Scalar(f"{of}has_param", HAS_PARAM, alike),
        Scalar(f"{of}has_retry_after", HAS_RETRY_AFTER, refused),
    )


def refusal_of(exchange: Exchange, redactor: Redactor) -> Reply:
    """Read a whole reply of 4xx or 5xx.

    Raises:
        ValueError: there is no status.

    """
    if exchange.status is None:
        raise ValueError("what has no status is no refusal")
    error = error_body(exchange.body, exchange.content_type)
    shown = {"error_type": _word(error.kind, redactor), "error_code": _word(error.code, redactor)}
    raw = {"error_type": error.kind, "error_code": error.code}
    facts = RefusalFacts(
        status=exchange.status,
        envelope=envelope_of(exchange.body, exchange.content_type),
        error_type=shown["error_type"],
        error_code=shown["error_code"],
        code_kind=code_kind_of(exchange.body),
        has_param=error.parameter is not None,
        has_retry_after="retry-after" in exchange.headers,
    )
    names = {fact: Names.of(redactor, [raw[fact] or ""], [shown[fact] or Redacted("")]) for fact in shown}
    return Reply(facts, names=names)


def harmless_chat(asking: Asking, model: str | None = None) -> dict[str, JsonValue]:
    """Give the body of a small completion, for a model or for the one that is asked for; never the user's prompt."""
    return completion_body(asking if model is None else replace(asking, model=model), DEFAULT_PROMPT)


def reject_if_served(exchange: Exchange, how: LiteralString) -> None:
    """Refuse a reply that is a success, for nothing should have been served; `how` says how it was.

    Raises:
        ReplyRejected: it was served; or it is a 2xx that serves nothing, such as an error envelope or a login page.

    """
    if exchange.status is None or not is_success(exchange.status):
        return
    if not json_bytes(exchange).startswith((b"data:", b"event:")):
        parsed(exchange)
    raise ReplyRejected(FailureClass.NOT_REFUSED, how)


def _word(raw: str | None, redactor: Redactor) -> Redacted | None:
    if raw is None:
        return None
    shown = redactor.identifier(raw)
    return OTHER if shown is None else shown
