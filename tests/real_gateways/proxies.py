"""squid and tinyproxy as real networks have them: on a port of loopback, letting nobody through without a password."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote_to_bytes

from real_gateways import install
from real_gateways.process import accepts, free_ports, running
from real_gateways.tap import tapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from real_gateways.tap import Conversation

USER: Final = "proxy-user"
NCSA_AUTH: Final = Path("/usr/lib/squid/basic_ncsa_auth")
_SQUIDS_USER: Final = "proxy"
"""As Debian compiles it in: squid becomes this user where it is started by root."""


@dataclass(frozen=True, slots=True)
class Received:
    """One head that a proxy was sent for itself to read; what goes through a tunnel it does not see."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    answered: int

    @property
    def port(self) -> int:
        """The origin's, which is in the target of a CONNECT as it is in that of a plain request."""
        authority = self.target.removeprefix("http://").partition("/")[0]
        return int(authority.rpartition(":")[2])

    def text(self) -> str:
        return "\n".join([f"{self.method} {self.target}", *(f"{name}: {value}" for name, value in self.headers)])

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name.lower()]


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is running."""

    port: int
    password: str
    received: list[Received] = field(default_factory=list)
    """All that it was sent; here once it has ended, for squid writes a tunnel down when that is over."""

    def url(self, *, password: str | None = None) -> str:
        """Give its URL as a user has to write it, with everything quoted that a URL gives a meaning to."""
        return f"http://{USER}:{quote(self.password if password is None else password, safe='')}@127.0.0.1:{self.port}"


def basic(password: str) -> str:
    """Give the value of Proxy-Authorization."""
    return f"Basic {b64encode(f'{USER}:{password}'.encode()).decode()}"


# Whole heads are written down, each percent-encoded on the line of its request.
_SQUID: Final = """
http_port 127.0.0.1:{port}
visible_hostname localhost
pid_filename none
shutdown_lifetime 0 seconds
max_filedescriptors 1024
pinger_enable off
cache deny all
cache_mem 8 MB
cache_log {home}/cache.log
coredump_dir {home}
logformat heads %rm %ru %>Hs %#>h
access_log stdio:{home}/access.log logformat=heads
auth_param basic program {ncsa_auth} {home}/passwords
auth_param basic children 1 startup=1
auth_param basic realm envcheck tests
acl known proxy_auth REQUIRED
http_access deny !to_localhost
http_access allow known
http_access deny all
"""

_TINYPROXY: Final = """
Listen 127.0.0.1
Port {port}
Timeout 30
MaxClients 20
LogLevel Connect
Allow 127.0.0.1
BasicAuth {user} {password}
"""


@contextmanager
def _squid() -> Iterator[Proxy]:
    # With what has a meaning in a URL, in the file of passwords and to squid's helper, and with what is not ASCII.
    password = f"{secrets.token_hex(8)}: p@ss/%41+?#\u00fc"
    # Not in a folder of pytest's: those are closed to every user but its own, and squid becomes another.
    with TemporaryDirectory(prefix="envcheck-squid-") as folder:
        home = Path(folder)
        (port,) = free_ports(1)
        (home / "squid.conf").write_text(_SQUID.format(port=port, home=home, ncsa_auth=NCSA_AUTH))
        (home / "passwords").write_text(f"{USER}:{_hash_of(password)}\n")
        if os.geteuid() == 0:
            for each in (home, home / "passwords"):
                shutil.chown(each, _SQUIDS_USER)
        command: Sequence[str | Path] = [str(install.system_binary("squid")), "-N", "-f", home / "squid.conf"]
        with running(command, log=home / "squid.out", ready=partial(accepts, port), env={}):
            proxy = Proxy(port, password)
            yield proxy
        proxy.received.extend(_read_access_log(home / "access.log"))


def _hash_of(password: str) -> str:
    """Hash as htpasswd does; the password itself is in no argument that others could read."""
    command = ["openssl", "passwd", "-apr1", "-stdin"]
    return subprocess.run(command, input=password.encode(), capture_output=True, check=True).stdout.decode().strip()


def _read_access_log(log: Path) -> list[Received]:
    lines = [line.split(" ") for line in log.read_text().splitlines()]
    return [
        Received(method, target, _headers(unquote_to_bytes(head)), int(answered))
        for method, target, answered, head in lines
        if not target.startswith("error:")  # whoever only looked whether it listens
    ]


@contextmanager
def _tinyproxy() -> Iterator[Proxy]:
    password = secrets.token_hex(16)  # its file takes letters and digits alone
    with TemporaryDirectory(prefix="envcheck-tinyproxy-") as folder:
        home = Path(folder)
        (port,) = free_ports(1)
        (home / "tinyproxy.conf").write_text(_TINYPROXY.format(port=port, user=USER, password=password))
        command: Sequence[str | Path] = [str(install.system_binary("tinyproxy")), "-d", "-c", home / "tinyproxy.conf"]
        with (
            running(command, log=home / "tinyproxy.out", ready=partial(accepts, port), env={}),
            # It writes down who asked for what, and no header.
            tapping(port) as tap,
        ):
            proxy = Proxy(tap.port, password)
            yield proxy
        proxy.received.extend(map(_head_of, tap.conversations))


def _head_of(conversation: Conversation) -> Received:
    """Read the one request of a connection: tinyproxy closes it after its reply."""
    start, _, headers = bytes(conversation.sent).partition(b"\r\n\r\n")[0].partition(b"\r\n")
    method, target, _ = start.decode("latin-1").split(" ")
    return Received(method, target, _headers(headers), int(conversation.answered.split(b" ", 2)[1]))


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    fields = (line.partition(":") for line in head.decode("latin-1").split("\r\n") if line)
    return tuple((name, value.strip()) for name, _, value in fields)


PROXIES: Final = {"squid": _squid, "tinyproxy": _tinyproxy}
"""What starts each, by the name that `install` knows it by."""
