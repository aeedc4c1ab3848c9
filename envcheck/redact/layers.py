"""The pipeline: each layer by its name, in order, run until nothing changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.redact import matching, opaque, patterns
from envcheck.redact.normal import MARK, MARKER, MAX_RAW, normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from envcheck.redact.known import Known
    from envcheck.redact.readings import Span

MAX_WORK: Final = 2 * 1024
"""Characters of plain text that are matched; a preview is much shorter, and matching reads each in tens of ways."""
TAIL: Final = 256
"""What is dropped before a cut: a secret that was cut there can no longer be told."""
MAX_PASSES: Final = 6

_MARKS: Final = re.compile(rf"{MARK}(?:[ ,;:=+/_.-]{{0,3}}{MARK})+")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the layers may go by."""

    knowledge: tuple[Known, ...] = ()
    in_prose: bool = False
    """Whether the text is a server's sentence, where even a secret that is an ordinary word is taken out."""


class Layer(NamedTuple):
    """One step of the pipeline."""

    name: str
    apply: Callable[[str, Scope], str]


def taken_out(text: str, spans: Iterable[Span]) -> str:
    """Put a mark in place of every span."""
    pieces: list[str] = []
    position = 0
    for start, end in sorted(spans):
        if end <= position:
            continue
        if start >= position:
            pieces += (text[position:start], MARK)
        position = end
    return _MARKS.sub(MARK, "".join((*pieces, text[position:])))


def _normalise(text: str, scope: Scope) -> str:  # noqa: ARG001 - one signature for every layer
    return normalised(text)


def _known(text: str, scope: Scope) -> str:
    for known in scope.knowledge:
        text = taken_out(text, matching.spans(known, text, in_prose=scope.in_prose))
    return text


def _patterns(text: str, scope: Scope) -> str:  # noqa: ARG001 - one signature for every layer
    return taken_out(text, patterns.spans(text))


def _opaque(text: str, scope: Scope) -> str:  # noqa: ARG001 - one signature for every layer
    return taken_out(text, opaque.spans(text))


LAYERS: Final = (
    Layer("normalise", _normalise),
    Layer("known", _known),
    Layer("patterns", _patterns),
    Layer("opaque", _opaque),
)


def settled(raw: str, layers: tuple[Layer, ...], scope: Scope, limit: int) -> str:
    """Run a text through the layers until they leave it alone, and cut it to a limit after that.

    What does not settle is not shown at all.
    """
    text = raw
    for _ in range(MAX_PASSES):
        redacted = _cut(_once(text, layers, scope), limit)
        if redacted == text:
            return text
        text = redacted
    return MARKER


def _once(raw: str, layers: tuple[Layer, ...], scope: Scope) -> str:
    text, was_cut = raw, len(raw) > MAX_RAW
    for layer in layers:
        text = layer.apply(text, scope)
        if len(text) > MAX_WORK:
            text, was_cut = text[:MAX_WORK], True
    if was_cut:
        text = text[:-TAIL] + MARK
    return text.replace(MARK, MARKER).strip()


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    kept, blank, _ = text[: limit - 3].rpartition(" ")
    return f"{kept if blank else MARKER} ..."
