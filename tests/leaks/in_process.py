"""Replies brought to every renderer without a network, where thousands of them are to be tried."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from envcheck.compare import compare
from envcheck.comparison import Result
from envcheck.config.secrets import secrets_of
from envcheck.http.headers import KEPT_HEADERS
from envcheck.model import Environment, Exchange, Request
from envcheck.policy import Policy
from envcheck.probes import PROBES
from envcheck.redact import Redactor
from envcheck.render import FORMATS
from envcheck.render.terminal.table import render as table
from envcheck.seam.assemble import Made, check_of, evidence_of
from envcheck.seam.normalize import normalize
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
    evidences = [evidence_from(baseline, Replies(), redactor), evidence_from(candidate, replies, redactor)]
    comparison = compare(evidences, baseline="production", policy=Policy(), generated_at=NOW, today=date(2026, 3, 1))
    result = Result(evidences, comparison)
    shown = {f"{name}: {file}": text for name, each in FORMATS.items() for file, text in each.files(result)}
    shown["table"] = table(comparison, evidences, width=160, color=False, only_differences=False)
    return shown


def evidence_from(environment: Environment, replies: Replies, redactor: Redactor) -> Evidence:
    """Give the record of an environment that answered so."""
    within = redactor.for_server(shows_text=environment.server_text)
    exchanges = {name: exchange(name, getattr(replies, name)) for name in environment.probes}
    checks = [check_of(PROBES[name], [normalize(PROBES[name], each, within)]) for name, each in exchanges.items()]
    return evidence_of(environment, checks, MODEL, within, Made(NOW))


def exchange(probe: str, data: bytes) -> Exchange:
    """Read a reply as bytes the way the gateway does."""
    found = _HEAD.fullmatch(data)
    assert found is not None, data[:80]
    headers = dict(line.split(": ", 1) for line in found[2].decode("latin-1").split("\r\n"))
    kept = {name.lower(): value for name, value in headers.items() if name.lower() in KEPT_HEADERS}
    request = Request(PROBES[probe].route, {"model": MODEL} if PROBES[probe].needs_model else None)
    return Exchange(request, status=int(found[1]), headers=kept, body=found[3])
