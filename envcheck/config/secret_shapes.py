"""What a key looks like, so that one that was written into the file is refused and never repeated."""

from __future__ import annotations

import re
from typing import Final

from envcheck.redact import PROVIDER_KEY, is_opaque

_SCHEME_AND_TOKEN: Final = re.compile(r"\s*(?:bearer|basic|digest|token)\s+\S{8,}", re.IGNORECASE)
_LONG_RUN: Final = re.compile(r"[A-Za-z0-9]{32,}")
_RUN_OF_A_KEY: Final = re.compile(r"[A-Za-z0-9]{20,}")
"""No provider makes shorter ones without a prefix; an id of a tenant or a commit in a name is mostly shorter."""

_SECRET_NAME: Final = re.compile(
    r"(?:key|token|secret|password|passwd|passphrase|bearer|authorization|auth|cookie|credentials?|signature)$"
)
_SECRET_QUERY_NAMES: Final = frozenset({"sig", "code", "apikeys", "pat", "jwt"})


def has_key_prefix(text: str) -> bool:
    """Say whether the text holds something in the shape of a provider's key."""
    return PROVIDER_KEY.search(text) is not None


def looks_like_key(text: str) -> bool:
    """Say whether the text holds a provider's key, a credential with its scheme, or one long opaque run."""
    if has_key_prefix(text) or _SCHEME_AND_TOKEN.match(text):
        return True
    return any(
        any(character.isdigit() for character in run) and any(character.isalpha() for character in run)
        for run in _LONG_RUN.findall(text)
    )


def could_be_key(text: str) -> bool:
    """Say whether the text looks like a key, or has one run of letters and digits that may be a bare one."""
    return looks_like_key(text) or any(map(is_opaque, _RUN_OF_A_KEY.findall(text)))


def names_a_secret(name: str) -> bool:
    """Say whether a key, header or query parameter of this name holds a secret: `api_key`, `X-Auth-Token`, `sig`."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return _SECRET_NAME.search(plain) is not None or plain in _SECRET_QUERY_NAMES
