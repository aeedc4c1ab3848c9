"""What makes two runs runs of one configuration: who is asked, for what, and how the answers are judged.

It is a hash that is saved, so nothing goes into it that must not be guessed: no key, no header, no prompt, what the
redactor leaves of a base URL, and of the parameters of a request their names, numbers and truths alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from envcheck.config.load import Config
    from envcheck.model import Environment, JsonValue
    from envcheck.policy import Policy
    from envcheck.redact import Redactor

_DIGITS: Final = 16
_SOME_TEXT: Final = "text"


def configuration_of(config: Config) -> str:
    """Return 16 hexadecimal digits: the same ones for the same configuration, in whatever order the file has it."""
    asked = sorted((each.name, _asked_of(each, config.redactor)) for each in config.environments)
    whole = json.dumps([config.baseline, asked, _judged_by(config.policy)])
    return hashlib.sha256(whole.encode()).hexdigest()[:_DIGITS]


def _asked_of(environment: Environment, redactor: Redactor) -> list[JsonValue]:
    options = {probe: options.model_dump() for probe, options in environment.options.items()}
    return [
        redactor.url(environment.base_url),
        environment.api_key_env,
        environment.auth_header,
        None if environment.model is None else redactor.model_id(environment.model),
        list(environment.probes),
        environment.timeout_s,
        environment.samples,
        environment.verify_tls,
        environment.server_text,
        environment.prompt is None,
        sorted(environment.headers),
        sorted(environment.query),
        list(environment.record_headers),
        _without_text(options),
    ]


def _without_text(value: object) -> JsonValue:
    """Keep names, numbers and truths; of a text only that there is one."""
    match value:
        case Mapping():
            return [[str(name), _without_text(member)] for name, member in sorted(value.items())]
        case list() | tuple():
            return [_without_text(member) for member in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return _SOME_TEXT


def _judged_by(policy: Policy) -> Sequence[JsonValue]:
    """Name what decides about cells and findings; what only decides about the exit code is each command's own."""
    return [
        policy.latency_ratio,
        policy.latency_floor_ms,
        policy.confirm_over_s,
        policy.tls_days,
        sorted(f"{rule}={severity.value}" for rule, severity in policy.severity.items()),
        [repr(each) for each in policy.accept],
        [repr(each) for each in policy.expect],
    ]
