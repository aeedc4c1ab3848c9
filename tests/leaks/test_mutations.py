"""Each rule of redaction is taken away in turn: what was silent then leaks, so that each is known to matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from cli_runs import run_envcheck
from envcheck.errors import ExitCode
from envcheck.redact import Redactor, opaque, patterns, redactor
from envcheck.redact.known import Known
from envcheck.seam import normalize
from envcheck.seam.error_body import ErrorBody
from gateways.good import GOOD, completion, openai_error
from gateways.server import serving
from gateways.wire import json_reply
from leaks.echo_run import echoing, revealed
from leaks.in_process import artifacts
from leaks.kinds import KINDS, Kind
from leaks.places import MODEL, PLACES, Replies
from leaks.spellings import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.model import JsonValue

KIND: Final = {kind.name: kind for kind in KINDS}
STRANGERS_PROMPT: Final = Kind("a stranger's", "Dear Ms Alvarez your invoice of March is long overdue", "generated")
STRANGERS_KEY: Final = Kind("a stranger's", "bN4tQw8Zr2Kx6Vm1Lp9Hs3Jc7Gd5", "nowhere")


@dataclass(frozen=True)
class Mutation:
    """A rule, how it is taken away, and what gets past the others then."""

    rule: str
    take_away: Callable[[pytest.MonkeyPatch], None]
    kind: Kind
    replies: Replies


def _echo(kind: str, spelling: str, place: str) -> tuple[Kind, Replies]:
    return KIND[kind], PLACES[place](SPELLINGS[spelling](KIND[kind].secret))


def _refused(document: JsonValue) -> Replies:
    return Replies(models=json_reply(403, document))


def _without(owner: object, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(owner, name, lambda *_, **__: ())


def _whole_body(body: bytes, content_type: str) -> ErrorBody:
    return ErrorBody(messages=(body.decode("utf-8", "replace"),))


MUTATIONS: Final = (
    Mutation(
        "1: take named fields out of an error",
        lambda patch: patch.setattr(normalize, "error_body", _whole_body),
        STRANGERS_PROMPT,
        _refused({"error": {"message": "Refused."}, "said": STRANGERS_PROMPT.secret}),
    ),
    Mutation(
        "2: normalise",
        lambda patch: patch.setattr(redactor, "normalised", str),
        *_echo("plain-words", "entities, doubled", "detail, models"),
    ),
    Mutation(
        "3: known secrets in sentences",
        _without(Known, "spans"),
        *_echo("prompt", "raw", "error.message alone at 403, models"),
    ),
    Mutation(
        "3: what a sentence is an encoding of",
        _without(Known, "is_encoded"),
        *_echo("plain-words", "base64, split", "error.message alone at 403, models"),
    ),
    Mutation(
        "4: known secrets in names", _without(Known, "spans"), *_echo("plain-words", "raw", "a model id, the first")
    ),
    Mutation(
        "5: what a gateway quotes",
        _without(patterns, "spans"),
        STRANGERS_PROMPT,
        _refused(openai_error(f'Invalid messages: "{STRANGERS_PROMPT.secret}" is not allowed here')),
    ),
    Mutation(
        "6: opaque tokens",
        _without(opaque, "spans"),
        STRANGERS_KEY,
        _refused(openai_error(f"The upstream does not know {STRANGERS_KEY.secret} yet")),
    ),
    Mutation(
        "4: generated text in names",
        lambda patch: patch.setattr(Redactor, "also", lambda view, *texts: view),
        STRANGERS_PROMPT,
        Replies(
            chat=json_reply(
                200,
                {
                    **completion(GOOD, model=STRANGERS_PROMPT.secret),
                    "choices": [{"index": 0, "message": {"content": STRANGERS_PROMPT.secret}, "finish_reason": "stop"}],
                },
            )
        ),
    ),
)


def _leaking(mutation: Mutation) -> list[str]:
    shown = artifacts(mutation.kind, mutation.replies)
    return [name for name, text in shown.items() if revealed(mutation.kind, text)]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.rule)
def test_without_this_rule_something_leaks(mutation: Mutation, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all rules nothing comes out; without this one, something does."""
    assert _leaking(mutation) == []
    mutation.take_away(monkeypatch)
    assert _leaking(mutation) != []


def test_without_the_rules_the_tripwire_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should every rule fail, the server's text is withheld; without that nothing is printed; then the key is out."""
    kind = KINDS[0]
    monkeypatch.setattr(Redactor, "_once", lambda view, raw, limit, *, in_sentence: raw)
    with serving(echoing([PLACES["detail, models"](kind.secret)])) as server:
        command = ("probe", "--base-url", f"http://127.0.0.1:{server.port}/echo/0/v1", "--api-key-env", "GATEWAY_KEY")
        withheld = run_envcheck(*command, "--model", MODEL, variables=kind.variables)
        monkeypatch.setattr(Redactor, "holds_secret", lambda view, text: False)
        held = run_envcheck(*command, "--model", MODEL, variables=kind.variables)
        monkeypatch.setattr(Redactor, "check", lambda view, artifact: None)
        let_through = run_envcheck(*command, "--model", MODEL, variables=kind.variables)
    assert withheld.code == ExitCode.FAILED
    assert "a secret was still found in it" in withheld.stdout
    assert revealed(kind, withheld.stdout + withheld.stderr) == []
    assert (held.code, held.stdout) == (ExitCode.FAULT, "")
    assert revealed(kind, held.stderr) == []
    assert revealed(kind, let_through.stdout) != []
