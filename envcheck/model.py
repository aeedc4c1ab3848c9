"""The words every room shares: environments, exchanges, outcomes, failure classes.

What is here may hold secrets (`Environment`, `Exchange`); what is safe to share lives in `evidence`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pydantic import SecretStr

    from envcheck.probes.base import Options

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
"""Any JSON document: what comes from strangers, without `Any`."""

DEFAULT_TIMEOUT_S: Final = 20.0
DEFAULT_CONCURRENCY: Final = 256
"""Environments opened at once: one wave for all but the largest fleets, and below the usual limit on open files."""
# Harmless in every jurisdiction and model: no names, no facts, an answer of one word.
DEFAULT_PROMPT: Final = "Reply with the single word: pong"


class Outcome(StrEnum):
    """How one check ended."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    SKIPPED = "skipped"
    UNSUPPORTED = "unsupported"
    """The gateway was reached, and says that it does not have this; for optional probes alone."""


class FailureClass(StrEnum):
    """Why a probe failed; `HTTP` stands for every `http_<status>`, which evidence spells out.

    `INTERNAL` is about envcheck or the machine that it runs on, `PLUGIN` about somebody else's package, and every other
    one about what was asked.
    """

    MISSING_KEY = "missing_key"
    AUTH = "auth"
    PERMISSION = "permission"
    BASE_URL_OR_ROUTE = "base_url_or_route"
    MODEL_SELECTION = "model_selection"
    RATE_OR_QUOTA = "rate_or_quota"
    TIMEOUT = "timeout"
    NETWORK = "network"
    UPSTREAM_OR_GATEWAY = "upstream_or_gateway"
    RESPONSE_SHAPE = "response_shape"
    HTTP = "http"
    INTERNAL = "internal"
    PLUGIN = "plugin"
    """The plug-in that the probe is of broke, hung, or gave what it may not give."""
    NOT_REFUSED = "not_refused"
    """It served a request that it should have refused."""


PASSING_CAUSES: Final = frozenset({FailureClass.TIMEOUT, FailureClass.NETWORK, FailureClass.UPSTREAM_OR_GATEWAY})
"""What may be over a moment later, or in another night."""
NO_OUTAGE: Final = frozenset({FailureClass.NOT_REFUSED, FailureClass.MISSING_KEY})
"""Failures of an environment that is not down: it served too much, or was not asked."""


class Fault(StrEnum):
    """What went wrong below HTTP, in the words a report shows as `failure_detail`."""

    DNS = "the host name could not be resolved"
    REFUSED = "connection refused"
    RESET = "connection reset by the other side"
    CLOSED = "connection closed before a reply"
    UNREACHABLE = "host or network unreachable"
    CONNECT = "connection could not be made"
    TLS_UNTRUSTED = "TLS: certificate is signed by no authority that this machine knows (ca_file names another)"
    TLS_SELF_SIGNED = "TLS: certificate is self-signed"
    TLS_EXPIRED = "TLS: certificate has expired"
    TLS_NOT_YET_VALID = "TLS: certificate is not valid yet (is this machine's clock right?)"
    TLS_WRONG_HOST = "TLS: certificate is for another host"
    TLS_HANDSHAKE = "TLS: handshake failed (is this port really https?)"
    PROXY = "the proxy refused or could not be reached"
    PROXY_DNS = "the proxy's host name could not be resolved"
    PROXY_LOGIN = "the proxy wants a name and password (HTTP 407): proxy = http://NAME:PASSWORD at its host"
    PROXY_LOGIN_REFUSED = "the proxy does not accept the name and password in `proxy` (HTTP 407)"
    NOT_HTTP = "the reply is not HTTP"
    CUT_SHORT = "the body was cut short"
    TIMEOUT_DNS = "the host name was not resolved before the deadline (look at this machine's DNS)"
    TIMEOUT_CONNECTING = "no connection before the deadline"
    TIMEOUT_HEADERS = "no reply before the deadline"
    TIMEOUT_BODY = "the body did not end before the deadline"
    TOO_LARGE = "the body is larger than the limit"
    BAD_ENCODING = "the body's content-encoding could not be decoded"
    CA_FILE = "the file of ca_file can no longer be read, or holds no certificate any more"
    OPEN_FILES = "this machine's limit on open files was reached; raise it (ulimit -n) or lower --concurrency"
    THREADS = "this machine could start no more threads; raise its limit (ulimit -u) or lower --concurrency"
    LOCAL_ADDRESS = "this machine had no address or port left to connect from; lower --concurrency, or check its IPv6"
    BUFFERS = (
        "this machine had no memory left for a connection; lower --concurrency, or raise its socket buffers' limit"
    )
    INTERNAL = "envcheck itself broke here; ENVCHECK_DEBUG=1 shows where; please report it"


@dataclass(frozen=True, slots=True)
class Environment:
    """One named endpoint, with everything resolved that its requests need. Holds secrets."""

    name: str
    base_url: str
    """As probes use it: http(s), no userinfo, query or fragment, no ending slash."""
    api_key_env: str | None = None
    api_key: SecretStr | None = None
    """None with `api_key_env` set means that the variable is unset or empty."""
    model: str | None = None
    probes: tuple[str, ...] = ("models", "chat")
    timeout_s: float = DEFAULT_TIMEOUT_S
    samples: int = 1
    headers: Mapping[str, SecretStr] = field(default_factory=lambda: MappingProxyType({}))
    query: Mapping[str, SecretStr] = field(default_factory=lambda: MappingProxyType({}))
    auth_header: str | None = None
    proxy: SecretStr | None = None
    ca_file: Path | None = None
    verify_tls: bool = True
    prompt: SecretStr | None = None
    options: Mapping[str, Options] = field(default_factory=lambda: MappingProxyType({}))
    """By probe: what its own table in the file says; a probe that is not here has nothing to say."""
    server_text: bool = True
    record_headers: tuple[str, ...] = ()
    """Response headers whose values are recorded, by their names in lower case."""

    @property
    def key_is_missing(self) -> bool:
        """Whether a key is asked for and there is none, so that nothing may be sent."""
        return self.api_key_env is not None and self.api_key is None


class Route(NamedTuple):
    """Which request a probe sends."""

    method: str
    path: str
    """Below the base URL."""

    def __str__(self) -> str:
        """Spell it for people: `GET /models`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a gateway. The key, headers and query of its environment are added where it is sent."""

    route: Route
    body: Mapping[str, JsonValue] | None = None
    """Sent as JSON; None sends no body."""
    broken_off_at: int | None = None
    """Bytes of the body's JSON that are sent, where it is sent broken on purpose; None sends it whole."""
    accepts: str = "application/json"
    made_up_key: SecretStr | None = None
    """Sent in place of the environment's key; None sends that."""
    about: str | None = None
    """A model that the reply is looked at for, where the request itself names none."""

    @property
    def asked_model(self) -> str | None:
        """The model that the body names; None where it names none."""
        model = None if self.body is None else self.body.get("model")
        return model if isinstance(model, str) else None


@dataclass(frozen=True, slots=True)
class Timing:
    """How long each phase of one exchange took, in milliseconds; None where it did not happen."""

    dns_ms: float | None = None
    connect_ms: float | None = None
    """TCP, and TLS and the proxy's CONNECT where there are any."""
    ttfb_ms: float | None = None
    """From the connection being ready to the reply's headers."""
    body_ms: float | None = None
    total_ms: float | None = None
    """From the start of the exchange to its last byte."""

    @property
    def answered_ms(self) -> float | None:
        """Give the total without the opening of a connection."""
        return (
            None if self.total_ms is None else max(0.0, self.total_ms - (self.dns_ms or 0.0) - (self.connect_ms or 0.0))
        )


class Connection(StrEnum):
    """What a latency includes, so that unlike samples are never put in one median."""

    NEW = "cold"
    REUSED = "warm"
    MIXED = "mixed"
    """Of several exchanges, some over new connections and some over open ones: without the opening of connections."""
    RETRIED = "retried"
    """The connection turned out to be closed, and the request was sent again: no latency of the server's own."""


class Unplanned(StrEnum):
    """Why a request was sent that was not among those that were announced."""

    RESENT = "resent"
    """The connection turned out to be closed, so that it was sent again on a new one."""
    RETAKEN = "retaken"
    """This process stood still while the one before it ran."""
    ASKED_AGAIN = "asked_again"
    """The opening one failed by a cause that may be over a moment later."""
    CONFIRMING = "confirming"
    """A latency was slow once, and is sampled a second time."""
    REFUSED_IN_PART = "refused_in_part"
    """A part of a request was refused, so that it was sent again without."""


class Arrival(NamedTuple):
    """One piece of a body as it came."""

    at_ms: float
    """Since the start of the exchange."""
    so_far: int
    """Bytes of the body that had come by then, decoded."""


@dataclass(frozen=True, slots=True)
class Tls:
    """What the two sides of an encrypted connection agreed on."""

    version: str | None
    """As OpenSSL spells it: `TLSv1.3`."""
    alpn: str | None
    certificate: bytes
    """The server's, in DER; nobody may have verified it."""


@dataclass(frozen=True, slots=True)
class Transport:
    """What an exchange went over."""

    http_version: str | None = None
    """`1.1`; None where no reply came."""
    via_proxy: bool = False
    tls: Tls | None = None
    """With the environment's own server, and not with a proxy before it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one request brought back, raw. It may hold secrets and never leaves the process."""

    request: Request
    fault: Fault | None = None
    """Set when the exchange broke; status and headers may be set all the same, when they came first."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Those that came of which `envcheck.http.headers.kept` says that they are read, by their names in lower case."""
    body: bytes = b""
    timing: Timing = Timing()
    connection: Connection = Connection.NEW
    sent: int = 1
    """How often the request was sent: not at all where there was no connection, twice where it was closed."""
    arrivals: tuple[Arrival, ...] = ()
    """When the body's pieces came, at most `envcheck.http.clock.MAX_ARRIVALS` of them and always the last."""
    transport: Transport = Transport()
    started: float = 0.0
    """On this process's monotonic clock, in seconds."""
    more: tuple[Exchange, ...] = ()
    """Further exchanges of the same probe, in their order; whether it passed is read off the one here."""

    @property
    def content_type(self) -> str:
        """The media type, in lower case and without its parameters; empty where none came."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()
