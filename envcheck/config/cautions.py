"""What is allowed and was probably not meant: said once on stderr, and no reason to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.probes import PROBES, models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.model import Environment


def cautions(environment: Environment) -> Iterator[str]:
    """Give one sentence for each; none of them repeats a value."""
    where = f"environments.{environment.name}"
    for probe in PROBES.values():
        route = probe.REQUEST.partition(" ")[2]
        if environment.base_url.endswith(route):
            yield f"{where}.base_url: ends in {route}, which is added to it for every request; leave it out"
    if environment.model is None and models.NAME not in environment.probes:
        yield f"{where}.model: is needed where the models probe is left out, for nothing else names a model to ask"
    if environment.ca_file is not None and not environment.verify_tls:
        yield f"{where}.ca_file: has no effect beside verify_tls = false"
    if environment.auth_header is not None and environment.api_key_env is None:
        yield f"{where}.auth_header: has no effect without api_key_env"
    key = environment.api_key.get_secret_value() if environment.api_key else ""
    value = f"{where}.api_key_env: the value of {environment.api_key_env}"
    if key[:1] in {'"', "'"}:
        yield f"{value} begins with a quote, which is sent with it"
    if environment.auth_header is None and key.lower().startswith("bearer "):
        yield f"{value} begins with `Bearer`, which is then sent twice"
