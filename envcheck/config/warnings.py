"""What is allowed and was probably not meant: said once on stderr, and no reason to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.probes import PROBES
from envcheck.redact import can_be_guessed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.model import Environment


def warnings_of(environment: Environment) -> Iterator[tuple[str, str]]:
    """Give the key it is about and one sentence for each; none of them repeats a value."""
    for route in dict.fromkeys(probe.route.path for probe in PROBES.values()):
        if environment.base_url.endswith(route):
            yield "base_url", f"ends in {route}, which is added to it for every request; leave it out"
    if environment.ca_file is not None and not environment.verify_tls:
        yield "ca_file", "has no effect beside verify_tls = false"
    if environment.auth_header is not None and environment.api_key_env is None:
        yield "auth_header", "has no effect without api_key_env"
    if environment.proxy is not None and environment.base_url.lower().startswith("http://"):
        yield "proxy", "reads all that is sent, a key too, for base_url is http:// and is not tunnelled"
    key = environment.api_key.get_secret_value() if environment.api_key else ""
    value = f"the value of {environment.api_key_env}"
    if key[:1] in {'"', "'"}:
        yield "api_key_env", f"{value} begins with a quote, which is sent with it"
    if key and can_be_guessed(key):
        yield "api_key_env", f"{value} can be guessed, for it is short or of ordinary words; have a longer, random key"
    if environment.auth_header is None and key.lower().startswith("bearer "):
        yield "api_key_env", f"{value} begins with `Bearer`, which is then sent twice"
