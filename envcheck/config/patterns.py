"""Regular expressions of the file: what is wrong with one, and whether it could take for ever on some server's text.

Python's `re` tries one way after the other, so that a pattern which can match the same text in many ways takes time
that doubles with each character. Such patterns are refused by their shape; what is left is fast on a short text.
"""

from __future__ import annotations

import re
import warnings
from typing import Final

MOST_REPETITIONS: Final = 3
MOST_OPTIONS: Final = 6
_TOKEN: Final = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<opens>\((?:\?:)?)|(?P<closes>\))"
    r"|(?P<repeats>[*+]|\{\d*,\d*\})|(?P<times>\{\d+\})|(?P<optional>\?)|(?P<either>\|)|(?P<other>.)",
    re.DOTALL,
)
_TOO_MANY_WAYS: Final = (
    "can match the same text in too many ways: do not repeat a group that holds `*`, `+`, `?`, `|` or a `{}`"
)


def what_is_wrong_with(pattern: str) -> str | None:
    """Say what is wrong with a regular expression, without repeating it; None where nothing is."""
    try:
        with warnings.catch_warnings(action="error"):  # what Python will read in another way one day
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        where = f" at character {error.pos + 1}" if isinstance(error, re.error) and error.pos is not None else ""
        return f"is not a regular expression{where}"
    if re.search(r"(?<!\\)(?:\\\\)*(?:\(\?(?!:)|\\[1-9])", pattern):
        return "may hold neither look-around nor references to groups; groups are written (...) or (?:...)"
    return _too_slow(pattern)


def _too_slow(pattern: str) -> str | None:
    groups = [False]  # of each group that is open, whether it can match in several ways
    repetitions = options = 0
    was_loose = False
    for token in _TOKEN.finditer(pattern):
        kind = str(token.lastgroup)
        if kind in {"repeats", "times"} and was_loose:
            return _TOO_MANY_WAYS
        was_loose = False
        if kind == "opens":
            groups.append(False)
            continue
        if kind == "closes":
            was_loose = groups.pop()
            groups[-1] = groups[-1] or was_loose
            continue
        repetitions += kind == "repeats"
        options += kind == "optional"
        groups[-1] = groups[-1] or kind in {"repeats", "times", "optional", "either"}
    if repetitions > MOST_REPETITIONS or options > MOST_OPTIONS:
        return f"may hold at most {MOST_REPETITIONS} of `*`, `+` and `{{m,n}}`, and {MOST_OPTIONS} of `?`"
    return None
