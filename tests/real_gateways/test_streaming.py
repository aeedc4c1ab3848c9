"""A stream through a real nginx, which hands it over token by token or in one piece, as it is told to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pytest
from collecting import environment_at, run

from envcheck.probes.stream_facts import StreamFacts
from gateways.server import serving
from gateways.streaming import EVERY_S, Streaming, streaming_gateway
from real_gateways import install
from real_gateways.nginx_conf import forwarding
from real_gateways.process import accepts, free_ports, running

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from envcheck.evidence import Check

pytestmark = pytest.mark.gateways

_BUFFERED: Final = "on"
_PASSED_ON: Final = "off"


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory, show: Callable[[str], None]) -> Mapping[str, Check]:
    """Give the stream's check bare and through nginx either way, asked side by side."""
    if not install.is_installed("nginx"):
        (pytest.fail if install.required() else pytest.skip)("nginx is not installed")
    folder: Path = tmp_path_factory.mktemp("nginx")
    (port,) = free_ports(1)
    with serving(streaming_gateway(Streaming(every_s=EVERY_S, is_chunked=False))) as server:
        way = f"proxy_pass http://127.0.0.1:{server.port}/;"
        locations = {f"/{each}/": f"proxy_buffering {each}; {way}" for each in (_BUFFERED, _PASSED_ON)}
        # As it is by default: what comes in chunks, of HTTP/1.1, is handed on even where it buffers.
        (folder / "nginx.conf").write_text(forwarding(port, locations, "proxy_http_version 1.0;"))
        command: Sequence[str | Path] = [
            str(install.system_binary("nginx")),
            "-p",
            f"{folder}/",
            "-c",
            folder / "nginx.conf",
        ]
        urls = {"bare": server.base_url} | {
            name: f"http://127.0.0.1:{port}/{name}/v1" for name in (_BUFFERED, _PASSED_ON)
        }
        with running(command, log=folder / "nginx.out", ready=partial(accepts, port), env={}):
            collected = run(
                [
                    environment_at(url, name, model="gpt-4o-mini", probes=("stream",), timeout_s=20.0, samples=5)
                    for name, url in urls.items()
                ]
            )
    checks = {name: evidence.checks[0] for name, evidence in collected.evidences.items()}
    for name, check in checks.items():
        times = {series: each.median_ms for series, each in check.latency.measured.items()}
        show(f"nginx, proxy_buffering {name}: {facts_of(check).arrival}, {times}, total {check.latency.total_ms}")
    return checks


def facts_of(check: Check) -> StreamFacts:
    assert isinstance(check.facts, StreamFacts)
    return check.facts


def test_nginx_that_buffers_hands_a_stream_over_at_once(streams: Mapping[str, Check]) -> None:
    """It keeps a small reply until the last byte has come."""
    assert facts_of(streams[_BUFFERED]).arrival == "at_once"


def test_nginx_that_does_not_buffer_hands_a_stream_on_as_it_comes(streams: Mapping[str, Check]) -> None:
    """As the gateway behind it does."""
    assert (facts_of(streams["bare"]).arrival, facts_of(streams[_PASSED_ON]).arrival) == ("incremental", "incremental")


def test_the_first_content_is_late_behind_a_buffer_alone(streams: Mapping[str, Check]) -> None:
    """It comes with the last; the whole reply takes as long either way."""
    first = {name: check.latency.measured["first_content"].median_ms or 0.0 for name, check in streams.items()}
    # Eleven tokens more than the first one are waited for.
    assert first[_BUFFERED] - first["bare"] > 5 * EVERY_S * 1000
    assert first[_BUFFERED] > 2 * first[_PASSED_ON]
