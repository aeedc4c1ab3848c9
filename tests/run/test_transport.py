from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from collecting import environment_at, run
from comparing import told
from evidences import WHEN
from pydantic import SecretStr

from envcheck.compare import compare
from envcheck.policy import Policy
from envcheck.redact import MARKER
from gateways.certificates import ORGANISATION, Certificate
from gateways.good import Delay, Manner, good_gateway
from gateways.server import serving, serving_all
from gateways.wire import Exchange as Served
from gateways.wire import json_reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence
    from envcheck.model import Environment
    from envcheck.transport import TransportFacts
    from gateways.gateway import Gateway
    from gateways.server import Server

KEY = "sk-proj-Zx81kQ0vLm47Tr5WnYb2"


def at(server: Server, name: str = "e", **more: object) -> Environment:
    """Give an environment that is told what the server's settings say."""
    ca_file = server.ca_file if server.base_url.startswith("https:") else None
    return replace(environment_at(server.base_url, name, **more), ca_file=ca_file)


def over(gateway: Gateway, **more: object) -> TransportFacts:
    with serving(gateway) as server:
        collected = run([at(server, "e", **more)])
    assert collected.faults == []
    transport = collected.evidences["e"].transport
    assert transport is not None
    return transport


def encrypted(certificate: Certificate, manner: Manner | None = None) -> Gateway:
    gateway = good_gateway(manner or Manner())
    return replace(gateway, certificate=certificate, base_url="https://127.0.0.1:{port}/v1")


def held(evidences: Sequence[Evidence], *, today: date) -> Comparison:
    return compare(evidences, baseline=None, policy=Policy(), generated_at=WHEN, today=today)


@pytest.mark.parametrize("verify_tls", [True, False])
def test_tls_is_known_whether_it_is_verified_or_not(verify_tls: bool) -> None:  # noqa: FBT001
    """Replies this small have lost their connection by the time anybody could ask it."""
    facts = over(encrypted(Certificate.GOOD), verify_tls=verify_tls)
    assert (facts.http_version, facts.tls_version, facts.alpn) == ("1.1", "TLSv1.3", "http/1.1")
    assert facts.certificate_issuer == ORGANISATION
    assert facts.certificate_expires is not None
    assert abs(facts.certificate_expires - datetime.now(UTC).date() - timedelta(days=90)) <= timedelta(days=1)


def test_a_plain_gateway_has_no_tls() -> None:
    """There is nothing to say, so nothing is said."""
    facts = over(good_gateway())
    assert (facts.http_version, facts.tls_version, facts.alpn, facts.certificate_expires) == ("1.1", None, None, None)


def test_who_was_not_reached_has_no_transport() -> None:
    """And nothing is found of it."""
    with serving(good_gateway()) as server:
        gone = at(server, api_key_env="KEY")
        collected = run([gone])
    assert collected.evidences["e"].transport is None


def test_each_environment_has_its_own_handshake_where_they_share_a_context() -> None:
    """Side by side, on one authority's certificates: the older TLS is one's alone."""
    with serving_all([encrypted(Certificate.GOOD), encrypted(Certificate.OLDER_TLS)] * 4) as servers:
        names = [f"e{number}" for number in range(len(servers))]
        collected = run([at(server, name, verify_tls=False) for server, name in zip(servers, names, strict=True)])
    seen = [collected.evidences[name].transport for name in names]
    assert [None if each is None else each.tls_version for each in seen] == ["TLSv1.3", "TLSv1.2"] * 4


def test_an_older_tls_is_found() -> None:
    """By its own rule, and nothing else is."""
    with serving_all([encrypted(Certificate.GOOD), encrypted(Certificate.OLDER_TLS)]) as servers:
        collected = run([at(server, name) for server, name in zip(servers, ("a", "b"), strict=True)])
    comparison = held([collected.evidences["a"], collected.evidences["b"]], today=datetime.now(UTC).date())
    assert told(comparison) == [("transport.tls_version", "warn", "TLSv1.3", "TLSv1.2")]


@pytest.mark.parametrize("verify_tls", [True, False])
@pytest.mark.parametrize(("days_left", "severity"), [(30, None), (20, "warn"), (2, "err"), (-1, "err")])
def test_a_certificate_that_expires_is_found_by_itself(
    days_left: int,
    severity: str | None,
    verify_tls: bool,  # noqa: FBT001
) -> None:
    """In a single environment too, and verified or not."""
    with serving(encrypted(Certificate.EXPIRES_SOON)) as server:
        evidence = run([at(server, verify_tls=verify_tls)]).evidences["e"]
    assert evidence.transport is not None
    expires = evidence.transport.certificate_expires
    assert expires is not None
    found = held([evidence], today=expires - timedelta(days=days_left))
    expected = [] if severity is None else [("tls.expires", severity, None, expires.isoformat())]
    assert told(found) == expected


def test_only_the_headers_that_the_user_named_are_recorded() -> None:
    """In lower case, whatever the server's; each named one is there, also where it never came."""
    manner = Manner(headers=(("X-LiteLLM-Version", "1.60.0"), ("Server", "made-up/1.0")))
    facts = over(good_gateway(manner), record_headers=("x-litellm-version", "x-region"))
    assert facts.headers == {"x-litellm-version": ("1.60.0",), "x-region": ()}


def test_a_key_in_a_recorded_header_is_not_shown() -> None:
    """Whatever a server gives back there."""
    manner = Manner(headers=(("X-Debug", f"key={KEY}"), ("X-Plain", KEY)))
    record = ("x-debug", "x-plain")
    facts = over(good_gateway(manner), record_headers=record, api_key=SecretStr(KEY), api_key_env="KEY")
    assert KEY not in facts.model_dump_json()
    assert MARKER in str(facts.headers)


def test_generated_text_in_a_recorded_header_is_not_shown() -> None:
    """A gateway that repeats its answer in a header gives nothing more away."""
    words = "the quick brown fox jumps over the lazy dog at noon"
    facts = over(good_gateway(Manner(reply=words, headers=(("X-Answer", words),))), record_headers=("x-answer",))
    assert "brown fox" not in facts.model_dump_json()


def test_no_text_of_a_server_is_shown_where_none_is_wanted() -> None:
    """`server_text = false` holds for headers too."""
    manner = Manner(headers=(("X-Region", "eu-west-1"),))
    assert over(good_gateway(manner), record_headers=("x-region",), server_text=False).headers == {
        "x-region": (MARKER,)
    }


@pytest.mark.parametrize(
    ("header", "is_cached"),
    [
        (("cf-cache-status", "HIT"), True),
        (("cf-aig-cache-status", "HIT"), True),
        (("x-cache", "Hit from cloudfront"), True),
        (("x-cache", "MISS, TCP_HIT"), True),
        (("cf-cache-status", "MISS"), False),
        (("x-cache", "white"), False),
        (("x-served-by", "HIT"), False),
    ],
)
def test_a_cache_that_answered_is_known_by_the_probe_it_answered(header: tuple[str, str], is_cached: bool) -> None:  # noqa: FBT001
    """One before the list of models says nothing of a completion's time."""
    cached = good_gateway(Manner(headers=(header,)))
    facts = over(replace(good_gateway(), models=cached.models))
    assert facts.cache == (("models",) if is_cached else ())


def test_what_a_cache_answered_has_no_latency_to_judge() -> None:
    """Its time is not the gateway's: much slower or not, it is not compared, and says why."""
    cached = Manner(headers=(("cf-cache-status", "HIT"),))
    slow = replace(good_gateway(), models=good_gateway(Manner(models_delay=Delay(0.08))).models)
    with serving_all([good_gateway(cached), slow]) as servers:
        environments = [
            at(server, name, samples=5, probes=("models",)) for server, name in zip(servers, ("a", "b"), strict=True)
        ]
        collected = run(environments)
    comparison = held([collected.evidences["a"], collected.evidences["b"]], today=datetime.now(UTC).date())
    [row] = [row for row in comparison.rows if row.field == "latency"]
    assert {name: [note.why for note in cell.notes] for name, cell in row.cells.items()} == {
        "a": ["cached"],
        "b": ["cached"],
    }
    assert comparison.findings == ()


def test_a_header_that_is_another_one_each_time_proves_nothing() -> None:
    """As the id of a request is, on both sides."""

    def numbered(prefix: str) -> Gateway:
        async def answer(exchange: Served) -> None:
            header = ("x-id", f"{prefix}-{exchange.number}")
            await exchange.send(json_reply(200, {"data": [{"id": "m"}]}, header))

        return replace(good_gateway(), models=answer)

    with serving_all([numbered("a"), numbered("b")]) as servers:
        environments = [
            at(server, name, samples=3, probes=("models",), record_headers=("x-id",))
            for server, name in zip(servers, ("a", "b"), strict=True)
        ]
        collected = run(environments)
    comparison = held([collected.evidences["a"], collected.evidences["b"]], today=datetime.now(UTC).date())
    assert comparison.findings == ()
    assert [row.cells["b"].state for row in comparison.rows if row.field == "headers"] == ["noisy"]
