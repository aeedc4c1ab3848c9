from __future__ import annotations

import pytest
from config_texts import loads, loads_one, refuses

from envcheck.policy import DEFAULT_TLS_DAYS


def test_headers_to_record_are_known_in_lower_case() -> None:
    """As they are looked for, each once."""
    environment = loads_one('record_headers = ["X-LiteLLM-Version", "x-region", "X-Region"]')
    assert environment.record_headers == ("x-litellm-version", "x-region")
    assert loads_one("").record_headers == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Set-Cookie", "holds credentials"),
        ("x region", "must be the name of a response header"),
        ("", "must be the name of a response header"),
        ("sk-proj-Zx81kQ0vLm47Tr5WnYb2Qp93", "looks like a key"),
    ],
)
def test_what_must_not_be_recorded_is_refused(name: str, reason: str) -> None:
    """What lets in, what is no name, and what may be a key, which is not repeated."""
    problems = refuses(f'[environments.e]\nbase_url = "http://e.example.com"\nrecord_headers = ["x-ok", "{name}"]')
    [problem] = [each for each in problems if "record_headers" in each]
    assert reason in problem
    assert "Qp93" not in problem


def test_how_early_a_certificate_is_told_of_can_be_set() -> None:
    """Who renews on the last day wants to know later."""
    text = '[environments.e]\nbase_url = "http://e.example.com"\n'
    assert loads(f"{text}[compare]\ntls_days = 7").policy.tls_days == 7
    assert loads(text).policy.tls_days == DEFAULT_TLS_DAYS
