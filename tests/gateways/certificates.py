"""Certificates for the TLS servers, made anew in each process: none is ever stored in the repository."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

_DAY = dt.timedelta(days=1)
ORGANISATION = "Test Authority"


class Certificate(Enum):
    """Which certificate a server shows."""

    GOOD = "good"
    SELF_SIGNED = "self-signed"
    UNKNOWN_AUTHORITY = "unknown authority"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    WRONG_HOST = "wrong host"
    PLAIN_AUTHORITY = "of a trusted authority without key usage and key identifiers"
    NEXT_IN_LINE = "of a trusted authority that an unknown one has signed"
    EXPIRES_SOON = "good for ten more days"
    OLDER_TLS = "good, over TLS 1.2 alone"
    IMPOSTOR = "of an authority with no more than a trusted one's name"


@dataclass(frozen=True, slots=True)
class _Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def write_authority(folder: Path) -> Path:
    """Write the certificates that a client has to trust, and give their path."""
    path = folder / "authority.pem"
    path.write_bytes(_authority("trusted").pem() + _plain_authority().pem() + _next_in_line().pem())
    return path


def server_context(kind: Certificate, folder: Path) -> ssl.SSLContext:
    """Give the context of a server that shows this certificate; `folder` holds its files meanwhile."""
    pair = _pair(kind)
    chain, key = folder / f"{kind.name}.pem", folder / f"{kind.name}.key"
    chain.write_bytes(pair.pem())
    key.write_bytes(pair.key_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    context.set_alpn_protocols(["http/1.1"])
    if kind is Certificate.OLDER_TLS:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


@cache
def _authority(name: str) -> _Pair:
    return _issue(f"envcheck tests: {name}", signer=None, authority=True)


@cache
def _plain_authority() -> _Pair:
    return _made_plainly()


def _made_plainly() -> _Pair:
    return _issue("envcheck tests: plain", signer=None, authority=True, identified=False)


@cache
def _next_in_line() -> _Pair:
    return _issue("envcheck tests: next in line", signer=_authority("unknown"), authority=True)


@cache
def _pair(kind: Certificate) -> _Pair:
    issued = partial(_issue, "loopback", signer=_signer(kind))
    match kind:
        case Certificate.EXPIRED:
            return issued(from_day=-20, to_day=-10)
        case Certificate.NOT_YET_VALID:
            return issued(from_day=10, to_day=20)
        case Certificate.EXPIRES_SOON:
            return issued(to_day=10)
        case Certificate.WRONG_HOST:
            return issued(names=(x509.DNSName("elsewhere.invalid"),))
        case Certificate.PLAIN_AUTHORITY | Certificate.IMPOSTOR:
            return issued(identified=False)
        case _:
            return issued()


def _signer(kind: Certificate) -> _Pair | None:
    match kind:
        case Certificate.SELF_SIGNED:
            return None
        case Certificate.UNKNOWN_AUTHORITY:
            return _authority("unknown")
        case Certificate.PLAIN_AUTHORITY:
            return _plain_authority()
        case Certificate.NEXT_IN_LINE:
            return _next_in_line()
        case Certificate.IMPOSTOR:
            return _made_plainly()
        case _:
            return _authority("trusted")


def _issue(
    name: str,
    *,
    signer: _Pair | None,
    authority: bool = False,
    identified: bool = True,
    from_day: int = -1,
    to_day: int = 90,
    names: tuple[x509.GeneralName, ...] = (x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))),
) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    names_of_subject = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if authority:
        names_of_subject.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION))
    subject = x509.Name(names_of_subject)
    signing_key = signer.key if signer else key
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.certificate.subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + from_day * _DAY)
        .not_valid_after(now + to_day * _DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if identified:
        of_itself = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        of_its_signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key())
        builder = builder.add_extension(of_itself, critical=False).add_extension(of_its_signer, critical=False)
    if not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _Pair(builder.sign(signing_key, hashes.SHA256()), key)
