"""A made-up key, on both routes: whether it is refused, and how."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from envcheck.errors import ReplyRejected
from envcheck.model import FailureClass, Request, Route
from envcheck.probes.base import CHAT_COMPLETIONS, Facts, Options, Probe, Reply
from envcheck.probes.refusal import harmless_chat, refusal_fields, refusal_of, reject_if_served
from envcheck.redact import SafeText
from envcheck.seam.classify import fault_class, is_refusal, is_success
from envcheck.seam.error_shape import CodeKind, Envelope

if TYPE_CHECKING:
    from envcheck.model import Exchange
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

_MODELS: Final = Route("GET", "/models")
MADE_UP_KEY: Final = "envcheck-made-up-key-that-nobody-has"
"""The same in every run, so that a gateway's log says who asked."""
_CHAT, _OF_MODELS = "chat_", "models_"
_NO_LIST: Final = "GET /models with a wrong key brought no whole reply"


class WrongKeyFacts(Facts):
    """How a made-up key was refused on each route."""

    chat_status: int
    chat_envelope: Envelope
    chat_error_type: SafeText | None
    chat_error_code: SafeText | None
    chat_code_kind: CodeKind
    chat_has_param: bool
    chat_has_retry_after: bool
    models_refused: bool
    models_status: int
    models_envelope: Envelope | None = None
    """This one and what follows: None where the list was served, as llama.cpp serves it to everyone."""
    models_error_type: SafeText | None = None
    models_error_code: SafeText | None = None
    models_code_kind: CodeKind | None = None
    models_has_param: bool | None = None
    models_has_retry_after: bool | None = None


async def _ask(asking: Asking) -> Exchange:
    """Ask for a completion and for the list of models, each with the made-up key."""
    key = SecretStr(MADE_UP_KEY)
    chat = await asking.send(Request(CHAT_COMPLETIONS, harmless_chat(asking), made_up_key=key))
    if chat.fault is not None:
        return chat
    return replace(chat, more=(await asking.send(Request(_MODELS, made_up_key=key)),))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    """Read both refusals; a list of models that is open to everyone is a fact, for a completion alone costs money."""
    reject_if_served(exchange, "a completion was served to a wrong key")
    if not exchange.more:
        raise ReplyRejected(FailureClass.NETWORK, _NO_LIST)
    (models,) = exchange.more
    if models.fault is not None:
        raise ReplyRejected(fault_class(models.fault), _NO_LIST)
    chat = refusal_of(exchange, redactor)
    facts = {f"{_CHAT}{name}": value for name, value in chat.facts}
    names = {f"{_CHAT}{name}": known for name, known in chat.names.items()}
    if models.status is not None and is_success(models.status):
        facts |= {"models_refused": False, "models_status": models.status}
    elif is_refusal(models.status):
        refused = refusal_of(models, redactor)
        facts |= {"models_refused": True, **{f"{_OF_MODELS}{name}": value for name, value in refused.facts}}
        names |= {f"{_OF_MODELS}{name}": known for name, known in refused.names.items()}
    else:
        detail = "GET /models with a wrong key was redirected, which is never followed"
        raise ReplyRejected(FailureClass.BASE_URL_OR_ROUTE, detail)
    return Reply(WrongKeyFacts.model_validate(facts), names=names)


def _two(_options: Options) -> int:
    return 2


WRONG_KEY: Final = Probe(
    name="wrong_key",
    route=CHAT_COMPLETIONS,
    facts=WrongKeyFacts,
    fields=(*refusal_fields(_CHAT), *refusal_fields(_OF_MODELS, refused="models_refused")),
    ask=_ask,
    read=_read,
    reads_refusals=True,
    replaces_key=True,
    options=Options,
    optional=True,
    requests=_two,
    sets=frozenset({"errors", "deep"}),
)
