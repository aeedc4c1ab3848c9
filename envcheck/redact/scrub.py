"""Text of our own that may quote secrets: known ones and shapes are taken out, and its lines stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.redact import matching, patterns
from envcheck.redact.layers import taken_out
from envcheck.redact.normal import MARK, MARKER, normalised, visible

if TYPE_CHECKING:
    from envcheck.redact.known import Known


def scrubbed(text: str, knowledge: tuple[Known, ...]) -> str:
    """Scrub a text of several lines.

    Nothing is decoded in what is shown, for our own source lines hold escapes; a line that only gives something away
    once it is decoded goes whole.
    """
    whole = "\n".join(visible(line) for line in text.replace(MARKER, MARK).split("\n"))
    for known in knowledge:
        spans = matching.spans(known, whole, in_prose=True)
        whole = taken_out(whole, [piece for span in spans for piece in _by_line(whole, span)])
    lines = (taken_out(line, patterns.spans(line)) for line in whole.split("\n"))
    return "\n".join(_unless_encoded(line, knowledge) for line in lines).replace(MARK, MARKER)


def _by_line(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    start, end = span
    pieces = []
    for line in text[start:end].split("\n"):
        if line:
            pieces.append((start, start + len(line)))
        start += len(line) + 1
    return pieces


def _unless_encoded(line: str, knowledge: tuple[Known, ...]) -> str:
    plain = normalised(line)
    return MARK if any(matching.spans(known, plain, in_prose=True) for known in knowledge) else line
