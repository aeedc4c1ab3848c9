from __future__ import annotations

import pytest

from envcheck.seam.ratelimit import limits_in

SAID = [
    ({"x-ratelimit-limit-requests": "500", "x-ratelimit-limit-tokens": "30000"}, {"requests": 500, "tokens": 30_000}),
    ({"anthropic-ratelimit-requests-limit": "50"}, {"requests": 50}),
    ({"anthropic-ratelimit-input-tokens-limit": "50000"}, {"tokens": 50_000}),
    ({"x-ratelimit-limit-requests-day": "14400", "x-ratelimit-limit-requests-hour": "900"}, {"requests": 14_400}),
    ({"x-ratelimit-limit-tokens-minute": "7", "x-ratelimit-limit-tokens": "9"}, {"tokens": 9}),
    ({"ratelimit-policy": '"default";q=100;w=60'}, {"requests": 100}),
    ({"ratelimit-policy": '"burst";q=100;w=1, "day";q=9000;w=86400'}, {"requests": 100}),
    ({"ratelimit-policy": '"t";q=5000;qu="tokens";w=60'}, {"tokens": 5000}),
    ({"ratelimit-policy": "100;w=60"}, {"requests": 100}),
    ({"ratelimit-policy": '"b";q=10;qu="content-bytes"'}, {}),
    ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "2"}, {}),
    ({"x-ratelimit-limit-requests": "unlimited"}, {}),
    ({"x-ratelimit-limit-requests": "9" * 400}, {}),
    ({"ratelimit-policy": ";" * 8000}, {}),
]


@pytest.mark.parametrize(("headers", "limits"), SAID)
def test_each_vendors_way_to_name_a_limit_is_read(headers: dict[str, str], limits: dict[str, int]) -> None:
    """What is allowed, and never what is left of it or when it begins anew."""
    assert limits_in(headers) == limits
