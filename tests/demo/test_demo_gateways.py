"""The demo's gateways differ in the ways that are known, and in no other."""

from __future__ import annotations

import http.client
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from collecting import run

from envcheck.compare import Memory, compare
from envcheck.demo import BASELINE, demo_gateways, differences, environments, expected
from envcheck.policy import Policy
from envcheck.probes import PROBES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.demo import DemoGateway
    from envcheck.evidence import Evidence

_NOW = datetime(2026, 7, 1, tzinfo=UTC)


def probed(gateways: Mapping[str, DemoGateway]) -> list[Evidence]:
    served = environments(gateways)
    collected = run(served)
    assert collected.faults == []
    return [collected.evidences[each.name] for each in served]


def asked(gateway: DemoGateway, key: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(gateway.base_url).netloc, timeout=5)
    try:
        connection.request("GET", "/v1/models", headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("more", [(), tuple(PROBES), ("identity",), ("unknown_model", "identity"), ("bad_request",)])
def test_the_demo_finds_what_was_put_in_and_nothing_else(more: tuple[str, ...]) -> None:
    """Every known difference is found, over real HTTP, and no other."""
    with demo_gateways() as gateways:
        served = environments(gateways, more)
        collected = run(served)
    assert collected.faults == []
    comparison = compare(
        [collected.evidences[each.name] for each in served],
        baseline=BASELINE,
        policy=Policy(),
        memory=Memory(names=collected.names),
        generated_at=_NOW,
        today=_NOW.date(),
    )
    assert differences(comparison) == expected(served[0].probes)
    assert {each.environment for each in differences(comparison)} == {"staging", "new-region", "vendor"}


def test_the_baseline_comes_first_and_each_has_a_model_and_a_key() -> None:
    """The environments are what a file would have said of them."""
    with demo_gateways() as gateways:
        served = environments(gateways)
    assert [each.name for each in served] == ["production", "staging", "new-region", "vendor"]
    assert served[0].name == BASELINE
    assert all(each.model and each.api_key and each.base_url.startswith("http://127.0.0.1:") for each in served)
    assert len({each.base_url for each in served}) == len(served)
    assert len({each.api_key for each in served}) == len(served)


def test_a_refused_key_is_given_back_and_redacted() -> None:
    """The vendor repeats the key it was sent, so that the demo shows redaction at work."""
    with demo_gateways() as gateways:
        vendor = gateways["vendor"]
        key = vendor.key.get_secret_value()
        status, body = asked(vendor, key)
        evidence = next(each for each in probed(gateways) if each.environment == "vendor")
    assert status == 401
    assert key in json.loads(body)["error"]["message"]
    written = evidence.model_dump_json()
    assert key not in written
    assert "Incorrect API key provided" in written


def test_keys_are_made_anew() -> None:
    """No key of the demo is in the sources, nor the same twice."""
    with demo_gateways() as first, demo_gateways() as second:
        assert not {each.key for each in first.values()} & {each.key for each in second.values()}


def test_nothing_listens_any_more_when_the_block_has_ended() -> None:
    """The ports are given back."""
    with demo_gateways() as gateways:
        gateway = gateways["production"]
        assert asked(gateway, gateway.key.get_secret_value())[0] == 200
    with pytest.raises(ConnectionRefusedError):
        asked(gateway, "any")
