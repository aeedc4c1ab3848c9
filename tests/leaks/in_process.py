"""Replies brought to every renderer without a network, where thousands of them are to be tried."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from envcheck.compare import compare
from envcheck.config.secrets import secrets_of
from envcheck.model import Environment, Observation
from envcheck.normalize import normalize
from envcheck.policy import Policy
from envcheck.probes import PROBES
from envcheck.record import check_of, evidence_of
from envcheck.redact import Redactor
from envcheck.render import RENDERERS
from envcheck.render.table import render as table
from leaks.kinds import STRONG_KEY, Kind
from leaks.places import MODEL, Replies

if TYPE_CHECKING:
    from envcheck.evidence import Evidence

NOW: Final = datetime(2026, 3, 1, tzinfo=UTC)
_HEAD: Final = re.compile(rb"HTTP/1\.1 (\d{3})[^\r\n]*\r\n(.*?)\r\n\r\n(.*)", re.DOTALL)


def environment_of(kind: Kind, name: str = "candidate") -> Environment:
    """Give an environment that holds the secret."""
    secret = SecretStr(kind.secret)
    return Environment(
        name=name,
        base_url="https://gateway.example.com/v1",
        api_key_env="GATEWAY_KEY",
        api_key=secret if kind.kept_in == "key" else SecretStr(STRONG_KEY),
        model=MODEL,
        prompt=secret if kind.kept_in == "prompt" else None,
        headers={"X-Tenant": secret} if kind.kept_in == "header" else {},
        query={"workspace": secret} if kind.kept_in == "query" else {},
        proxy=SecretStr(f"http://relay:{kind.secret}@10.0.0.1:3128") if kind.kept_in == "proxy" else None,
    )


def artifacts(kind: Kind, replies: Replies) -> dict[str, str]:
    """Give everything that a run over a good baseline and these replies would show or write."""
    baseline, candidate = environment_of(kind, "production"), environment_of(kind)
    redactor = Redactor(secrets_of([baseline, candidate]))
    evidences = [_evidence(baseline, Replies(), redactor), _evidence(candidate, replies, redactor)]
    comparison = compare(
        evidences, baseline="production", policy=Policy(), twins=(), generated_at=NOW, today=date(2026, 3, 1)
    )
    shown = {f"{name} report": renderer.evidence(evidences[1]) for name, renderer in RENDERERS.items()}
    shown |= {f"{name} comparison": renderer.comparison(comparison, evidences) for name, renderer in RENDERERS.items()}
    shown["table"] = table(comparison, evidences, width=160, color=False, only_differences=False)
    return shown


def _evidence(environment: Environment, replies: Replies, redactor: Redactor) -> Evidence:
    within = redactor.for_server(shows_text=environment.server_text)
    readings = {name: normalize(observation(name, getattr(replies, name)), within) for name in PROBES}
    checks = [check_of(name, [reading]) for name, reading in readings.items()]
    return evidence_of(environment, checks, MODEL, within, NOW)


def observation(probe: str, data: bytes) -> Observation:
    """Read a reply as bytes the way the gateway does."""
    found = _HEAD.fullmatch(data)
    assert found is not None, data[:80]
    headers = dict(line.split(": ", 1) for line in found[2].decode("latin-1").split("\r\n"))
    return Observation(
        probe=probe,
        request=PROBES[probe].REQUEST,
        asked_model=MODEL,
        status=int(found[1]),
        content_type=headers.get("Content-Type", "").partition(";")[0],
        location=headers.get("Location"),
        body=found[3],
    )
