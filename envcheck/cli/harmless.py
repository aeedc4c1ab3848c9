"""A sentence of ours that may quote what somebody typed, made fit for a terminal and a log.

A path may be a key that was pasted one option too far, and a file's name, which somebody else may have chosen, may hold
whatever steers a terminal or begins a line that looks like one of ours.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from envcheck.config.secret_shapes import could_be_key
from envcheck.redact import MARKER, Redactor
from envcheck.render.escape import for_terminal

_WORD: Final = re.compile(r"\S+")
_ORDINARY: Final = re.compile(r"[A-Za-z`(\"'-]{1,19}[)\"'`.,:;?]{0,3}")
_AROUND: Final = "`'\"().,:;?"


def harmless(sentence: str) -> str:
    """Give a sentence on one line, without control characters and without anything that looks like a key.

    Each word is looked at alone, for a sentence about keys is full of what would be suspicious in a server's.
    """
    return for_terminal(_WORD.sub(lambda word: _without_key(word[0]), sentence))


@lru_cache(maxsize=4096)
def _without_key(word: str) -> str:
    if _ORDINARY.fullmatch(word):
        return word
    # A commit's number names many a folder, but then one in `nights/`; a key is pasted with nothing before it.
    first = word.strip(_AROUND).partition("/")[0]
    shown = word.replace(first, MARKER) if could_be_key(first) else word
    return MARKER.join(map(Redactor().scrub, shown.split(MARKER)))
