"""Probes of what a gateway may do without, as a run asks them: which model, when, and what comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from collecting import environment_at, run
from evidences import TODAY, WHEN

from envcheck.compare import compare
from envcheck.comparison import Result
from envcheck.model import Outcome
from envcheck.policy import Policy
from envcheck.probes.base import Options
from envcheck.render import FORMATS
from envcheck.render.terminal import table
from gateways.capable import CAPABLE, Embedding, call, called, capable_gateway, response, vector, written
from gateways.good import Manner
from gateways.server import serving, serving_all
from gateways.wire import json_reply, reply

if TYPE_CHECKING:
    from envcheck.evidence import Check
    from envcheck.model import JsonValue
    from gateways.capable import Capable

DEEP: Final = ("models", "chat", "tools", "structured", "embeddings", "responses")
SAID: Final = "Quartz-Falcon-Meridian-Sunset"


def probed(
    capable: Capable = CAPABLE, manner: Manner | None = None, **more: object
) -> tuple[dict[str, Check], list[str]]:
    """Ask one gateway all of it; give the checks, and what it was asked."""
    with serving(capable_gateway(capable, manner or Manner())) as server:
        settings = {"model": "gpt-4o-mini", "probes": DEEP, **more}
        collected = run([replace(environment_at(server.base_url), **settings)])  # type: ignore[arg-type]  # as tests say
        asked = [f"{each.path} {each.json().get('model', '') if each.body else ''}" for each in server.requests]
    assert collected.faults == []
    return {check.probe: check for check in collected.evidences["e"].checks}, asked


def models_embedded(asked: list[str]) -> list[str]:
    return [each.partition(" ")[2] for each in asked if each.startswith("/v1/embeddings")]


def test_embeddings_are_asked_of_the_first_listed_model_that_makes_them() -> None:
    """The environment's own model chats, and is of no use for it."""
    manner = Manner(models=(("gpt-4o-mini", "Qwen3-Embedding-8B", "text-embedding-3-small"),))
    _, asked = probed(manner=manner)
    assert models_embedded(asked) == ["Qwen3-Embedding-8B"] * 2


def test_a_model_in_the_probes_own_table_goes_before_the_list() -> None:
    """Whoever names one gets that one."""
    _, asked = probed(options={"embeddings": Options(model="bge-m3")})
    assert models_embedded(asked) == ["bge-m3"] * 2


@pytest.mark.parametrize("probes", [DEEP, ("chat", "embeddings")])
def test_without_a_model_that_makes_embeddings_nothing_is_sent(probes: tuple[str, ...]) -> None:
    """The reason says what to do about it."""
    checks, asked = probed(manner=Manner(models=(("gpt-4o-mini",),)), probes=probes)
    assert models_embedded(asked) == []
    assert checks["embeddings"].outcome is Outcome.SKIPPED
    assert "contains `embed`; [defaults.probe.embeddings] model" in str(checks["embeddings"].failure_detail)


def test_what_can_cool_a_gateway_down_is_asked_once_and_after_all_samples() -> None:
    """Latency is sampled before anything that a gateway may take amiss."""
    _, asked = probed(samples=3)
    paths = [each.partition(" ")[0].removeprefix("/v1") for each in asked]
    # A sample that this machine spoilt is taken again, so there may be more of those.
    sampled, once = paths[:-5], paths[-5:]
    assert once == ["/chat/completions"] * 2 + ["/embeddings"] * 2 + ["/responses"]
    assert set(sampled) == {"/models", "/chat/completions"}
    assert sampled.count("/models") >= 1 + 3


_BODIES: Final = {
    "nothing": b"",
    "blanks": b"   \n",
    "a page": b"<html><title>Sign in</title></html>",
    "a stream": b'data: {"choices": []}\n\n',
    "no JSON": b'{"choices": [',
    "a list": b"[]",
    "a number": b"1e999",
    "deep": b'{"choices":' + b"[" * 100_000,
    "wide": b'{"data": [' + b"[]," * 1_000_000 + b"[]]}",
    "long": b'{"data": [{"embedding": "' + b"A" * 6_000_000 + b'"}]}',
    "many numbers": b'{"data": [{"embedding": [' + b"1," * 390_000 + b"1]}]}",
    "an error": b'{"error": {"message": "no"}}',
    "no text": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES)
def test_whatever_the_new_routes_serve_is_a_failure_of_theirs(body: bytes) -> None:
    """No exception, no fault of ours, and the other probes stand."""
    served = reply(200, body, ("Content-Type", "application/json"))
    checks, _ = probed(type(CAPABLE)(served, served, served, served))
    assert {name: check.failure_class for name, check in checks.items()} == {
        **dict.fromkeys(("models", "chat"), None),
        **dict.fromkeys(("tools", "structured", "embeddings", "responses"), "response_shape"),
    }


_SLY: Final[dict[str, JsonValue]] = {f"x_{SAID}".replace("-", "_"): {SAID: 1}, "model": f"gpt-4o-mini-{SAID}"}


@pytest.mark.parametrize(
    "capable",
    [
        replace(CAPABLE, tools={**called(call({"colour": SAID}), reason=SAID), **_SLY}),
        replace(CAPABLE, tools={**called(call(f'{{"colour": "{SAID}"}}'), content=SAID), **_SLY}),
        replace(CAPABLE, structured={**written(f'{{"material": "{SAID}"}}', SAID), **_SLY}),
        replace(CAPABLE, responses={**response(SAID, {"type": SAID}, status=SAID), **_SLY}),
        replace(CAPABLE, responses=json_reply(200, {**_SLY, "output": SAID})),
        replace(CAPABLE, tools=json_reply(200, {**_SLY, "choices": [{"message": SAID}]})),
        replace(CAPABLE, embeddings=json_reply(200, {**_SLY, "choices": SAID, "data": [{"embedding": SAID}]})),
    ],
)
def test_what_was_generated_is_in_no_report(capable: Capable) -> None:
    """In evidence, tables and pages, of a gateway that puts it where names belong."""
    with serving_all([capable_gateway(), capable_gateway(capable)]) as servers:
        environments = [
            environment_at(server.base_url, name, model="gpt-4o-mini", probes=DEEP)
            for name, server in zip(("production", "staging"), servers, strict=True)
        ]
        collected = run(environments)
    records = [collected.evidences[each.name] for each in environments]
    comparison = compare(records, baseline="production", policy=Policy(), generated_at=WHEN, today=TODAY, memory=None)
    result = Result(records, comparison)
    shown = [table.render(comparison, records, width=200, color=False, only_differences=False)]
    shown += [text for form in FORMATS.values() for _, text in form.files(result)]
    assert [text for text in shown if "falcon" in text.lower()] == []


def test_a_vector_is_in_no_report_but_its_sketch() -> None:
    """Sixteen components are too few to search with."""
    with serving(capable_gateway(replace(CAPABLE, embeddings=Embedding(vector())))) as server:
        collected = run([environment_at(server.base_url, model="gpt-4o-mini", probes=DEEP)])
    record = collected.evidences["e"].model_dump_json()
    assert [str(round(each, 4)) in record for each in vector()[:20]] == [True] * 16 + [False] * 4
