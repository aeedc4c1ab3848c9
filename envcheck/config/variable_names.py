"""What a variable may be called where the file names one; a key that was pasted there must never be shown."""

from __future__ import annotations

import re
from typing import Final

from envcheck.config.secret_shapes import looks_like_key
from envcheck.redact import is_opaque, known_positions, odd_pairs

VARIABLE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")

LOOKS_LIKE_KEY: Final = "looks like a key; put the key in a variable, name that here, and replace a key that others saw"

_RUN: Final = re.compile(r"[A-Za-z0-9]+")
_LONGEST_ACRONYM: Final = 3
_STRANGE_TOGETHER: Final = 10
"""So many characters in two or more strange pieces are one key with underscores in it."""
_WITH_NUMBER: Final = re.compile(
    r"[A-Za-z]{1,4}[0-9]{1,4}[A-Za-z]{0,2}|[0-9]{1,5}[A-Za-z]{1,3}|[0-9]+|[A-Z]?[a-z]+[0-9]{1,4}"
)


def is_no_name(text: str) -> bool:
    """Say whether text that stands for a variable's name looks like a key, whole or in any of its parts."""
    strange = [run for run in _RUN.findall(text) if _is_strange(run)]
    if looks_like_key(text) or any(map(is_opaque, strange)):
        return True
    return len(strange) > 1 and sum(map(len, strange)) >= _STRANGE_TOGETHER


def _is_strange(run: str) -> bool:
    """Say whether a run of letters and digits is more than known words, and reads like neither word nor number."""
    if known_positions(run.lower()).count(0) <= _LONGEST_ACRONYM:
        return False  # `LLMGATEWAYKEY` sets no underscore between its words
    if run.isalpha():
        return is_opaque(run) or odd_pairs(run) > 0 or not (run.isupper() or run.islower() or run.istitle())
    return not _WITH_NUMBER.fullmatch(run)
