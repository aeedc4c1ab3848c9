from __future__ import annotations

import datetime as dt
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from envcheck.seam.certificate import Signed, signed

DAY = dt.timedelta(days=1)


@cache
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def made(ends: dt.datetime, *issuer: tuple[x509.ObjectIdentifier, str]) -> bytes:
    """Make a certificate with the oracle's own hands."""
    name = x509.Name([x509.NameAttribute(kind, value) for kind, value in issuer])
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(name)
        .public_key(key().public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - DAY)
        .not_valid_after(ends)
        .sign(key(), hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


GOOD = made(
    dt.datetime(2026, 12, 1, 23, 59, 59, tzinfo=dt.UTC),
    (NameOID.COUNTRY_NAME, "NL"),
    (NameOID.ORGANIZATION_NAME, "Acme"),
)

_ORGANISATIONS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=64)
_TIMES = st.integers(-315_619_200, 7_258_032_000).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))
"""From 1960 to 2199."""


@given(
    ends=_TIMES,
    organisation=st.none() | _ORGANISATIONS,
    others=st.lists(st.sampled_from([(NameOID.COUNTRY_NAME, "DE"), (NameOID.COMMON_NAME, "R11")]), max_size=2),
)
def test_it_reads_what_the_oracle_reads(
    ends: dt.datetime, organisation: str | None, others: list[tuple[x509.ObjectIdentifier, str]]
) -> None:
    """Both kinds of time, any letters, and an organisation at any place or none."""
    issuer = [*others, *([] if organisation is None else [(NameOID.ORGANIZATION_NAME, organisation)])]
    der = made(ends, *issuer)
    oracle = x509.load_der_x509_certificate(der)
    names = oracle.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    expected = str(names[0].value) if names else None
    assert signed(der) == Signed(oracle.not_valid_after_utc.date(), expected)


def test_both_kinds_of_time_were_read() -> None:
    """The turn of the century in two digits, and years that need four."""
    for year in (1960, 2026, 2049, 2050, 2199):
        assert signed(made(dt.datetime(year, 6, 1, tzinfo=dt.UTC))).expires == dt.date(year, 6, 1)


def test_a_certificate_that_is_cut_says_nothing() -> None:
    """Whatever a peer sent, it is no fault of ours."""
    assert [length for length in range(len(GOOD)) if signed(GOOD[:length]) != Signed()] == []


@given(st.binary(max_size=300) | st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)))
def test_nothing_that_a_peer_sends_breaks_it(sent: bytes | tuple[int, int]) -> None:
    """Noise, and a certificate with one byte changed."""
    if isinstance(sent, tuple):
        at, byte = sent
        sent = GOOD[:at] + bytes([byte]) + GOOD[at + 1 :]
    assert isinstance(signed(sent), Signed)
