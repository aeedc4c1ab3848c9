"""One table of scenarios: it writes the environments file, and it says what each has to come to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from real_gateways.made_up import Secrets
    from real_gateways.servers import Estate

BASELINE: Final = "aimock"
SIDE_BY_SIDE: Final = ("aimock", "nginx-tls", "litellm", "llama")
"""The ones where every probe passes."""


@dataclass(frozen=True, slots=True)
class Expected:
    """How one check has to end; the status is None where no reply came."""

    outcome: str
    failure_class: str | None = None
    http_status: int | None = None
    detail: str = ""
    """Part of the failure's detail."""


PASS: Final = Expected("pass", http_status=200)
SKIPPED: Final = Expected("skipped")


def fails(failure_class: str, http_status: int | None = None, *, detail: str = "") -> Expected:
    return Expected("fail", failure_class, http_status, detail)


AUTH: Final = fails("auth", 401)
BAD_REQUEST: Final = fails("http_400", 400)
FORBIDDEN: Final = fails("permission", 403)
LOST: Final = fails("base_url_or_route", 404)
A_PAGE: Final = fails("response_shape", 200, detail="HTML")
TO_HTTPS: Final = fails("base_url_or_route", 301, detail="127.0.0.1")
TO_LOGIN: Final = fails("base_url_or_route", 302, detail="login.example")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One environment of the file: where it points, with what, and how its two checks have to end."""

    name: str
    server: str
    """The one that has to be installed."""
    models: Expected
    chat: Expected
    origin: str = ""
    """The estate's name for it; the server's own where it is left out."""
    path: str = "/v1"
    key: str | None = "AIMOCK_KEY"
    model: str = "m-1"
    settings: Mapping[str, object] = field(default_factory=dict)
    trusts_test_ca: bool = False


def _fault(name: str, chat: Expected) -> Scenario:
    # aimock's faults are of the completions alone; its list of models stays up.
    return Scenario(name, "aimock", PASS, chat, origin=name, settings={"timeout_s": 4})


def _behind(name: str, models: Expected, chat: Expected = SKIPPED, path: str | None = None) -> Scenario:
    return Scenario(f"nginx-{name}", "nginx", models, chat, path=path or f"/{name}/v1")


def _tls(name: str, models: Expected, *, trusts_test_ca: bool = True, origin: str | None = None) -> Scenario:
    name = f"nginx-{name}"
    return Scenario(name, "nginx", models, SKIPPED, origin=origin or name, trusts_test_ca=trusts_test_ca)


def _litellm(name: str, chat: Expected, model: str) -> Scenario:
    return Scenario(f"litellm-{name}", "litellm", PASS, chat, key="LITELLM_KEY", model=model)


_AIMOCK: Final = (
    Scenario(BASELINE, "aimock", PASS, PASS),
    Scenario("aimock-missing-key", "aimock", fails("missing_key"), SKIPPED, key="NOBODY_SETS_THIS"),
    Scenario("aimock-wrong-key", "aimock", AUTH, SKIPPED, key="WRONG_KEY"),
    Scenario("aimock-without-key", "aimock", AUTH, SKIPPED, key=None),
    # It says so with a 503, and the status decides.
    Scenario("aimock-unknown-model", "aimock", PASS, fails("upstream_or_gateway", 503), model="no-such-model"),
    # It has the chat route with and without the prefix, the list of models only with it.
    Scenario("aimock-without-prefix", "aimock", LOST, PASS, path=""),
    _fault("aimock-drop", fails("upstream_or_gateway", 500)),
    _fault("aimock-malformed", fails("response_shape", 200, detail="not JSON")),
    _fault("aimock-disconnect", fails("network")),
    _fault("aimock-ratelimit", fails("rate_or_quota", 429)),
    _fault("aimock-slow", fails("timeout")),
)

_NGINX: Final = (
    Scenario("nginx-tls", "nginx", PASS, PASS, origin="nginx-tls", key="AIMOCK_SECOND_KEY", trusts_test_ca=True),
    _tls("untrusted", fails("network", detail="TLS"), trusts_test_ca=False, origin="nginx-tls"),
    _tls("wrong-host", fails("network", detail="for another host")),
    _tls("expired", fails("network", detail="expired")),
    _tls("tls-on-plain", fails("network", detail="TLS")),
    Scenario("nginx-unverified", "nginx", PASS, PASS, origin="nginx-expired", settings={"verify_tls": False}),
    Scenario("nginx-plain-on-tls", "nginx", BAD_REQUEST, BAD_REQUEST, origin="nginx-plain-on-tls"),
    Scenario(
        "nginx-own-manners",
        "nginx",
        PASS,
        PASS,
        path="/own-manners/v1",
        key="AIMOCK_SECOND_KEY",
        settings={"auth_header": "api-key", "headers.X-Team": "${TEAM}", "query.tenant": "${TENANT}"},
    ),
    Scenario("nginx-manners-forgotten", "nginx", FORBIDDEN, FORBIDDEN, path="/own-manners/v1"),
    _behind("wants-a-password", AUTH),
    _behind("forbidden", FORBIDDEN, FORBIDDEN),
    _behind("absent", LOST, LOST),
    _behind("wrong-prefix", LOST, LOST, path="/prefix"),
    _behind("limited", PASS, fails("rate_or_quota", 429)),
    _behind("dead-upstream", fails("upstream_or_gateway", 502)),
    _behind("silent-upstream", fails("upstream_or_gateway", 504)),
    _behind("small-bodies-only", PASS, fails("http_413", 413)),
    _behind("login", A_PAGE, A_PAGE),
    _behind("to-https", TO_HTTPS, TO_HTTPS),
    _behind("echoes-the-key", AUTH),
    _behind("redirects-with-the-key", TO_LOGIN, TO_LOGIN),
)

_LITELLM: Final = (
    Scenario("litellm", "litellm", PASS, PASS, key="LITELLM_KEY"),
    # Without a database it looks unknown keys up in vain, and that is what its 400 says.
    Scenario("litellm-wrong-key", "litellm", BAD_REQUEST, BAD_REQUEST, key="WRONG_KEY"),
    Scenario("litellm-without-key", "litellm", AUTH, SKIPPED, key=None),
    _litellm("unknown-model", fails("model_selection", 400), "no-such-model"),
    _litellm("dead-upstream", fails("upstream_or_gateway", 500), "m-dead-upstream"),
    # The gateway's own key is right; it passes its provider's refusal on, and the status decides.
    _litellm("key-refused-upstream", AUTH, "m-key-refused-upstream"),
    _litellm("limited-upstream", fails("rate_or_quota", 429), "m-limited-upstream"),
    _litellm("unknown-upstream", fails("upstream_or_gateway", 503), "m-unknown-upstream"),
)

_LLAMA: Final = (
    Scenario("llama", "llama", PASS, PASS, key="LLAMA_KEY", model="tiny"),
    Scenario("llama-wrong-key", "llama", AUTH, SKIPPED, key="WRONG_KEY", model="tiny"),
    # A cheerful 200, under the name that was asked for.
    Scenario("llama-unknown-model", "llama", PASS, PASS, key="LLAMA_KEY", model="no-such-model"),
)

FLEET: Final = (*_AIMOCK, *_NGINX, *_LITELLM, *_LLAMA)


def available(estate: Estate) -> list[Scenario]:
    """Give the scenarios whose server is there."""
    return [scenario for scenario in FLEET if scenario.server not in estate.missing]


def variables(secrets: Secrets) -> dict[str, str]:
    """Give the environment variables that the file names."""
    return {
        "AIMOCK_KEY": secrets.aimock,
        "AIMOCK_SECOND_KEY": secrets.aimock_second,
        "LITELLM_KEY": secrets.litellm,
        "LLAMA_KEY": secrets.llama,
        "WRONG_KEY": secrets.wrong,
        "TEAM": secrets.header,
        "TENANT": secrets.query,
    }


def environments_toml(scenarios: Iterable[Scenario], estate: Estate, secrets: Secrets) -> str:
    """Write the file that `envcheck run -c` reads."""
    lines = [f'baseline = "{BASELINE}"', "[defaults]", f"prompt = {json.dumps(secrets.prompt)}"]
    for scenario in scenarios:
        origin = estate.origins[scenario.origin or scenario.server]
        settings = {"base_url": f"{origin}{scenario.path}", "model": scenario.model, **scenario.settings}
        if scenario.key:
            settings["api_key_env"] = scenario.key
        if scenario.trusts_test_ca:
            settings["ca_file"] = str(estate.ca_file)
        lines.append(f"[environments.{scenario.name}]")
        # JSON's strings, numbers and booleans are TOML's.
        lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    return "\n".join(lines) + "\n"
