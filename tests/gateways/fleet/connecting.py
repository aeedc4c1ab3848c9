"""Gateways that cannot be reached, or not by TLS."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gateways.certificates import Certificate
from gateways.faults import banner, deaf, reset_on_accept
from gateways.gateway import Gateway, Listening
from gateways.good import good_gateway
from gateways.scenario import PASS, Scenario, at_the_door

_GOOD: Final = good_gateway()
_HTTPS: Final = replace(_GOOD, base_url="https://127.0.0.1:{port}/v1")


def _shows(certificate: Certificate, *, trusted: bool = True) -> Gateway:
    return replace(_HTTPS, certificate=certificate, trusted=trusted)


def _network(name: str, description: str, gateway: Gateway, detail: str = "") -> Scenario:
    return at_the_door(name, description, "network", gateway, detail=detail)


SCENARIOS: Final = (
    _network("refused", "is not listening", replace(_GOOD, listening=Listening.NOTHING), "refused"),
    _network(
        "no-such-host",
        "has a host name without an address",
        replace(_GOOD, base_url="http://no-such-host.invalid:{port}/v1"),
        "host name",
    ),
    at_the_door(
        "never-accepts",
        "leaves every connection in a full queue",
        "timeout",
        replace(_GOOD, listening=Listening.FULL),
        detail="no connection",
    ),
    _network("resets-on-accept", "resets each connection at once", replace(_GOOD, welcome=reset_on_accept)),
    _network("closes-on-accept", "closes each connection at once", replace(_GOOD, welcome=banner(b""))),
    at_the_door("tls-good", "has a certificate of the authority in `ca_file`", PASS, _shows(Certificate.GOOD)),
    at_the_door(
        "tls-by-name",
        "has a certificate for the name `localhost`",
        PASS,
        replace(_shows(Certificate.GOOD), base_url="https://localhost:{port}/v1"),
    ),
    at_the_door(
        "tls-not-verified",
        "has an expired certificate, which `verify_tls = false` lets pass",
        PASS,
        replace(_shows(Certificate.EXPIRED), verify_tls=False),
    ),
    _network(
        "tls-self-signed",
        "has a self-signed certificate",
        _shows(Certificate.SELF_SIGNED, trusted=False),
        "self-signed",
    ),
    _network(
        "tls-self-signed-despite-ca-file",
        "has a self-signed certificate where `ca_file` names an authority",
        _shows(Certificate.SELF_SIGNED),
        "self-signed",
    ),
    _network(
        "tls-unknown-authority",
        "has a certificate of an authority that is not known",
        _shows(Certificate.UNKNOWN_AUTHORITY, trusted=False),
        "no authority",
    ),
    _network("tls-expired", "has a certificate that has expired", _shows(Certificate.EXPIRED), "expired"),
    _network("tls-not-yet-valid", "has a certificate that is not valid yet", _shows(Certificate.NOT_YET_VALID), "yet"),
    _network("tls-wrong-host", "has a certificate for another host", _shows(Certificate.WRONG_HOST), "another host"),
    _network("tls-to-plain-port", "speaks plain HTTP where the URL says https", _HTTPS, "TLS"),
    _network(
        "plain-to-tls-port",
        "speaks TLS where the URL says http",
        replace(_GOOD, certificate=Certificate.GOOD),
    ),
    _network("tls-reset", "resets within the TLS handshake", replace(_HTTPS, welcome=reset_on_accept)),
    _network("tls-closed", "closes within the TLS handshake", replace(_HTTPS, welcome=banner(b""))),
    _network(
        "tls-garbage", "answers the TLS handshake with garbage", replace(_HTTPS, welcome=banner(b"\x15\x03zz\0" * 9))
    ),
    at_the_door(
        "tls-never-answered",
        "never answers the TLS handshake",
        "timeout",
        replace(_HTTPS, welcome=deaf),
        detail="no connection",
    ),
    _network("ssh", "is an SSH server", replace(_GOOD, welcome=banner(b"SSH-2.0-OpenSSH_9.6\r\n")), "not HTTP"),
    _network("smtp", "is a mail server", replace(_GOOD, welcome=banner(b"220 mail.invalid ESMTP\r\n")), "not HTTP"),
    at_the_door("deaf", "takes connections and never reads nor writes", "timeout", replace(_GOOD, welcome=deaf)),
)
