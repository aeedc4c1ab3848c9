from __future__ import annotations

import string
from typing import TYPE_CHECKING

import anyio
import pytest
from config_texts import loads, loads_one, refuses, refuses_one
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from yarl import URL

from envcheck.config.urls import base_url_mistakes, proxy_mistakes
from envcheck.http import Gateway
from envcheck.model import Environment, Fault, Request, Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_runs import Ran

IPV4 = "an IPv4 address is four numbers from 0 to 255, such as 127.0.0.1"
NO_ADDRESSES = [
    "10.0.0.256",
    "127.1",
    "2130706433",
    "0",
    "0x7f.1",
    "0x7f000001",
    "0x",
    "1.2.3",
    "1.2.3.4.5",
    "127.0.0.01",
    "0177.0.0.1",
    "127.0.0.1.",
    "gateway.1",
    "gateway.0x1F",
    "\u0661\u0662\u0667.0.0.1",
]
NO_HOSTS = [
    "a..b",
    ".",
    ".a",
    "gateway.invalid..",
    "-gateway",
    "gateway-.invalid",
    "a" * 64,
    "\u00fc" * 60,
    ".".join(["a" * 60] * 5),
    "a%41",
    "a*b",
    "a,b",
    "xn--a",
    "xn--zzzzzz.invalid",
    "\u05d0a.invalid",
    "[1.2.3.4]",
    "[v1.x]",
    "[::1]x",
    "x[::1]",
    "[::1]]",
    "[::1",
    "[]",
    "[::1%251]",
    "[fe80::1%eth0]",
]
NO_PORTS = ["0", "65536", "99999", "-1", "+1", "1_0", "port", "\uff11", "1:1"]
# Names end in `.invalid`, which no name server knows; addresses are this machine's, at ports that nobody listens on.
HOSTS = [
    "127.0.0.1:9",
    "127.255.255.254:9",
    "0.0.0.0:9",
    "[::1]:9",
    "[0:0:0:0:0:0:0:1]:9",
    "[::ffff:127.0.0.1]:9",
    "\uff11\uff12\uff17.0.0.1:9",
    "127\u30020\u30020\u30021:9",
    "localhost:9",
    "LOCALHOST:9",
    "localhost:0009",
    "gateway.invalid",
    "gateway.invalid:",
    "gateway.invalid.:65535",
    "llm_gateway.invalid",
    "_gateway_.invalid",
    "1gateway.invalid",
    "1.2.3.4a.invalid",
    "0x7f.1.invalid",
    "127.0.0.1.invalid",
    "a--b.invalid",
    "ab--c.invalid",
    "a.b.c.d.e.f.g.h.invalid",
    "a" * 63 + ".invalid",
    "b\u00fccher.invalid",
    "fa\u00df.invalid",
    "b\u00fccher_2.invalid",
    "xn--bcher-kva.invalid",
    "xn--fa-hia.invalid",
    "\u2603.invalid",
    "\u4f8b\u3048.invalid",
    "\u05d0.invalid",
]


@pytest.mark.parametrize("host", NO_ADDRESSES)
def test_a_host_that_ends_in_a_number_is_an_address_of_four(host: str) -> None:
    """Everything else that browsers and C libraries read as an address would be told as a fault of ours."""
    sentence = f"has a host that ends in a number and is no address; {IPV4}"
    assert refuses(f'[environments.prod]\nbase_url = "http://{host}/v1"') == [f"environments.prod.base_url: {sentence}"]
    assert refuses_one(f'proxy = "http://user:hunter2@{host}"') == [f"proxy: {sentence}"]


@pytest.mark.parametrize("host", NO_HOSTS)
def test_a_host_that_nothing_can_be_sent_to_is_refused(host: str) -> None:
    """The file says so before a run does, for a proxy too."""
    (of_url,) = refuses(f'[environments.prod]\nbase_url = "http://{host}/v1"')
    (of_proxy,) = refuses_one(f'proxy = "http://{host}"')
    assert of_url.partition("base_url: ")[2] == of_proxy.partition("proxy: ")[2] != ""


@pytest.mark.parametrize("port", NO_PORTS)
def test_a_port_is_a_number_that_there_is(port: str) -> None:
    """Port 0 is nobody's, and 65535 is the last."""
    (of_url,) = refuses(f'[environments.prod]\nbase_url = "http://gateway.test:{port}"')
    (of_proxy,) = refuses_one(f'proxy = "http://gateway.test:{port}"')
    assert "is not a valid URL; look at the host, its brackets and the port (1 to 65535)" in of_url
    assert "is not a valid URL; look at the host, its brackets and the port (1 to 65535)" in of_proxy


def test_a_zone_is_refused_with_what_to_write_instead() -> None:
    """A link-local address means something on one machine only, and no Host header can carry its zone."""
    (found,) = refuses('[environments.prod]\nbase_url = "http://[fe80::1%eth0]/v1"')
    assert found == (
        "environments.prod.base_url: has an IPv6 address with a zone (`%…`), which no request can carry; use another"
        " address of that machine, or a name"
    )


@pytest.mark.parametrize("user", ["u[::1]ser", "user:%\ufe30"])
def test_a_password_that_no_url_can_hold_is_refused(user: str) -> None:
    """It may have any character, once it is written as a URL writes it, and letters of any language as they are."""
    (found,) = refuses_one(f'proxy = "http://{user}@127.0.0.1:9"')
    assert found == (
        "proxy: has a user name or password with a character that a URL cannot hold; write it percent-encoded, such as"
        " %5B for `[`"
    )
    assert loads_one('proxy = "http://u%5Bser:p%40ss\u00e9@127.0.0.1:9"').proxy is not None


@pytest.mark.parametrize("user", ["u[::1]ser", "u[ser", "user:[pass]"])
def test_brackets_in_a_user_name_are_judged_alike_on_every_python(user: str) -> None:
    """Some Pythons split such a URL and some refuse to: it has a user name, whatever that looks like."""
    (found,) = refuses(f'[environments.prod]\nbase_url = "http://{user}@127.0.0.1:9"')
    assert found.startswith("environments.prod.base_url: must not hold a user name")
    (found,) = refuses_one(f'proxy = "http://{user}@127.0.0.1:9"')
    assert found.startswith("proxy: has a user name or password with a character")


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_taken_is_asked(host: str) -> None:
    """Whatever the file may say as a host ends in an exchange that fails for a reason, never in a fault of ours."""
    url = f"http://{host}/v1"
    assert loads(f'[environments.prod]\nbase_url = "{url}"').environments[0].base_url == url
    assert loads_one(f'proxy = "http://{host}"').proxy is not None
    straight = Environment("prod", url, timeout_s=1)
    for environment in (straight, Environment("prod", "http://gateway.invalid", timeout_s=1, proxy=SecretStr(url))):
        assert fault_of(environment) not in {None, Fault.INTERNAL}


def fault_of(environment: Environment) -> Fault | None:
    async def go() -> Fault | None:
        async with Gateway(environment) as gateway:
            return (await gateway.exchange(Request(Route("GET", "/models")))).fault

    return anyio.run(go)


def test_check_config_and_run_agree(envcheck: Callable[..., Ran]) -> None:
    """What one calls valid the other does not break on."""
    ran = envcheck("probe", "--base-url", "http://10.0.0.256/v1")
    assert (ran.code, ran.stdout) == (2, "")
    assert IPV4 in ran.stderr


LABELS = st.text(alphabet=string.ascii_letters + string.digits + "-_", max_size=12)
ODD = st.text(alphabet="0123456789.xXabf-_[]%:@\u00fc\u00df\u3002\uff11\u0661\u05d0n", max_size=16)
NUMBERS = st.lists(st.integers(0, 300) | st.integers(), min_size=1, max_size=5).map(
    lambda them: ".".join(map(str, them))
)
ANY_NAME = (
    st.lists(LABELS, min_size=1, max_size=4).map(".".join)
    | NUMBERS
    | st.ip_addresses(v=4).map(str)
    | ODD
    | st.text(max_size=12)
    | LABELS.map(lambda label: f"xn--{label}")
).filter(lambda name: not set(name) & set("/?#@:"))
ANY_HOST = ANY_NAME | (st.ip_addresses(v=6).map(str) | ODD).map(lambda address: f"[{address.replace('@', '')}]")
PORTS = (
    st.just("")
    | st.integers(-1, 70000).map(lambda port: f":{port}")
    | ODD.map(lambda text: f":{text}".replace("@", ""))
)
USERS = st.just("") | st.text(max_size=8).map(lambda text: f"{text}@") | ODD.map(lambda text: f"{text}:{text}@")
PATHS = st.just("") | st.text(max_size=12).map(lambda text: f"/{text}") | ODD.map(lambda text: f"/{text}")


@settings(max_examples=400, deadline=None)
@given(scheme=st.sampled_from(["http", "https", "HTTP"]), host=ANY_HOST, port=PORTS, path=PATHS)
@example(scheme="http", host="xn--a", port="", path="")
@example(scheme="http", host="[::1]x", port="", path="")
def test_every_base_url_that_is_taken_can_be_built(scheme: str, host: str, port: str, path: str) -> None:
    """The HTTP client reads the same host and port out of it, whatever stands around them."""
    url = f"{scheme}://{host}{port}{path}"
    if not base_url_mistakes(url):
        built = URL(url + "/models")
        assert same_host(built, host)
        assert built.explicit_port == (int(port[1:]) if port[1:] else None)
        assert built.path.endswith("/models")


@settings(max_examples=400, deadline=None)
@given(scheme=st.sampled_from(["http", "https"]), user=USERS, host=ANY_HOST, port=PORTS)
@example(scheme="http", user="u[s]er:pass@", host="gateway.test", port="")
@example(scheme="http", user="%\ufe30@", host="gateway.test", port="")
def test_every_proxy_that_is_taken_can_be_built(scheme: str, user: str, host: str, port: str) -> None:
    """A user and a password do not change where a request goes."""
    url = f"{scheme}://{user}{host}{port}"
    if not proxy_mistakes(url):
        built = URL(url)
        assert same_host(built.with_user(None), host)
        assert built.explicit_port == (int(port[1:]) if port[1:] else None)


def same_host(built: URL, host: str) -> bool:
    """Tell whether the client asks this host: an address, or a name as IDNA spells it."""
    return URL.build(scheme="http", host=host.strip("[]")).raw_host == built.raw_host and bool(built.host)
