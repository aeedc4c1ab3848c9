"""A certificate authority of the tests, and what it signs: good, for another host, expired."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
LONG = dt.timedelta(days=60)
"""So far from its end that it is no finding."""
ANOTHER_HOST = x509.DNSName("elsewhere.example")


@dataclass(frozen=True, slots=True)
class Authority:
    """The test's own authority: `certificate` is what a client has to trust."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls) -> Self:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("envcheck test authority")
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = (
            _draft(name, key.public_key(), ends_in=LONG)
            .issuer_name(name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
        )
        return cls(key, builder.sign(key, hashes.SHA256()))

    def issue(self, host: x509.GeneralName, *, ends_in: dt.timedelta, to: Path) -> Path:
        """Write a server's certificate and its key into one PEM file."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _draft(_name("envcheck test server"), key.public_key(), ends_in=ends_in)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.SubjectAlternativeName([host]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),  # strict clients ask for it
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        to.write_bytes(_pem(certificate) + _pem_key(key))
        to.chmod(0o600)
        return to

    def write(self, to: Path) -> Path:
        """Write the certificate to trust."""
        to.write_bytes(_pem(self.certificate))
        return to


def _draft(subject: x509.Name, key: ec.EllipticCurvePublicKey, *, ends_in: dt.timedelta) -> x509.CertificateBuilder:
    ends = dt.datetime.now(dt.UTC) + ends_in
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
